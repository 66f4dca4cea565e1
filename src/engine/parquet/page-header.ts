import {
  readIntField,
  readStruct,
  skipValue,
  THRIFT,
  ThriftError,
  type Cursor
} from './thrift';

/** Encodings by their number in the format. */
export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  deltaByteArray: 7,
  rleDictionary: 8,
  byteStreamSplit: 9
} as const;

/** Page types by their number in the format. */
export const PAGE = { data: 0, index: 1, dictionary: 2, data2: 3 } as const;

/** The header of a page. Sizes are in bytes; what a page's type does not have is 0. */
export type PageHeader = {
  type: number;
  uncompressed: number;
  compressed: number;
  /** CRC-32 of the page as stored, or null. */
  crc: number | null;
  /** Number of values, nulls included. */
  values: number;
  encoding: number;
  /** Of a version 1 page: how levels are encoded. */
  definitionEncoding: number;
  repetitionEncoding: number;
  /** Of a version 2 page. */
  nulls: number;
  rows: number;
  definitionBytes: number;
  repetitionBytes: number;
  isCompressed: boolean;
  /** Where the page's data begin in the chunk. */
  at: number;
};

/**
 * Read the page header at the cursor, which then stands at the page's data.
 *
 * @throws ThriftError when there is no well-formed header.
 */
export function readPageHeader(cursor: Cursor): PageHeader {
  const header: PageHeader = {
    type: -1,
    uncompressed: -1,
    compressed: -1,
    crc: null,
    values: -1,
    encoding: -1,
    definitionEncoding: ENCODING.rle,
    repetitionEncoding: ENCODING.rle,
    nulls: 0,
    rows: 0,
    definitionBytes: 0,
    repetitionBytes: 0,
    isCompressed: true,
    at: 0
  };
  let body = -1;
  readStruct(cursor, (id, type) => {
    switch (id) {
      case 1:
        header.type = readIntField(cursor, type);
        return;
      case 2:
        header.uncompressed = readIntField(cursor, type);
        return;
      case 3:
        header.compressed = readIntField(cursor, type);
        return;
      case 4:
        header.crc = readIntField(cursor, type) >>> 0;
        return;
      case 5:
      case 7:
      case 8:
        if (type !== THRIFT.struct) {
          throw new ThriftError('a page header has the wrong type');
        }
        body = id;
        readBody(cursor, id, header);
        return;
      default:
        skipValue(cursor, type);
    }
  });
  const expected =
    header.type === PAGE.data ? 5 : header.type === PAGE.dictionary ? 7 : 8;
  if (header.type !== PAGE.index && body !== expected) {
    throw new ThriftError('a page header does not fit its page type');
  }
  header.at = cursor.at;
  return header;
}

/** Read the part of the header that depends on the type of page: field 5, 7 or 8. */
function readBody(cursor: Cursor, body: number, header: PageHeader): void {
  readStruct(
    cursor,
    (id, type) => {
      if (id === 1) {
        header.values = readIntField(cursor, type);
      } else if (body === 8) {
        readVersion2(cursor, id, type, header);
      } else if (id === 2) {
        header.encoding = readIntField(cursor, type);
      } else if (body === 5 && id === 3) {
        header.definitionEncoding = readIntField(cursor, type);
      } else if (body === 5 && id === 4) {
        header.repetitionEncoding = readIntField(cursor, type);
      } else {
        skipValue(cursor, type, 1);
      }
    },
    1
  );
}

function readVersion2(
  cursor: Cursor,
  id: number,
  type: number,
  header: PageHeader
): void {
  switch (id) {
    case 2:
      header.nulls = readIntField(cursor, type);
      return;
    case 3:
      header.rows = readIntField(cursor, type);
      return;
    case 4:
      header.encoding = readIntField(cursor, type);
      return;
    case 5:
      header.definitionBytes = readIntField(cursor, type);
      return;
    case 6:
      header.repetitionBytes = readIntField(cursor, type);
      return;
    case 7:
      if (type !== THRIFT.true && type !== THRIFT.false) {
        throw new ThriftError('a page header has the wrong type');
      }
      header.isCompressed = type === THRIFT.true;
      return;
    default:
      skipValue(cursor, type, 1);
  }
}
