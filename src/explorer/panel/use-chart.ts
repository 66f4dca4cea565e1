import type { IChart, IView } from '../../workload/view';
import { largeChart, largeKey, mayShowAll } from './asks';
import { usePart } from './context';
import { NO_ANSWER } from './session-state';
import type { IChartState } from './session-state';

/** The state of a chart on the board. */
export function useChart(chart: IChart): IChartState {
  return usePart(({ charts }) => charts.get(chart.id)) ?? NO_ANSWER;
}

/** A chart as it is asked for when open large, and its state. */
export function useLargeChart(
  chart: IChart,
  all: boolean
): { readonly chart: IChart; readonly state: IChartState } {
  const showsAll = all && mayShowAll(chart);
  const key = showsAll ? largeKey(chart.id) : chart.id;
  const state = usePart(({ charts }) => charts.get(key));
  return {
    chart: largeChart(chart, all),
    state: state ?? NO_ANSWER
  };
}

/** The chart that the count sentence and exports speak of: the selected one, else the first. */
export function selectedChart(view: IView, id: string | null): IChart | null {
  return view.board.find(chart => chart.id === id) ?? view.board[0] ?? null;
}
