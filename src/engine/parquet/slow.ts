import type { DataReader, DecodedArray } from 'hyparquet';
import {
  deltaBinaryUnpack,
  deltaByteArray,
  deltaLengthByteArray
} from 'hyparquet/src/delta.js';
import {
  byteStreamSplit,
  readRleBitPackedHybrid
} from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { ENCODING } from './page-header';
import type { LeafLayout } from './types';

/**
 * Decode values through hyparquet: what the fast path does not know, and everything in tests that compare the two.
 *
 * hyparquet trusts its input; so callers check before that the bytes can hold `count` values.
 *
 * @returns the physical values, or for a dictionary encoding the indices, and where reading ended.
 */
export function readThroughHyparquet(
  view: DataView,
  at: number,
  encoding: number,
  count: number,
  layout: LeafLayout
): { values: DecodedArray; end: number } {
  const reader = { view, offset: at };
  const values = readValues(reader, encoding, count, layout);
  return { values, end: reader.offset };
}

function readValues(
  reader: DataReader,
  encoding: number,
  count: number,
  layout: LeafLayout
): DecodedArray {
  const type = physicalType(layout.physical);
  switch (encoding) {
    case ENCODING.plain:
      return readPlain(reader, type, count, layout.typeLength || undefined);
    case ENCODING.byteStreamSplit:
      return byteStreamSplit(
        reader,
        count,
        type,
        layout.typeLength || undefined
      );
    case ENCODING.plainDictionary:
    case ENCODING.rleDictionary: {
      const width = reader.view.getUint8(reader.offset++);
      const indices = new Array<number>(count).fill(0);
      if (width > 0) {
        readRleBitPackedHybrid(
          reader,
          width,
          indices,
          reader.view.byteLength - reader.offset
        );
      }
      return indices;
    }
    case ENCODING.rle: {
      const bits = new Array<number>(count).fill(0);
      readRleBitPackedHybrid(reader, 1, bits);
      return bits;
    }
    case ENCODING.deltaBinaryPacked: {
      const numbers =
        type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      if (count > 0) {
        deltaBinaryUnpack(reader, count, numbers);
      }
      return numbers;
    }
    case ENCODING.deltaLengthByteArray:
    case ENCODING.deltaByteArray: {
      const values = new Array<Uint8Array>(count);
      if (count > 0) {
        (encoding === ENCODING.deltaByteArray
          ? deltaByteArray
          : deltaLengthByteArray)(reader, count, values);
      }
      return values;
    }
    default:
      throw new TypeError(`unknown encoding ${encoding}`);
  }
}

const PHYSICAL_TYPES = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY'
] as const;

function physicalType(name: string): (typeof PHYSICAL_TYPES)[number] {
  const found = PHYSICAL_TYPES.find(type => type === name);
  if (!found) {
    throw new TypeError(`unknown physical type ${name}`);
  }
  return found;
}
