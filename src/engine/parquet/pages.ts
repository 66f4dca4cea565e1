import { crc32 } from './crc';
import { MOST_PAGE_BYTES, type Decompressor } from './decompress';
import { damagedColumn } from './errors';
import { allLevelsAre, areEmptyLevels, readLevels } from './levels';
import { ENCODING, PAGE, readPageHeader, type PageHeader } from './page-header';
import { Scratch } from './scratch';
import type { Cursor } from './thrift';
import type { ColumnChunkInfo, LeafLayout } from './types';

/** A decompressed data page, ready for its values to be read. Valid until the next page is opened. */
export type DataPage = {
  bytes: Uint8Array;
  /** Over the same memory as `bytes`. */
  view: DataView;
  /** Where the values begin. */
  at: number;
  encoding: number;
  /** Number of values, nulls included. */
  values: number;
  /** Number of values that are there. */
  present: number;
  /** Definition levels of all values; null when all are present. */
  definitions: Uint8Array | null;
  /** Repetition levels of all values; null for a column without. */
  repetitions: Uint8Array | null;
};

/** The headers of the pages of a chunk. */
export type ChunkPages = { dictionary: PageHeader | null; data: PageHeader[] };

const definitionScratch = new Scratch();
const repetitionScratch = new Scratch();

/** Find the pages of a chunk and check that their headers fit it: sizes, order, and the number of values. */
export function scanPages(
  bytes: Uint8Array,
  info: ColumnChunkInfo,
  layout: LeafLayout
): ChunkPages {
  const cursor = { bytes, at: 0, end: bytes.length };
  const data: PageHeader[] = [];
  let dictionary: PageHeader | null = null;
  let values = 0;
  while (values < info.values) {
    if (cursor.at >= cursor.end) {
      throw damagedColumn(layout, 'it has fewer values than the footer says');
    }
    const header = readPageHeader(cursor);
    const { compressed, uncompressed } = header;
    if (
      compressed < 0 ||
      uncompressed < 0 ||
      compressed > cursor.end - cursor.at
    ) {
      throw damagedColumn(layout, 'the size of a page makes no sense');
    }
    // Few codecs bound how much they pack: a page that claims a lot and more than the whole chunk is a lie.
    if (
      uncompressed > MOST_PAGE_BYTES ||
      (uncompressed > 1000 * compressed + 65_536 &&
        uncompressed > info.uncompressed)
    ) {
      throw damagedColumn(layout, 'the size of a page makes no sense');
    }
    cursor.at += compressed;
    if (header.type === PAGE.dictionary) {
      if (dictionary || data.length > 0) {
        throw damagedColumn(layout, 'it has a dictionary out of place');
      }
      dictionary = header;
    } else if (header.type === PAGE.data || header.type === PAGE.data2) {
      checkDataPage(header, layout);
      values += header.values;
      data.push(header);
    } else if (header.type !== PAGE.index) {
      throw damagedColumn(layout, 'it has a page of an unknown type');
    }
  }
  if (values !== info.values || hasMoreValues(cursor)) {
    throw damagedColumn(layout, 'it has more values than the footer says');
  }
  return { dictionary, data };
}

/** Whether another page with values follows. What else is left in a chunk, such as padding, does not matter. */
function hasMoreValues(cursor: Cursor): boolean {
  if (cursor.at === cursor.end) {
    return false;
  }
  try {
    const { type, values } = readPageHeader(cursor);
    return (type === PAGE.data || type === PAGE.data2) && values > 0;
  } catch {
    return false;
  }
}

function checkDataPage(header: PageHeader, layout: LeafLayout): void {
  const { values, nulls, rows, definitionBytes, repetitionBytes } = header;
  let sound = values >= 0;
  if (header.type === PAGE.data2) {
    sound &&=
      nulls >= 0 &&
      nulls <= values &&
      rows >= 0 &&
      (layout.maxRepetition > 0 ? rows <= values : rows === values) &&
      definitionBytes >= 0 &&
      repetitionBytes >= 0 &&
      definitionBytes + repetitionBytes <=
        Math.min(header.compressed, header.uncompressed);
  }
  if (!sound) {
    throw damagedColumn(layout, 'the header of a page makes no sense');
  }
}

/** The stored bytes of a page, after its checksum has been compared. */
function storedBytes(
  chunk: Uint8Array,
  header: PageHeader,
  layout: LeafLayout
): Uint8Array {
  const end = header.at + header.compressed;
  if (header.crc !== null && crc32(chunk, header.at, end) !== header.crc) {
    throw damagedColumn(layout, 'the checksum of a page is wrong');
  }
  return chunk.subarray(header.at, end);
}

function decompressed(
  stored: Uint8Array,
  length: number,
  decompress: Decompressor,
  layout: LeafLayout
): Uint8Array {
  // Some writers store nothing at all where a page without values has nothing to compress.
  const page =
    length === 0 && stored.length === 0 ? stored : decompress(stored, length);
  if (page?.length !== length) {
    throw damagedColumn(layout, 'a page cannot be decompressed');
  }
  return page;
}

/** The content of the dictionary page. */
export function openDictionary(
  chunk: Uint8Array,
  header: PageHeader,
  layout: LeafLayout,
  decompress: Decompressor
): Uint8Array {
  if (
    header.encoding !== ENCODING.plain &&
    header.encoding !== ENCODING.plainDictionary
  ) {
    throw damagedColumn(layout, 'its dictionary has an unknown encoding');
  }
  const stored = storedBytes(chunk, header, layout);
  return decompressed(stored, header.uncompressed, decompress, layout);
}

/** Decompress a data page and read its levels. */
export function openDataPage(
  chunk: Uint8Array,
  header: PageHeader,
  layout: LeafLayout,
  decompress: Decompressor
): DataPage {
  const stored = storedBytes(chunk, header, layout);
  return header.type === PAGE.data2
    ? openVersion2(stored, header, layout, decompress)
    : openVersion1(stored, header, layout, decompress);
}

function openVersion1(
  stored: Uint8Array,
  header: PageHeader,
  layout: LeafLayout,
  decompress: Decompressor
): DataPage {
  const bytes = decompressed(stored, header.uncompressed, decompress, layout);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  /** The end of the levels that begin, after their length, at `at`. */
  const levelsEnd = (encoding: number): number => {
    if (encoding !== ENCODING.rle) {
      throw damagedColumn(
        layout,
        'its levels have an encoding that is not supported'
      );
    }
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Infinity;
    at += 4;
    if (length > bytes.length - at) {
      throw damagedColumn(layout, 'the levels of a page are cut off');
    }
    return at + length;
  };
  let repetitions: Uint8Array | null = null;
  if (layout.maxRepetition > 0) {
    const end = levelsEnd(header.repetitionEncoding);
    repetitions = readRepetitions(bytes, at, end, header, layout);
    at = end;
  }
  let definitions: { levels: Uint8Array | null; present: number } =
    NO_LEVELS(header);
  if (layout.maxDefinition > 0) {
    const end = levelsEnd(header.definitionEncoding);
    definitions = readDefinitions(bytes, at, end, header, layout);
    at = end;
  }
  return {
    bytes,
    view,
    at,
    encoding: header.encoding,
    values: header.values,
    present: definitions.present,
    definitions: definitions.levels,
    repetitions
  };
}

function openVersion2(
  stored: Uint8Array,
  header: PageHeader,
  layout: LeafLayout,
  decompress: Decompressor
): DataPage {
  const { repetitionBytes, definitionBytes } = header;
  const levels = repetitionBytes + definitionBytes;
  if (
    (layout.maxDefinition === 0 && definitionBytes > 0) ||
    (layout.maxRepetition === 0 &&
      !areEmptyLevels(stored, 0, repetitionBytes, header.values))
  ) {
    throw damagedColumn(layout, 'the levels of a page are damaged');
  }
  const repetitions =
    layout.maxRepetition > 0
      ? readRepetitions(stored, 0, repetitionBytes, header, layout)
      : null;
  const definitions =
    layout.maxDefinition > 0
      ? readDefinitions(stored, repetitionBytes, levels, header, layout)
      : NO_LEVELS(header);
  if (definitions.present !== header.values - header.nulls) {
    throw damagedColumn(layout, 'the number of nulls of a page is wrong');
  }
  const body = stored.subarray(levels);
  const length = header.uncompressed - levels;
  if (!header.isCompressed && body.length !== length) {
    throw damagedColumn(layout, 'the size of a page makes no sense');
  }
  const bytes = header.isCompressed
    ? decompressed(body, length, decompress, layout)
    : body;
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
    encoding: header.encoding,
    values: header.values,
    present: definitions.present,
    definitions: definitions.levels,
    repetitions
  };
}

function NO_LEVELS(header: PageHeader): { levels: null; present: number } {
  return { levels: null, present: header.values };
}

function readRepetitions(
  bytes: Uint8Array,
  at: number,
  end: number,
  header: PageHeader,
  layout: LeafLayout
): Uint8Array {
  const levels = repetitionScratch.bytes(header.values);
  if (
    readLevels(bytes, at, end, layout.maxRepetition, header.values, levels) < 0
  ) {
    throw damagedColumn(layout, 'the levels of a page are damaged');
  }
  return levels;
}

function readDefinitions(
  bytes: Uint8Array,
  at: number,
  end: number,
  header: PageHeader,
  layout: LeafLayout
): { levels: Uint8Array | null; present: number } {
  const { values } = header;
  const max = layout.maxDefinition;
  if (allLevelsAre(bytes, at, end, values, max)) {
    return { levels: null, present: values };
  }
  const levels = definitionScratch.bytes(values);
  const present = readLevels(bytes, at, end, max, values, levels);
  if (present < 0) {
    throw damagedColumn(layout, 'the levels of a page are damaged');
  }
  return present === values ? { levels: null, present } : { levels, present };
}
