import type { Encoding, SchemaElement } from 'hyparquet';
import { bitWidth, Bytes, hybrid } from './bytes';

/** What the footer says about a column chunk's values. */
export interface IChunkFacts {
  readonly encoding: Encoding;
  readonly values: number;
  readonly nulls: number;
  readonly least?: number;
  readonly most?: number;
}

/** Takes the pages of a column chunk, one after another. Bytes are valid during the call only. */
export interface IPageSink {
  dictionary(bytes: Uint8Array, values: number): void;
  data(bytes: Uint8Array, values: number, encoding: Encoding): void;
}

/** One column of a table that is written row group by row group. */
export interface IColumn {
  /** The column's part of the schema, groups first. */
  readonly schema: readonly SchemaElement[];
  /**
   * Encode the first rows of what the column holds.
   *
   * @returns What the footer needs to know.
   */
  encode(rows: number, sink: IPageSink): IChunkFacts;
}

/** Values in a page: about a megabyte at most, and what Snappy works well on. */
const PAGE = 131_072;

const BUFFER = new Bytes(1 << 20);

function inPages(
  values: number,
  write: (start: number, end: number) => void
): void {
  for (let start = 0; start < values; start += PAGE) {
    BUFFER.clear();
    write(start, Math.min(values, start + PAGE));
  }
}

function textSchema(name: string, optional = false): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: optional ? 'OPTIONAL' : 'REQUIRED',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' }
  };
}

/** Codes to the codes of a dictionary that holds only what a row group uses. */
class Compaction {
  /**
   * Replace codes in place, and write the dictionary page.
   *
   * @returns The largest new code.
   */
  apply(
    codes: Int32Array,
    count: number,
    texts: readonly string[],
    sink: IPageSink
  ): number {
    if (this._seen.length < texts.length) {
      this._seen = new Int32Array(texts.length * 2);
    }
    const seen = this._seen.fill(-1);
    BUFFER.clear();
    let used = 0;
    for (let i = 0; i < count; i++) {
      const code = codes[i];
      let local = seen[code];
      if (local < 0) {
        local = used++;
        seen[code] = local;
        BUFFER.text(texts[code]);
      }
      codes[i] = local;
    }
    sink.dictionary(BUFFER.written, used);
    return Math.max(0, used - 1);
  }

  private _seen = new Int32Array(0);
}

/** Texts, as codes of a dictionary; −1 is null where the column is optional. */
export class TextColumn implements IColumn {
  /**
   * @param rows The most rows of a row group.
   * @param texts The dictionary. It may grow, and may be replaced between row groups.
   */
  constructor(
    name: string,
    rows: number,
    readonly texts: readonly string[],
    options: { readonly optional?: boolean } = {}
  ) {
    this.codes = new Int32Array(rows);
    this._optional = options.optional ?? false;
    this.schema = [textSchema(name, this._optional)];
  }

  readonly schema: readonly SchemaElement[];

  /** Fill with codes; after `encode` they are overwritten. */
  readonly codes: Int32Array;

  encode(rows: number, sink: IPageSink): IChunkFacts {
    // With nulls there is a level for each row, and a code for each value that is there.
    const present = this._optional ? this._takeLevels(rows) : rows;
    const width = bitWidth(
      this._compaction.apply(this.codes, present, this.texts, sink)
    );
    let value = 0;
    inPages(rows, (start, end) => {
      let values = end - start;
      if (this._optional) {
        values = LEVELS.write(this._levels, start, end);
      }
      BUFFER.byte(width);
      hybrid(BUFFER, this.codes, value, value + values, width);
      value += values;
      sink.data(BUFFER.written, end - start, 'RLE_DICTIONARY');
    });
    return { encoding: 'RLE_DICTIONARY', values: rows, nulls: rows - present };
  }

  /** Split codes into levels (1: there) and the codes that are there; returns how many. */
  private _takeLevels(rows: number): number {
    if (this._levels.length < rows) {
      this._levels = new Int32Array(rows);
    }
    let present = 0;
    for (let i = 0; i < rows; i++) {
      const code = this.codes[i];
      this._levels[i] = code < 0 ? 0 : 1;
      if (code >= 0) {
        this.codes[present++] = code;
      }
    }
    return present;
  }

  private readonly _optional: boolean;
  private readonly _compaction = new Compaction();
  private _levels = new Int32Array(0);
}

/** Definition or repetition levels of one bit, with their length before them (data page v1). */
class Levels {
  /** @returns The sum of the levels written. */
  write(levels: Int32Array, start: number, end: number): number {
    this._bytes.clear();
    hybrid(this._bytes, levels, start, end, 1);
    BUFFER.int32(this._bytes.length);
    BUFFER.append(this._bytes.written);
    let sum = 0;
    for (let i = start; i < end; i++) {
      sum += levels[i];
    }
    return sum;
  }

  private readonly _bytes = new Bytes();
}

const LEVELS = new Levels();

/** Lists of texts, as codes of a dictionary: `list<string>` without nulls or empty lists. */
export class TextListColumn implements IColumn {
  constructor(
    name: string,
    rows: number,
    readonly texts: readonly string[]
  ) {
    this._name = name;
    this._starts = new Int32Array(rows + 1);
  }

  get schema(): readonly SchemaElement[] {
    return [
      {
        name: this._name,
        repetition_type: 'REQUIRED',
        num_children: 1,
        converted_type: 'LIST',
        logical_type: { type: 'LIST' }
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      textSchema('element')
    ];
  }

  /** Add the list of the next row; not empty. */
  add(codes: readonly number[]): void {
    this._codes = this._grown(this._codes, codes.length);
    this._repeats = this._grown(this._repeats, codes.length);
    codes.forEach((code, index) => {
      this._codes[this._values] = code;
      this._repeats[this._values] = index === 0 ? 0 : 1;
      this._values++;
    });
    this._starts[++this._rows] = this._values;
  }

  encode(rows: number, sink: IPageSink): IChunkFacts {
    const values = this._values;
    const width = bitWidth(
      this._compaction.apply(this._codes, values, this.texts, sink)
    );
    if (this._ones.length < values) {
      this._ones = new Int32Array(values).fill(1);
    }
    // A row must not span pages.
    inPages(rows, (first, last) => {
      const start = this._starts[first];
      const end = this._starts[last];
      LEVELS.write(this._repeats, start, end);
      LEVELS.write(this._ones, start, end);
      BUFFER.byte(width);
      hybrid(BUFFER, this._codes, start, end, width);
      sink.data(BUFFER.written, end - start, 'RLE_DICTIONARY');
    });
    this._values = 0;
    this._rows = 0;
    return { encoding: 'RLE_DICTIONARY', values, nulls: 0 };
  }

  private _grown(
    values: Int32Array<ArrayBuffer>,
    more: number
  ): Int32Array<ArrayBuffer> {
    if (this._values + more <= values.length) {
      return values;
    }
    const larger = new Int32Array(2 * (values.length + more));
    larger.set(values);
    return larger;
  }

  private readonly _name: string;
  private readonly _compaction = new Compaction();
  private readonly _starts: Int32Array;
  private _codes = new Int32Array(0);
  private _repeats = new Int32Array(0);
  private _ones = new Int32Array(0);
  private _values = 0;
  private _rows = 0;
}

/** Texts that hardly repeat, as they are. */
export class PlainTextColumn implements IColumn {
  constructor(name: string) {
    this.schema = [textSchema(name)];
  }

  readonly schema: readonly SchemaElement[];

  /** Fill from the first row on. */
  readonly values: string[] = [];

  encode(rows: number, sink: IPageSink): IChunkFacts {
    inPages(rows, (start, end) => {
      for (let i = start; i < end; i++) {
        BUFFER.text(this.values[i]);
      }
      sink.data(BUFFER.written, end - start, 'PLAIN');
    });
    return { encoding: 'PLAIN', values: rows, nulls: 0 };
  }
}

/** Whole numbers, not negative: of 32 bits, of 64 bits (below 2⁵³), or times in milliseconds. */
export class NumberColumn implements IColumn {
  constructor(name: string, rows: number, kind: 'int32' | 'int64' | 'time') {
    this.values =
      kind === 'int32' ? new Int32Array(rows) : new Float64Array(rows);
    this._wide = kind !== 'int32';
    const type = this._wide ? 'INT64' : 'INT32';
    this.schema = [
      kind === 'time'
        ? {
            name,
            type,
            repetition_type: 'REQUIRED',
            converted_type: 'TIMESTAMP_MILLIS',
            logical_type: {
              type: 'TIMESTAMP',
              isAdjustedToUTC: true,
              unit: 'MILLIS'
            }
          }
        : { name, type, repetition_type: 'REQUIRED' }
    ];
  }

  readonly schema: readonly SchemaElement[];
  readonly values: Int32Array | Float64Array;

  encode(rows: number, sink: IPageSink): IChunkFacts {
    const { values } = this;
    let least = Infinity;
    let most = -Infinity;
    inPages(rows, (start, end) => {
      for (let i = start; i < end; i++) {
        const value = values[i];
        if (value < least) {
          least = value;
        }
        if (value > most) {
          most = value;
        }
        if (this._wide) {
          BUFFER.int64(value);
        } else {
          BUFFER.int32(value);
        }
      }
      sink.data(BUFFER.written, end - start, 'PLAIN');
    });
    return { encoding: 'PLAIN', values: rows, nulls: 0, least, most };
  }

  private readonly _wide: boolean;
}

/** Yes or no, a bit each. */
export class FlagColumn implements IColumn {
  constructor(name: string, rows: number) {
    this.values = new Int32Array(rows);
    this.schema = [{ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }];
  }

  readonly schema: readonly SchemaElement[];
  /** 0 or 1. */
  readonly values: Int32Array;

  encode(rows: number, sink: IPageSink): IChunkFacts {
    inPages(rows, (start, end) => {
      BUFFER.packed(this.values, start, end, 1);
      sink.data(BUFFER.written, end - start, 'PLAIN');
    });
    return { encoding: 'PLAIN', values: rows, nulls: 0 };
  }
}
