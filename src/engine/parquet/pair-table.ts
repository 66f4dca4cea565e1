/** A table that has grown beyond so many slots is not kept for the next chunk. */
const MOST_KEPT = 8 * 1024 * 1024;

/**
 * Distinct 64-bit patterns, given as two 32-bit halves, numbered from 1 in the order of their first appearance.
 * Integers, floating-point numbers and times are all kept as their bits.
 *
 * The memory of a table serves one chunk after the other: `clear` keeps it.
 */
export class PairTable {
  /** Number of distinct values. */
  get size(): number {
    return this._size;
  }

  /** Forget all values. */
  clear(): void {
    if (this._slots.length > MOST_KEPT) {
      this._pairs = new Int32Array(258);
      this._slots = new Int32Array(256);
    }
    this._size = 0;
    this._mask = 255;
    this._slots.fill(0, 0, 256);
  }

  /** Make room for so many values in all, so that they need no growing step by step. */
  reserve(values: number): void {
    if (this._mask + 1 < 2 * values) {
      this._grow(2 * values);
    }
  }

  /** The code of a value; a new one if it was not seen before. */
  intern(low: number, high: number): number {
    const pairs = this._pairs;
    const slots = this._slots;
    const mask = this._mask;
    let slot = hashOf(low, high) & mask;
    let code = slots[slot];
    while (code !== 0) {
      if (pairs[2 * code - 2] === low && pairs[2 * code - 1] === high) {
        return code;
      }
      slot = (slot + 1) & mask;
      code = slots[slot];
    }
    code = ++this._size;
    pairs[2 * code - 2] = low;
    pairs[2 * code - 1] = high;
    slots[slot] = code;
    if (code * 2 > mask) {
      this._grow((mask + 1) * 4);
    }
    return code;
  }

  /** The values: low and high half in turn, freshly allocated. */
  finish(): Int32Array<ArrayBuffer> {
    return this._pairs.slice(0, 2 * this._size);
  }

  /** Use `wanted` slots, rounded up to a power of two, and enter all values anew. */
  private _grow(wanted: number): void {
    const length = 2 ** Math.ceil(Math.log2(wanted));
    const mask = length - 1;
    if (length > this._slots.length) {
      const pairs = new Int32Array(length + 2);
      pairs.set(this._pairs.subarray(0, 2 * this._size));
      this._slots = new Int32Array(length);
      this._pairs = pairs;
    } else {
      this._slots.fill(0, 0, length);
    }
    const slots = this._slots;
    const pairs = this._pairs;
    for (let code = 1; code <= this._size; code++) {
      let slot = hashOf(pairs[2 * code - 2], pairs[2 * code - 1]) & mask;
      while (slots[slot] !== 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code;
    }
    this._mask = mask;
  }

  private _size = 0;
  /** Low and high half of entry k at 2k − 2. */
  private _pairs = new Int32Array(258);
  /** Codes by hash; 0 is free. At least half of those up to `_mask` are. */
  private _slots = new Int32Array(256);
  private _mask = 255;
}

function hashOf(low: number, high: number): number {
  let hash = Math.imul(low, 0x2c1b3c6d) ^ Math.imul(high, 0x297a2d39);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return hash ^ (hash >>> 15);
}
