import type { Cell } from '../workload/answer';
import type { ValueType } from '../workload/fields';
import type { LocalDictionary } from './parquet/types';
import { encode, Texts } from './texts';

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

/**
 * The distinct values of one column in the whole dataset, numbered from `FIRST` in order of arrival.
 *
 * #### Notes
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
      case 'ids':
        return this._mergeIds(
          local.numbers,
          this._mergeTexts(local.bytes, local.offsets)
        );
      case 'bigint':
        return this._mergeIntegers(local.values, local.unsigned);
      default:
        return this._mergeNumbers(local.values);
    }
  }

  /** The code of a text, as a Hive partition states it. */
  internText(text: string): number {
    const { bytes, view } = encode(text);
    return this._internBytes(bytes, view, 0, bytes.length);
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
      return decoder.decode(this._texts.others.bytes(-1 - number));
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
      return this._texts.find(text);
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
    const lut = new Uint32Array(offsets.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 1; i < lut.length; i++) {
      lut[i] = this._internBytes(bytes, view, offsets[i - 1], offsets[i]);
    }
    return lut;
  }

  /** @param texts Codes here of texts that are no numbers, from 1. */
  private _mergeIds(numbers: Float64Array, texts: Uint32Array): Uint32Array {
    const lut = new Uint32Array(numbers.length + 1);
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i];
      lut[i + 1] = number < 0 ? texts[-number] : this._internNumber(number);
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

  private _internBytes(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): number {
    return start === end ? EMPTY : this._texts.intern(bytes, view, start, end);
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

  private readonly _texts = new Texts();
  /** By code: the number, or what `Texts` has for a text. */
  private readonly _numbers = this._texts.numbers;
  /** Code of NaN, −1 until there is one. */
  private _nan = -1;
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
  if (same && codes instanceof Uint16Array === highest <= NARROW) {
    return codes;
  }
  if (codes instanceof Uint32Array) {
    return recodeWide(
      codes,
      lut,
      highest <= NARROW ? new Uint16Array(codes.length) : codes
    );
  }
  return highest <= NARROW
    ? recodeNarrow(codes, lut)
    : recodeWide(codes, lut, new Uint32Array(codes.length));
}

/** The most frequent case has a loop of its own, since one over arrays of several types takes twice as long. */
function recodeNarrow(codes: Uint16Array, lut: Uint32Array): Uint16Array {
  for (let i = 0; i < codes.length; i++) {
    codes[i] = lut[codes[i]];
  }
  return codes;
}

function recodeWide(codes: Codes, lut: Uint32Array, into: Codes): Codes {
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

// Without `ignoreBOM` a leading U+FEFF of a value would be lost.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
