import { isObject } from '../workload/json';
import { ElasticFailure } from './failure';
import type { IIndexGroup } from './fields';
import type { CompositeKey, Condition, FieldValue } from './protocol';
import type { IWantedColumn } from './tuples';

/** Rows that ES|QL gives at most, unless administrators have raised it (`esql.query.result_truncation_max_size`). */
export const ESQL_ROWS = 10_000;

/** Types of fields whose values ES|QL gives as composite aggregations do. Longs may be more than a double holds. */
const TYPES = new Set([
  'keyword',
  'constant_keyword',
  'boolean',
  'integer',
  'short',
  'byte'
]);

/** A count by the values of fields, as ES|QL has it: `FROM … | STATS count = COUNT(*) BY … | LIMIT …`. */
export interface ICountBy {
  readonly by: readonly string[];
  readonly filter: Condition;
  readonly limit: number;
}

/**
 * The distinct tuples of some columns by one request of ES|QL.
 *
 * @returns null where it cannot tell: lists, times, big numbers, no column at all.
 */
export function countBy(
  columns: readonly IWantedColumn[],
  group: IIndexGroup,
  condition: Condition | null
): ICountBy | null {
  const variants = columns.map(({ name }) => group.variant(name));
  const by = variants.flatMap(variant =>
    variant && TYPES.has(variant.mapped) ? [variant.field] : []
  );
  return by.length > 0 &&
    by.length === variants.length &&
    new Set(by).size === by.length &&
    !by.includes('count')
    ? { by, filter: condition ?? { match_all: {} }, limit: ESQL_ROWS }
    : null;
}

/** The text of the question, for whoever asks the server itself. */
export function countByText(indices: string, { by, limit }: ICountBy): string {
  const names = indices.split(',').map(name => `"${name}"`);
  const fields = by.map(field => `\`${field.replaceAll('`', '``')}\``);
  return `FROM ${names.join(',')} | STATS count = COUNT(*) BY ${fields.join(', ')} | LIMIT ${limit}`;
}

/**
 * The answer to `countBy`, as keys of tuples and their numbers of documents.
 *
 * @throws ElasticFailure when it is none, or a value is a list.
 */
export function tuplesIn(
  answer: unknown
): { key: CompositeKey; documents: number }[] {
  if (
    !isObject(answer) ||
    !Array.isArray(answer.columns) ||
    !Array.isArray(answer.values) ||
    answer.is_partial === true
  ) {
    throw new ElasticFailure('partial');
  }
  return answer.values.map((row: unknown) => {
    if (!Array.isArray(row) || !row.every(isValue)) {
      throw new ElasticFailure('invalid');
    }
    const [documents, ...values] = row;
    return {
      key: Object.fromEntries(values.map((value, i) => [`c${i}`, value])),
      documents: Number(documents)
    };
  });
}

function isValue(value: unknown): value is FieldValue {
  return value === null || typeof value !== 'object';
}
