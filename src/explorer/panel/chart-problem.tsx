import { Button } from '@jupyterlab/ui-components';
import { fieldTitle } from '../../workload/caption';
import type { JSX } from 'react';

import { ANALYSES } from '../../workload/analyses';
import { isRole, suits } from '../../workload/fields';
import type { Role } from '../../workload/fields';
import type { IChart } from '../../workload/view';
import { usePanel, useModel, usePart } from './context';
import { clearFilters, setQuestion } from './edits';
import { withRole } from './mapping-editor';
import { lastPeriod } from './period';
import { Select } from './select';
import type { IChartState, IProblem } from './session-state';

/** Why a chart has no answer, and what to do about it, in the place of the chart. */
export function ChartProblem(props: IProps): JSX.Element {
  const { message } = props.problem;
  return (
    <div className="jp-Workload-empty" role="alert">
      <p>{message}</p>
      <NextSteps {...props} />
    </div>
  );
}

/** Why a chart has no more than the estimate that it shows, and what to do about it, beside the chart. */
export function EstimateProblem(props: {
  readonly chart: IChart;
  readonly state: IChartState;
}): JSX.Element | null {
  const { trans } = usePanel();
  const { answer, problem, stale } = props.state;
  // What was asked before it was refused, not what is asked now.
  if (!answer || !problem || stale) {
    return null;
  }
  return (
    <div className="jp-Workload-refusal" role="alert">
      <p>
        {trans.__('There is no exact answer, only this estimate.')}{' '}
        {problem.message}
      </p>
      <NextSteps chart={props.chart} problem={problem} />
    </div>
  );
}

interface IProps {
  readonly chart: IChart;
  readonly problem: IProblem;
}

/** What may help against a problem. */
function NextSteps(props: IProps): JSX.Element {
  const { model, session, trans } = usePanel();
  const source = usePart(one => one.source);
  const readOnly = useModel(one => one.readOnly);
  const { chart, problem } = props;
  const info = source.status === 'open' ? source.info : null;
  const role =
    problem.code === 'missing-column' && isRole(problem.field ?? '')
      ? problem.field
      : null;
  const { distincts } = ANALYSES[chart.question.analysis];
  const canCountRecords =
    (role === 'user' || role === 'job' || role === 'process') &&
    distincts.includes('record') &&
    chart.question.distinct !== 'record';

  const mapTo = (target: Role, column: string) => {
    if (info && column !== '') {
      model.update(view => ({
        ...view,
        mapping: withRole(view.mapping, target, [column], info.mapping)
      }));
    }
  };

  return (
    <div className="jp-Workload-row">
      {role !== null && isRole(role) && info && (
        <Select
          label={trans.__('Column for %1', fieldTitle(role, trans))}
          value=""
          disabled={readOnly}
          options={[
            { value: '', label: trans.__('Map a column…') },
            ...info.columns
              .filter(column => suits(role, column))
              .map(column => ({ value: column.name, label: column.name }))
          ]}
          onChange={column => mapTo(role, column)}
        />
      )}
      {canCountRecords && (
        <Button
          small
          className="jp-mod-styled"
          onClick={() =>
            model.update(setQuestion(chart.id, { distinct: 'record' }))
          }
        >
          {trans.__('Count records')}
        </Button>
      )}
      {problem.code === 'memory' && info?.span && (
        <Button
          small
          className="jp-mod-styled"
          onClick={() => {
            const { to } = info.span ?? { to: 0 };
            model.update(view => ({
              ...view,
              period: lastPeriod(to, 'quarter')
            }));
          }}
        >
          {trans.__('Last quarter only')}
        </Button>
      )}
      {problem.code === 'query' && (
        <Button
          small
          className="jp-mod-styled"
          onClick={() => model.update(clearFilters)}
        >
          {trans.__('Clear all filters')}
        </Button>
      )}
      {problem.code !== 'missing-column' && problem.code !== 'query' && (
        <Button
          small
          className="jp-mod-styled"
          onClick={() => session.reload()}
        >
          {trans.__('Reload')}
        </Button>
      )}
    </div>
  );
}
