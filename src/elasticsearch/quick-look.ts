import { answerColumns, countedColumn } from '../workload/analyses';
import type { IEstimate, IProvenance, ITable, Row } from '../workload/answer';
import { labelAt } from '../workload/calendar';
import type { Mapping } from '../workload/fields';
import type { Distinct, Filter, IQuery } from '../workload/query';
import { compareText } from '../workload/text';
import type { IDatasetInfo } from '../engine/engine';
import { unitOf } from '../engine/keys';
import { bucketsIn, bucketsOf, keyText, totalOf, valueIn } from './answers';
import { conditionOf, periodCondition } from './conditions';
import type { Columns } from './conditions';
import type {
  Aggregation,
  Aggregations,
  Condition,
  IBucket,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { allOf } from './slices';

/** Names that are estimated. */
const MOST_NAMES = 1000;
/** Sketches are exact up to about so many values. */
export const PRECISION = 3000;
/**
 * A sketch of that precision has 2¹⁴ registers and so a standard error of 1.04 / √2¹⁴ = 0.8 % (Heule, Nunkesser, Hall: HyperLogLog in
 * practice, 2013); twice that holds 95 of 100 values.
 */
const ERROR = 0.0163;

/** What a sketch is worth. */
export const SKETCHED: IEstimate = { method: 'cardinality', error: ERROR };
/** Highest power of two of a number of nodes. */
const MOST_DOUBLINGS = 24;

/** An estimate of an answer by one request. */
export interface IQuickLook {
  readonly body: ISearchBody;
  read(answer: ISearchAnswer): IQuickAnswer;
}

export interface IQuickAnswer {
  readonly table: ITable;
  readonly counted: readonly string[];
  readonly population: IProvenance['population'];
  readonly estimate: IEstimate;
}

/**
 * How to estimate an answer by sketches of distinct values (the aggregations `terms` and `cardinality`).
 *
 * @param filters All filters in force.
 * @returns null where sketches cannot tell, or a filter is none of the server's: pairs of packages, packages of the same job, patterns.
 */
export function quickLook(
  query: IQuery,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping,
  info: IDatasetInfo
): IQuickLook | null {
  const levels = levelsOf(query, columns, mapping);
  const leaf = leafOf(query.distinct, columns, mapping);
  const period = periodCondition(query, columns, mapping);
  const conditions = filters.map(filter =>
    conditionOf(filter, columns, mapping)
  );
  if (
    // The union of all others cannot be told from sketches of each.
    query.other ||
    !levels ||
    !leaf ||
    mapping.count ||
    period === 'unsure' ||
    conditions.includes(null)
  ) {
    return null;
  }
  const unit = unitOf(query.distinct);
  const condition = allOf([
    ...conditions,
    period,
    unit === 'job' ? withJob(columns, mapping) : null
  ]);
  return {
    body: {
      size: 0,
      track_total_hits: true,
      ...(condition ? { query: condition } : {}),
      aggs: nested(levels, leaf)
    },
    read: answer => {
      const whole = valueIn(answer.aggregations, LEAF);
      return {
        table: {
          columns: answerColumns(query),
          rows: rowsOf(query, levels, answer, whole)
        },
        counted: [countedColumn(query.distinct, hasPackage(levels))],
        population: {
          records: totalOf(answer) ?? info.rows,
          users: unit === 'user' ? whole : null,
          jobs: unit === 'job' ? whole : null
        },
        // A job whose documents disagree on its nodes counts with each of them here, which no sketch tells.
        estimate: levels.some(({ name }) => name === 'nodes')
          ? { ...SKETCHED, error: null }
          : SKETCHED
      };
    }
  };
}

const LEAF = 'units';

/** A grouping: its aggregation, and the cells that a bucket shows. */
interface ILevel {
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly cells: (bucket: IBucket) => Row;
  /** What orders rows before counts do: periods and classes. */
  readonly rank: ((bucket: IBucket) => number) | null;
}

/** Groupings from the outermost in, names first. */
function levelsOf(
  query: IQuery,
  columns: Columns,
  mapping: Mapping
): ILevel[] | null {
  const named = (role: 'package' | 'subsystem'): ILevel | null => {
    const field = fieldOf(columns, mapping[role]?.[0]);
    return field === null
      ? null
      : {
          name: role,
          aggregation: {
            terms: { field, size: MOST_NAMES, shard_size: 2 * MOST_NAMES }
          },
          cells: bucket => ({ [role]: keyText(bucket) }),
          rank: null
        };
  };
  switch (query.analysis) {
    case 'users':
    case 'user-share':
      return [];
    case 'top-packages':
      return complete([named('package')]);
    case 'partition-shares':
      return complete([named('subsystem')]);
    case 'job-sizes':
      return complete([nodes(query, columns, mapping)]);
    case 'package-job-size':
      return complete([named('package'), nodes(query, columns, mapping)]);
    case 'package-trend':
      return complete([named('package'), periods(query, columns, mapping)]);
    default:
      return null;
  }
}

function complete(levels: readonly (ILevel | null)[]): ILevel[] | null {
  const found = levels.filter(level => level !== null);
  return found.length === levels.length ? found : null;
}

function hasPackage(levels: readonly ILevel[]): boolean {
  return levels[0]?.name === 'package';
}

function nodes(
  query: IQuery,
  columns: Columns,
  mapping: Mapping
): ILevel | null {
  const field = fieldOf(columns, mapping.nodes?.[0]);
  const { bins } = query;
  if (
    field === null ||
    columns.get(mapping.nodes?.[0] ?? '')?.type !== 'number'
  ) {
    return null;
  }
  if (bins === null) {
    const single = query.analysis === 'job-sizes';
    return {
      name: 'nodes',
      aggregation: { terms: { field, size: MOST_NAMES } },
      cells: ({ key }): Row =>
        single
          ? { num_nodes: Number(key) }
          : { nodes_from: Number(key), nodes_to: Number(key) },
      rank: ({ key }) => Number(key)
    };
  }
  const bounds =
    bins === 'log2'
      ? Array.from({ length: MOST_DOUBLINGS }, (_, k) => 2 ** k)
      : bins;
  return {
    name: 'nodes',
    aggregation: {
      range: {
        field,
        ranges: bounds.map((from, k) => ({
          from,
          ...(k + 1 < bounds.length ? { to: bounds[k + 1] } : {}),
          key: `${k}`
        }))
      }
    },
    cells: ({ key }) => {
      const k = Number(key);
      return {
        nodes_from: bounds[k],
        nodes_to:
          bins === 'log2'
            ? 2 * bounds[k] - 1
            : k + 1 < bounds.length
              ? bounds[k + 1] - 1
              : null
      };
    },
    rank: ({ key }) => Number(key)
  };
}

function periods(
  query: IQuery,
  columns: Columns,
  mapping: Mapping
): ILevel | null {
  const name = mapping.time?.[0];
  const field = fieldOf(columns, name);
  const unit = query.by ?? 'month';
  return field === null || columns.get(name ?? '')?.type !== 'time'
    ? null
    : {
        name: 'periods',
        aggregation: {
          date_histogram: {
            field,
            calendar_interval: unit,
            time_zone: query.zone,
            min_doc_count: 1
          }
        },
        cells: ({ key }) => ({
          period: labelAt(Number(key) / 1000, unit, query.zone)
        }),
        rank: ({ key }) => Number(key)
      };
}

/** What is counted in each group; `{}` for documents, null where there is no single field. */
function leafOf(
  distinct: Distinct,
  columns: Columns,
  mapping: Mapping
): Aggregations | null {
  const unit = unitOf(distinct);
  if (unit === 'record') {
    return {};
  }
  const names = mapping[unit] ?? [];
  const field = names.length === 1 ? fieldOf(columns, names[0]) : null;
  return field === null
    ? null
    : { [LEAF]: { cardinality: { field, precision_threshold: PRECISION } } };
}

/** The field of a column that is the same in all indices. */
export function fieldOf(
  columns: Columns,
  name: string | undefined
): string | null {
  const variants = columns.get(name ?? '')?.variants ?? [];
  return variants.length === 1 ? variants[0].field : null;
}

/** Documents of jobs: an empty job id is none. */
export function withJob(columns: Columns, mapping: Mapping): Condition | null {
  const [name = ''] = mapping.job ?? [];
  const field = fieldOf(columns, name);
  return field !== null && columns.get(name)?.type === 'text'
    ? { bool: { must_not: [{ terms: { [field]: [''] } }] } }
    : null;
}

function nested(levels: readonly ILevel[], leaf: Aggregations): Aggregations {
  const [level, ...inner] = levels;
  return level
    ? {
        ...leaf,
        [level.name]: { ...level.aggregation, ...inside(nested(inner, leaf)) }
      }
    : leaf;
}

/** Aggregations inside another one; the gateway takes no empty ones. */
export function inside(aggs: Aggregations): { readonly aggs?: Aggregations } {
  return Object.keys(aggs).length > 0 ? { aggs } : {};
}

function countOf(bucket: IBucket): number {
  return valueIn(bucket, LEAF) ?? bucket.doc_count ?? 0;
}

/** A row, and what it is ordered by. */
interface IFound {
  readonly row: Row;
  readonly rank: number;
  readonly name: string;
  readonly count: number;
}

function rowsOf(
  query: IQuery,
  levels: readonly ILevel[],
  answer: ISearchAnswer,
  whole: number | null
): Row[] {
  const counted = countedColumn(query.distinct, hasPackage(levels));
  const total = whole ?? totalOf(answer) ?? 0;
  const withShare = (row: Row): Row =>
    query.analysis === 'partition-shares'
      ? { ...row, share: total > 0 ? Number(row[counted]) / total : null }
      : row;
  if (levels.length === 0) {
    return [
      {
        [counted]: total,
        ...(query.analysis === 'user-share'
          ? { of: query.of, share: query.of ? total / query.of : null }
          : {})
      }
    ];
  }
  const [outer, inner] = levels;
  const isName = (bucket: IBucket) => outer.rank !== null || bucket.key !== '';
  const ranked = bucketsOf(answer, outer.name)
    .filter(isName)
    .map(bucket => foundIn(bucket, outer, counted, null))
    .sort((a, b) => a.found.rank - b.found.rank || order(a.found, b.found));
  const shown =
    outer.rank === null && query.top !== null
      ? ranked.slice(0, query.top)
      : ranked;
  const found = inner
    ? shown.flatMap(({ bucket, found: { name } }) =>
        bucketsIn(bucket, inner.name).map(
          one => foundIn(one, inner, counted, { name, bucket, outer }).found
        )
      )
    : shown.map(one => one.found);
  return found
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.rank - b.rank || order(a, b))
    .map(({ row }) => withShare(inColumns(row, answerColumns(query))));
}

function foundIn(
  bucket: IBucket,
  level: ILevel,
  counted: string,
  within: { name: string; bucket: IBucket; outer: ILevel } | null
): { bucket: IBucket; found: IFound } {
  const count = countOf(bucket);
  return {
    bucket,
    found: {
      row: {
        ...(within ? within.outer.cells(within.bucket) : {}),
        ...level.cells(bucket),
        [counted]: count
      },
      rank: level.rank?.(bucket) ?? 0,
      name: within?.name ?? keyText(bucket),
      count
    }
  };
}

function order(a: IFound, b: IFound): number {
  return b.count - a.count || compareText(a.name, b.name);
}

/** The cells of a row in the order of its columns. */
function inColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(
    columns.flatMap(name => (name in row ? [[name, row[name]]] : []))
  );
}
