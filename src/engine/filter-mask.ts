import { ENVIRONMENT } from '../workload/fields';
import type { Filter } from '../workload/query';
import { codeTest, instant } from './conditions';
import type { ISegment } from './dataset';
import { fieldColumns } from './dataset';
import type { Codes } from './dictionary';
import { MISSING } from './dictionary';
import { EngineError } from './engine';
import { MISSING_SECONDS } from './parquet/types';
import type { IRowCodes, IShared } from './shared';
import type { Seconds } from './workload-index';

/** A byte for each row: 1 when it is chosen. */
export type Mask = Uint8Array;

/** All rows; the buffer is a whole number of words, so that masks can be combined a word at a time. */
export function fullMask(rows: number): Mask {
  return new Uint8Array(new ArrayBuffer(Math.ceil(rows / 4) * 4), 0, rows).fill(
    1
  );
}

/** Keep in `mask` what `other` has too. Both come from `fullMask`. */
export function intersect(mask: Mask, other: Mask): void {
  const into = wordsOf(mask);
  const from = wordsOf(other);
  for (let i = 0; i < into.length; i++) {
    into[i] &= from[i];
  }
}

/** Number of rows in a mask that comes from `fullMask`. */
export function countRows(mask: Mask): number {
  const words = wordsOf(mask);
  let count = 0;
  let sums = 0;
  for (let i = 0; i < words.length; i++) {
    // Four bytes are summed at once; none overflows before 255 additions.
    sums += words[i];
    if (i % 252 === 251) {
      count += sumBytes(sums);
      sums = 0;
    }
  }
  return count + sumBytes(sums);
}

function sumBytes(word: number): number {
  return (
    (word & 0xff) +
    ((word >>> 8) & 0xff) +
    ((word >>> 16) & 0xff) +
    (word >>> 24)
  );
}

function wordsOf(mask: Mask): Uint32Array {
  return new Uint32Array(mask.buffer, 0, mask.buffer.byteLength / 4);
}

/**
 * The rows that one condition on a value chooses, by segment. Conditions on list columns and on packages of the same job are
 * the business of `Selection`.
 */
export class FilterMask {
  constructor(
    private readonly _shared: IShared,
    private readonly _filter: Filter,
    private readonly _zone: string
  ) {}

  /** The mask of a segment; not to be changed. */
  mask(segment: ISegment): Mask {
    let mask = this._masks[segment.id];
    if (!mask) {
      mask = this._make(segment);
      this._masks[segment.id] = mask;
    }
    return mask;
  }

  private _make(segment: ISegment): Mask {
    const mask = fullMask(segment.rows);
    const { mapping, index, environments } = this._shared;
    const [name] = fieldColumns(this._filter.field, mapping);
    if (mapping.time?.[0] === name) {
      const times = index.times(name)[segment.id];
      if (!times) {
        throw new EngineError('internal', 'The time column was not read.');
      }
      maskTimeFilter(mask, times, this._filter, this._zone);
      return mask;
    }
    const column: IRowCodes =
      this._filter.field === ENVIRONMENT && environments
        ? environments
        : this._shared.column(name);
    const codes = column.codes(segment);
    const offsets = index.coded(name).offsets[segment.id];
    if (offsets) {
      maskLists(mask, codes, offsets, this._lutOf(column), this._filter);
    } else {
      maskCodes(mask, codes, this._lutOf(column));
    }
    return mask;
  }

  private _lutOf({ dictionary }: IRowCodes): Uint8Array {
    if (this._lut?.length !== dictionary.size) {
      const test = codeTest(this._filter, dictionary, this._zone);
      const lut = new Uint8Array(dictionary.size);
      for (let code = 0; code < lut.length; code++) {
        lut[code] = test(code) ? 1 : 0;
      }
      this._lut = lut;
    }
    return this._lut;
  }

  private _lut: Uint8Array | null = null;
  private readonly _masks: (Mask | undefined)[] = [];
}

/** Keep rows whose time is, or with `not` is not, in [from, to). A missing time is in no period. */
export function maskTimes(
  mask: Mask,
  times: Seconds,
  from: number,
  to: number,
  not: boolean
): void {
  // The sentinel lies below every time, and comparisons with NaN are false.
  const lowest =
    times instanceof Int32Array ? Math.max(from, MISSING_SECONDS + 1) : from;
  for (let i = 0; i < mask.length; i++) {
    const t = times[i];
    mask[i] &= (t >= lowest && t < to) !== not ? 1 : 0;
  }
}

function maskTimeFilter(
  mask: Mask,
  times: Seconds,
  filter: Filter,
  zone: string
): void {
  const not = filter.not === true;
  // Floats may hold a time that has the value of the sentinel.
  const sentinel = times instanceof Int32Array ? MISSING_SECONDS : NaN;
  const isMissing = (t: number) => t === sentinel || Number.isNaN(t);
  switch (filter.op) {
    case 'range': {
      const { from, to } = filter;
      maskTimes(
        mask,
        times,
        from ? instant(from, zone) : -Infinity,
        to ? instant(to, zone) : Infinity,
        not
      );
      return;
    }
    case 'missing':
      for (let i = 0; i < mask.length; i++) {
        mask[i] &= isMissing(times[i]) !== not ? 1 : 0;
      }
      return;
    case 'any': {
      const wanted = new Set(filter.values.map(value => instant(value, zone)));
      for (let i = 0; i < mask.length; i++) {
        mask[i] &=
          (!isMissing(times[i]) && wanted.has(times[i])) !== not ? 1 : 0;
      }
      return;
    }
    default:
      throw new EngineError(
        'query',
        `“${filter.field}” is a time: choose it by period, by >= and <, or by =.`,
        filter.field
      );
  }
}

function maskCodes(mask: Mask, codes: Codes, lut: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) {
    mask[i] = lut[codes[i]];
  }
}

/** Keep rows with an element for which the condition holds, or without any for one on what is missing; negated all others. */
function maskLists(
  mask: Mask,
  codes: Codes,
  offsets: Uint32Array,
  lut: Uint8Array,
  { not }: Filter
): void {
  const hit = not ? 0 : 1;
  for (let i = 0; i < mask.length; i++) {
    const start = offsets[i];
    const end = offsets[i + 1];
    // What the condition says of an element without the negation, which is of the row.
    let holds = start === end && lut[MISSING] === hit;
    for (let e = start; e < end; e++) {
      holds ||= lut[codes[e]] === hit;
    }
    mask[i] = holds === (hit === 1) ? 1 : 0;
  }
}
