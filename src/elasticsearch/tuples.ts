import type { ValueType } from '../workload/fields';
import type { CodedChunk, SecondsChunk } from '../engine/parquet/types';
import { toNumber } from '../engine/dictionary';
import type { Form } from '../engine/workload-index';
import { isObject } from '../workload/json';
import { bucketsOf, totalOf } from './answers';
import type { IIndexGroup } from './fields';
import type {
  CompositeKey,
  CompositeSource,
  Condition,
  FieldValue,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import { secondsChunk, ValueCoder } from './value-coder';

/** The column that says how many documents a tuple stands for, named as Elasticsearch's field of that meaning. */
export const DOCUMENTS = '_doc_count';

/** A column to be fetched. */
export interface IWantedColumn {
  readonly name: string;
  readonly type: ValueType;
  readonly forms: readonly Form[];
}

/** A column that has arrived. */
export interface IArrivedColumn {
  readonly name: string;
  readonly chunk: CodedChunk | SecondsChunk;
}

/** All that has arrived of a slice. */
export interface IArrived {
  readonly rows: number;
  /** Documents behind the rows. */
  readonly documents: number;
  /** Documents that the server announced; null where it did not. */
  readonly expected: number | null;
  readonly columns: readonly IArrivedColumn[];
}

/**
 * A page of the distinct tuples of some columns, each with its number of documents.
 *
 * @param size Tuples of a page.
 * @param after The last key of the page before.
 * @param total Whether to tell how many documents there are.
 */
export function tuplesBody(
  columns: readonly IWantedColumn[],
  group: IIndexGroup,
  condition: Condition | null,
  size: number,
  after: CompositeKey | null,
  total: boolean
): ISearchBody {
  const sources = columns.flatMap(({ name, forms }, i) => {
    const source = sourceOf(name, forms, group);
    // By number: names of columns may be anything.
    return source ? [{ [`c${i}`]: source }] : [];
  });
  return {
    size: 0,
    // Without a column there is one tuple: all documents.
    track_total_hits: total || sources.length === 0,
    ...(condition ? { query: condition } : {}),
    ...(sources.length === 0
      ? {}
      : {
          aggs: {
            tuples: {
              composite: { size, sources, ...(after ? { after } : {}) }
            }
          }
        })
  };
}

function sourceOf(
  name: string,
  forms: readonly Form[],
  group: IIndexGroup
): CompositeSource | null {
  const variant = group.variant(name);
  if (!variant) {
    return null;
  }
  const { field } = variant;
  return variant.type === 'time'
    ? {
        date_histogram: {
          field,
          fixed_interval: forms.includes('codes') ? '1ms' : '1s',
          missing_bucket: true
        }
      }
    : { terms: { field, missing_bucket: true } };
}

/** Takes in pages of tuples. */
export class TupleReader {
  /**
   * @param weight The column that says how many records a document stands for; null when each is one.
   */
  constructor(
    private readonly _columns: readonly IWantedColumn[],
    weight: string | null
  ) {
    this._coders = _columns.map(({ type }) => new ValueCoder(type));
    this._names = _columns.map((_, i) => `c${i}`);
    this._seconds = _columns.map(() => []);
    this._weightAt = _columns.findIndex(({ name }) => name === weight);
  }

  /**
   * Take in a page.
   *
   * @param size Tuples that were asked for.
   * @returns Where the next page begins; null after the last one.
   */
  add(answer: ISearchAnswer, size: number): CompositeKey | null {
    this._total ??= totalOf(answer);
    const aggregation = answer.aggregations?.tuples;
    if (!aggregation) {
      const documents = this._total ?? 0;
      if (documents > 0) {
        this.tuple({}, documents);
      }
      return null;
    }
    const buckets = bucketsOf(answer, 'tuples');
    for (const { key, doc_count = 0 } of buckets) {
      this.tuple(isObject(key) ? key : {}, doc_count);
    }
    return buckets.length < size ? null : (aggregation.after_key ?? null);
  }

  /** Take in one tuple, whose key has the value of each column by its number, as in `tuplesBody`. */
  tuple(key: CompositeKey, documents: number): void {
    this._rows++;
    this._documents += documents;
    this._counts.push(documents);
    for (let i = 0; i < this._columns.length; i++) {
      const value = key[this._names[i]] ?? null;
      const { forms } = this._columns[i];
      if (forms.includes('seconds')) {
        this._seconds[i].push(value);
      }
      if (forms.includes('codes')) {
        this._coders[i].add(value);
      }
    }
    const own =
      this._weightAt < 0 ? null : (key[this._names[this._weightAt]] ?? null);
    const number = typeof own === 'string' ? toNumber(own) : Number(own ?? NaN);
    // A weight that is missing or no number counts once.
    const weight = Number.isNaN(number) ? 1 : number;
    this._weights.add(weight * documents);
  }

  /** What has arrived. */
  finish(): IArrived {
    const columns = this._columns.flatMap(({ name, type, forms }, i) =>
      forms.map(form => ({
        name,
        chunk:
          form === 'seconds'
            ? secondsChunk(this._seconds[i], type, this._counts)
            : this._coders[i].chunk()
      }))
    );
    return {
      rows: this._rows,
      documents: this._documents,
      expected: this._total,
      columns: [...columns, { name: DOCUMENTS, chunk: this._weights.chunk() }]
    };
  }

  private readonly _coders: readonly ValueCoder[];
  /** Names of the columns in keys. */
  private readonly _names: readonly string[];
  private readonly _seconds: readonly FieldValue[][];
  private readonly _weightAt: number;
  /** Documents of each tuple. */
  private readonly _counts: number[] = [];
  private readonly _weights = new ValueCoder('number');
  private _total: number | null = null;
  private _rows = 0;
  private _documents = 0;
}
