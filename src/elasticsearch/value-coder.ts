import type { ValueType } from '../workload/fields';
import type {
  CodedChunk,
  LocalDictionary,
  SecondsChunk
} from '../engine/parquet/types';
import { MISSING_SECONDS } from '../engine/parquet/types';
import { secondsOfNumber } from '../engine/parquet/time';
import { parseTimeText } from '../engine/parquet/time-text';
import { encode } from '../engine/texts';
import type { FieldValue } from './protocol';

const NO_PAGES = { fast: 0, slow: 0, checked: 0 };

/** Gives the values of a column codes as they arrive, for the index of the engine. */
export class ValueCoder {
  constructor(private readonly _type: ValueType) {}

  /** The next value; for a list, an element. Null is no value. */
  add(value: FieldValue): void {
    this._codes.push(value === null ? 0 : this._code(this._key(value)));
  }

  /**
   * The values so far.
   *
   * @param offsets For a list, where the elements of each row begin; one more than rows.
   */
  chunk(offsets: Uint32Array | null = null): CodedChunk {
    const wide = this._keys.length > 0xffff;
    return {
      kind: 'codes',
      rows: offsets ? offsets.length - 1 : this._codes.length,
      codes: wide
        ? Uint32Array.from(this._codes)
        : Uint16Array.from(this._codes),
      dictionary: this._dictionary(),
      offsets,
      pages: NO_PAGES
    };
  }

  private _code(key: string | number): number {
    let code = this._byKey.get(key);
    if (code === undefined) {
      code = this._keys.push(key);
      this._byKey.set(key, code);
    }
    return code;
  }

  /** A value as what it is told by: numbers and times as numbers, integers beyond a double as digits. */
  private _key(value: string | number | boolean): string | number {
    switch (this._type) {
      case 'text':
        return String(value);
      case 'boolean':
        return value === true || value === 'true' || value === 1 ? 1 : 0;
      default:
        // −0 is 0.
        return typeof value === 'string' ? value : Number(value) + 0;
    }
  }

  private _dictionary(): LocalDictionary {
    switch (this._type) {
      case 'text':
        return textDictionary(this._keys);
      case 'boolean':
        return { type: 'boolean', values: Uint8Array.from(this._keys, Number) };
      case 'time':
        return { type: 'time', values: Float64Array.from(this._keys, Number) };
      case 'number':
        return this._keys.some(key => typeof key === 'string')
          ? bigDictionary(this._keys)
          : {
              type: 'number',
              values: Float64Array.from(this._keys, Number)
            };
    }
  }

  private readonly _codes: number[] = [];
  private readonly _keys: (string | number)[] = [];
  private readonly _byKey = new Map<string | number, number>();
}

function textDictionary(keys: readonly (string | number)[]): LocalDictionary {
  const texts = keys.map(key => encode(String(key)).bytes);
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length));
  const bytes = new Uint8Array(offsets[texts.length]);
  texts.forEach((text, i) => bytes.set(text, offsets[i]));
  return { type: 'text', bytes, offsets };
}

function bigDictionary(keys: readonly (string | number)[]): LocalDictionary {
  const integers = keys.map(key => BigInt(key));
  const unsigned = integers.some(value => value >= 2n ** 63n);
  return {
    type: 'bigint',
    values: BigInt64Array.from(integers, value => BigInt.asIntN(64, value)),
    unsigned
  };
}

/**
 * Whole epoch seconds of time values, which are epoch milliseconds in a `time` column.
 *
 * @param documents How many documents each value stands for; one each where it is left out.
 */
export function secondsChunk(
  values: readonly FieldValue[],
  type: ValueType,
  documents?: readonly number[]
): SecondsChunk {
  let unparsable = 0;
  const read = (value: FieldValue, i: number): number => {
    if (value === null) {
      return NaN;
    }
    if (type === 'time') {
      return Math.floor(Number(value) / 1000);
    }
    if (type === 'number') {
      return secondsOfNumber(Number(value));
    }
    const { bytes } = encode(String(value));
    const seconds = parseTimeText(bytes, 0, bytes.length);
    if (Number.isNaN(seconds) && bytes.length > 0) {
      unparsable += documents?.[i] ?? 1;
    }
    return seconds;
  };
  const wide = Float64Array.from(values, read);
  const fits = wide.every(
    seconds =>
      Number.isNaN(seconds) || (seconds > MISSING_SECONDS && seconds < 2 ** 31)
  );
  const seconds = fits
    ? Int32Array.from(wide, value =>
        Number.isNaN(value) ? MISSING_SECONDS : value
      )
    : wide;
  return {
    kind: 'seconds',
    rows: values.length,
    seconds,
    unparsable,
    pages: NO_PAGES
  };
}
