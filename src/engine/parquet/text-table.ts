/** How many values a text table may hold: codes and offsets are 32-bit. */
const MOST_BYTES = 2 ** 32 - 1;

/**
 * Distinct byte strings, numbered from 1 in the order of their first appearance. A hash table with open addressing
 * over one growing array of bytes: no JavaScript string or object for any value.
 */
export class TextTable {
  /** Number of distinct values. */
  get size(): number {
    return this._size;
  }

  /** Make room, so that many values to come need no growing one step at a time. */
  reserve(values: number, bytes: number): void {
    this._growBytes(bytes);
    while (this._slots.length < 2 * (this._size + values)) {
      this._growSlots(2 * (this._size + values));
    }
  }

  /**
   * The code of the value `bytes[start, end)`; a new one if it was not seen before. `view` is over the same memory
   * as `bytes`.
   */
  intern(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): number {
    const length = end - start;
    let hash = length ^ 0x5bd1e995;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x2c1b3c6d);
      hash ^= hash >>> 15;
    }
    for (; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at], 0x297a2d39);
    }
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
        this._hashes[code] === hash &&
        this._equals(code, bytes, start, length)
      ) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    return this._add(bytes, start, length, hash, slot);
  }

  /** The values as one array of bytes and the position of each in it; both freshly allocated. */
  finish(): { bytes: Uint8Array; offsets: Uint32Array } {
    const offsets = this._offsets.slice(0, this._size + 1);
    return { bytes: this._bytes.slice(0, offsets[this._size]), offsets };
  }

  private _equals(
    code: number,
    bytes: Uint8Array,
    start: number,
    length: number
  ): boolean {
    const mine = this._offsets[code - 1];
    if (this._offsets[code] - mine !== length) {
      return false;
    }
    for (let i = 0; i < length; i++) {
      if (this._bytes[mine + i] !== bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  private _add(
    bytes: Uint8Array,
    start: number,
    length: number,
    hash: number,
    slot: number
  ): number {
    const from = this._offsets[this._size];
    if (from + length > this._bytes.length) {
      this._growBytes(length);
    }
    if (length < 24) {
      for (let i = 0; i < length; i++) {
        this._bytes[from + i] = bytes[start + i];
      }
    } else {
      this._bytes.set(bytes.subarray(start, start + length), from);
    }
    const code = ++this._size;
    this._offsets[code] = from + length;
    this._hashes[code] = hash;
    this._slots[slot] = code;
    if (code * 2 >= this._slots.length) {
      this._growSlots(this._slots.length * 2);
    }
    return code;
  }

  private _growBytes(more: number): void {
    const wanted = this._offsets[this._size] + more;
    if (wanted <= this._bytes.length) {
      return;
    }
    if (wanted > MOST_BYTES) {
      throw new RangeError('too many bytes of distinct text');
    }
    const grown = new Uint8Array(
      Math.min(MOST_BYTES, Math.max(wanted, this._bytes.length * 2))
    );
    grown.set(this._bytes);
    this._bytes = grown;
  }

  private _growSlots(wanted: number): void {
    const length = 2 ** Math.ceil(Math.log2(wanted));
    const mask = length - 1;
    const slots = new Int32Array(length);
    const hashes = new Int32Array(length / 2 + 2);
    const offsets = new Uint32Array(length / 2 + 2);
    hashes.set(this._hashes.subarray(0, this._size + 1));
    offsets.set(this._offsets.subarray(0, this._size + 1));
    for (let code = 1; code <= this._size; code++) {
      let slot = hashes[code] & mask;
      while (slots[slot] !== 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code;
    }
    this._slots = slots;
    this._hashes = hashes;
    this._offsets = offsets;
  }

  private _size = 0;
  private _bytes = new Uint8Array(1024);
  /** Position after entry k at k: entry k lies in `_bytes[_offsets[k − 1], _offsets[k])`. */
  private _offsets = new Uint32Array(130);
  /** Hash of entry k at k. */
  private _hashes = new Int32Array(130);
  /** Codes by hash; 0 is free. A power of two, at least half of it free. */
  private _slots = new Int32Array(256);
}
