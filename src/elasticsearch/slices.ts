import type { ISegment, ITimeBounds } from '../engine/dataset';
import type { IIndexGroup } from './fields';
import type { Aggregations, Condition, ISearchAnswer } from './protocol';
import { bucketsOf } from './answers';

/** Documents of a slice, unless a connection says otherwise: few enough that one page of a composite aggregation holds all its tuples. */
export const SLICE_DOCUMENTS = 20_000;
/** Stretches that one histogram tells apart at most: a quarter of the buckets that servers allow unless they are told otherwise. */
export const MOST_STRETCHES = 2 ** 14;
/** Stretches by page of documents: finer ones fill slices better. */
const BY_PAGE = 16;
/** The same where only crowded stretches are cut, at least. */
const BY_PAGE_AGAIN = 4;
/** Stretches of a span with few documents. */
const LEAST_STRETCHES = 1024;
/** The longest stretch, milliseconds: some six days, which nine digits can say. */
const LONGEST = 2 ** 29;

/** A stretch of time of some indices: the piece in which documents are fetched. */
export interface ISlice extends ISegment {
  readonly group: IIndexGroup;
  /** Null for documents without a time, and where there is no time to slice by. */
  readonly bounds: ITimeBounds | null;
  /** What chooses its documents; null for all. */
  readonly condition: Condition | null;
}

/** A stretch of time and how many documents it has, epoch milliseconds, half-open. */
export interface IStretch {
  readonly from: number;
  readonly to: number;
  readonly documents: number;
}

/** All documents as one slice. */
export function sliceOf(group: IIndexGroup, documents: number): ISlice {
  return {
    id: 0,
    rows: documents,
    records: documents,
    group,
    bounds: null,
    condition: null
  };
}

/** The question how many documents there are in each stretch of some length. */
export function histogramBody(
  field: string,
  interval: number,
  condition: Condition | null
): { query?: Condition; aggs: Aggregations } {
  return {
    ...(condition ? { query: condition } : {}),
    aggs: {
      stretches: {
        date_histogram: {
          field,
          fixed_interval: `${interval}ms`,
          min_doc_count: 1
        }
      }
    }
  };
}

/** The answer to `histogramBody`. */
export function stretchesIn(
  answer: ISearchAnswer,
  interval: number
): IStretch[] {
  return bucketsOf(answer, 'stretches').map(({ key, doc_count = 0 }) => ({
    from: Number(key),
    to: Number(key) + interval,
    documents: doc_count
  }));
}

/**
 * Length of stretches that tell a span apart finely enough, milliseconds: a power of two.
 *
 * @param page Documents of a page.
 * @param most Stretches there may be.
 */
export function intervalFor(
  { from, to, documents }: IStretch,
  page: number,
  most = MOST_STRETCHES
): number {
  const wanted = Math.max(LEAST_STRETCHES, (BY_PAGE * documents) / page);
  const length = (to - from) / Math.min(most, wanted);
  return Math.min(LONGEST, 2 ** Math.max(0, Math.ceil(Math.log2(length))));
}

/**
 * A shorter length for stretches that have more documents than fit a page: a power of two, at least 1.
 *
 * @param interval Their length.
 */
export function finer(
  interval: number,
  crowded: readonly IStretch[],
  page: number,
  most = MOST_STRETCHES
): number {
  const fullest = crowded.reduce(
    (found, { documents }) => Math.max(found, documents),
    0
  );
  const needed = 2 ** Math.ceil(Math.log2((BY_PAGE_AGAIN * fullest) / page));
  // Of few stretches more parts do not cost another request.
  const parts = Math.max(needed, powerBelow(most / crowded.length));
  return Math.max(1, interval / Math.min(parts, powerBelow(most)));
}

function powerBelow(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}

/** Put stretches that follow each other together, up to some documents. */
export function together(
  stretches: readonly IStretch[],
  most = SLICE_DOCUMENTS
): IStretch[] {
  const found: IStretch[] = [];
  for (const next of stretches) {
    const last = found.at(-1);
    if (last && last.documents + next.documents <= most) {
      found[found.length - 1] = {
        from: last.from,
        to: next.to,
        documents: last.documents + next.documents
      };
    } else {
      found.push(next);
    }
  }
  return found;
}

/** All conditions at once; null where there is none. */
export function allOf(
  conditions: readonly (Condition | null)[]
): Condition | null {
  const given = conditions.filter(condition => condition !== null);
  return given.length > 1 ? { bool: { filter: given } } : (given[0] ?? null);
}

/** Any of some conditions. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 1
    ? conditions[0]
    : { bool: { should: conditions, minimum_should_match: 1 } };
}

/** Documents of some indices only; null for all. */
export function ofIndices(indices: readonly string[] | null): Condition | null {
  return indices && { terms: { _index: indices } };
}

/** Documents of a stretch of time, epoch milliseconds, half-open; infinities are open ends. */
export function within(field: string, from: number, to: number): Condition {
  return {
    range: {
      [field]: {
        ...(from > -Infinity ? { gte: from } : {}),
        ...(to < Infinity ? { lt: to } : {}),
        format: 'epoch_millis'
      }
    }
  };
}

/** Documents without a value of a field. */
export function without(field: string): Condition {
  return { bool: { must_not: [{ exists: { field } }] } };
}
