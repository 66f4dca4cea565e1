import { parseInstant } from '../workload/calendar';
import type { Codes } from './dictionary';
import { Dictionary, recode } from './dictionary';
import type { IColumn } from '../workload/fields';
import type { IDataset, ISegment } from './dataset';
import type { CodedChunk, SecondsChunk } from './parquet/types';

/** A column of the index: one dictionary, and codes by segment as far as they have arrived. */
export interface ICodedColumn {
  readonly dictionary: Dictionary;
  /** By segment id: a code a row, or a code a list element. */
  readonly codes: (Codes | undefined)[];
  /** By segment id, lists only: where each row's elements begin; one more than rows. */
  readonly offsets: (Uint32Array | undefined)[];
}

/** The time axis by segment: whole epoch seconds; missing is `MISSING_SECONDS`, or NaN in floats. */
export type Seconds = Int32Array | Float64Array;

/** How a column is held: as codes of its values, or as seconds, which only the column mapped as `time` is. */
export type Form = 'codes' | 'seconds';

/**
 * All that has been read of a dataset, as dictionary codes in typed arrays. No row is ever an object.
 */
export class WorkloadIndex {
  constructor(readonly dataset: IDataset) {}

  /** Rows whose time text could not be read. */
  unparsableTimes = 0;

  /** Data pages by the way they were decoded. */
  readonly pages = { fast: 0, slow: 0, checked: 0 };

  /** Memory of codes and times, and of dictionaries by a rule of thumb, bytes. */
  get bytes(): number {
    let bytes = 0;
    for (const { codes, offsets, dictionary } of this._coded.values()) {
      bytes += lengthOf(codes) + lengthOf(offsets) + 24 * dictionary.size;
    }
    for (const times of this._times.values()) {
      bytes += lengthOf(times);
    }
    return bytes;
  }

  has(segment: ISegment, name: string, form: Form): boolean {
    return form === 'codes'
      ? this._coded.get(name)?.codes[segment.id] !== undefined
      : this._times.get(name)?.[segment.id] !== undefined;
  }

  /** A coded column; segments that have not arrived are undefined in it. */
  coded(name: string): ICodedColumn {
    let column = this._coded.get(name);
    if (!column) {
      const type = this.dataset.columns.get(name)?.type ?? 'text';
      column = { dictionary: new Dictionary(type), codes: [], offsets: [] };
      this._coded.set(name, column);
    }
    return column;
  }

  /** The time axis, by segment. */
  times(name: string): (Seconds | undefined)[] {
    let times = this._times.get(name);
    if (!times) {
      times = [];
      this._times.set(name, times);
    }
    return times;
  }

  /** Take in a decoded chunk; its arrays belong to the index from then on. */
  add(segment: ISegment, name: string, chunk: CodedChunk | SecondsChunk): void {
    this.pages.fast += chunk.pages.fast;
    this.pages.slow += chunk.pages.slow;
    this.pages.checked += chunk.pages.checked;
    if (chunk.kind === 'seconds') {
      this.times(name)[segment.id] = chunk.seconds;
      this.unparsableTimes += chunk.unparsable;
      return;
    }
    const column = this.coded(name);
    column.codes[segment.id] = recode(
      chunk.codes,
      column.dictionary.merge(chunk.dictionary)
    );
    column.offsets[segment.id] = chunk.offsets ?? undefined;
  }

  /**
   * Take in a column that has one value in all rows of a segment, as a partition key does, or none.
   */
  addConstant(
    segment: ISegment,
    column: IColumn,
    value: string | null,
    form: Form
  ): void {
    if (form === 'seconds') {
      this.times(column.name)[segment.id] = new Float64Array(segment.rows).fill(
        value ? secondsOf(value) : NaN
      );
      return;
    }
    const { dictionary, codes, offsets } = this.coded(column.name);
    if (column.list) {
      codes[segment.id] = new Uint16Array(0);
      offsets[segment.id] = new Uint32Array(segment.rows + 1);
      return;
    }
    const code = value === null ? 0 : dictionary.internText(value);
    codes[segment.id] = new (code > 0xffff ? Uint32Array : Uint16Array)(
      segment.rows
    ).fill(code);
  }

  private readonly _coded = new Map<string, ICodedColumn>();
  private readonly _times = new Map<string, Seconds[]>();
}

/** A partition key's value as a time, NaN when it is none. */
function secondsOf(text: string): number {
  try {
    return parseInstant(text, 'UTC');
  } catch {
    return NaN;
  }
}

function lengthOf(arrays: readonly (ArrayBufferView | undefined)[]): number {
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
