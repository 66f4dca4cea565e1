import type { JSX } from 'react';

import type { IChart } from '../../workload/view';
import { ChartProblem } from './chart-problem';
import { ChartView } from './chart-view';
import { usePanel } from './context';
import { NoRows } from './no-rows';
import { QuestionForm, needsInput } from './question-form';
import type { IChartState } from './session-state';

/** A chart, or what stands in its place. */
export function ChartBody(props: {
  readonly chart: IChart;
  readonly state: IChartState;
  /** Id of the chart's caption. */
  readonly describedBy?: string;
  /** Of the chart itself. */
  readonly tabIndex?: number;
}): JSX.Element {
  const { trans } = usePanel();
  const { chart, state } = props;
  let content: JSX.Element;
  if (needsInput(chart)) {
    content = <QuestionForm chart={chart} />;
  } else if (state.problem && !state.answer) {
    content = <ChartProblem chart={chart} problem={state.problem} />;
  } else if (!state.answer || !state.table) {
    content = (
      <div
        className="jp-Workload-waiting"
        aria-hidden="true"
        title={trans.__('Not read yet')}
      >
        <i />
        <i />
        <i />
        <i />
      </div>
    );
  } else if (
    state.answer.table.rows.length === 0 ||
    state.answer.provenance.population.records === 0
  ) {
    content = <NoRows chart={chart} />;
  } else {
    content = (
      <ChartView
        chart={chart}
        answer={state.answer}
        table={state.table}
        describedBy={props.describedBy}
        tabIndex={props.tabIndex}
      />
    );
  }
  return (
    <div className={`jp-Workload-chart ${state.stale ? 'jp-mod-stale' : ''}`}>
      {content}
    </div>
  );
}
