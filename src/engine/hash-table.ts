/**
 * Open-addressing tables that number distinct keys densely, in order of arrival, without an object for each key.
 * Slots hold entry + 1; 0 is free. They double at half load.
 */

const FIRST_SLOTS = 1024;

/**
 * Distinct numbers; −0 is 0, and NaN must not be asked for. Other entries can be put between them, such as NaN, which no look-up finds.
 */
export class NumberTable {
  /** Keys by entry; only the first `size` count. */
  get keys(): Float64Array {
    return this._keys;
  }

  get size(): number {
    return this._size;
  }

  /** The entry of a key, a new one if need be. */
  intern(key: number): number {
    const slots = this._slots;
    const mask = slots.length - 1;
    let slot = hashNumber(key) & mask;
    for (;;) {
      const entry = slots[slot] - 1;
      if (entry < 0) {
        break;
      }
      if (this._keys[entry] === key) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    const entry = this.append(key);
    slots[slot] = entry + 1;
    if (this._size * 2 > slots.length) {
      this._slots = this._resized(slots.length * 2);
    }
    return entry;
  }

  /** The entry of a key, or −1. */
  find(key: number): number {
    const mask = this._slots.length - 1;
    let slot = hashNumber(key) & mask;
    for (;;) {
      const entry = this._slots[slot] - 1;
      if (entry < 0 || this._keys[entry] === key) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** A new entry, whether or not there is one of that key; for keys that nobody looks up. */
  append(key: number): number {
    if (this._size === this._keys.length) {
      this._keys = grown(this._keys, new Float64Array(this._size * 2));
    }
    this._keys[this._size] = key;
    return this._size++;
  }

  /** Make room for more keys at once, rather than by doubling on the way. */
  reserve(more: number): void {
    let length = this._slots.length;
    while ((this._size + more) * 2 > length) {
      length *= 2;
    }
    if (length > this._slots.length) {
      this._slots = this._resized(length);
    }
  }

  private _resized(length: number): Uint32Array<ArrayBuffer> {
    // In order of arrival, which keeps near what is near.
    return rehashed(
      length,
      this._size,
      entry => hashNumber(this._keys[entry]),
      // All NaN have one hash: in slots they would make one long run that every other one has to pass.
      entry => !Number.isNaN(this._keys[entry])
    );
  }

  private _size = 0;
  private _keys = new Float64Array(FIRST_SLOTS / 2);
  private _slots = new Uint32Array(FIRST_SLOTS);
}

/** Distinct byte strings, kept one after the other in one buffer. */
export class BytesTable {
  get size(): number {
    return this._size;
  }

  /** The entry of bytes[start, end), a new one if need be. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end);
    const slot = this._slotOf(hash, bytes, start, end);
    const found = this._slots[slot] - 1;
    if (found >= 0) {
      return found;
    }
    const length = end - start;
    const at = this._offsets[this._size];
    if (at + length > this._bytes.length) {
      this._bytes = grown(
        this._bytes,
        new Uint8Array(Math.max(this._bytes.length * 2, at + length))
      );
    }
    for (let i = 0; i < length; i++) {
      this._bytes[at + i] = bytes[start + i];
    }
    if (this._size + 1 === this._hashes.length) {
      const capacity = this._hashes.length * 2;
      this._hashes = grown(this._hashes, new Int32Array(capacity));
      this._offsets = grown(this._offsets, new Float64Array(capacity + 1));
    }
    const entry = this._size++;
    this._hashes[entry] = hash;
    this._offsets[entry + 1] = at + length;
    this._slots[slot] = entry + 1;
    if (this._size * 2 > this._slots.length) {
      this._slots = rehashed(
        this._slots.length * 2,
        this._size,
        k => this._hashes[k]
      );
    }
    return entry;
  }

  /** The entry of bytes[start, end), or −1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end);
    return this._slots[this._slotOf(hash, bytes, start, end)] - 1;
  }

  /** The bytes of an entry; a view, not a copy. */
  bytes(entry: number): Uint8Array {
    return this._bytes.subarray(this._offsets[entry], this._offsets[entry + 1]);
  }

  private _slotOf(
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number
  ): number {
    const mask = this._slots.length - 1;
    const length = end - start;
    let slot = hash & mask;
    for (;;) {
      const entry = this._slots[slot] - 1;
      if (entry < 0) {
        return slot;
      }
      const at = this._offsets[entry];
      if (
        this._hashes[entry] === hash &&
        this._offsets[entry + 1] - at === length
      ) {
        let i = 0;
        while (i < length && this._bytes[at + i] === bytes[start + i]) {
          i++;
        }
        if (i === length) {
          return slot;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private _size = 0;
  private _bytes = new Uint8Array(4096);
  private _offsets = new Float64Array(FIRST_SLOTS / 2 + 1);
  private _hashes = new Int32Array(FIRST_SLOTS / 2);
  private _slots = new Uint32Array(FIRST_SLOTS);
}

/** Distinct pairs of codes: the keys that two columns form together. */
export class PairTable {
  get size(): number {
    return this._size;
  }

  /** The entry of a pair of unsigned 32-bit numbers, a new one if need be. */
  intern(a: number, b: number): number {
    const mask = this._slots.length - 1;
    let slot = hashPair(a, b) & mask;
    for (;;) {
      const entry = this._slots[slot] - 1;
      if (entry < 0) {
        break;
      }
      if (this._a[entry] === a && this._b[entry] === b) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    if (this._size === this._a.length) {
      this._a = grown(this._a, new Uint32Array(this._size * 2));
      this._b = grown(this._b, new Uint32Array(this._size * 2));
    }
    const entry = this._size++;
    this._a[entry] = a;
    this._b[entry] = b;
    this._slots[slot] = entry + 1;
    if (this._size * 2 > this._slots.length) {
      this._slots = rehashed(this._slots.length * 2, this._size, k =>
        hashPair(this._a[k], this._b[k])
      );
    }
    return entry;
  }

  private _size = 0;
  private _a = new Uint32Array(FIRST_SLOTS / 2);
  private _b = new Uint32Array(FIRST_SLOTS / 2);
  private _slots = new Uint32Array(FIRST_SLOTS);
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

/** FNV-1a, mixed once more because slots take the low bits. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) {
    h = Math.imul(h ^ bytes[i], 0x01000193);
  }
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}

function rehashed(
  length: number,
  size: number,
  hashOf: (entry: number) => number,
  isKey: (entry: number) => boolean = () => true
): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(length);
  const mask = length - 1;
  for (let entry = 0; entry < size; entry++) {
    if (!isKey(entry)) {
      continue;
    }
    let slot = hashOf(entry) & mask;
    while (slots[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = entry + 1;
  }
  return slots;
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
