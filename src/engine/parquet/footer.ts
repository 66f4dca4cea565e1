import {
  parquetMetadata,
  type FileMetaData,
  type ParquetParsers
} from 'hyparquet';
import { readSchema, type Schema } from './schema';
import { readBounds } from './statistics';
import { skipStruct, ThriftError } from './thrift';
import {
  ParquetError,
  type ByteSource,
  type ColumnChunkInfo,
  type ParquetFile,
  type RowGroupInfo
} from './types';

/** What is read first from the end of a file: most footers fit. */
const TAIL = 64 * 1024;

/** `PAR1`, and `PARE` of files with an encrypted footer, as little-endian numbers. */
const MAGIC = 0x31524150;
const MAGIC_ENCRYPTED = 0x45524150;

/** More rows in a row group than this do not fit a typed array of codes. */
const MOST_ROWS = 2 ** 31 - 1;

/** Statistics of times are wanted as the integers they are. */
const RAW_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: value => value,
  timestampFromMicroseconds: value => value,
  timestampFromNanoseconds: value => value,
  dateFromDays: value => value,
  stringFromBytes: value => value && decoder.decode(value)
};

const decoder = new TextDecoder();

/**
 * Read the footer of a Parquet file: its schema, and where each column of each row group lies. One read of 64 KiB
 * from the end suffices for most files.
 *
 * @throws ParquetError when the bytes are not a Parquet file, or a truncated, damaged or encrypted one. Errors of
 * the source pass unchanged.
 */
export async function readFooter(source: ByteSource): Promise<ParquetFile> {
  const size = source.byteLength;
  if (size < 12) {
    throw notParquet();
  }
  const tailStart = Math.max(0, size - TAIL);
  let tail = await readExactly(source, tailStart, size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const magic = view.getUint32(tail.length - 4, true);
  if (magic === MAGIC_ENCRYPTED) {
    throw new ParquetError(
      'unsupported',
      'The Parquet file is encrypted, which cannot be read.'
    );
  }
  if (magic !== MAGIC) {
    throw await noEnd(source);
  }
  const length = view.getUint32(tail.length - 8, true);
  const footerStart = size - 8 - length;
  if (footerStart < 4) {
    throw damaged('its footer is said to be longer than the file');
  }
  if (footerStart < tailStart) {
    const head = await readExactly(source, footerStart, tailStart);
    const whole = new Uint8Array(head.length + tail.length);
    whole.set(head);
    whole.set(tail, head.length);
    tail = whole;
  }
  try {
    const footer = tail.subarray(tail.length - 8 - length);
    const cursor = { bytes: footer, at: 0, end: length };
    skipStruct(cursor);
    return describeFile(
      parquetMetadata(footer, { parsers: RAW_PARSERS, geoparquet: false }),
      footerStart
    );
  } catch (error) {
    if (error instanceof ParquetError) {
      throw error;
    }
    throw damaged(
      error instanceof ThriftError
        ? `in its footer ${error.message}`
        : 'its footer cannot be read'
    );
  }
}

async function readExactly(
  source: ByteSource,
  start: number,
  end: number
): Promise<Uint8Array> {
  const bytes = new Uint8Array(await source.slice(start, end));
  if (bytes.length !== end - start) {
    throw new ParquetError(
      'truncated',
      'The Parquet file is shorter than it was said to be. It may be changing while it is read.'
    );
  }
  return bytes;
}

function notParquet(): ParquetError {
  return new ParquetError('not-parquet', 'This is not a Parquet file.');
}

function damaged(detail: string): ParquetError {
  return new ParquetError('corrupt', `The Parquet file is damaged: ${detail}.`);
}

/** The error for a file without a footer: truncated if it begins as a Parquet file does. */
async function noEnd(source: ByteSource): Promise<ParquetError> {
  const head = await readExactly(source, 0, 4);
  const view = new DataView(head.buffer, head.byteOffset, 4);
  return view.getUint32(0, true) === MAGIC
    ? new ParquetError(
        'truncated',
        'The Parquet file has no end: it is truncated, or still being written.'
      )
    : notParquet();
}

/** A count in the metadata: a whole number from 0 to 2^53 − 1. */
function toCount(value: unknown, what: string): number {
  const count = typeof value === 'bigint' ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw damaged(`${what} makes no sense`);
  }
  return count;
}

function describeFile(
  metadata: FileMetaData,
  footerStart: number
): ParquetFile {
  const schema = readSchema(metadata.schema);
  const rows = toCount(metadata.num_rows, 'its number of rows');
  const rowGroups = metadata.row_groups.map(group =>
    describeGroup(group, schema, footerStart)
  );
  if (rowGroups.reduce((sum, group) => sum + group.rows, 0) !== rows) {
    throw damaged(
      'the rows of its row groups do not add up to those of the file'
    );
  }
  checkDisjoint(rowGroups);
  return {
    rows,
    columns: schema.columns,
    rowGroups,
    createdBy: metadata.created_by ?? null,
    unsupported: schema.unsupported,
    keyValue: Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [
        String(key),
        String(value ?? '')
      ])
    ),
    raw: { leaves: schema.leaves }
  };
}

function describeGroup(
  group: FileMetaData['row_groups'][number],
  schema: Schema,
  footerStart: number
): RowGroupInfo {
  const rows = toCount(group.num_rows, 'the number of rows of a row group');
  if (rows > MOST_ROWS) {
    throw new ParquetError(
      'unsupported',
      'The Parquet file has a row group of over 2^31 rows.'
    );
  }
  if (group.columns.length !== schema.leaves.length) {
    throw damaged('a row group does not have the columns of the schema');
  }
  return {
    rows,
    columns: group.columns.map((chunk, leaf) =>
      describeChunk(chunk, leaf, schema, footerStart)
    )
  };
}

type Chunk = FileMetaData['row_groups'][number]['columns'][number];

function describeChunk(
  chunk: Chunk,
  leaf: number,
  schema: Schema,
  footerStart: number
): ColumnChunkInfo {
  const layout = schema.leaves[leaf];
  const column = `column “${layout.name}”`;
  if (chunk.file_path) {
    throw new ParquetError(
      'unsupported',
      `The Parquet file keeps ${column} in another file, which cannot be read.`
    );
  }
  const data = chunk.meta_data;
  if (!data || chunk.crypto_metadata) {
    throw new ParquetError(
      'unsupported',
      `The Parquet file has an encrypted column, “${layout.name}”, which cannot be read.`
    );
  }
  const path = schema.paths[leaf];
  const samePath =
    data.path_in_schema.length === path.length &&
    data.path_in_schema.every((part, i) => part === path[i]);
  if (data.type !== layout.physical || !samePath) {
    throw damaged(`a row group contradicts the schema on ${column}`);
  }
  const dataStart = toCount(data.data_page_offset, `the place of ${column}`);
  // Some writers give 0 where there is no dictionary, or no data page.
  const dictionaryStart = toCount(
    data.dictionary_page_offset ?? 0,
    `the place of ${column}`
  );
  const start =
    dictionaryStart >= 4 && (dictionaryStart < dataStart || dataStart < 4)
      ? dictionaryStart
      : dataStart;
  const size = toCount(data.total_compressed_size, `the size of ${column}`);
  const values = toCount(data.num_values, `the number of values of ${column}`);
  const end = start + size;
  // Where there are no rows, writers leave the place of the column at 0.
  if ((start < 4 && size > 0) || end > footerStart) {
    throw damaged(`${column} is said to lie outside of the file`);
  }
  if (data.codec === undefined) {
    throw damaged(`the compression of ${column} is unknown`);
  }
  const nulls = Number(data.statistics?.null_count ?? -1);
  return {
    start,
    end,
    values,
    nulls: nulls >= 0 && nulls <= values ? nulls : null,
    ...readBounds(data.statistics, layout),
    uncompressed: toCount(
      data.total_uncompressed_size,
      `the size of ${column}`
    ),
    codec: data.codec
  };
}

/** Chunks that overlap are a sign of damage: one of them would be read as the other. */
function checkDisjoint(rowGroups: readonly RowGroupInfo[]): void {
  const chunks = rowGroups
    .flatMap(group => group.columns)
    .filter(chunk => chunk.end > chunk.start)
    .sort((a, b) => a.start - b.start);
  for (let i = 1; i < chunks.length; i++) {
    if (chunks[i].start < chunks[i - 1].end) {
      throw damaged('two of its columns overlap');
    }
  }
}
