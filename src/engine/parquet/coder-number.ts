import type { DecodedArray } from 'hyparquet';
import { PairTable } from '../hash-table';
import type { ICoder } from './coder';
import { millisOf, millisOfInt96 } from './time';
import { ParquetError, type LeafLayout, type LocalDictionary } from './types';

/** The table of the chunk that is being decoded: one at a time. */
const table = new PairTable();

/** A double and its two halves, in the same memory. */
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** Whole numbers up to here are exact as doubles, also when divided by a power of ten and written out again. */
const MOST_DECIMAL = 1e15;

/**
 * Codes of numbers and times. Integers are kept as 64 bits until the end, when it is known whether all are exact as
 * doubles; fractions as the bits of a double, with one NaN and one zero; times as milliseconds, where several in the
 * file may become one.
 */
export class NumberCoder implements ICoder {
  constructor(layout: LeafLayout) {
    table.clear();
    this._layout = layout;
    this.leastBytes = BYTES[layout.physical] ?? (layout.typeLength || 4);
  }

  readonly leastBytes: number;

  get size(): number {
    return this._table.size;
  }

  plain(
    _bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number {
    const stop = at + count * this.leastBytes;
    if (stop > end) {
      return -1;
    }
    const unit = this._layout.unit;
    switch (this._layout.physical) {
      case 'INT32':
        this._plain32(view, at, count, out, outAt);
        return stop;
      case 'FLOAT':
        this._plainFloat(view, at, count, out, outAt);
        return stop;
      case 'DOUBLE':
        this._plainDouble(view, at, count, out, outAt);
        return stop;
      case 'INT96':
        this._plain96(view, at, count, out, outAt);
        return stop;
      case 'INT64':
        if (unit === null || unit === 'MILLIS') {
          this._plain64(view, at, count, out, outAt);
        } else {
          this._plainTime(view, at, count, out, outAt);
        }
        return stop;
      default:
        throw new TypeError('numbers as bytes have no fast path');
    }
  }

  decoded(values: DecodedArray, out: Uint32Array, outAt: number): void {
    if (ArrayBuffer.isView(values) && !(values instanceof Uint8Array)) {
      const view = new DataView(
        values.buffer,
        values.byteOffset,
        values.byteLength
      );
      const bytes = new Uint8Array(
        values.buffer,
        values.byteOffset,
        values.byteLength
      );
      this.plain(bytes, view, 0, bytes.length, values.length, out, outAt);
      return;
    }
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i];
      if (value instanceof Uint8Array) {
        out[outAt + i] =
          this._layout.bytesAs === 'float16'
            ? this._addHalf(value)
            : this._addDecimal(value);
      } else if (
        typeof value === 'bigint' &&
        this._layout.physical === 'INT96'
      ) {
        const view = new DataView(new ArrayBuffer(12));
        view.setBigInt64(0, BigInt.asIntN(64, value), true);
        view.setInt32(8, Number(value >> 64n), true);
        this._plain96(view, 0, 1, out, outAt + i);
      } else {
        throw new TypeError('a number of an unknown kind');
      }
    }
  }

  dictionary(): LocalDictionary {
    const { physical, unit, type, unsigned, scale, bytesAs } = this._layout;
    const pairs = this._table.finish();
    if (type === 'time') {
      if (unit === 'DAYS') {
        return {
          type: 'time',
          values: lowHalves(pairs, false).map(days => days * 86_400_000)
        };
      }
      return {
        type: 'time',
        values:
          unit === 'MILLIS'
            ? wholeNumbers(pairs, false)
            : new Float64Array(pairs.buffer)
      };
    }
    if (physical === 'DOUBLE' || bytesAs === 'float16') {
      return { type: 'number', values: new Float64Array(pairs.buffer) };
    }
    if (physical === 'FLOAT') {
      const floats = new Float32Array(pairs.buffer);
      return {
        type: 'number',
        values: Float64Array.from(
          { length: this.size },
          (_, i) => floats[2 * i]
        )
      };
    }
    if (physical === 'INT32') {
      return {
        type: 'number',
        values: this._scaled(lowHalves(pairs, unsigned))
      };
    }
    const values = wholeNumbers(pairs, unsigned);
    if (
      !scale &&
      values.some(value => Math.abs(value) > Number.MAX_SAFE_INTEGER)
    ) {
      return {
        type: 'bigint',
        values: new BigInt64Array(pairs.buffer),
        unsigned
      };
    }
    return { type: 'number', values: this._scaled(values) };
  }

  /** Put the decimal point where it belongs. */
  private _scaled(values: Float64Array): Float64Array {
    const { scale, name } = this._layout;
    if (!scale) {
      return values;
    }
    if (scale > 22 || values.some(value => Math.abs(value) > MOST_DECIMAL)) {
      throw new ParquetError(
        'unsupported',
        `The column “${name}” has decimals of more digits than can be kept exactly.`
      );
    }
    return values.map(value => value / 10 ** scale);
  }

  private _plain32(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    let before = 0;
    let code = 0;
    for (let i = 0; i < count; i++) {
      const value = view.getInt32(at, true);
      at += 4;
      if (value !== before || code === 0) {
        code = table.intern(value, 0) + 1;
        before = value;
      }
      out[o + i] = code;
    }
  }

  private _plain64(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    let beforeLow = 0;
    let beforeHigh = 0;
    let code = 0;
    for (let i = 0; i < count; i++) {
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      at += 8;
      if (low !== beforeLow || high !== beforeHigh || code === 0) {
        code = table.intern(low, high) + 1;
        beforeLow = low;
        beforeHigh = high;
      }
      out[o + i] = code;
    }
  }

  private _plainDouble(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    for (let i = 0; i < count; i++) {
      out[o + i] = this._addDouble(view.getFloat64(at, true));
      at += 8;
    }
  }

  private _plainFloat(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    for (let i = 0; i < count; i++) {
      const value = view.getFloat32(at, true);
      const bits =
        value === 0
          ? 0
          : value === value
            ? view.getInt32(at, true)
            : 0x7fc00000;
      out[o + i] = this._table.intern(bits, 0) + 1;
      at += 4;
    }
  }

  private _plainTime(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    const unit = this._layout.unit ?? 'MILLIS';
    let beforeLow = 0;
    let beforeHigh = 0;
    let code = 0;
    for (let i = 0; i < count; i++) {
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      at += 8;
      if (low !== beforeLow || high !== beforeHigh || code === 0) {
        code = this._addDouble(millisOf(high, low, unit));
        beforeLow = low;
        beforeHigh = high;
      }
      out[o + i] = code;
    }
  }

  private _plain96(
    view: DataView,
    at: number,
    count: number,
    out: Uint32Array,
    o: number
  ): void {
    for (let i = 0; i < count; i++) {
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      out[o + i] = this._addDouble(
        millisOfInt96(high, low, view.getInt32(at + 8, true))
      );
      at += 12;
    }
  }

  private _addDouble(value: number): number {
    // One zero, and one NaN: the bits of both have several forms.
    double[0] = value === 0 ? 0 : value === value ? value : NaN;
    return value === value
      ? this._table.intern(halves[0], halves[1]) + 1
      : this._table.intern(0, 0x7ff80000) + 1;
  }

  private _addHalf(bytes: Uint8Array): number {
    const bits = bytes[0] | (bytes[1] << 8);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) {
      return this._addDouble(fraction ? NaN : sign * Infinity);
    }
    return this._addDouble(
      sign *
        (exponent === 0
          ? 2 ** -24 * fraction
          : 2 ** (exponent - 15) * (1 + fraction / 1024))
    );
  }

  /** A decimal as big-endian bytes in two's complement. */
  private _addDecimal(bytes: Uint8Array): number {
    let value = 0n;
    for (const byte of bytes) {
      value = (value << 8n) | BigInt(byte);
    }
    value = BigInt.asIntN(8 * bytes.length, value);
    if (BigInt.asIntN(64, value) !== value) {
      throw new ParquetError(
        'unsupported',
        `The column “${this._layout.name}” has decimals of more digits than can be kept exactly.`
      );
    }
    const low = Number(BigInt.asIntN(32, value));
    const high = Number(BigInt.asIntN(32, value >> 32n));
    return this._table.intern(low, high) + 1;
  }

  private readonly _layout: LeafLayout;
  private readonly _table = table;
}

/** Bytes of a value by physical type. */
const BYTES: Record<string, number | undefined> = {
  INT32: 4,
  FLOAT: 4,
  INT64: 8,
  DOUBLE: 8,
  INT96: 12
};

function lowHalves(pairs: Int32Array, unsigned: boolean): Float64Array {
  const values = new Float64Array(pairs.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = unsigned ? pairs[2 * i] >>> 0 : pairs[2 * i];
  }
  return values;
}

/** The integers as doubles: exact only up to 2^53. */
function wholeNumbers(pairs: Int32Array, unsigned: boolean): Float64Array {
  const values = new Float64Array(pairs.length / 2);
  for (let i = 0; i < values.length; i++) {
    const high = unsigned ? pairs[2 * i + 1] >>> 0 : pairs[2 * i + 1];
    values[i] = high * 4294967296 + (pairs[2 * i] >>> 0);
  }
  return values;
}
