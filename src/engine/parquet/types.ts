/**
 * What the Parquet reader takes and gives. Everything here is plain data that `postMessage` can carry, and all typed
 * arrays of a decoded chunk own their buffers, so that they can be transferred.
 */

/** Random access to the bytes of one file. Same shape as hyparquet's `AsyncBuffer`. */
export type ByteSource = {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
};

/** How the values of a column are handed out. */
export type ValueType = 'text' | 'number' | 'boolean' | 'time';

/** A leaf of the schema that can be read. */
export type ParquetColumn = {
  /** The dotted path (`data.username`); for a list the path of the list, without its inner groups (`packages`). */
  name: string;
  type: ValueType;
  /** Whether a row holds any number of values. */
  list: boolean;
  /** Index of the leaf in the schema, and so of its chunk in a row group. */
  leaf: number;
  /** Whether a row, or an element of a list, may lack a value. */
  nullable: boolean;
  /** Parquet's physical type, such as `BYTE_ARRAY`. */
  physical: string;
  /** Parquet's logical type in words, such as `TIMESTAMP(MICROS, UTC)`; null when the file names none. */
  logical: string | null;
};

/** The place, size and statistics of one column in one row group. */
export type ColumnChunkInfo = {
  /** First byte, of the dictionary page where there is one. */
  start: number;
  /** Byte after the last. */
  end: number;
  /** Number of values, nulls included; for a list, its null and empty lists count as one. */
  values: number;
  /** Number of nulls, or null where the file does not say. */
  nulls: number | null;
  /**
   * A lower bound of the values: epoch milliseconds for a time column, the number for a number column. Null for
   * other columns, and where the file has no statistics or none that can be trusted.
   */
  min: number | null;
  /** The upper bound that goes with `min`. */
  max: number | null;
  /** Bytes after decompression, as the file states them. */
  uncompressed: number;
  /** Compression codec, as Parquet names it. */
  codec: string;
};

/** One row group. */
export type RowGroupInfo = {
  rows: number;
  /** Chunks by leaf index. */
  columns: ColumnChunkInfo[];
};

/** The unit in which a file counts time. */
export type TimeUnit = 'DAYS' | 'MILLIS' | 'MICROS' | 'NANOS' | 'INT96';

/** What decoding needs to know of a leaf beyond its `ParquetColumn`. */
export type LeafLayout = {
  name: string;
  /** Null for a leaf that cannot be read. */
  type: ValueType | null;
  physical: string;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY value, else 0. */
  typeLength: number;
  /** Highest definition level: the value is present. */
  maxDefinition: number;
  /** 1 for a list, else 0; higher only where `type` is null. */
  maxRepetition: number;
  /** Definition level from which on a list has an element; 0 without a list. */
  elementDefinition: number;
  /** Unit of a time column. */
  unit: TimeUnit | null;
  /** Whether an integer is unsigned. */
  unsigned: boolean;
  /** Digits after the point of a decimal, else null. */
  scale: number | null;
  /** How the bytes of a FIXED_LEN_BYTE_ARRAY or BYTE_ARRAY are to be read. */
  bytesAs: 'text' | 'uuid' | 'decimal' | 'float16' | null;
};

/** The footer of a file. It can be cloned by `structuredClone` and posted to a worker. */
export type ParquetFile = {
  rows: number;
  columns: ParquetColumn[];
  rowGroups: RowGroupInfo[];
  createdBy: string | null;
  /** Columns that cannot be read: maps, lists of records, and so on; with the reason as a phrase. */
  unsupported: { name: string; reason: string }[];
  /** The file's own metadata. */
  keyValue: Record<string, string>;
  /** What `decodeChunk` needs; by leaf index. */
  raw: { leaves: LeafLayout[] };
};

/** Data pages by the way they were decoded. */
export type PageCounts = {
  /** Decoded by this module's own loops. */
  fast: number;
  /** Decoded through hyparquet. */
  slow: number;
  /** Of both, those whose checksum was there to be compared. */
  checked: number;
};

/**
 * The distinct values of one chunk: code k ≥ 1 is entry k − 1, code 0 is "no value". Entries are distinct, so equal
 * values have equal codes. An entry that no row uses may occur (writers leave them in dictionary pages).
 */
export type LocalDictionary =
  | {
      type: 'text';
      /** UTF-8 of all entries, one after the other. */
      bytes: Uint8Array;
      /** n + 1 positions in `bytes`. */
      offsets: Uint32Array;
    }
  | {
      /** Texts of which at least one is a plain decimal number, as all are where ids are texts. */
      type: 'ids';
      /** The number, or −k for the k-th of the other texts, which follow as above. */
      numbers: Float64Array;
      bytes: Uint8Array;
      offsets: Uint32Array;
    }
  | {
      type: 'number';
      /** NaN is one value; −0 is 0. */
      values: Float64Array;
    }
  | {
      /** A chunk of integers of which at least one lies beyond ±(2^53 − 1). */
      type: 'bigint';
      values: BigInt64Array;
      /** Whether the 64 bits are to be read as unsigned. */
      unsigned: boolean;
    }
  | {
      type: 'boolean';
      /** 0 or 1. */
      values: Uint8Array;
    }
  | {
      type: 'time';
      /** Whole epoch milliseconds, rounded down. */
      values: Float64Array;
    };

/** A chunk as codes. */
export type CodedChunk = {
  kind: 'codes';
  rows: number;
  /** One for each row, or for each list element. Sixteen bits when the dictionary has at most 65,535 entries. */
  codes: Uint16Array | Uint32Array;
  dictionary: LocalDictionary;
  /**
   * For a list rows + 1 positions in `codes`, else null. A null list and an empty list both have no elements; a null
   * element has code 0.
   */
  offsets: Uint32Array | null;
  pages: PageCounts;
};

/** What stands for "no time" in `SecondsChunk.seconds` when that is an `Int32Array`. */
export const MISSING_SECONDS = -(2 ** 31);

/** A column as whole epoch seconds, rounded down. */
export type SecondsChunk = {
  kind: 'seconds';
  rows: number;
  /** Missing is `MISSING_SECONDS`; or, when any value does not fit 32 bits, a `Float64Array` in which it is NaN. */
  seconds: Int32Array | Float64Array;
  /** Rows with a text that is not empty and not a time. They are missing in `seconds`. */
  unparsable: number;
  pages: PageCounts;
};

/** Why a file could not be read. */
export type ParquetErrorCode =
  'not-parquet' | 'truncated' | 'corrupt' | 'unsupported';

/** An error whose message is a sentence for users, with the column's name where it is known. */
export class ParquetError extends Error {
  constructor(code: ParquetErrorCode, message: string) {
    super(message);
    this.name = 'ParquetError';
    this.code = code;
  }

  readonly code: ParquetErrorCode;
}
