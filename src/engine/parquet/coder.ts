import type { DecodedArray } from 'hyparquet';
import { BooleanCoder } from './coder-boolean';
import { NumberCoder } from './coder-number';
import { TextCoder } from './coder-text';
import { ParquetError, type LeafLayout, type LocalDictionary } from './types';

/**
 * Gives the values of a chunk codes, from 1 in the order of their first appearance. What reads encoded bytes returns
 * the position after the values, or −1 if the bytes are damaged.
 */
export interface ICoder {
  /** Number of distinct values so far. */
  readonly size: number;
  /** Least number of bytes that a PLAIN value takes; 1/8 for bits. */
  readonly leastBytes: number;
  /** Write the codes of `count` PLAIN values in `bytes[at, end)` to `out` from `outAt` on. */
  plain(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    count: number,
    out: Uint32Array,
    outAt: number
  ): number;
  /** The same for physical values that hyparquet has decoded. */
  decoded(values: DecodedArray, out: Uint32Array, outAt: number): void;
  /** The distinct values, in memory of their own. */
  dictionary(): LocalDictionary;
}

/** A coder for the values of a leaf. */
export function makeCoder(layout: LeafLayout): ICoder {
  switch (layout.type) {
    case 'text':
      return new TextCoder(layout);
    case 'boolean':
      return new BooleanCoder();
    case 'number':
    case 'time':
      return new NumberCoder(layout);
    default:
      throw new ParquetError(
        'unsupported',
        `The column “${layout.name}” cannot be read.`
      );
  }
}
