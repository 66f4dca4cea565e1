/**
 * The little of Thrift's compact protocol that the reader needs before it trusts a file: reading page headers without
 * allocating, and walking a structure to prove that it is well formed and no larger than its bytes.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A position in bytes, moved on by the functions below. */
export type Cursor = {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
};

/** Types of the compact protocol. */
export const THRIFT = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12
} as const;

/** Parquet's own structures are less than ten levels deep. */
const DEEPEST = 24;

/** Thrown when bytes are no Thrift structure; callers turn it into a `ParquetError`. */
export class ThriftError extends Error {}

function nextByte(cursor: Cursor): number {
  if (cursor.at >= cursor.end) {
    throw new ThriftError('a Thrift structure ends too early');
  }
  return cursor.bytes[cursor.at++];
}

/** Read an unsigned variable-length integer below 2^32. */
export function readVarint(cursor: Cursor): number {
  let result = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = nextByte(cursor);
    result += (byte & 127) * 2 ** shift;
    if (byte < 128) {
      if (result >= 2 ** 32) {
        break;
      }
      return result;
    }
  }
  throw new ThriftError('a Thrift integer has more than 32 bits');
}

/** Read a zigzag-coded 32-bit integer. */
export function readInt(cursor: Cursor): number {
  const raw = readVarint(cursor);
  return (raw >>> 1) ^ -(raw & 1);
}

function skipLong(cursor: Cursor): void {
  for (let i = 0; i < 10; i++) {
    if (nextByte(cursor) < 128) {
      return;
    }
  }
  throw new ThriftError('a Thrift integer has more than 64 bits');
}

function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) {
    throw new ThriftError('a Thrift value is longer than its structure');
  }
  cursor.at += count;
}

/** Move past a value of the given type. Lists longer than the bytes that are left are refused. */
export function skipValue(cursor: Cursor, type: number, depth = 0): void {
  switch (type) {
    case THRIFT.true:
    case THRIFT.false:
      return;
    case THRIFT.byte:
      skipBytes(cursor, 1);
      return;
    case THRIFT.i16:
    case THRIFT.i32:
      readVarint(cursor);
      return;
    case THRIFT.i64:
      skipLong(cursor);
      return;
    case THRIFT.double:
      skipBytes(cursor, 8);
      return;
    case THRIFT.binary:
      skipBytes(cursor, readVarint(cursor));
      return;
    case THRIFT.list: {
      const head = nextByte(cursor);
      const element = head & 15;
      const count = head >>> 4 === 15 ? readVarint(cursor) : head >>> 4;
      if (count > cursor.end - cursor.at) {
        throw new ThriftError('a Thrift list is longer than its structure');
      }
      if (element === THRIFT.true || element === THRIFT.false) {
        // In a list a boolean takes a byte, in a field it is part of the type.
        skipBytes(cursor, count);
        return;
      }
      for (let i = 0; i < count; i++) {
        skipValue(cursor, element, depth + 1);
      }
      return;
    }
    case THRIFT.struct:
      skipStruct(cursor, depth + 1);
      return;
    default:
      throw new ThriftError(`a Thrift value has the unknown type ${type}`);
  }
}

/** Move past a structure, which proves that it is well formed. */
export function skipStruct(cursor: Cursor, depth = 0): void {
  readStruct(cursor, (_id, type) => skipValue(cursor, type, depth), depth);
}

/**
 * Read the fields of a structure. `field` is called with each field's id and type, and must read or skip its value;
 * the value of a boolean is its type.
 */
export function readStruct(
  cursor: Cursor,
  field: (id: number, type: number) => void,
  depth = 0
): void {
  if (depth > DEEPEST) {
    throw new ThriftError('a Thrift structure is nested too deeply');
  }
  let id = 0;
  for (;;) {
    const head = nextByte(cursor);
    const type = head & 15;
    if (type === THRIFT.stop) {
      return;
    }
    id = head >>> 4 ? id + (head >>> 4) : readInt(cursor);
    field(id, type);
  }
}

/** Read an integer field, which must have an integer type. */
export function readIntField(cursor: Cursor, type: number): number {
  if (type !== THRIFT.i32 && type !== THRIFT.i16) {
    throw new ThriftError('a Thrift field has the wrong type');
  }
  return readInt(cursor);
}
