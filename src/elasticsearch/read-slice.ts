import type { DocumentReader, IDocumentColumn } from './documents';
import { documentsBody, DocumentReader as Documents } from './documents';
import { countBy, tuplesIn } from './esql';
import { ElasticFailure } from './failure';
import type { FailureKind } from './failure';
import { pause } from './patience';
import type { PointInTime } from './point-in-time';
import type { CompositeKey, Condition, FieldValue } from './protocol';
import type { ISlice } from './slices';
import { countDocuments } from './slicing';
import { TupleReader, tuplesBody } from './tuples';
import type { IArrived, IWantedColumn } from './tuples';

/** Documents of a page: Elasticsearch's own limit unless an index says otherwise (`index.max_result_window`). */
const PAGE_DOCUMENTS = 10_000;
/** Pages do not become smaller than this for want of room, or because there may not be more. */
const LEAST_PAGE = 200;
const LEAST_ALLOWED = 10;
/** A page is asked for again, smaller each time, at most so often. */
const MOST_TRIES = 7;
/** Pause before the first of these, milliseconds; twice as long before each further one. */
const FIRST_PAUSE = 200;
/** What a server answers to ES|QL that has none, does not understand it or does not allow it. */
const NOT_THERE: readonly FailureKind[] = [
  'invalid',
  'not-found',
  'refused',
  'denied',
  'product'
];

/**
 * Fetch the distinct tuples of a slice.
 *
 * @param weight The column that says how many records a document stands for.
 * @param total Whether to ask how many documents there are.
 */
export async function readTuples(
  point: PointInTime,
  slice: ISlice,
  columns: readonly IWantedColumn[],
  condition: Condition | null,
  { weight, total }: { weight: string | null; total: boolean },
  signal: AbortSignal
): Promise<IArrived> {
  const reader = new TupleReader(columns, weight);
  const pages = new Pages(point.pageSize);
  let after: CompositeKey | null = null;
  do {
    const key = after;
    after = await pages.next(async size => {
      const answer = await point.search(
        tuplesBody(
          columns,
          slice.group,
          condition,
          size,
          key,
          total && key === null
        ),
        'tuples with their numbers of documents',
        signal,
        true
      );
      return reader.add(answer, size);
    }, signal);
  } while (after);
  return reader.finish();
}

/**
 * Fetch the distinct tuples of all documents by one request of ES|QL, which knows no point in time: they are taken only when they
 * stand for as many documents as are in it, and when the same documents are still there afterwards.
 *
 * #### Notes
 * Either is not enough. What changed before or between shows afterwards; what came and went again does not, but was one too many.
 *
 * @returns null when there are too many tuples, the server cannot do it now, or other documents were there.
 */
export async function readByEsql(
  point: PointInTime,
  slice: ISlice,
  columns: readonly IWantedColumn[],
  condition: Condition | null,
  { weight }: { weight: string | null },
  signal: AbortSignal
): Promise<IArrived | null> {
  const { client } = point;
  const count = countBy(columns, slice.group, condition);
  if (!count || !client.hasEsql) {
    return null;
  }
  try {
    const [answer, expected] = await Promise.all([
      client.countBy(count, signal),
      condition ? countDocuments(point, condition, signal) : slice.records
    ]);
    const tuples = tuplesIn(answer);
    const reader = new TupleReader(columns, weight);
    tuples.forEach(({ key, documents: own }) => reader.tuple(key, own));
    const arrived = { ...reader.finish(), expected };
    return tuples.length < count.limit &&
      arrived.documents === expected &&
      (await point.isStillSo(signal))
      ? arrived
      : null;
  } catch (error) {
    if (!(error instanceof ElasticFailure) || signal.aborted) {
      throw error;
    }
    // What passes says nothing of the next question.
    client.hasEsql &&= !NOT_THERE.includes(error.kind);
    return null;
  }
}

/**
 * Fetch the documents of a slice.
 *
 * @param total Whether to ask how many there are.
 */
export async function readDocuments(
  point: PointInTime,
  slice: ISlice,
  columns: readonly IDocumentColumn[],
  condition: Condition | null,
  total: boolean,
  signal: AbortSignal
): Promise<{ arrived: IArrived; several: DocumentReader['several'] }> {
  const pages = new Pages(Math.min(PAGE_DOCUMENTS, point.pageSize));
  for (;;) {
    const { losses } = point;
    const reader = new Documents(columns, slice.group);
    let after: readonly FieldValue[] | null = null;
    do {
      const key: readonly FieldValue[] | null = after;
      after = await pages.next(async size => {
        const answer = await point.search(
          documentsBody(
            columns,
            slice.group,
            condition,
            size,
            key,
            total && key === null
          ),
          'documents, as far as columns are needed',
          signal,
          true
        );
        return reader.add(answer, size);
      }, signal);
    } while (after && point.losses === losses);
    // Pages go on by positions, which are others in another point in time.
    if (point.losses === losses) {
      return { arrived: reader.finish(), several: reader.several };
    }
  }
}

/** Pages that become smaller when the server has no room for them. */
class Pages {
  constructor(private _size: number) {}

  /** Ask for a page until it is there. */
  async next<T>(
    ask: (size: number) => Promise<T>,
    signal: AbortSignal
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask(this._size);
      } catch (error) {
        const isTooMuch =
          error instanceof ElasticFailure &&
          ['too-many-buckets', 'too-large', 'busy', 'timeout'].includes(
            error.kind
          );
        if (!isTooMuch || tries >= MOST_TRIES) {
          throw error;
        }
        const isAllowed = error.kind !== 'too-large';
        this._size = Math.max(
          // It may be smaller already, where a connection allows no more.
          Math.min(this._size, isAllowed ? LEAST_PAGE : LEAST_ALLOWED),
          Math.floor(this._size / 3)
        );
        if (isAllowed) {
          // Room comes with time.
          await pause(FIRST_PAUSE * 2 ** (tries - 1), signal);
        }
      }
    }
  }
}
