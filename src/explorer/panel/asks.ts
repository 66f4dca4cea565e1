import type { Filter, IPeriod, IQuery, ISelection } from '../../workload/query';
import { effectiveFilters, DEFAULT_POPULATION } from '../../workload/query';
import type { DefaultField } from '../../workload/query';
import { ANALYSES } from '../../workload/analyses';
import type { IChart, IView } from '../../workload/view';

/**
 * What the panel asks the engine for a view: pure functions of the view.
 */

/** A chart that is open large. */
export interface ILarge {
  readonly id: string;
  /** Ask for all rows, whatever the board keeps. */
  readonly all: boolean;
}

/** One question to the engine, for one chart. */
export interface IAsk {
  /** The chart's id, or `largeKey(id)` for a large chart that asks for more than its card. */
  readonly key: string;
  readonly chart: IChart;
  readonly query: IQuery;
  readonly transform: string;
}

/** Key under which the answer of a large chart with all its rows is kept. */
export function largeKey(id: string): string {
  return `${id}/all`;
}

/** The shared part of a view, without what was clicked in charts. */
export function plainSelection(view: IView): ISelection {
  const { source, mapping, filters, defaults, period, zone } = view;
  return { source, mapping, filters, defaults, period, zone };
}

/** What the whole board amounts to: the view's filters and all that was clicked. */
export function boardSelection(view: IView): ISelection {
  return withPicks(view, view.board);
}

/** What one chart counts: the view's filters and what was clicked in all *other* charts. */
export function chartSelection(view: IView, id: string): ISelection {
  return withPicks(
    view,
    view.board.filter(chart => chart.id !== id)
  );
}

function withPicks(view: IView, charts: readonly IChart[]): ISelection {
  const plain = plainSelection(view);
  const filters = [...plain.filters];
  let { period } = plain;
  for (const filter of charts.flatMap(chart => chart.picks ?? [])) {
    const common = withinBoth(period, filter);
    if (common) {
      period = common;
    } else {
      filters.push(filter);
    }
  }
  return { ...plain, filters, period };
}

/**
 * What a period has in common with one that was clicked, so that captions name one period, not two.
 *
 * @returns null when nothing is, or the condition is another.
 */
export function withinBoth(period: IPeriod, filter: Filter): IPeriod | null {
  if (
    filter.field !== 'time' ||
    filter.op !== 'range' ||
    filter.not ||
    filter.disabled
  ) {
    return null;
  }
  // Dates sort as texts.
  const from = [period.from, filter.from ?? null]
    .filter(date => date !== null)
    .sort()
    .at(-1);
  const [to] = [period.to, filter.to ?? null]
    .filter(date => date !== null)
    .sort();
  return from !== undefined && to !== undefined && from >= to
    ? null
    : { from: from ?? null, to: to ?? null };
}

/** The query of one chart of a view. */
export function chartQuery(view: IView, chart: IChart): IQuery {
  return { ...chartSelection(view, chart.id), ...chart.question };
}

/**
 * Whether a chart opened large may show more rows than its card does: a transform works on the rows that the question
 * names, and a trend of sixty lines helps nobody.
 */
export function mayShowAll(chart: IChart): boolean {
  return (
    chart.question.top !== null &&
    chart.transform.trim() === '' &&
    chart.question.analysis !== 'package-trend'
  );
}

/** The chart as its large form asks for it. */
export function largeChart(chart: IChart, all: boolean): IChart {
  return all && mayShowAll(chart)
    ? { ...chart, question: { ...chart.question, top: null, other: false } }
    : chart;
}

/** All questions of a view; the one that is open large first, because the user waits for it. */
export function asks(view: IView, large: ILarge | null): IAsk[] {
  const board = view.board.map(chart => ask(chart.id, view, chart));
  const chart = large && view.board.find(one => one.id === large.id);
  if (!chart || !large) {
    return board;
  }
  if (large.all && mayShowAll(chart)) {
    return [ask(largeKey(chart.id), view, largeChart(chart, true)), ...board];
  }
  return [...board].sort(
    (a, b) => Number(b.key === chart.id) - Number(a.key === chart.id)
  );
}

function ask(key: string, view: IView, chart: IChart): IAsk {
  return {
    key,
    chart,
    query: chartQuery(view, chart),
    transform: chart.transform
  };
}

/** Something that narrows the included records, and that a chip shows. */
export type Constraint =
  | {
      readonly kind: 'default';
      readonly field: DefaultField;
      readonly filter: Filter;
    }
  | { readonly kind: 'filter'; readonly index: number; readonly filter: Filter }
  | {
      readonly kind: 'pick';
      readonly chart: string;
      readonly index: number;
      readonly filter: Filter;
    }
  | { readonly kind: 'period'; readonly period: IPeriod };

/** All that narrows a view's records at present, in the order of the chips. */
export function constraints(view: IView): Constraint[] {
  const replaced = new Set(
    boardSelection(view)
      .filters.filter(filter => !filter.disabled)
      .map(filter => filter.field)
  );
  const list: Constraint[] = view.defaults
    .filter(field => !replaced.has(field))
    .map(field => ({
      kind: 'default',
      field,
      filter: DEFAULT_POPULATION[field]
    }));
  view.filters.forEach((filter, index) => {
    if (!filter.disabled) {
      list.push({ kind: 'filter', index, filter });
    }
  });
  for (const chart of view.board) {
    chart.picks?.forEach((filter, index) => {
      if (!filter.disabled) {
        list.push({ kind: 'pick', chart: chart.id, index, filter });
      }
    });
  }
  if (view.period.from !== null || view.period.to !== null) {
    list.push({ kind: 'period', period: view.period });
  }
  return list;
}

/** A name for a constraint that is the same as long as it means the same. */
export function constraintKey(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'default':
      return `default:${constraint.field}`;
    case 'filter':
      return `filter:${JSON.stringify(constraint.filter)}`;
    case 'pick':
      return `pick:${constraint.chart}:${JSON.stringify(constraint.filter)}`;
    case 'period':
      return 'period';
  }
}

/** The view without one of its constraints. */
export function without(view: IView, constraint: Constraint): IView {
  switch (constraint.kind) {
    case 'default':
      return {
        ...view,
        defaults: view.defaults.filter(field => field !== constraint.field)
      };
    case 'filter':
      return {
        ...view,
        filters: view.filters.filter((_, i) => i !== constraint.index)
      };
    case 'pick':
      return {
        ...view,
        board: view.board.map(chart =>
          chart.id === constraint.chart
            ? withPicked(
                chart,
                (chart.picks ?? []).filter((_, i) => i !== constraint.index)
              )
            : chart
        )
      };
    case 'period':
      return { ...view, period: { from: null, to: null } };
  }
}

/** The chart with these picks; without any, the key is absent, so that a view file stays as short as it was. */
export function withPicked(chart: IChart, picks: readonly Filter[]): IChart {
  const { picks: _old, ...rest } = chart;
  return picks.length > 0 ? { ...rest, picks } : rest;
}

/** Whether a filter of the user stands in for a part of the default population in all charts. */
export function replacesDefault(view: IView, field: DefaultField): boolean {
  return !effectiveFilters(boardSelection(view), [field]).some(
    filter => filter === DEFAULT_POPULATION[field]
  );
}

/** Parts of the default population that a chart of the board uses. */
export function defaultsInUse(view: IView): Set<DefaultField> {
  return new Set(
    view.board.flatMap(chart => ANALYSES[chart.question.analysis].population)
  );
}
