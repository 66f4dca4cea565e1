/** Positions in the bytes of all values are 32-bit. */
const MOST_BYTES = 2 ** 32 - 1;
/** A table that has grown beyond so many bytes is not kept when it is cleared. */
const MOST_KEPT = 32 * 1024 * 1024;
const FIRST_SLOTS = 256;
/** Entries of the table of recent values: few enough to stay in the processor's nearest cache. */
const RECENT = 4096;

/**
 * Distinct byte strings, numbered from 0 in order of arrival, kept one after the other in one buffer: a hash table with open
 * addressing, without a JavaScript string or object for any value.
 */
export class BytesTable {
  get size(): number {
    return this._size;
  }

  /** The entry of `bytes[start, end)`, a new one if need be. `view` is over the same memory as `bytes`. */
  intern(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): number {
    const hash = hashBytes(bytes, view, start, end);
    const recent = this._recent[hash & (RECENT - 1)];
    if (
      recent !== 0 &&
      this._hashes[recent - 1] === hash &&
      this._equals(recent - 1, bytes, view, start, end)
    ) {
      return recent - 1;
    }
    const slot = this._slotOf(hash, bytes, view, start, end);
    const code =
      this._slots[slot] || this._add(bytes, start, end - start, hash, slot);
    this._recent[hash & (RECENT - 1)] = code;
    return code - 1;
  }

  /** The entry of `bytes[start, end)`, or −1. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const hash = hashBytes(bytes, view, start, end);
    return this._slots[this._slotOf(hash, bytes, view, start, end)] - 1;
  }

  /** The bytes of an entry; a view, not a copy. */
  bytes(entry: number): Uint8Array {
    return this._bytes.subarray(this._offsets[entry], this._offsets[entry + 1]);
  }

  /** All values as one array of bytes, and where each begins and the last one ends; both freshly allocated. */
  finish(): { bytes: Uint8Array; offsets: Uint32Array } {
    const offsets = this._offsets.slice(0, this._size + 1);
    return { bytes: this._bytes.slice(0, offsets[this._size]), offsets };
  }

  /** Forget all values; the memory serves those that follow. */
  clear(): void {
    if (this._bytes.length > MOST_KEPT) {
      this._bytes = new Uint8Array(1024);
      this._view = new DataView(this._bytes.buffer);
    }
    if (this._slots.length > MOST_KEPT / 8) {
      this._offsets = new Uint32Array(FIRST_SLOTS + 1);
      this._hashes = new Int32Array(FIRST_SLOTS);
      this._slots = new Uint32Array(FIRST_SLOTS);
    } else if (this._size > 0) {
      this._slots.fill(0);
    }
    this._recent.fill(0);
    this._size = 0;
  }

  /** The slot of a value, or the free one where it belongs. */
  private _slotOf(
    hash: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): number {
    const slots = this._slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[slot] - 1;
      if (
        entry < 0 ||
        (this._hashes[entry] === hash &&
          this._equals(entry, bytes, view, start, end))
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private _equals(
    entry: number,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number
  ): boolean {
    const mine = this._offsets[entry];
    const length = end - start;
    if (this._offsets[entry + 1] - mine !== length) {
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

  /** Returns the entry + 1. */
  private _add(
    bytes: Uint8Array,
    start: number,
    length: number,
    hash: number,
    slot: number
  ): number {
    const from = this._offsets[this._size];
    if (from + length > this._bytes.length) {
      this._growBytes(from + length);
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
    this._hashes[code - 1] = hash;
    this._slots[slot] = code;
    if (code * 1.4 > this._slots.length) {
      this._growSlots();
    }
    return code;
  }

  private _growBytes(wanted: number): void {
    if (wanted > MOST_BYTES) {
      throw new RangeError('too many bytes of distinct text');
    }
    const grown = new Uint8Array(
      Math.min(MOST_BYTES, Math.max(wanted, this._bytes.length * 2))
    );
    grown.set(this._bytes);
    this._bytes = grown;
    this._view = new DataView(grown.buffer);
  }

  private _growSlots(): void {
    const length = this._slots.length * 2;
    const mask = length - 1;
    const slots = new Uint32Array(length);
    const hashes = new Int32Array(length);
    const offsets = new Uint32Array(length + 1);
    hashes.set(this._hashes);
    offsets.set(this._offsets);
    for (let entry = 0; entry < this._size; entry++) {
      let slot = hashes[entry] & mask;
      while (slots[slot] !== 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry + 1;
    }
    this._slots = slots;
    this._hashes = hashes;
    this._offsets = offsets;
  }

  private _size = 0;
  private _bytes = new Uint8Array(1024);
  private _view = new DataView(this._bytes.buffer);
  /** Where entry k begins at k; its end, which is where the next one begins, at k + 1. */
  private _offsets = new Uint32Array(FIRST_SLOTS + 1);
  private _hashes = new Int32Array(FIRST_SLOTS);
  /** Entries + 1 by hash; 0 is free. At least a quarter is. */
  private _slots = new Uint32Array(FIRST_SLOTS);
  /** Entries + 1 of values seen last, by hash. */
  private readonly _recent = new Uint32Array(RECENT);
}

function hashBytes(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number
): number {
  let hash = (end - start) ^ 0x5bd1e995;
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
  return hash ^ (hash >>> 16);
}
