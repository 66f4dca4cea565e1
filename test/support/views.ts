import * as fc from 'fast-check';

import { ROLES } from '../../src/workload/fields';
import type { Mapping } from '../../src/workload/fields';
import { ANALYSIS_IDS, DISTINCTS } from '../../src/workload/query';
import type { Filter } from '../../src/workload/query';
import { VIEW_SCHEMA, VIEW_VERSION, newChart } from '../../src/workload/view';
import type { IChart, IView } from '../../src/workload/view';

/** Generated views and changes of views, as users make them. */

const name = fc.oneof(
  fc.constantFrom(
    'numpy',
    'scipy',
    'dask',
    'username',
    'data.repo',
    '"',
    '\\',
    '}{,:]['
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })
);
const names = fc.array(name, { maxLength: 4 });
/** Long enough, now and then, to be written in several lines. */
const manyNames = fc.oneof(
  names,
  fc.array(fc.string({ minLength: 8, maxLength: 12 }), {
    minLength: 5,
    maxLength: 10
  })
);
const state = {
  not: fc.option(fc.boolean(), { nil: undefined }),
  disabled: fc.option(fc.boolean(), { nil: undefined })
};

export const filters: fc.Arbitrary<Filter> = fc
  .oneof(
    fc.record({
      field: name,
      op: fc.constant('any' as const),
      values: manyNames,
      ...state
    }),
    fc.record({
      field: fc.constant('package'),
      op: fc.constant('job-has' as const),
      values: names,
      ...state
    }),
    fc.record({
      field: name,
      op: fc.constantFrom(
        'prefix' as const,
        'glob' as const,
        'regexp' as const
      ),
      value: fc.string(),
      ...state
    }),
    fc.record({
      field: name,
      op: fc.constant('range' as const),
      from: fc.option(name, { nil: undefined }),
      to: fc.option(name, { nil: undefined }),
      ...state
    }),
    fc.record({ field: name, op: fc.constant('missing' as const), ...state })
  )
  .map(withoutUndefined);

const dates = fc.constantFrom(
  null,
  '2021-01-01',
  '2021-02-01',
  '2021-01-01T12:00:00Z'
);
const counts = fc.option(fc.integer({ min: 1, max: 99 }));
const bins = fc.oneof(
  fc.constant(null),
  fc.constant('log2' as const),
  fc.array(fc.integer({ min: 1, max: 9688 }), { minLength: 1, maxLength: 4 })
);
const bands = fc.tuple(
  fc.double({ min: -1, max: 1, noNaN: true }).map(noNegativeZero),
  fc.double({ min: -1, max: 1, noNaN: true }).map(noNegativeZero)
);

const charts: fc.Arbitrary<IChart> = fc
  .record({
    id: fc.constant(''),
    question: fc.record({
      analysis: fc.constantFrom(...ANALYSIS_IDS),
      distinct: fc.constantFrom(...DISTINCTS),
      by: fc.constantFrom(
        null,
        'day' as const,
        'month' as const,
        'year' as const
      ),
      bins,
      top: counts,
      other: fc.boolean(),
      of: counts,
      package: fc.option(fc.string())
    }),
    transform: fc.string(),
    look: fc.record({
      width: fc.constantFrom(1 as const, 2 as const, 3 as const),
      log: fc.boolean(),
      order: fc.constantFrom(
        'cluster' as const,
        'name' as const,
        'value' as const
      ),
      band: bands
    }),
    picks: fc.option(fc.array(filters, { maxLength: 2 }), { nil: undefined })
  })
  .map(withoutUndefined);

const mappings: fc.Arbitrary<Mapping> = fc.dictionary(
  fc.constantFrom(...ROLES),
  names,
  {
    maxKeys: 3
  }
);

export const views: fc.Arbitrary<IView> = fc
  .record({
    $schema: fc.constant(VIEW_SCHEMA),
    version: fc.constant(VIEW_VERSION),
    source: fc.record({ paths: names }),
    mapping: mappings,
    filters: fc.array(filters, { maxLength: 3 }),
    defaults: fc.subarray(['is_staff' as const, 'is_compute' as const]),
    period: fc.record({ from: dates, to: dates }),
    zone: fc.constantFrom('UTC', 'America/Los_Angeles'),
    board: fc.array(charts, { maxLength: 4 })
  })
  .map(view => ({
    ...view,
    board: view.board.map((chart, i) => ({ ...chart, id: `c${i + 1}` }))
  }));

/** What a user does to a view in one step. */
export type Recipe = (view: IView) => IView;

/** A change of one list: something added, removed, replaced, or moved; places are taken modulo the length. */
function listChange<T>(
  item: fc.Arbitrary<T>
): fc.Arbitrary<(list: readonly T[]) => readonly T[]> {
  return fc
    .tuple(
      fc.nat(9),
      fc.nat(9),
      item,
      fc.constantFrom('add', 'remove', 'replace', 'move')
    )
    .map(([at, to, added, what]) => list => {
      const i = at % (list.length + 1);
      const rest = list.filter((_, k) => k !== i);
      switch (what) {
        case 'add':
          return [...list.slice(0, i), added, ...list.slice(i)];
        case 'remove':
          return rest;
        case 'replace':
          return list.map((old, k) => (k === i ? added : old));
        default: {
          const moved = list.slice(i, i + 1);
          const j = to % (rest.length + 1);
          return [...rest.slice(0, j), ...moved, ...rest.slice(j)];
        }
      }
    });
}

/** A change of one chart of the board, when it has any. */
function chartChange(change: (chart: IChart) => IChart, at: number): Recipe {
  return view => ({
    ...view,
    board: view.board.map((chart, i) =>
      i === at % view.board.length ? change(chart) : chart
    )
  });
}

function freshId(view: IView): string {
  let n = 1;
  while (view.board.some(chart => chart.id === `c${n}`)) {
    n++;
  }
  return `c${n}`;
}

export const recipes: fc.Arbitrary<Recipe> = fc.oneof(
  listChange(filters).map((change): Recipe => view => ({
    ...view,
    filters: change(view.filters)
  })),
  listChange(name).map((change): Recipe => view => ({
    ...view,
    source: { paths: change(view.source.paths) }
  })),
  listChange(charts).map((change): Recipe => view => {
    // A chart that is new gets an id that the view does not have.
    const id = freshId(view);
    return {
      ...view,
      board: change(view.board).map(chart =>
        chart.id === '' ? { ...chart, id } : chart
      )
    };
  }),
  fc
    .tuple(counts, fc.nat(9))
    .map(([top, at]) =>
      chartChange(
        chart => ({ ...chart, question: { ...chart.question, top } }),
        at
      )
    ),
  fc
    .tuple(bins, fc.nat(9))
    .map(([value, at]) =>
      chartChange(
        chart => ({ ...chart, question: { ...chart.question, bins: value } }),
        at
      )
    ),
  fc
    .tuple(bands, fc.nat(9))
    .map(([band, at]) =>
      chartChange(chart => ({ ...chart, look: { ...chart.look, band } }), at)
    ),
  fc
    .tuple(fc.constantFrom(...ANALYSIS_IDS), fc.nat(9))
    .map(([analysis, at]) =>
      chartChange(chart => ({ ...newChart(chart.id, analysis) }), at)
    ),
  fc
    .tuple(fc.string(), fc.nat(9))
    .map(([transform, at]) =>
      chartChange(chart => ({ ...chart, transform }), at)
    ),
  fc.tuple(listChange(filters), fc.nat(9)).map(([change, at]) =>
    chartChange(chart => {
      const { picks: old = [], ...rest } = chart;
      const picks = change(old);
      return picks.length > 0 ? { ...rest, picks } : rest;
    }, at)
  ),
  fc
    .record({ from: dates, to: dates })
    .map((period): Recipe => view => ({ ...view, period })),
  mappings.map((mapping): Recipe => view => ({ ...view, mapping })),
  fc
    .subarray(['is_staff' as const, 'is_compute' as const])
    .map((defaults): Recipe => view => ({ ...view, defaults })),
  fc.tuple(fc.nat(9), fc.boolean()).map(([at, disabled]): Recipe => view => ({
    ...view,
    filters: view.filters.map((filter, i) =>
      i === at ? { ...filter, disabled } : filter
    )
  }))
);

function withoutUndefined<T extends object>(object: T): T {
  const copy = { ...object };
  for (const key of Object.keys(copy) as (keyof T)[]) {
    if (copy[key] === undefined) {
      delete copy[key];
    }
  }
  return copy;
}

/** JSON has no negative zero. */
function noNegativeZero(value: number): number {
  return value === 0 ? 0 : value;
}
