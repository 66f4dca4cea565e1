import type { DecodedArray } from 'hyparquet';
import type { ICoder } from './coder';
import type { LocalDictionary } from './types';

/** Codes of booleans: 1 is false, 2 is true. */
export class BooleanCoder implements ICoder {
  readonly size = 2;
  readonly leastBytes = 1 / 8;

  plain(
    bytes: Uint8Array,
    _view: DataView,
    at: number,
    end: number,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number {
    const length = Math.ceil(count / 8);
    if (length > end - at) {
      return -1;
    }
    let o = outAt;
    for (let i = 0; i < count >>> 3; i++) {
      const byte = bytes[at + i];
      out[o] = 1 + (byte & 1);
      out[o + 1] = 1 + ((byte >>> 1) & 1);
      out[o + 2] = 1 + ((byte >>> 2) & 1);
      out[o + 3] = 1 + ((byte >>> 3) & 1);
      out[o + 4] = 1 + ((byte >>> 4) & 1);
      out[o + 5] = 1 + ((byte >>> 5) & 1);
      out[o + 6] = 1 + ((byte >>> 6) & 1);
      out[o + 7] = 1 + (byte >>> 7);
      o += 8;
    }
    for (let i = 0; i < (count & 7); i++) {
      out[o + i] = 1 + ((bytes[at + (count >>> 3)] >>> i) & 1);
    }
    return at + length;
  }

  decoded(values: DecodedArray, out: Uint32Array, outAt: number): void {
    for (let i = 0; i < values.length; i++) {
      out[outAt + i] = values[i] ? 2 : 1;
    }
  }

  dictionary(): LocalDictionary {
    return { type: 'boolean', values: Uint8Array.of(0, 1) };
  }
}
