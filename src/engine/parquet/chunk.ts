import { decompressorFor, type Decompressor } from './decompress';
import { decodeCodes } from './codes';
import { damagedColumn, unsupportedColumn } from './errors';
import { decodeSeconds } from './seconds';
import {
  ParquetError,
  type CodedChunk,
  type ColumnChunkInfo,
  type LeafLayout,
  type ParquetFile,
  type SecondsChunk
} from './types';

/** One chunk to decode. */
export type ChunkTask = {
  bytes: Uint8Array;
  layout: LeafLayout;
  info: ColumnChunkInfo;
  /** Rows of the row group. */
  rows: number;
  decompress: Decompressor;
  /** Decode everything through hyparquet; for tests, which compare the two ways. */
  slow: boolean;
};

/**
 * Decode one column of one row group to dictionary codes.
 *
 * @param bytes - exactly the bytes `start` to `end` of the chunk.
 * @throws ParquetError when they are damaged or cannot be read, with the column's name.
 */
export function decodeChunk(
  bytes: Uint8Array,
  file: ParquetFile,
  rowGroup: number,
  leaf: number,
  as: 'codes'
): Promise<CodedChunk>;
/**
 * Decode one column of one row group to epoch seconds: a time column, a text column that holds time stamps, or a
 * number column, whose unit is then guessed from the size of each value (`secondsOfNumber`).
 */
export function decodeChunk(
  bytes: Uint8Array,
  file: ParquetFile,
  rowGroup: number,
  leaf: number,
  as: 'seconds'
): Promise<SecondsChunk>;
export function decodeChunk(
  bytes: Uint8Array,
  file: ParquetFile,
  rowGroup: number,
  leaf: number,
  as: 'codes' | 'seconds'
): Promise<CodedChunk | SecondsChunk>;
export function decodeChunk(
  bytes: Uint8Array,
  file: ParquetFile,
  rowGroup: number,
  leaf: number,
  as: 'codes' | 'seconds'
): Promise<CodedChunk | SecondsChunk> {
  return decodeChunkWith(bytes, file, rowGroup, leaf, as, { slow: false });
}

/** As `decodeChunk`, by hyparquet alone if so wanted. */
export async function decodeChunkWith(
  bytes: Uint8Array,
  file: ParquetFile,
  rowGroup: number,
  leaf: number,
  as: 'codes' | 'seconds',
  options: { slow: boolean }
): Promise<CodedChunk | SecondsChunk> {
  const group = file.rowGroups[rowGroup];
  const info = group?.columns[leaf];
  const layout = file.raw.leaves[leaf];
  if (!info || !layout) {
    throw new RangeError(`there is no column ${leaf} in row group ${rowGroup}`);
  }
  if (layout.type === null || layout.maxRepetition > 1) {
    const reason = file.unsupported.find(
      ({ name }) => name === layout.name
    )?.reason;
    throw unsupportedColumn(layout, reason ?? 'it has an unknown type');
  }
  if (bytes.length !== info.end - info.start) {
    throw new ParquetError(
      'truncated',
      `The Parquet file ends within column “${layout.name}”. It may be changing while it is read.`
    );
  }
  const decompress = await decompressorFor(info.codec);
  if (!decompress) {
    throw unsupportedColumn(
      layout,
      `its compression, ${info.codec}, is not supported`
    );
  }
  const task = {
    bytes,
    layout,
    info,
    rows: group.rows,
    decompress,
    slow: options.slow
  };
  try {
    if (layout.maxRepetition === 0 && info.values !== group.rows) {
      throw damagedColumn(
        layout,
        'it does not have as many values as the row group has rows'
      );
    }
    return as === 'codes' ? decodeCodes(task) : decodeSeconds(task);
  } catch (error) {
    if (error instanceof ParquetError) {
      throw error;
    }
    // Thrift, hyparquet and the decompressors have errors of their own, and memory may not suffice for what a
    // damaged header asks for.
    throw damagedColumn(layout, 'its data cannot be decoded');
  }
}

/** The buffers of a decoded chunk, for the list of transferred objects of `postMessage`. */
export function buffersOf(chunk: CodedChunk | SecondsChunk): ArrayBuffer[] {
  const views: ArrayBufferView[] = [];
  if (chunk.kind === 'seconds') {
    views.push(chunk.seconds);
  } else {
    const { codes, offsets, dictionary } = chunk;
    views.push(codes);
    if (offsets) {
      views.push(offsets);
    }
    if ('offsets' in dictionary) {
      views.push(dictionary.bytes, dictionary.offsets);
    }
    if (dictionary.type === 'ids') {
      views.push(dictionary.numbers);
    } else if (dictionary.type !== 'text') {
      views.push(dictionary.values);
    }
  }
  return views.map(view => view.buffer).filter(isArrayBuffer);
}

/** Not by `instanceof`, which differs where a test or a frame has its own globals. */
function isArrayBuffer(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return Object.prototype.toString.call(buffer) === '[object ArrayBuffer]';
}
