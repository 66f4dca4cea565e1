import { answerColumns, countedColumn } from '../workload/analyses';
import type { IEstimate, IProvenance, ITable } from '../workload/answer';
import type { Mapping } from '../workload/fields';
import type { Distinct, Filter, IQuery } from '../workload/query';
import type { IDatasetInfo } from '../engine/engine';
import { unitOf } from '../engine/keys';
import { totalOf } from './answers';
import { conditionOf, periodCondition } from './conditions';
import type { Columns } from './conditions';
import type {
  Aggregations,
  Condition,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { quickError } from './quick-error';
import {
  fieldOf,
  hasPackage,
  inside,
  levelsOf,
  restName
} from './quick-levels';
import type { ILevel } from './quick-levels';
import { LEAF, rowsOf } from './quick-rows';
import { allOf } from './slices';
import { unitsIn, unitSketch } from './unit-sketch';

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
 * @param names Most names of a grouping that are asked for.
 * @returns null where sketches cannot tell, or a filter is none of the server's: pairs of packages, packages of the same job, patterns.
 */
export function quickLook(
  query: IQuery,
  filters: readonly Filter[],
  columns: Columns,
  mapping: Mapping,
  info: IDatasetInfo,
  names?: number
): IQuickLook | null {
  const levels = levelsOf(query, columns, mapping, names);
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
      aggs: {
        ...nested(levels, leaf),
        // Documents of a job may disagree on its nodes from package to package.
        ...(unit === 'job'
          ? nested(
              levels.filter(({ name }) => name === 'nodes'),
              leaf
            )
          : {})
      }
    },
    read: answer => {
      const whole = unitsIn(answer.aggregations, LEAF);
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
        estimate: quickError(query, levels, answer)
      };
    }
  };
}

/** What is counted in each group; `{}` for documents, null where there is no sketch. */
function leafOf(
  distinct: Distinct,
  columns: Columns,
  mapping: Mapping
): Aggregations | null {
  const unit = unitOf(distinct);
  return unit === 'record' ? {} : unitSketch(LEAF, unit, columns, mapping);
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
  if (!level) {
    return leaf;
  }
  const own = inside(nested(inner, leaf));
  return {
    ...leaf,
    [level.name]: { ...level.aggregation, ...own },
    ...(level.rest
      ? { [restName(level)]: { filter: level.rest.condition, ...own } }
      : {})
  };
}
