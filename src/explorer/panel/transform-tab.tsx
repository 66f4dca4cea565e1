import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { Suspense, lazy, useEffect, useState } from 'react';

import { analysisTitle } from '../../workload/caption';
import type { Step } from '../../transform/steps';
import { appendStep } from '../../transform/steps';
import type { IQuestion } from '../../workload/query';
import type { IChart } from '../../workload/view';
import { ChartBody } from './chart-body';
import { usePanel, useModel } from './context';
import { DataTable } from './data-table';
import { setQuestion, setTransform } from './edits';
import type { IChartState, ITransformProblem } from './session-state';
import { TransformSteps } from './transform-steps';

/** How many rows a question asks for. */
type Limit = Pick<IQuestion, 'top' | 'other'>;

/** Wait before half-typed code is called wrong, milliseconds. */
const PATIENCE = 600;

const EXAMPLE = "filter(d => d.users >= 5).orderby(desc('users'))";

// The parser and the editor's helpers load with the first transform.
const Editor = lazy(async () => ({
  default: (await import('./transform-editor')).TransformEditor
}));

/** Verbs over a chart's table, with the chart and the table that come of them. */
export function TransformTab(props: {
  readonly chart: IChart;
  /** The chart as it is asked for at present. */
  readonly shown: IChart;
  readonly state: IChartState;
}): JSX.Element {
  const { model, ui, trans, editorServices } = usePanel();
  const readOnly = useModel(one => one.readOnly);
  const [problem, setProblem] = useState<string | null>(null);
  // The limit that the transform took off the question, to be brought back.
  const [limit, setLimit] = useState<Limit | null>(null);
  const { chart, shown, state } = props;
  const label = trans.__(
    'Transform of %1',
    analysisTitle(chart.question, trans)
  );

  const set = (code: string) => {
    setProblem(null);
    // The first verb works on the rows in sight, which may be more than the card shows: from then on the question asks for them.
    const { top, other } = chart.question;
    let rows: Limit = shown.question;
    if (rows.top !== top && code.trim() !== '') {
      setLimit({ top, other });
      ui.say(trans.__('The chart now asks for all rows.'));
    } else if (limit && top === null && code.trim() === '') {
      rows = limit;
      setLimit(null);
    }
    model.update(
      setTransform(chart.id, code, { top: rows.top, other: rows.other }),
      { merge: `transform:${chart.id}` }
    );
  };

  const add = (step: Step) => {
    try {
      set(appendStep(chart.transform, step, trans));
    } catch (error) {
      setProblem(
        trans.__(
          'The step was not added: %1',
          error instanceof Error ? error.message : String(error)
        )
      );
    }
  };

  const transformProblem = useSettled(state.transformProblem);
  return (
    <div className="jp-Workload-transform">
      {editorServices ? (
        <Suspense fallback={<div className="jp-Workload-editor" />}>
          <Editor
            services={editorServices}
            trans={trans}
            label={label}
            code={chart.transform}
            columns={state.answer?.table.columns ?? []}
            problem={transformProblem}
            readOnly={readOnly}
            onChange={code => {
              if (
                code !==
                model.view.board.find(one => one.id === chart.id)?.transform
              ) {
                set(code);
              }
            }}
          />
        </Suspense>
      ) : (
        <textarea
          className="jp-Workload-input jp-Workload-editor"
          aria-label={label}
          readOnly={readOnly}
          value={chart.transform}
          onChange={event => set(event.target.value)}
        />
      )}
      {transformProblem || problem ? (
        <p className="jp-Workload-fieldProblem" role="alert">
          {transformProblem?.message ?? problem}
        </p>
      ) : (
        <p className="jp-Workload-hint">
          {chart.transform.trim() === ''
            ? trans.__(
                'Type arquero verbs, such as %1, or add a step.',
                EXAMPLE
              )
            : trans.__('Saved in the view; the chart and its exports follow.')}
        </p>
      )}
      {limit?.top && chart.question.top === null && chart.transform !== '' && (
        <p className="jp-Workload-hint jp-Workload-row">
          {trans.__(
            'The transform works on all rows, so this chart now asks for all of them, not only for the first %1.',
            limit.top
          )}
          <Button
            minimal
            small
            className="jp-Workload-button"
            disabled={readOnly}
            onClick={() => model.update(setQuestion(chart.id, limit))}
          >
            {trans.__('First %1 only', limit.top)}
          </Button>
        </p>
      )}
      <div className="jp-Workload-row">
        {state.table && (
          <TransformSteps
            table={state.table}
            distinct={chart.question.distinct}
            disabled={readOnly}
            onStep={add}
          />
        )}
        <span className="jp-Workload-spacer" />
        {chart.transform !== '' && (
          <Button
            minimal
            small
            className="jp-Workload-button"
            disabled={readOnly}
            onClick={() => set('')}
          >
            {trans.__('Remove the transform')}
          </Button>
        )}
      </div>
      <div className="jp-Workload-transform-result">
        <ChartBody chart={shown} state={state} />
        {state.table && (
          <DataTable
            label={analysisTitle(chart.question, trans)}
            table={state.table}
          />
        )}
      </div>
    </div>
  );
}

/** A problem that has stayed for a while; none at once. */
function useSettled(
  problem: ITransformProblem | null
): ITransformProblem | null {
  const [settled, setSettled] = useState<ITransformProblem | null>(problem);
  useEffect(() => {
    if (!problem) {
      setSettled(null);
      return;
    }
    const timer = setTimeout(() => setSettled(problem), PATIENCE);
    return () => clearTimeout(timer);
  }, [problem]);
  return problem && settled;
}
