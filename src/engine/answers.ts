import {
  ANALYSES,
  answerColumns,
  countedColumn,
  MKL,
  MKL_ELIGIBLE
} from '../workload/analyses';
import type { Cell, ITable, Row } from '../workload/answer';
import { ENVIRONMENT } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import { effectiveFilters } from '../workload/query';
import type { DefaultField, Filter, IQuery } from '../workload/query';
import { compareText } from '../workload/text';
import {
  calendarDimension,
  chosenPackages,
  chosenRows,
  nodesDimension,
  valueDimension
} from './dimensions';
import type { Dimension } from './dimensions';
import { EMPTY, FIRST } from './dictionary';
import { EngineError } from './engine';
import { pearson } from './kernels/pearson';
import { packageDimension } from './population';
import type { Population } from './population';
import type { IRowCodes } from './shared';

/** What an analysis draws on. */
export interface IWorkload extends IApplicable {
  /** Condensed rows that it has in place of the rows; null when it has these. */
  readonly condensed: number | null;
  /** The records that filters choose. */
  population(filters: readonly Filter[]): Population;
  /** A field by rows: a role's column, a column, or `environment`. */
  column(population: Population, field: string): IRowCodes;
}

/** What decides which parts of the default population apply. */
export interface IApplicable {
  readonly mapping: Mapping;
  /** Parts of the default population whose fields are mapped. */
  readonly applicable: readonly DefaultField[];
}

/** A table, and the population that its caption speaks of. */
export interface IResult {
  readonly table: ITable;
  readonly population: Population;
}

/** The filters in force: the user's, and those parts of the default population that some column can tell. */
export function filtersOf(
  query: IQuery,
  { mapping, applicable }: IApplicable,
  wanted: readonly DefaultField[] = ANALYSES[query.analysis].population
): Filter[] {
  return effectiveFilters(
    query,
    wanted.filter(field => applicable.includes(field)),
    mapping
  );
}

/** The table that answers a question, by the definitions of each analysis. */
export function answerTable(query: IQuery, workload: IWorkload): IResult {
  const filters = filtersOf(query, workload);
  const population = workload.population(filters);
  const rows = rowsOf(query, workload, population, filters);
  return { table: { columns: answerColumns(query), rows }, population };
}

function rowsOf(
  query: IQuery,
  workload: IWorkload,
  population: Population,
  filters: readonly Filter[]
): Row[] {
  switch (query.analysis) {
    case 'users':
      return [{ users: population.total('user') }];
    case 'user-share': {
      const users = population.total('user');
      return [{ users, of: query.of, share: ratio(users, query.of) }];
    }
    case 'partition-shares': {
      const column = workload.column(population, 'subsystem');
      const all = population.total(query.distinct);
      const counted = countedColumn(query.distinct, false);
      return breakdown(population, query, [
        nameKey('subsystem', valueDimension(population, column))
      ]).map(row => ({ ...row, share: ratio(Number(row[counted]), all) }));
    }
    case 'module-share':
      return moduleShare(query, workload, population);
    case 'mkl-share': {
      const withAny = (values: readonly string[]): Filter => ({
        field: 'package',
        op: 'job-has',
        values
      });
      const eligible = [...filters, withAny(MKL_ELIGIBLE)];
      const all = workload.population(eligible).total('job');
      const mkl = workload
        .population([...eligible, withAny([MKL])])
        .total('job');
      return [{ eligible_jobs: all, mkl_jobs: mkl, share: ratio(mkl, all) }];
    }
    case 'top-packages':
      return breakdown(population, query, [packageKey(population)]);
    case 'job-sizes':
      return breakdown(population, query, [nodesKey(population, query)]);
    case 'package-job-size':
      return breakdown(population, query, [
        packageKey(population),
        nodesKey(population, query)
      ]);
    case 'package-trend':
      return breakdown(population, query, [
        {
          columns: ['period'],
          dimension: calendarDimension(
            population,
            query.by ?? 'month',
            query.zone
          ),
          ordered: true
        },
        packageKey(population)
      ]);
    case 'package-correlation':
      return firstRows(correlation(population), query.top);
    case 'package-affinity':
      return firstRows(affinity(population, query.package), query.top);
  }
}

/** A key of a breakdown and the columns that show it. */
interface IKey {
  readonly columns: readonly string[];
  readonly dimension: Dimension;
  /** Periods and classes: rows ascend by them before anything else. */
  readonly ordered: boolean;
}

function packageKey(population: Population): IKey {
  return nameKey('package', packageDimension(population));
}

function nameKey(column: string, dimension: Dimension): IKey {
  return { columns: [column], dimension, ordered: false };
}

function nodesKey(population: Population, query: IQuery): IKey {
  const single = query.analysis === 'job-sizes' && query.bins === null;
  return {
    columns: single ? ['num_nodes'] : ['nodes_from', 'nodes_to'],
    // Without classes each node count is a class of its own, with two bounds where the answer has two columns.
    dimension: twoBounds(nodesDimension(population, query.bins), single),
    ordered: true
  };
}

function twoBounds(dimension: Dimension, single: boolean): Dimension {
  const { label } = dimension;
  return single || dimension.kind === 'package'
    ? dimension
    : {
        ...dimension,
        label: group => {
          const cells = label(group);
          return cells.length === 2 ? cells : [cells[0], cells[0]];
        }
      };
}

/** Counts by keys, as rows: nonzero groups only, the `top` names with or without the union of all others. */
function breakdown(
  population: Population,
  query: IQuery,
  keys: readonly IKey[]
): Row[] {
  const byPackage = keys.some(key => key.dimension.kind === 'package');
  const counted = countedColumn(query.distinct, byPackage);
  const shown = keys.map(key =>
    key.ordered || query.top === null
      ? key
      : { ...key, dimension: topOf(population, query, key.dimension) }
  );
  const counts = population.count(
    query.distinct,
    shown.map(key => key.dimension)
  );
  const found: { row: Row; groups: number[]; name: Cell; count: number }[] = [];
  counts.forEach((count, i) => {
    if (count === 0) {
      return;
    }
    const groups: number[] = [];
    for (let k = shown.length - 1, rest = i; k >= 0; k--) {
      const { size } = shown[k].dimension;
      groups[k] = rest % size;
      rest = Math.floor(rest / size);
    }
    const row: Record<string, Cell> = {};
    let name: Cell = null;
    let other = false;
    shown.forEach(({ columns, dimension, ordered }, k) => {
      const cells = dimension.label(groups[k]);
      columns.forEach((column, c) => {
        row[column] = cells[c];
      });
      if (!ordered) {
        name = cells[0];
        other = query.top !== null && query.other && groups[k] === query.top;
      }
    });
    row[counted] = count;
    if (other) {
      row.other = true;
    }
    found.push({ row, groups, name, count });
  });
  found.sort((a, b) => {
    for (let k = 0; k < shown.length; k++) {
      if (shown[k].ordered && a.groups[k] !== b.groups[k]) {
        return a.groups[k] - b.groups[k];
      }
    }
    return b.count - a.count || compareNames(a.name, b.name);
  });
  return found.map(({ row }) => row);
}

/** The highest groups of a key over the whole population, and the union of the others where the query wants it. */
function topOf(
  population: Population,
  query: IQuery,
  dimension: Dimension
): Dimension {
  const counts = population.count(query.distinct, [dimension]);
  const ranked = Array.from(counts.keys())
    .filter(group => counts[group] > 0)
    .sort(
      (a, b) =>
        counts[b] - counts[a] ||
        compareNames(dimension.label(a)[0], dimension.label(b)[0])
    );
  const top = query.top ?? ranked.length;
  const chosen = ranked.slice(0, top);
  const other = query.other && ranked.length > top;
  return dimension.kind === 'package'
    ? chosenPackages(dimension, chosen, other)
    : chosenRows(dimension, chosen, other);
}

function moduleShare(
  query: IQuery,
  workload: IWorkload,
  everywhere: Population
): Row[] {
  const compute = workload.population(
    filtersOf(query, workload, ['is_staff', 'is_compute'])
  );
  const byName = new Map<Cell, { users: number; jobs: number }>();
  for (const [population, unit] of [
    [everywhere, 'user'],
    [compute, 'job']
  ] as const) {
    const dimension = valueDimension(
      population,
      workload.column(population, ENVIRONMENT)
    );
    population.count(unit, [dimension]).forEach((count, group) => {
      const [name] = dimension.label(group);
      const entry = byName.get(name) ?? { users: 0, jobs: 0 };
      entry[unit === 'user' ? 'users' : 'jobs'] = count;
      if (count > 0) {
        byName.set(name, entry);
      }
    });
  }
  const users = everywhere.total('user');
  const jobs = compute.total('job');
  return [...byName]
    .sort(
      ([a, x], [b, y]) =>
        y.users - x.users || y.jobs - x.jobs || compareNames(a, b)
    )
    .map(([environment, count]) => ({
      environment,
      ...count,
      user_share: ratio(count.users, users),
      job_share: ratio(count.jobs, jobs)
    }));
}

function correlation(population: Population): Row[] {
  const { names, pairs, size } = packagePairs(population);
  const jobs = population.total('job');
  const rows: { r: number | null; row: Row }[] = [];
  names.forEach(({ name: package_a, group: a }, i) => {
    for (const { name: package_b, group: b } of names.slice(i + 1)) {
      const jobs_a = pairs[a * size + a];
      const jobs_b = pairs[b * size + b];
      const jobs_both = pairs[Math.min(a, b) * size + Math.max(a, b)];
      const r = pearson(jobs, jobs_a, jobs_b, jobs_both);
      rows.push({
        r,
        row: { package_a, package_b, r, jobs_a, jobs_b, jobs_both }
      });
    }
  });
  // Names are in order already, and sorting is stable.
  return rows.sort((x, y) => compareR(x.r, y.r)).map(({ row }) => row);
}

function affinity(population: Population, name: string | null): Row[] {
  if (name === null) {
    throw new EngineError(
      'query',
      'Name the package that is compared with all others.',
      'package'
    );
  }
  const code = population.packageDictionary().find(name);
  const { names, pairs, size } = packagePairs(population);
  const own = code - FIRST;
  if (code <= EMPTY || !(pairs[own * size + own] > 0)) {
    return [];
  }
  const jobs = population.total('job');
  return names
    .filter(({ group }) => group !== own)
    .map(({ name: other, group }) => {
      const both = pairs[Math.min(own, group) * size + Math.max(own, group)];
      const count = pairs[group * size + group];
      const r = pearson(jobs, pairs[own * size + own], count, both);
      return { r, row: { package: other, r, jobs: count, jobs_both: both } };
    })
    .sort((x, y) => compareR(x.r, y.r))
    .map(({ row }) => row);
}

/** Packages that some job has, by name, and how many jobs have each two of them. */
function packagePairs(population: Population): {
  names: { name: string; group: number }[];
  pairs: Float64Array;
  size: number;
} {
  const { size, label } = packageDimension(population);
  const pairs = population.jobPackages().countPairs();
  const names = Array.from({ length: size }, (_, group) => ({
    name: String(label(group)[0]),
    group
  }))
    .filter(({ group }) => pairs[group * size + group] > 0)
    .sort((a, b) => compareText(a.name, b.name));
  return { names, pairs, size };
}

function firstRows(rows: Row[], top: number | null): Row[] {
  return top === null ? rows : rows.slice(0, top);
}

/** Names by code point; the missing one last. */
function compareNames(a: Cell, b: Cell): number {
  return a === null || b === null
    ? Number(a === null) - Number(b === null)
    : compareText(String(a), String(b));
}

/** Descending; undefined last. */
export function compareR(a: number | null, b: number | null): number {
  return a === null || b === null
    ? Number(a === null) - Number(b === null)
    : b - a;
}

function ratio(part: number, whole: number | null): number | null {
  return whole === null || whole === 0 ? null : part / whole;
}
