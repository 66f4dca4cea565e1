import type { JSX, MouseEvent } from 'react';
import { Suspense, lazy, useCallback } from 'react';

import { figure } from '../../figure/figure';
import type { ISize } from '../../figure/chart-widget';
import type { IMark } from '../../figure/model';
import { figureStyle } from '../../figure/style';
import type { IAnswer, ITable } from '../../workload/answer';
import { analysisTitle } from '../../workload/caption';
import type { IQuestion } from '../../workload/query';
import type { IChart } from '../../workload/view';
import { packageAt } from './axis-label';
import { usePanel } from './context';
import { openAffinity } from './edits';
import { usePageStyle } from './page-style';
import { pickMode, shownPicks, usePick } from './picking';

// Drawing begins with the first answer; until then nothing of it is needed.
const Chart = lazy(async () => ({
  default: (await import('../../figure/chart-widget')).Chart
}));

/** A chart's table, drawn; what is clicked in it filters the other charts. */
export function ChartView(props: {
  readonly chart: IChart;
  readonly answer: IAnswer;
  /** The answer's table after the chart's transform. */
  readonly table: ITable;
  /** Id of the caption. */
  readonly describedBy?: string;
  readonly tabIndex?: number;
}): JSX.Element {
  const { model, trans, ui } = usePanel();
  const page = usePageStyle();
  const { chart, answer, table } = props;
  const { id, look, picks } = chart;
  // While a newer question is on its way, the old answer is drawn by the old question.
  const question: IQuestion = answer.provenance.query;
  const { onMark } = usePick(id, picks, question, table);

  const draw = useCallback(
    (size: ISize) =>
      figure(
        table,
        question,
        look,
        figureStyle(size, {
          ...page,
          selected: shownPicks(picks ?? [], table)
        }),
        trans
      ),
    [table, question, look, page, picks, trans]
  );

  const onClick = useCallback(
    (mark: IMark, click: { add: boolean; exclude: boolean }) =>
      onMark(mark, pickMode({ shiftKey: click.add, altKey: click.exclude })),
    [onMark]
  );

  // A package's name beside the matrix opens that package against all others.
  const isMatrix = question.analysis === 'package-correlation';
  const onLabel = (event: MouseEvent<HTMLDivElement>) => {
    const name = isMatrix ? packageAt(event, table) : null;
    if (name !== null && !model.readOnly) {
      const opened = openAffinity(model.view, name);
      model.update(() => opened.view);
      ui.enlarge(opened.id);
    }
  };

  return (
    <div
      className={`jp-Workload-figure-host ${isMatrix ? 'jp-mod-matrix' : ''}`}
      onClick={onLabel}
    >
      <Suspense fallback={null}>
        <Chart
          figure={draw}
          onClick={onClick}
          ariaLabel={analysisTitle(question, trans)}
          ariaDescribedBy={props.describedBy}
          tabIndex={props.tabIndex}
          trans={trans}
          revision={`${id} ${JSON.stringify(chart.question)}`}
        />
      </Suspense>
    </div>
  );
}
