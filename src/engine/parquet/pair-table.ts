/**
 * Distinct 64-bit patterns, given as two 32-bit halves, numbered from 1 in the order of their first appearance.
 * Integers, floating-point numbers and times are all kept as their bits.
 */
export class PairTable {
  /** Number of distinct values. */
  get size(): number {
    return this._size;
  }

  /** The code of a value; a new one if it was not seen before. */
  intern(low: number, high: number): number {
    let hash = Math.imul(low, 0x2c1b3c6d) ^ Math.imul(high, 0x297a2d39);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    hash ^= hash >>> 15;
    const mask = this._slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this._slots[slot];
      if (code === 0) {
        break;
      }
      if (
        this._pairs[2 * code - 2] === low &&
        this._pairs[2 * code - 1] === high
      ) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    const code = ++this._size;
    this._pairs[2 * code - 2] = low;
    this._pairs[2 * code - 1] = high;
    this._slots[slot] = code;
    if (code * 2 >= this._slots.length) {
      this._grow(this._slots.length * 2);
    }
    return code;
  }

  /** Make room for so many more values. */
  reserve(values: number): void {
    if (this._slots.length < 2 * (this._size + values)) {
      this._grow(2 * (this._size + values));
    }
  }

  /** The values: low and high half in turn, freshly allocated. */
  finish(): Int32Array<ArrayBuffer> {
    return this._pairs.slice(0, 2 * this._size);
  }

  private _grow(wanted: number): void {
    const length = 2 ** Math.ceil(Math.log2(wanted));
    const mask = length - 1;
    const slots = new Int32Array(length);
    const pairs = new Int32Array(length + 2);
    pairs.set(this._pairs.subarray(0, 2 * this._size));
    for (let code = 1; code <= this._size; code++) {
      let hash =
        Math.imul(pairs[2 * code - 2], 0x2c1b3c6d) ^
        Math.imul(pairs[2 * code - 1], 0x297a2d39);
      hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
      hash ^= hash >>> 15;
      let slot = hash & mask;
      while (slots[slot] !== 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code;
    }
    this._slots = slots;
    this._pairs = pairs;
  }

  private _size = 0;
  /** Low and high half of entry k at 2k − 2. */
  private _pairs = new Int32Array(258);
  /** Codes by hash; 0 is free. A power of two, at least half of it free. */
  private _slots = new Int32Array(256);
}
