import type { Cell } from '../workload/answer';
import type { ValueType } from '../workload/fields';
import { BytesTable, NumberTable } from './hash-table';
import type { LocalDictionary } from './parquet/types';

/** Codes of a row; sixteen bits as long as they suffice. */
export type Codes = Uint16Array | Uint32Array;

/** No value. */
export const MISSING = 0;
/** The empty text, for which every dictionary keeps a code, so that `code > EMPTY` tells a key or a name that is one. */
export const EMPTY = 1;
/** Code of the first value. */
export const FIRST = 2;

/** Widest code in sixteen bits. */
const NARROW = 0xffff;
/** Milliseconds of the last `Date`. */
const LAST_DATE = 8.64e15;
/** Digits that a float holds exactly. */
const MOST_DIGITS = 15;

/**
 * The distinct values of one column in the whole dataset, numbered from `FIRST` in order of arrival.
 *
 * #### Notes
 * Texts that are plain decimal numbers, as job ids are, are kept as numbers: half the memory, and several times quicker to merge.
 * Integers beyond 2^53 are kept as decimal texts, so nothing is lost.
 */
export class Dictionary {
  constructor(readonly type: ValueType) {
    // Codes of what is missing and of the empty text.
    this._numbers.append(NaN);
    this._numbers.append(NaN);
  }

  /** One more than the highest code. */
  get size(): number {
    return this._numbers.size;
  }

  /**
   * Take in the dictionary of a chunk.
   *
   * @returns Codes here by codes there; entry 0 is `MISSING`.
   */
  merge(local: LocalDictionary): Uint32Array {
    switch (local.type) {
      case 'text':
        return this._mergeTexts(local.bytes, local.offsets);
      case 'bigint':
        return this._mergeIntegers(local.values, local.unsigned);
      default:
        return this._mergeNumbers(local.values);
    }
  }

  /** The code of a text, as a Hive partition states it. */
  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this._internBytes(bytes, 0, bytes.length);
  }

  /** The value of a code: what an answer shows. */
  value(code: number): Cell {
    if (code === MISSING) {
      return null;
    }
    if (code === EMPTY) {
      return '';
    }
    const number = this._numbers.keys[code];
    if (number < 0 && this.type === 'text') {
      return decoder.decode(this._texts.bytes(-1 - number));
    }
    switch (this.type) {
      case 'text':
        return String(number);
      case 'boolean':
        return number !== 0;
      case 'time':
        // Dates end in the year 275,760; what lies beyond is a mistake, and shown as it is.
        return Math.abs(number) <= LAST_DATE
          ? new Date(number).toISOString()
          : String(number);
      default:
        return this._bigTexts.get(code) ?? number;
    }
  }

  /** The value of a code as a text: what conditions are compared with; null when missing. */
  text(code: number): string | null {
    const value = this.value(code);
    return value === null ? null : String(value);
  }

  /** The value of a code as a number; NaN when it is none. Time is in milliseconds. */
  number(code: number): number {
    if (code < FIRST) {
      return NaN;
    }
    const number = this._numbers.keys[code];
    if (this.type !== 'text') {
      const big = this._bigTexts.get(code);
      return big === undefined ? number : Number(big);
    }
    return number >= 0 ? number : toNumber(this.text(code) ?? '');
  }

  /** The code of a text as a user types it, or −1 when no record has it. */
  find(text: string): number {
    if (text === '') {
      return this.type === 'text' ? EMPTY : -1;
    }
    if (this.type === 'text') {
      const bytes = encoder.encode(text);
      const digits = decimal(bytes, 0, bytes.length);
      if (digits >= 0) {
        return this._numbers.find(digits);
      }
      const entry = this._texts.find(bytes, 0, bytes.length);
      return entry < 0 ? -1 : this._textCodes[entry];
    }
    const big = this._bigCodes.get(text);
    if (big !== undefined) {
      return big;
    }
    const number = this.type === 'boolean' ? flag(text) : toNumber(text);
    if (Number.isNaN(number)) {
      return text === 'NaN' ? this._nan : -1;
    }
    return this._numbers.find(number);
  }

  private _mergeTexts(bytes: Uint8Array, offsets: Uint32Array): Uint32Array {
    const count = offsets.length - 1;
    const lut = new Uint32Array(count + 1);
    this._numbers.reserve(count);
    for (let i = 0; i < count; i++) {
      lut[i + 1] = this._internBytes(bytes, offsets[i], offsets[i + 1]);
    }
    return lut;
  }

  private _mergeNumbers(values: Float64Array | Uint8Array): Uint32Array {
    const lut = new Uint32Array(values.length + 1);
    for (let i = 0; i < values.length; i++) {
      lut[i + 1] =
        this.type === 'text'
          ? this.internText(String(values[i]))
          : this._internNumber(values[i]);
    }
    return lut;
  }

  private _mergeIntegers(
    values: BigInt64Array,
    unsigned: boolean
  ): Uint32Array {
    const lut = new Uint32Array(values.length + 1);
    for (let i = 0; i < values.length; i++) {
      const exact = unsigned ? BigInt.asUintN(64, values[i]) : values[i];
      const number = Number(exact);
      if (this.type === 'text') {
        lut[i + 1] = this.internText(String(exact));
      } else if (Number.isSafeInteger(number)) {
        lut[i + 1] = this._internNumber(number);
      } else {
        lut[i + 1] = this._internBig(String(exact));
      }
    }
    return lut;
  }

  private _internBytes(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) {
      return EMPTY;
    }
    const digits = decimal(bytes, start, end);
    if (digits >= 0) {
      return this._internNumber(digits);
    }
    const entry = this._texts.intern(bytes, start, end);
    if (entry === this._textCodes.length) {
      this._textCodes.push(this._numbers.append(-1 - entry));
    }
    return this._textCodes[entry];
  }

  private _internNumber(number: number): number {
    if (number !== number) {
      if (this._nan < 0) {
        this._nan = this._numbers.append(NaN);
      }
      return this._nan;
    }
    return this._numbers.intern(number);
  }

  private _internBig(text: string): number {
    let code = this._bigCodes.get(text);
    if (code === undefined) {
      code = this._numbers.append(NaN);
      this._bigCodes.set(text, code);
      this._bigTexts.set(code, text);
    }
    return code;
  }

  /** By code: the number; for a text that is no plain decimal −1 − its entry in `_texts`. */
  private readonly _numbers = new NumberTable();
  /** Code of NaN, −1 until there is one. */
  private _nan = -1;
  private readonly _texts = new BytesTable();
  private readonly _textCodes: number[] = [];
  private readonly _bigCodes = new Map<string, number>();
  private readonly _bigTexts = new Map<number, string>();
}

/** Translate a chunk's codes, in place where the width allows. */
export function recode(codes: Codes, lut: Uint32Array): Codes {
  let highest = 0;
  let same = true;
  for (let i = 0; i < lut.length; i++) {
    highest = lut[i] > highest ? lut[i] : highest;
    same &&= lut[i] === i;
  }
  const narrow = codes instanceof Uint16Array;
  if (narrow === highest <= NARROW) {
    return same ? codes : translate(codes, lut, codes);
  }
  return translate(
    codes,
    lut,
    highest <= NARROW
      ? new Uint16Array(codes.length)
      : new Uint32Array(codes.length)
  );
}

function translate(codes: Codes, lut: Uint32Array, into: Codes): Codes {
  for (let i = 0; i < codes.length; i++) {
    into[i] = lut[codes[i]];
  }
  return into;
}

/** The number that a text spells; NaN when it spells none, as blanks do not. */
export function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** Read yes or no in the ways that exports write it; NaN when it is neither. */
export function flag(text: string): number {
  switch (text.toLowerCase()) {
    case 'true':
    case 't':
    case 'yes':
    case 'y':
    case '1':
      return 1;
    case 'false':
    case 'f':
    case 'no':
    case 'n':
    case '0':
      return 0;
    default:
      return NaN;
  }
}

/** The number that ASCII digits spell, when printing it gives the same digits; else −1. */
function decimal(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length > MOST_DIGITS || length === 0) {
    return -1;
  }
  if (bytes[start] === 0x30 && length > 1) {
    return -1;
  }
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30;
    if (digit < 0 || digit > 9) {
      return -1;
    }
    number = number * 10 + digit;
  }
  return number;
}

const encoder = new TextEncoder();
// Without `ignoreBOM` a leading U+FEFF of a value would be lost.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
