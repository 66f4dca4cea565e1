/** Positions in the bytes of all values are 32-bit. */
const MOST_BYTES = 2 ** 32 - 1;

/** A table that has grown beyond so many bytes is not kept for the next chunk. */
const MOST_KEPT = 32 * 1024 * 1024;

/** Entries of the table of recent values: few enough to stay in the processor's nearest cache. */
const RECENT = 4096;

/**
 * Distinct byte strings, numbered from 1 in the order of their first appearance. A hash table with open addressing
 * over one growing array of bytes: no JavaScript string or object for any value.
 *
 * The memory of a table serves one chunk after the other: `clear` keeps it.
 */
export class TextTable {
  /** Number of distinct values. */
  get size(): number {
    return this._size;
  }

  /** Forget all values. */
  clear(): void {
    if (this._bytes.length > MOST_KEPT || this._slots.length > MOST_KEPT / 4) {
      this._bytes = new Uint8Array(1024);
      this._view = new DataView(this._bytes.buffer);
      this._offsets = new Uint32Array(256);
      this._hashes = new Int32Array(256);
      this._slots = new Int32Array(256);
    }
    this._size = 0;
    this._mask = 255;
    this._slots.fill(0, 0, 256);
    this._recent.fill(0);
  }

  /** Make room for so many values in all, so that they need no growing step by step. */
  reserve(values: number): void {
    if (this._mask + 1 < 1.5 * values) {
      this._growSlots(1.5 * values);
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
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
      hash = (hash << 13) | (hash >>> 19);
    }
    for (; at < end; at++) {
      hash = Math.imul(hash ^ bytes[at], 0x297a2d39);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;

    const hashes = this._hashes;
    const recent = this._recent[hash & (RECENT - 1)];
    if (
      recent !== 0 &&
      hashes[recent] === hash &&
      this._equals(recent, bytes, view, start, length)
    ) {
      return recent;
    }
    const slots = this._slots;
    const mask = this._mask;
    let slot = hash & mask;
    let code = slots[slot];
    while (
      code !== 0 &&
      !(hashes[code] === hash && this._equals(code, bytes, view, start, length))
    ) {
      slot = (slot + 1) & mask;
      code = slots[slot];
    }
    if (code === 0) {
      code = this._add(bytes, start, length, hash, slot);
    }
    this._recent[hash & (RECENT - 1)] = code;
    return code;
  }

  /** The values as one array of bytes and the position of each in it; both freshly allocated. */
  finish(): { bytes: Uint8Array; offsets: Uint32Array } {
    const offsets = this._offsets.slice(0, this._size + 1);
    return { bytes: this._bytes.slice(0, offsets[this._size]), offsets };
  }

  private _equals(
    code: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    length: number
  ): boolean {
    const mine = this._offsets[code - 1];
    if (this._offsets[code] - mine !== length) {
      return false;
    }
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (
        this._view.getInt32(mine + i, true) !== view.getInt32(start + i, true)
      ) {
        return false;
      }
    }
    for (; i < length; i++) {
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
    if (code * 1.4 > this._mask) {
      this._growSlots((this._mask + 1) * 2);
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
    grown.set(this._bytes.subarray(0, this._offsets[this._size]));
    this._bytes = grown;
    this._view = new DataView(grown.buffer);
  }

  /** Use `wanted` slots, rounded up to a power of two, and enter all values anew. */
  private _growSlots(wanted: number): void {
    const length = 2 ** Math.ceil(Math.log2(wanted));
    const mask = length - 1;
    if (length > this._slots.length) {
      const hashes = new Int32Array(length);
      const offsets = new Uint32Array(length);
      hashes.set(this._hashes.subarray(0, this._size + 1));
      offsets.set(this._offsets.subarray(0, this._size + 1));
      this._slots = new Int32Array(length);
      this._hashes = hashes;
      this._offsets = offsets;
    } else {
      this._slots.fill(0, 0, length);
    }
    const slots = this._slots;
    const hashes = this._hashes;
    for (let code = 1; code <= this._size; code++) {
      let slot = hashes[code] & mask;
      while (slots[slot] !== 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code;
    }
    this._mask = mask;
  }

  private _size = 0;
  private _bytes = new Uint8Array(1024);
  private _view = new DataView(this._bytes.buffer);
  /** Position after entry k at k: entry k lies in `_bytes[_offsets[k − 1], _offsets[k])`. */
  private _offsets = new Uint32Array(256);
  /** Hash of entry k at k. */
  private _hashes = new Int32Array(256);
  /** Codes by hash; 0 is free. At least a quarter of those up to `_mask` is. */
  private _slots = new Int32Array(256);
  private _mask = 255;
  /** Codes of values seen last, by hash. */
  private readonly _recent = new Int32Array(RECENT);
}
