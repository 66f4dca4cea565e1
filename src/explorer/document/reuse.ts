import { sameJson } from '../../workload/json';
import type { IChart, IView } from '../../workload/view';

/**
 * A view equal to `fresh`, with as many parts of `old` as possible: what has not changed stays the same object, so that
 * whoever shows it can tell at a glance.
 */
export function reuse(old: IView, fresh: IView): IView {
  if (sameJson(old, fresh)) {
    return old;
  }
  const board = fresh.board.map(chart => {
    const same = old.board.find(({ id }) => id === chart.id);
    return same ? reuseChart(same, chart) : chart;
  });
  return {
    ...fresh,
    source: pick(old.source, fresh.source),
    mapping: pick(old.mapping, fresh.mapping),
    filters: pick(old.filters, fresh.filters),
    defaults: pick(old.defaults, fresh.defaults),
    period: pick(old.period, fresh.period),
    board:
      board.length === old.board.length &&
      board.every((chart, i) => chart === old.board[i])
        ? old.board
        : board
  };
}

function reuseChart(old: IChart, fresh: IChart): IChart {
  return sameJson(old, fresh)
    ? old
    : {
        ...fresh,
        question: pick(old.question, fresh.question),
        look: pick(old.look, fresh.look)
      };
}

function pick<T>(old: T, fresh: T): T {
  return sameJson(old, fresh) ? old : fresh;
}
