import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeChunkWith } from '../../../src/engine/parquet/chunk';
import { readFooter } from '../../../src/engine/parquet/footer';
import type {
  ByteSource,
  CodedChunk,
  LocalDictionary,
  PageCounts,
  ParquetColumn,
  ParquetFile,
  SecondsChunk
} from '../../../src/engine/parquet/types';

export const FIXTURES = join(__dirname, '../../fixtures/parquet');

/** A value as `table.json` has it. */
export type Value = string | number | boolean | null | Value[];

/** An entry of `manifest.json`. */
export type Fixture = { file: string; writer: string; slow: string[] };

function parse<T>(name: string): T {
  return JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;
}

export const manifest = parse<{ rows: number; files: Fixture[] }>(
  'manifest.json'
);

/** The values of all columns, as DuckDB and pyarrow read them. */
export const table = parse<Record<string, Value[]>>('table.json');

export const fixtureFiles = readdirSync(FIXTURES).filter(name =>
  name.endsWith('.parquet')
);

export function readFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FIXTURES, name)));
}

/** Bytes as a source that counts what is read of it. */
export class MemorySource implements ByteSource {
  constructor(bytes: Uint8Array) {
    this._bytes = bytes;
  }

  readonly reads: [number, number][] = [];

  get byteLength(): number {
    return this._bytes.length;
  }

  async slice(
    start: number,
    end: number = this._bytes.length
  ): Promise<ArrayBuffer> {
    this.reads.push([start, end]);
    return new Uint8Array(this._bytes.subarray(start, end)).buffer;
  }

  private readonly _bytes: Uint8Array;
}

function textsOf({
  bytes,
  offsets
}: {
  bytes: Uint8Array;
  offsets: Uint32Array;
}): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: offsets.length - 1 }, (_, i) =>
    decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]))
  );
}

/** The entries of a dictionary in the form of `table.json`. */
export function entriesOf(dictionary: LocalDictionary): Value[] {
  switch (dictionary.type) {
    case 'text':
      return textsOf(dictionary);
    case 'ids': {
      const others = textsOf(dictionary);
      return Array.from(dictionary.numbers, number =>
        number < 0 ? others[-number - 1] : String(number)
      );
    }
    case 'boolean':
      return Array.from(dictionary.values, value => value === 1);
    case 'bigint': {
      const values = dictionary.unsigned
        ? new BigUint64Array(dictionary.values.buffer)
        : dictionary.values;
      return Array.from(values, value =>
        value > -(2n ** 53n) && value < 2n ** 53n
          ? Number(value)
          : value.toString()
      );
    }
    default:
      return Array.from(dictionary.values, value =>
        Number.isFinite(value) && Math.abs(value) < 2 ** 53
          ? value
          : String(value)
      );
  }
}

/** The values of a chunk by row. */
export function expand(chunk: CodedChunk): Value[] {
  const entries: Value[] = [null, ...entriesOf(chunk.dictionary)];
  const values = Array.from(chunk.codes, code => {
    if (code >= entries.length) {
      throw new Error(`code ${code} of ${entries.length - 1} entries`);
    }
    return entries[code];
  });
  const { offsets } = chunk;
  if (!offsets) {
    return values;
  }
  return Array.from({ length: chunk.rows }, (_, row) =>
    values.slice(offsets[row], offsets[row + 1])
  );
}

/** The seconds of a chunk by row, null where there are none. */
export function expandSeconds(chunk: SecondsChunk): Value[] {
  const narrow = chunk.seconds instanceof Int32Array;
  return Array.from(chunk.seconds, value =>
    (narrow ? value === -(2 ** 31) : Number.isNaN(value)) ? null : value
  );
}

export type ReadOptions = { slow?: boolean };

/** All values of a column, over all row groups, and the pages that were decoded. */
export async function readColumn(
  bytes: Uint8Array,
  file: ParquetFile,
  column: ParquetColumn,
  as: 'codes' | 'seconds',
  options: ReadOptions = {}
): Promise<{
  values: Value[];
  pages: PageCounts;
  chunks: (CodedChunk | SecondsChunk)[];
}> {
  const values: Value[] = [];
  const chunks: (CodedChunk | SecondsChunk)[] = [];
  const pages = { fast: 0, slow: 0, checked: 0 };
  for (let group = 0; group < file.rowGroups.length; group++) {
    const { start, end } = file.rowGroups[group].columns[column.leaf];
    const chunk = await decodeChunkWith(
      bytes.subarray(start, end),
      file,
      group,
      column.leaf,
      as,
      { slow: options.slow ?? false }
    );
    values.push(
      ...(chunk.kind === 'codes' ? expand(chunk) : expandSeconds(chunk))
    );
    chunks.push(chunk);
    pages.fast += chunk.pages.fast;
    pages.slow += chunk.pages.slow;
    pages.checked += chunk.pages.checked;
  }
  return { values, pages, chunks };
}

export function openBytes(bytes: Uint8Array): Promise<ParquetFile> {
  return readFooter(new MemorySource(bytes));
}
