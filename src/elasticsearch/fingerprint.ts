import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import type { Mapping, Role } from '../workload/fields';
import {
  bucketIn,
  bucketsOf,
  keyText,
  numberIn,
  totalOf,
  valueIn
} from './answers';
import type { Columns } from './conditions';
import type { Aggregation, Aggregations } from './protocol';
import type { ISearchAnswer, ISearchBody } from './protocol';

/** Indices that are told apart; more make no fingerprint. */
const MOST_INDICES = 10_000;
/** Shards that are told apart; more make no fingerprint, because each is asked about. */
const MOST_SHARDS = 64;
/** Requests under way at a time. */
const PARALLEL = 6;
/** Roles whose values are a part of it: few of them, because all documents are looked at. */
const TELLING_SUMS: readonly Role[] = ['time', 'nodes'];
const TELLING_VALUES: readonly Role[] = [
  'user',
  'package',
  'subsystem',
  'account'
];
/** Values of a column, the most frequent ones. */
const MOST_VALUES = 100;
/** Sums beyond what a double holds exactly depend on the order of summing in their last bits. */
const ROUNDING = 1e-15;

/** What some documents of an index amount to. */
interface IPrint {
  readonly name: string;
  readonly documents: number;
  /** Least, highest and sum of the numbers of the documents' last changes (`_seq_no`). */
  readonly least: number;
  readonly most: number;
  readonly sum: number;
}

/** What tells the documents of some indices at one moment from those at another. */
export interface IFingerprint {
  readonly documents: number;
  /** Of each index, by name; or of each shard, in the order of these. */
  readonly prints: readonly IPrint[];
  /** Shards of the indices. */
  readonly shards: number;
  /** What the values of some columns amount to: sums, and values with their numbers of documents. */
  readonly contents: readonly (number | string | null)[];
}

/** What is known of the documents before: it says how to tell them apart. */
export interface IKnown {
  /** Indices, also those without documents. */
  readonly indices: number;
  /** What the values of some columns amount to. */
  readonly contents: Aggregations;
}

/** Nothing at all. */
export const UNKNOWN: IKnown = { indices: 0, contents: {} };

/** Asks in the point in time whose documents are to be told apart. */
export type Ask = (body: ISearchBody) => Promise<ISearchAnswer>;

/** What tells by index which changes its documents have seen. */
const CHANGES: Aggregations = {
  indices: {
    terms: { field: '_index', size: MOST_INDICES },
    // All three at once: one by one they take the server three times as long.
    aggs: { changes: { stats: { field: '_seq_no' } } }
  }
};

/**
 * What the values of the columns that questions are mostly about amount to. An index that is deleted and filled anew numbers the changes
 * of its documents as the old one did; these tell both apart.
 */
export function contentsOf(mapping: Mapping, columns: Columns): Aggregations {
  const told = (
    roles: readonly Role[],
    types: readonly string[],
    of: (field: string) => Aggregation
  ) =>
    roles.flatMap((role): [string, Aggregation][] => {
      const column = columns.get(mapping[role]?.[0] ?? '');
      return column?.variants.length === 1 && types.includes(column.type)
        ? [[`of_${role}`, of(column.variants[0].field)]]
        : [];
    });
  return Object.fromEntries([
    ...told(TELLING_SUMS, ['time', 'number'], field => ({ sum: { field } })),
    ...told(TELLING_VALUES, ['text'], field => ({
      terms: { field, size: MOST_VALUES }
    }))
  ]);
}

/** The question by index. */
export function fingerprintBody(contents: Aggregations): ISearchBody {
  return {
    size: 0,
    track_total_hits: true,
    aggs: { ...CHANGES, ...contents }
  };
}

/**
 * Ask for it: in one request where each index has one shard, otherwise in one more for each shard.
 *
 * #### Notes
 * Each change of a shard takes the next number, and a document has that of its last change. So a document that is new or changed has a
 * number higher than all before it in its shard, and one that is gone leaves fewer documents. Shards number their changes apart from
 * each other: a document that goes from one may have the number of one that comes to another.
 *
 * With as many slices as there are shards, no slice has documents of two shards of an index. Shards come in the same order each time;
 * if they did not, documents would seem to be others than they are, which does no harm.
 *
 * @returns null where the server does not tell the numbers, or there are too many shards, so that nothing can be said.
 * @throws EngineError `unsupported` when documents are no records, but counts of them.
 */
export async function takeFingerprint(
  ask: Ask,
  { indices, contents }: IKnown = UNKNOWN
): Promise<IFingerprint | null> {
  const names = Object.keys(contents);
  const byIndex = fingerprintIn(await ask(fingerprintBody(contents)), names);
  // An index has a shard, at least.
  if (!byIndex || byIndex.shards <= Math.max(indices, byIndex.prints.length)) {
    return byIndex;
  }
  const { shards, documents } = byIndex;
  if (shards > MOST_SHARDS) {
    return null;
  }
  const prints: IPrint[] = [];
  const body = fingerprintBody({});
  for (let from = 0; from < shards; from += PARALLEL) {
    const ids = Array.from(
      { length: Math.min(PARALLEL, shards - from) },
      (_, i) => from + i
    );
    const answers = await Promise.all(
      ids.map(id => ask({ ...body, slice: { id, max: shards } }))
    );
    for (const found of answers.map(answer => fingerprintIn(answer, []))) {
      if (!found) {
        return null;
      }
      prints.push(...found.prints);
    }
  }
  const total = prints.reduce((sum, own) => sum + own.documents, 0);
  return total === documents ? { ...byIndex, prints } : null;
}

/** Whether both are the same. */
export function areSame(a: IFingerprint, b: IFingerprint): boolean {
  return (
    a.documents === b.documents &&
    a.shards === b.shards &&
    a.contents.length === b.contents.length &&
    a.contents.every((own, i) => isSame(own, b.contents[i])) &&
    a.prints.length === b.prints.length &&
    a.prints.every((own, i) => {
      const other = b.prints[i];
      return (
        own.name === other.name &&
        own.documents === other.documents &&
        own.least === other.least &&
        own.most === other.most &&
        isSame(own.sum, other.sum)
      );
    })
  );
}

/** @param names Aggregations that tell of values. */
function fingerprintIn(
  answer: ISearchAnswer,
  names: readonly string[]
): IFingerprint | null {
  const prints: IPrint[] = [];
  for (const bucket of bucketsOf(answer, 'indices')) {
    const { key, doc_count: documents = 0 } = bucket;
    const changes = bucketIn(bucket, 'changes');
    const [least, most, sum] = ['min', 'max', 'sum'].map(name =>
      numberIn(changes, name)
    );
    if (isObject(key) || least === null || most === null || sum === null) {
      return null;
    }
    prints.push({ name: String(key), documents, least, most, sum });
  }
  const documents = prints.reduce((all, own) => all + own.documents, 0);
  const total = totalOf(answer);
  if (total !== null && documents > total) {
    throw new EngineError(
      'unsupported',
      'Some documents stand for several each (“_doc_count”), as in indices that were downsampled or rolled up. Single records cannot be told from them: open an index of the records themselves.'
    );
  }
  const shards = answer._shards?.total;
  return documents === total && shards !== undefined
    ? {
        documents,
        shards,
        contents: names.map(name => contentIn(answer, name)),
        prints: prints.sort((a, b) => (a.name < b.name ? -1 : 1))
      }
    : null;
}

function contentIn(answer: ISearchAnswer, name: string) {
  const buckets = bucketsOf(answer, name).map(bucket => [
    keyText(bucket),
    bucket.doc_count ?? 0
  ]);
  return buckets.length > 0
    ? JSON.stringify(buckets)
    : valueIn(answer.aggregations, name);
}

function isSame(
  a: number | string | null,
  b: number | string | null | undefined
): boolean {
  return (
    a === b ||
    (typeof a === 'number' &&
      typeof b === 'number' &&
      !(Number.isSafeInteger(a) && Number.isSafeInteger(b)) &&
      Math.abs(a - b) <= Math.abs(a) * ROUNDING)
  );
}
