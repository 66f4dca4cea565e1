import type { Row } from '../workload/answer';
import { labelAt } from '../workload/calendar';
import type { Mapping } from '../workload/fields';
import type { IQuery } from '../workload/query';
import { keyText } from './answers';
import type { Columns } from './conditions';
import type { Aggregation, Aggregations, Condition, IBucket } from './protocol';

/** Names that are estimated, unless the server does not allow so many groups. */
export const MOST_NAMES = 1000;
/** Highest power of two of a number of nodes. */
const MOST_DOUBLINGS = 24;

/** A grouping: its aggregation, and the cells that a bucket shows. */
export interface ILevel {
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly cells: (bucket: IBucket) => Row;
  /** What orders rows before counts do: periods and classes. */
  readonly rank: ((bucket: IBucket) => number) | null;
  /** Documents that are in no bucket, as a group of their own; null where they are none. */
  readonly rest: { readonly condition: Condition; readonly cells: Row } | null;
}

/** The aggregation of the documents that are in no bucket of a level. */
export function restName({ name }: ILevel): string {
  return `no_${name}`;
}

/**
 * Groupings from the outermost in, names first.
 *
 * @param names Most names that are asked for.
 */
export function levelsOf(
  query: IQuery,
  columns: Columns,
  mapping: Mapping,
  names = MOST_NAMES
): ILevel[] | null {
  const named = (role: 'package' | 'subsystem'): ILevel | null => {
    const field = fieldOf(columns, mapping[role]?.[0]);
    return field === null
      ? null
      : {
          name: role,
          aggregation: {
            terms: { field, size: names, shard_size: 2 * names }
          },
          cells: bucket => ({ [role]: keyText(bucket) }),
          rank: null,
          // No package is none that a row tells of.
          rest:
            role === 'package'
              ? null
              : { condition: without(field), cells: { [role]: null } }
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

export function hasPackage(levels: readonly ILevel[]): boolean {
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
      rest: {
        condition: without(field),
        cells: single
          ? { num_nodes: null }
          : { nodes_from: null, nodes_to: null }
      },
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
    rest: {
      condition: not({ range: { [field]: { gte: bounds[0] } } }),
      cells: { nodes_from: null, nodes_to: null }
    },
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
        rank: ({ key }) => Number(key),
        rest: { condition: without(field), cells: { period: null } }
      };
}

function without(field: string): Condition {
  return not({ exists: { field } });
}

function not(condition: Condition): Condition {
  return { bool: { must_not: [condition] } };
}

/** The field of a column that is the same in all indices. */
export function fieldOf(
  columns: Columns,
  name: string | undefined
): string | null {
  const variants = columns.get(name ?? '')?.variants ?? [];
  return variants.length === 1 ? variants[0].field : null;
}

/** Aggregations inside another one; the gateway takes no empty ones. */
export function inside(aggs: Aggregations): { readonly aggs?: Aggregations } {
  return Object.keys(aggs).length > 0 ? { aggs } : {};
}
