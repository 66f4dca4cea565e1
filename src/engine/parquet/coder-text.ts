import type { DecodedArray } from 'hyparquet';
import { Texts } from '../texts';
import type { ICoder } from './coder';
import type { LeafLayout, LocalDictionary } from './types';

/** The texts of the chunk that is being decoded: one at a time. */
const texts = new Texts();

/** Codes of text, which stays UTF-8 or a decimal number throughout. UUIDs become their usual text form. */
export class TextCoder implements ICoder {
  constructor(layout: LeafLayout) {
    texts.clear();
    this._uuid = layout.bytesAs === 'uuid';
    this.leastBytes = layout.typeLength || 4;
  }

  readonly leastBytes: number;

  get size(): number {
    return this._texts.numbers.size;
  }

  plain(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number {
    let before = 0;
    let beforeLength = -1;
    let code = 0;
    for (let i = 0; i < count; i++) {
      if (end - at < 4) {
        return -1;
      }
      const length = view.getUint32(at, true);
      at += 4;
      if (length > end - at) {
        return -1;
      }
      const stop = at + length;
      // Rows of a job, or of a user, often follow each other.
      if (
        length !== beforeLength ||
        !sameBytes(bytes, view, before, at, stop)
      ) {
        code = texts.intern(bytes, view, at, stop) + 1;
        before = at;
        beforeLength = length;
      }
      out[outAt + i] = code;
      at = stop;
    }
    return at;
  }

  /**
   * Write the codes of values that follow each other in `bytes` from `at` on without their lengths, which come from
   * `lengths`, as in DELTA_LENGTH_BYTE_ARRAY.
   */
  joined(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    lengths: Int32Array,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number {
    for (let i = 0; i < count; i++) {
      const length = lengths[i];
      if (length < 0 || length > end - at) {
        return -1;
      }
      out[outAt + i] = this._texts.intern(bytes, view, at, at + length) + 1;
      at += length;
    }
    return at;
  }

  /**
   * Write the codes of values of which each shares its first `prefixes[i]` bytes with the value before and ends in
   * the next `lengths[i]` bytes, as in DELTA_BYTE_ARRAY.
   */
  prefixed(
    bytes: Uint8Array,
    at: number,
    end: number,
    prefixes: Int32Array,
    lengths: Int32Array,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number {
    let value = new Uint8Array(256);
    let view = new DataView(value.buffer);
    let before = 0;
    for (let i = 0; i < count; i++) {
      const prefix = prefixes[i];
      const length = lengths[i];
      if (prefix < 0 || prefix > before || length < 0 || length > end - at) {
        return -1;
      }
      before = prefix + length;
      if (before > value.length) {
        const grown = new Uint8Array(before * 2);
        grown.set(value);
        value = grown;
        view = new DataView(value.buffer);
      }
      for (let k = 0; k < length; k++) {
        value[prefix + k] = bytes[at + k];
      }
      out[outAt + i] = this._texts.intern(value, view, 0, before) + 1;
      at += length;
    }
    return at;
  }

  decoded(values: DecodedArray, out: Uint32Array, outAt: number): void {
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i];
      if (!(value instanceof Uint8Array)) {
        throw new TypeError('text that is no bytes');
      }
      const bytes = this._uuid ? uuidText(value) : value;
      const view = new DataView(
        bytes.buffer,
        bytes.byteOffset,
        bytes.byteLength
      );
      out[outAt + i] = this._texts.intern(bytes, view, 0, bytes.length) + 1;
    }
  }

  dictionary(): LocalDictionary {
    const { numbers, others } = this._texts;
    return others.size === numbers.size
      ? { type: 'text', ...others.finish() }
      : {
          type: 'ids',
          numbers: numbers.keys.slice(0, numbers.size),
          ...others.finish()
        };
  }

  private readonly _texts = texts;
  private readonly _uuid: boolean;
}

/** Whether the bytes from `before` on are those in `[at, end)`. */
function sameBytes(
  bytes: Uint8Array,
  view: DataView,
  before: number,
  at: number,
  end: number
): boolean {
  for (; at + 4 <= end; at += 4, before += 4) {
    if (view.getInt32(at, true) !== view.getInt32(before, true)) {
      return false;
    }
  }
  for (; at < end; at++, before++) {
    if (bytes[at] !== bytes[before]) {
      return false;
    }
  }
  return true;
}

const HEX = '0123456789abcdef';

/** The 36 characters of a UUID. */
function uuidText(value: Uint8Array): Uint8Array {
  const text = new Uint8Array(36);
  let at = 0;
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) {
      text[at++] = 45;
    }
    text[at++] = HEX.charCodeAt(value[i] >>> 4);
    text[at++] = HEX.charCodeAt(value[i] & 15);
  }
  return text;
}
