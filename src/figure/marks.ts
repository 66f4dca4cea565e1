import type { Cell, Row } from '../workload/answer';
import { periodOfLabel } from '../workload/calendar';
import type { Filter, IPeriod, IQuestion } from '../workload/query';
import type { IMark } from './model';

/** Columns of answers whose values can be filtered by, and the field each stands for. */
const FIELDS = {
  package: 'package',
  subsystem: 'subsystem',
  environment: 'environment'
} as const;

type NameColumn = keyof typeof FIELDS;

const NAME_COLUMNS: readonly NameColumn[] = [
  'package',
  'subsystem',
  'environment'
];

/** What a click on a mark chooses: conditions that hold together, and a period where the mark has one. */
export interface IClickFilter {
  readonly filters: readonly Filter[];
  readonly period?: IPeriod;
}

/**
 * The records behind a mark, as a filter.
 *
 * @returns null when the mark stands for nothing that can be filtered by, such as a column that a transform made.
 */
export function clickToFilter(
  mark: Pick<IMark, 'values' | 'except'>,
  question: IQuestion
): IClickFilter | null {
  const { values } = mark;
  const pair =
    question.analysis === 'package-affinity'
      ? [question.package, values.package]
      : [values.package_a, values.package_b];
  if (pair.every(name => typeof name === 'string')) {
    return {
      filters: pair.map(name => ({
        field: 'package',
        op: 'job-has',
        values: [name ?? '']
      }))
    };
  }
  const filters = [
    ...NAME_COLUMNS.filter(column => column in values).flatMap(column =>
      nameFilters(column, values[column], mark.except)
    ),
    ...nodesFilters(values)
  ];
  const period =
    typeof values.period === 'string' ? periodOfLabel(values.period) : null;
  if (filters.length === 0 && !period) {
    return null;
  }
  return {
    filters,
    ...(period ? { period: { from: period.from, to: period.to } } : {})
  };
}

function nameFilters(
  column: NameColumn,
  value: Cell,
  except: readonly string[] | null
): Filter[] {
  const field = FIELDS[column];
  if (except) {
    return [
      { field, op: 'any', values: [...except], not: true },
      // An empty package is no package; in other fields a record without a value belongs to the others.
      ...(field === 'package'
        ? [{ field, op: 'missing', not: true } satisfies Filter]
        : [])
    ];
  }
  return value === null
    ? [{ field, op: 'missing' }]
    : [{ field, op: 'any', values: [String(value)] }];
}

/** Node counts are whole, so a class ends before the next number. */
function nodesFilters(values: Row): Filter[] {
  const from = values.nodes_from ?? values.num_nodes;
  if (typeof from !== 'number') {
    return 'num_nodes' in values || 'nodes_from' in values
      ? [{ field: 'nodes', op: 'missing' }]
      : [];
  }
  const last = 'nodes_from' in values ? values.nodes_to : from;
  return [
    {
      field: 'nodes',
      op: 'range',
      from: String(from),
      ...(typeof last === 'number' ? { to: String(last + 1) } : {})
    }
  ];
}

/**
 * Which of some rows meet the conditions on what a chart shows.
 *
 * @returns null when no condition concerns these rows, so that nothing is selected and nothing grey.
 */
export function selectedRows(
  rows: readonly Pick<IMark, 'values' | 'except'>[],
  filters: readonly Filter[]
): boolean[] | null {
  const active = filters.filter(
    filter => !filter.disabled && rows.some(row => meets(row, filter) !== null)
  );
  return active.length === 0
    ? null
    : rows.map(row => active.every(filter => meets(row, filter) !== false));
}

/** Whether a row meets a condition; null when the condition is about something else. */
function meets(
  { values, except }: Pick<IMark, 'values' | 'except'>,
  filter: Filter
): boolean | null {
  const found = plainly(values, except, filter);
  return found === null ? null : found !== (filter.not === true);
}

function plainly(
  values: Row,
  except: readonly string[] | null,
  filter: Filter
): boolean | null {
  if (filter.op === 'job-has') {
    const names = [values.package_a, values.package_b].filter(
      name => typeof name === 'string'
    );
    return names.length === 0
      ? null
      : filter.values.some(value => names.includes(value));
  }
  if (filter.field === 'time') {
    const period =
      typeof values.period === 'string' ? periodOfLabel(values.period) : null;
    // Both are dates, which sort as texts.
    return filter.op !== 'range' || !period
      ? null
      : period.from >= (filter.from ?? '') &&
          (filter.to === undefined || period.to <= filter.to);
  }
  if (filter.field === 'nodes') {
    const from = values.nodes_from ?? values.num_nodes;
    if (filter.op !== 'range' || typeof from !== 'number') {
      return null;
    }
    const last = 'nodes_from' in values ? (values.nodes_to ?? Infinity) : from;
    return (
      from >= Number(filter.from ?? -Infinity) &&
      Number(last) < Number(filter.to ?? Infinity)
    );
  }
  const column = NAME_COLUMNS.find(name => FIELDS[name] === filter.field);
  if (column === undefined || !(column in values)) {
    return null;
  }
  const value = values[column];
  switch (filter.op) {
    case 'any':
      // All others hold every name but these.
      return except
        ? filter.values.some(name => !except.includes(name))
        : value !== null && filter.values.includes(String(value));
    case 'missing':
      return value === null && except === null;
    case 'prefix':
      return value !== null && String(value).startsWith(filter.value);
    default:
      return null;
  }
}
