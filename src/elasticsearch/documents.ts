import { totalOf } from './answers';
import type { IIndexGroup } from './fields';
import type {
  Condition,
  FieldValue,
  ISearchAnswer,
  ISearchBody
} from './protocol';
import type { IArrived, IWantedColumn } from './tuples';
import { secondsChunk, ValueCoder } from './value-coder';

/** A column to be fetched, which may hold lists. */
export interface IDocumentColumn extends IWantedColumn {
  readonly list: boolean;
}

/**
 * A page of documents, each with its values of some columns: for lists, which tuples cannot tell.
 *
 * @param size Documents of a page.
 * @param after The sort key of the last document of the page before.
 * @param total Whether to tell how many documents there are.
 */
export function documentsBody(
  columns: readonly IDocumentColumn[],
  group: IIndexGroup,
  condition: Condition | null,
  size: number,
  after: readonly FieldValue[] | null,
  total: boolean
): ISearchBody {
  const fields = columns.flatMap(({ name }) => {
    const variant = group.variant(name);
    return variant
      ? [
          variant.type === 'time'
            ? { field: variant.field, format: 'epoch_millis' }
            : { field: variant.field }
        ]
      : [];
  });
  return {
    size,
    track_total_hits: total,
    ...(condition ? { query: condition } : {}),
    sort: [{ _shard_doc: 'asc' }],
    _source: false,
    ...(fields.length > 0 ? { docvalue_fields: fields } : {}),
    ...(after ? { search_after: after } : {})
  };
}

/** Takes in pages of documents. */
export class DocumentReader {
  constructor(
    private readonly _columns: readonly IDocumentColumn[],
    private readonly _group: IIndexGroup
  ) {
    this._coders = _columns.map(({ type }) => new ValueCoder(type));
    this._seconds = _columns.map(() => []);
    this._offsets = _columns.map(() => [0]);
    this._elements = new Array<number>(_columns.length).fill(0);
    this._fields = _columns.map(
      ({ name }) => this._group.variant(name)?.field ?? ''
    );
  }

  /** A column that holds several values in a document, though it is none of the lists; null when there is none. */
  several: string | null = null;

  /**
   * Take in a page.
   *
   * @param size Documents that were asked for.
   * @returns Where the next page begins; null after the last one.
   */
  add(answer: ISearchAnswer, size: number): readonly FieldValue[] | null {
    this._total ??= totalOf(answer);
    const hits = answer.hits?.hits ?? [];
    for (const { fields = {} } of hits) {
      this._rows++;
      for (let i = 0; i < this._columns.length; i++) {
        this._take(i, fields[this._fields[i]] ?? []);
      }
    }
    return hits.length < size ? null : (hits.at(-1)?.sort ?? null);
  }

  /** What has arrived. */
  finish(): IArrived {
    const columns = this._columns.flatMap(({ name, type, forms, list }, i) =>
      forms.map(form => ({
        name,
        chunk:
          form === 'seconds'
            ? secondsChunk(this._seconds[i], type)
            : this._coders[i].chunk(
                list ? Uint32Array.from(this._offsets[i]) : null
              )
      }))
    );
    return {
      rows: this._rows,
      documents: this._rows,
      expected: this._total,
      columns
    };
  }

  private _take(i: number, values: readonly FieldValue[]): void {
    const { name, list, forms } = this._columns[i];
    if (list) {
      values.forEach(value => this._coders[i].add(value));
      this._elements[i] += values.length;
      this._offsets[i].push(this._elements[i]);
      return;
    }
    if (values.length > 1) {
      this.several ??= name;
    }
    const value = values[0] ?? null;
    if (forms.includes('seconds')) {
      this._seconds[i].push(value);
    }
    if (forms.includes('codes')) {
      this._coders[i].add(value);
    }
  }

  private readonly _coders: readonly ValueCoder[];
  private readonly _seconds: readonly FieldValue[][];
  private readonly _offsets: readonly number[][];
  private readonly _elements: number[];
  private readonly _fields: readonly string[];
  private _total: number | null = null;
  private _rows = 0;
}
