import { ANALYSES } from '../../workload/analyses';
import type {
  AnalysisId,
  DefaultField,
  Filter,
  IQuestion
} from '../../workload/query';
import type { IChart, ILook, IView } from '../../workload/view';
import { newChart } from '../../workload/view';
import { withPicked, withinBoth, without } from './asks';
import type { Constraint } from './asks';

/**
 * What the panel's controls do to a view: recipes for `IViewModel.update`, each a pure function.
 */
export type Recipe = (view: IView) => IView;

/** How a click changes what is picked in a chart. */
export type PickMode = 'replace' | 'add' | 'exclude';

/** Add a chart at the end of the board. */
export function addChart(
  id: string,
  analysis: AnalysisId,
  question: Partial<IQuestion> = {}
): Recipe {
  return view => {
    const chart = newChart(id, analysis);
    return {
      ...view,
      board: [
        ...view.board,
        { ...chart, question: { ...chart.question, ...question } }
      ]
    };
  };
}

/** An id that no chart of the board bears. */
export function freeId(view: IView): string {
  const taken = new Set(view.board.map(chart => chart.id));
  let n = view.board.length + 1;
  while (taken.has(`c${n}`)) {
    n++;
  }
  return `c${n}`;
}

export function removeChart(id: string): Recipe {
  return view => ({
    ...view,
    board: view.board.filter(chart => chart.id !== id)
  });
}

/** Put a copy beside a chart; what was clicked in it stays with the original. */
export function duplicateChart(id: string, copyId: string): Recipe {
  return view => ({
    ...view,
    board: view.board.flatMap(chart =>
      chart.id === id
        ? [chart, { ...withPicked(chart, []), id: copyId }]
        : [chart]
    )
  });
}

/** Move a chart to a place among the others, counted after it has been taken out. */
export function moveChart(id: string, place: number): Recipe {
  return view => {
    const chart = view.board.find(one => one.id === id);
    const rest = view.board.filter(one => one.id !== id);
    const at = Math.max(0, Math.min(place, rest.length));
    return !chart || view.board[at] === chart
      ? view
      : { ...view, board: [...rest.slice(0, at), chart, ...rest.slice(at)] };
  };
}

/** Move a chart by some places. */
export function shiftChart(id: string, by: number): Recipe {
  return view =>
    moveChart(id, view.board.findIndex(chart => chart.id === id) + by)(view);
}

export function setQuestion(id: string, change: Partial<IQuestion>): Recipe {
  return editChart(id, chart => ({
    ...chart,
    question: { ...chart.question, ...change }
  }));
}

export function setLook(id: string, change: Partial<ILook>): Recipe {
  return editChart(id, chart => ({
    ...chart,
    look: { ...chart.look, ...change }
  }));
}

export function setTransform(
  id: string,
  transform: string,
  change: Partial<IQuestion> = {}
): Recipe {
  return editChart(id, chart => ({
    ...chart,
    transform,
    question: { ...chart.question, ...change }
  }));
}

/** The chart as its analysis asks and looks by default. */
export function resetChart(id: string): Recipe {
  return editChart(id, chart => ({
    ...newChart(id, chart.question.analysis),
    ...(chart.picks ? { picks: chart.picks } : {})
  }));
}

function editChart(id: string, edit: (chart: IChart) => IChart): Recipe {
  return view =>
    view.board.some(chart => chart.id === id)
      ? {
          ...view,
          board: view.board.map(chart =>
            chart.id === id ? edit(chart) : chart
          )
        }
      : view;
}

/** Add a condition; one that is there already is put in force instead. */
export function addFilter(filter: Filter): Recipe {
  return view => {
    const same = view.filters.findIndex(one => sameFilter(one, filter));
    return same >= 0
      ? setFilter(same, filter)(view)
      : { ...view, filters: [...view.filters, filter] };
  };
}

export function setFilter(index: number, filter: Filter): Recipe {
  return view => ({
    ...view,
    filters: view.filters.map((one, i) => (i === index ? filter : one))
  });
}

/** Put another condition in the place of one that was clicked in a chart. */
export function setPick(id: string, index: number, filter: Filter): Recipe {
  return editChart(id, chart =>
    withPicked(
      chart,
      (chart.picks ?? []).map((one, i) => (i === index ? filter : one))
    )
  );
}

/** Make of what was clicked in a chart a condition on all of them; of a period the view's own. */
export function keepPick(
  constraint: Extract<Constraint, { kind: 'pick' }>
): Recipe {
  return view => {
    const rest = without(view, constraint);
    const period = withinBoth(rest.period, constraint.filter);
    return period ? { ...rest, period } : addFilter(constraint.filter)(rest);
  };
}

export function removeFilter(index: number): Recipe {
  return view => ({
    ...view,
    filters: view.filters.filter((_, i) => i !== index)
  });
}

/** Turn a condition round. */
export function negated(filter: Filter): Filter {
  const { not, ...rest } = filter;
  return not ? rest : { ...rest, not: true };
}

/**
 * A condition on packages, said of the record or of the job: records of a package alone, or all records of the jobs that have it.
 *
 * @returns null for a condition on anything else.
 */
export function otherScope(filter: Filter): Filter | null {
  if (filter.op === 'job-has') {
    return { ...filter, op: 'any' };
  }
  return filter.op === 'any' && filter.field === 'package'
    ? { ...filter, op: 'job-has' }
    : null;
}

/** A condition that is kept without being in force, or back in force. */
export function toggled(filter: Filter): Filter {
  const { disabled, ...rest } = filter;
  return disabled ? rest : { ...rest, disabled: true };
}

/** Put a part of the default population in or out of force, in their usual order. */
export function setDefault(field: DefaultField, on: boolean): Recipe {
  return view => ({
    ...view,
    defaults: DEFAULT_FIELDS.filter(one =>
      one === field ? on : view.defaults.includes(one)
    )
  });
}

export const DEFAULT_FIELDS: readonly DefaultField[] = [
  'is_staff',
  'is_compute'
];

/** Take back all that narrows the records, except the default population. */
export function clearFilters(view: IView): IView {
  return {
    ...view,
    filters: [],
    period: { from: null, to: null },
    board: view.board.map(chart => withPicked(chart, []))
  };
}

/** Take back what was clicked: in one chart, or in all. */
export function clearPicks(id?: string): Recipe {
  return view =>
    view.board.some(
      chart => chart.picks && (id === undefined || chart.id === id)
    )
      ? {
          ...view,
          board: view.board.map(chart =>
            id === undefined || chart.id === id ? withPicked(chart, []) : chart
          )
        }
      : view;
}

/**
 * Pick what was clicked in a chart: alone, besides what is picked already, or as what is left out. The same click again takes it back.
 *
 * @param clicked One condition for a bar, several that hold together for a cell.
 */
export function pick(
  id: string,
  clicked: readonly Filter[],
  mode: PickMode
): Recipe {
  return editChart(id, chart => {
    const picks = chart.picks ?? [];
    if (mode === 'exclude') {
      // "Not this cell" is no AND of conditions; its first side, the package, is left out.
      return withPicked(
        chart,
        clicked
          .slice(0, 1)
          .reduce<readonly Filter[]>(
            (all, one) => join(all, one, true, true),
            picks
          )
      );
    }
    const isSame =
      picks.length === clicked.length &&
      clicked.every(one => picks.some(p => sameFilter(p, one)));
    if (isSame) {
      return withPicked(chart, []);
    }
    const single = clicked.length === 1;
    return withPicked(
      chart,
      mode === 'add'
        ? clicked.reduce((all, one) => join(all, one, false, single), picks)
        : clicked
    );
  });
}

/**
 * A chart's picks with one more value.
 *
 * @param toggle Whether a value that is picked already is taken out.
 */
function join(
  picks: readonly Filter[],
  filter: Filter,
  not: boolean,
  toggle: boolean
): readonly Filter[] {
  const wanted: Filter = not ? { ...filter, not: true } : filter;
  const at = picks.findIndex(
    one =>
      one.field === wanted.field &&
      one.op === wanted.op &&
      Boolean(one.not) === not
  );
  const old = picks[at];
  if (at < 0) {
    return [...picks, wanted];
  }
  if ((old.op !== 'any' && old.op !== 'job-has') || !('values' in wanted)) {
    // Two ranges cannot hold at once; the newer one stands.
    return toggle && sameFilter(old, wanted)
      ? picks.filter((_, i) => i !== at)
      : picks.map((one, i) => (i === at ? wanted : one));
  }
  const added = wanted.values.filter(value => !old.values.includes(value));
  const values =
    added.length > 0 || !toggle
      ? [...old.values, ...added]
      : old.values.filter(value => !wanted.values.includes(value));
  return values.length > 0
    ? picks.map((one, i) => (i === at ? { ...old, values } : one))
    : picks.filter((_, i) => i !== at);
}

/** Whether two conditions say the same, in force or not. */
export function sameFilter(a: Filter, b: Filter): boolean {
  return bare(a) === bare(b);
}

function bare(filter: Filter): string {
  const { disabled: _disabled, not, ...rest } = filter;
  return JSON.stringify([
    Boolean(not),
    Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))
  ]);
}

/** Show one package against all others: the chart that does, or a new one. */
export function openAffinity(
  view: IView,
  name: string
): { view: IView; id: string } {
  const there = view.board.find(
    chart => chart.question.analysis === 'package-affinity'
  );
  if (there) {
    return {
      view: setQuestion(there.id, { package: name })(view),
      id: there.id
    };
  }
  const id = freeId(view);
  return {
    view: addChart(id, 'package-affinity', { package: name })(view),
    id
  };
}

/** Whether a chart differs from how its analysis asks by default, so that there is something to reset. */
export function isChanged(chart: IChart): boolean {
  const fresh = newChart(chart.id, chart.question.analysis);
  const { picks: _picks, ...rest } = chart;
  return JSON.stringify(rest) !== JSON.stringify(fresh);
}

/** Whether an analysis counts within packages, so that pairs with a package can be counted. */
export function isByPackage(analysis: AnalysisId): boolean {
  return ANALYSES[analysis].columns.includes('package');
}
