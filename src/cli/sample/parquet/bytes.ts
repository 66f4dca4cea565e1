/** Bytes that grow, for one page at a time. */
export class Bytes {
  constructor(size = 1024) {
    this._bytes = new Uint8Array(size);
  }

  get length(): number {
    return this._length;
  }

  /** What was written; valid until more is. */
  get written(): Uint8Array {
    return this._bytes.subarray(0, this._length);
  }

  clear(): void {
    this._length = 0;
  }

  byte(value: number): void {
    this._room(1);
    this._bytes[this._length++] = value;
  }

  /** An unsigned number of up to 32 bits, in groups of seven, lowest first (LEB128). */
  varint(value: number): void {
    this._room(5);
    let rest = value;
    while (rest > 127) {
      this._bytes[this._length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this._bytes[this._length++] = rest;
  }

  /** A 32-bit number, lowest byte first. */
  int32(value: number): void {
    this._room(4);
    this._int32(value);
  }

  /** A whole number from 0 to 2⁵³ − 1, as 64 bits, lowest byte first. */
  int64(value: number): void {
    this._room(8);
    this._int32(value % 0x100000000);
    this._int32(value / 0x100000000);
  }

  /** A text in UTF-8 with its length in bytes before it. */
  text(value: string): void {
    this._room(4 + 3 * value.length);
    const { written } = ENCODER.encodeInto(
      value,
      this._bytes.subarray(this._length + 4)
    );
    this._int32(written);
    this._length += written;
  }

  /** Other bytes. */
  append(bytes: Uint8Array): void {
    this._room(bytes.length);
    this._bytes.set(bytes, this._length);
    this._length += bytes.length;
  }

  /**
   * Groups of eight codes, each in `width` bits, lowest first; codes after `end` are 0.
   *
   * @param width At most 24 bits.
   */
  packed(codes: Int32Array, start: number, end: number, width: number): void {
    const groups = Math.ceil((end - start) / 8);
    this._room(groups * width);
    const bytes = this._bytes;
    let place = this._length;
    let buffer = 0;
    let bits = 0;
    for (let i = start; i < end; i++) {
      buffer |= codes[i] << bits;
      bits += width;
      while (bits >= 8) {
        bytes[place++] = buffer;
        buffer >>>= 8;
        bits -= 8;
      }
    }
    const stop = this._length + groups * width;
    while (place < stop) {
      bytes[place++] = buffer;
      buffer = 0;
    }
    this._length = stop;
  }

  private _int32(value: number): void {
    const bytes = this._bytes;
    bytes[this._length++] = value;
    bytes[this._length++] = value >>> 8;
    bytes[this._length++] = value >>> 16;
    bytes[this._length++] = value >>> 24;
  }

  private _room(more: number): void {
    const needed = this._length + more;
    if (needed > this._bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this._bytes.length * 2));
      larger.set(this._bytes.subarray(0, this._length));
      this._bytes = larger;
    }
  }

  private _bytes: Uint8Array;
  private _length = 0;
}

const ENCODER = new TextEncoder();

/** Bits that hold the numbers from 0 to `most`. */
export function bitWidth(most: number): number {
  return most === 0 ? 0 : 32 - Math.clz32(most);
}

/**
 * Parquet's hybrid of run lengths and bit packing: runs of eight and more as a value and a count,
 * all else packed in groups of eight.
 */
export function hybrid(
  out: Bytes,
  codes: Int32Array,
  start: number,
  end: number,
  width: number
): void {
  let pending = start;
  let i = start;
  while (i < end) {
    const value = codes[i];
    let runEnd = i + 1;
    while (runEnd < end && codes[runEnd] === value) {
      runEnd++;
    }
    if (runEnd - i >= 8) {
      packedRun(out, codes, pending, i, width);
      out.varint((runEnd - i) << 1);
      for (let shift = 0; shift < width; shift += 8) {
        out.byte(value >>> shift);
      }
      i = runEnd;
      pending = i;
    } else {
      // A packed run holds whole groups, so the next run can only begin after this group.
      i += 8;
    }
  }
  packedRun(out, codes, pending, end, width);
}

function packedRun(
  out: Bytes,
  codes: Int32Array,
  start: number,
  end: number,
  width: number
): void {
  if (end > start) {
    out.varint((Math.ceil((end - start) / 8) << 1) | 1);
    out.packed(codes, start, end, width);
  }
}
