import { NO_PAGE, NumberPages, placeOf } from './number-pages';

/**
 * Tables that number distinct keys densely, in order of arrival, without an object for each key. Small whole numbers have a place
 * of their own; other keys are hashed, with open addressing: slots hold entry + 1, and 0 is free. They grow fourfold at half load.
 */

const FIRST_SLOTS = 1024;
/** A table that has grown beyond so many slots is not kept when it is cleared. */
const MOST_KEPT = 4 * 1024 * 1024;

/**
 * Distinct numbers; −0 is 0, and NaN must not be asked for. Other entries can be put between them, such as NaN, which no look-up finds.
 */
export class NumberTable {
  /** Keys by entry; only the first `size` count. */
  get keys(): Float64Array<ArrayBuffer> {
    return this._keys;
  }

  get size(): number {
    return this._size;
  }

  /** The entry of a key, a new one if need be. */
  intern(key: number): number {
    const low = key >>> 0;
    const page = low === key ? this._pages.reach(low, this._size) : NO_PAGE;
    if (page === NO_PAGE) {
      return this._internHashed(key);
    }
    const place = placeOf(low);
    const found = page[place];
    if (found !== 0) {
      return found - 1;
    }
    const entry = this.append(key);
    page[place] = entry + 1;
    return entry;
  }

  /** The entry of a key, or −1. */
  find(key: number): number {
    const low = key >>> 0;
    const page = low === key ? this._pages.find(low) : NO_PAGE;
    const found =
      page === NO_PAGE ? this._slots[this._slotOf(key)] : page[placeOf(low)];
    return found - 1;
  }

  /** A new entry, whether or not there is one of that key; for keys that nobody looks up. */
  append(key: number): number {
    if (this._size === this._keys.length) {
      this._keys = grown(this._keys, new Float64Array(this._size * 2));
    }
    this._keys[this._size] = key;
    return this._size++;
  }

  /** Forget all keys; the memory serves those that follow. */
  clear(): void {
    if (this._keys.length > MOST_KEPT / 2) {
      this._keys = new Float64Array(FIRST_SLOTS / 2);
    }
    if (this._hashed > 0) {
      this._slots = new Uint32Array(FIRST_SLOTS);
    }
    this._pages.clear();
    this._size = 0;
    this._hashed = 0;
  }

  private _internHashed(key: number): number {
    const slot = this._slotOf(key);
    const found = this._slots[slot];
    if (found !== 0) {
      return found - 1;
    }
    const entry = this.append(key);
    this._slots[slot] = entry + 1;
    this._hashed++;
    if (this._hashed * 2 > this._slots.length) {
      this._slots = rehashed(this._slots, this._slots.length * 4, k =>
        hashNumber(this._keys[k])
      );
    }
    return entry;
  }

  /** The slot of a key, or the free one where it belongs. */
  private _slotOf(key: number): number {
    const slots = this._slots;
    const mask = slots.length - 1;
    let slot = hashNumber(key) & mask;
    while (slots[slot] !== 0 && this._keys[slots[slot] - 1] !== key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private _size = 0;
  private _hashed = 0;
  private _keys = new Float64Array(FIRST_SLOTS / 2);
  private _slots = new Uint32Array(FIRST_SLOTS);
  private readonly _pages = new NumberPages();
}

/** Distinct pairs of 32-bit numbers: the codes that form a key together, or the halves of 64 bits. */
export class PairTable {
  get size(): number {
    return this._size;
  }

  /** The entry of a pair, a new one if need be. */
  intern(low: number, high: number): number {
    const page =
      high === 0 ? this._pages.reach(low >>> 0, this._size) : NO_PAGE;
    if (page === NO_PAGE) {
      return this._internHashed(low | 0, high | 0);
    }
    const place = placeOf(low);
    const found = page[place];
    if (found !== 0) {
      return found - 1;
    }
    const entry = this._append(low, high);
    page[place] = entry + 1;
    return entry;
  }

  /** Make room for so many pairs in all, so that they need no growing step by step. */
  reserve(size: number): void {
    while (this._pairs.length < 2 * size) {
      this._pairs = grown(this._pairs, new Int32Array(2 * this._pairs.length));
    }
  }

  /** The pairs: low and high number in turn, freshly allocated. */
  finish(): Int32Array<ArrayBuffer> {
    return this._pairs.slice(0, 2 * this._size);
  }

  /** Forget all pairs; the memory serves those that follow. */
  clear(): void {
    if (this._pairs.length > MOST_KEPT) {
      this._pairs = new Int32Array(FIRST_SLOTS);
    }
    if (this._slots.length > MOST_KEPT) {
      this._slots = new Uint32Array(FIRST_SLOTS);
    } else if (this._hashed > 0) {
      this._slots.fill(0);
    }
    this._pages.clear();
    this._size = 0;
    this._hashed = 0;
  }

  private _internHashed(low: number, high: number): number {
    const slots = this._slots;
    const pairs = this._pairs;
    const mask = slots.length - 1;
    let slot = hashPair(low, high) & mask;
    for (;;) {
      const entry = slots[slot] - 1;
      if (entry < 0) {
        break;
      }
      if (pairs[2 * entry] === low && pairs[2 * entry + 1] === high) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    const entry = this._append(low, high);
    slots[slot] = entry + 1;
    this._hashed++;
    if (this._hashed * 2 > slots.length) {
      this._slots = rehashed(slots, slots.length * 4, k =>
        hashPair(this._pairs[2 * k], this._pairs[2 * k + 1])
      );
    }
    return entry;
  }

  private _append(low: number, high: number): number {
    const entry = this._size++;
    if (2 * entry === this._pairs.length) {
      this.reserve(2 * entry);
    }
    this._pairs[2 * entry] = low;
    this._pairs[2 * entry + 1] = high;
    return entry;
  }

  private _size = 0;
  private _hashed = 0;
  /** Low and high number of entry k at 2k. */
  private _pairs = new Int32Array(FIRST_SLOTS);
  private _slots = new Uint32Array(FIRST_SLOTS);
  private readonly _pages = new NumberPages();
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/**
 * Sixteen whole numbers in a row share a line of the processor's cache, since the ids of jobs that run at one time are near each
 * other; the lines themselves are scattered.
 */
function hashNumber(key: number): number {
  const low = key >>> 0;
  if (low === key) {
    return (hashPair(low >>> 4, 0) << 4) | (low & 15);
  }
  float[0] = key + 0;
  return hashPair(words[0], words[1]);
}

/** Mixes two words so that all bits of the result depend on both. */
function hashPair(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x85ebca6b), 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}

/** More slots with the same entries. */
function rehashed(
  from: Uint32Array,
  length: number,
  hashOf: (entry: number) => number
): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(length);
  const mask = length - 1;
  for (let i = 0; i < from.length; i++) {
    if (from[i] === 0) {
      continue;
    }
    let slot = hashOf(from[i] - 1) & mask;
    while (slots[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = from[i];
  }
  return slots;
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
