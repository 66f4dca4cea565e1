import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import { bucketsOf, totalOf, valueIn } from './answers';
import type { ISearchAnswer, ISearchBody } from './protocol';

/** Indices that are told apart; more make no fingerprint. */
const MOST_INDICES = 10_000;
/** Sums beyond what a double holds exactly depend on the order of summing in their last bits. */
const ROUNDING = 1e-15;

/** What the documents of an index amount to. */
interface IIndexPrint {
  readonly name: string;
  readonly documents: number;
  /** Least, highest and sum of the numbers of the documents' last changes (`_seq_no`). */
  readonly least: number;
  readonly most: number;
  readonly sum: number;
}

/**
 * What tells the documents of some indices at one moment from those at another.
 *
 * #### Notes
 * Each change of a shard takes the next number, and a document has that of its last change. So a document that is new or changed has a
 * number higher than all before it, and one that is gone leaves fewer documents. Where an index has several shards, whose numbers are
 * separate, the sum tells them apart as well.
 */
export interface IFingerprint {
  readonly documents: number;
  readonly indices: readonly IIndexPrint[];
}

/** The question for it. */
export const FINGERPRINT_BODY: ISearchBody = {
  size: 0,
  track_total_hits: true,
  aggs: {
    indices: {
      terms: { field: '_index', size: MOST_INDICES },
      aggs: {
        least: { min: { field: '_seq_no' } },
        most: { max: { field: '_seq_no' } },
        sum: { sum: { field: '_seq_no' } }
      }
    }
  }
};

/**
 * The answer to it.
 *
 * @returns null where the server does not tell the numbers, so that nothing can be said.
 * @throws EngineError `unsupported` when documents are no records, but counts of them.
 */
export function fingerprintIn(answer: ISearchAnswer): IFingerprint | null {
  const indices: IIndexPrint[] = [];
  for (const bucket of bucketsOf(answer, 'indices')) {
    const { key, doc_count: documents = 0 } = bucket;
    const [least, most, sum] = ['least', 'most', 'sum'].map(name =>
      valueIn(bucket, name)
    );
    if (isObject(key) || least === null || most === null || sum === null) {
      return null;
    }
    indices.push({ name: String(key), documents, least, most, sum });
  }
  const documents = indices.reduce((all, own) => all + own.documents, 0);
  const total = totalOf(answer);
  if (total !== null && documents > total) {
    throw new EngineError(
      'unsupported',
      'Some documents stand for several each (“_doc_count”), as in indices that were downsampled or rolled up. Single records cannot be told from them: open an index of the records themselves.'
    );
  }
  return documents === total
    ? {
        documents,
        indices: indices.sort((a, b) => (a.name < b.name ? -1 : 1))
      }
    : null;
}

/** Whether both are of the same documents. */
export function areSame(a: IFingerprint, b: IFingerprint): boolean {
  return (
    a.documents === b.documents &&
    a.indices.length === b.indices.length &&
    a.indices.every((own, i) => {
      const other = b.indices[i];
      return (
        own.name === other.name &&
        own.documents === other.documents &&
        own.least === other.least &&
        own.most === other.most &&
        isSameSum(own.sum, other.sum)
      );
    })
  );
}

function isSameSum(a: number, b: number): boolean {
  return (
    a === b || (a > Number.MAX_SAFE_INTEGER && Math.abs(a - b) <= a * ROUNDING)
  );
}
