import { parquetWriteBuffer } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet-writer';

import type { IFileEntry } from '../../src/engine/engine';
import { openFiles } from '../../src/engine/open';
import type { IOpened } from '../../src/engine/open';
import type { OpenSource } from '../../src/engine/source';
import { abortError } from '../../src/engine/rpc';
import type { ITestColumn, TestTable, Value } from './tables';

/** A small table as a Parquet file, with row groups of some rows each. */
export function parquetBytes(
  table: TestTable,
  rowGroupSize = 1000
): Uint8Array {
  const columns = Object.entries(table);
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.flatMap(([name, column]) => schemaOf(name, column))
      ],
      columnData: columns.map(([name, { type, values }]) => ({
        name,
        data: values.map(value =>
          type === 'time' && value !== null
            ? new Date(Number(value))
            : written(value)
        )
      })),
      rowGroupSize
    })
  );
}

function written(value: Value | readonly Value[]): unknown {
  // hyparquet-writer knows no null in a list that is one.
  return Array.isArray(value) ? [...(value as readonly Value[])] : value;
}

function schemaOf(
  name: string,
  { type, values }: ITestColumn
): SchemaElement[] {
  const leaf: Record<ITestColumn['type'], SchemaElement> = {
    text: {
      name,
      type: 'BYTE_ARRAY',
      converted_type: 'UTF8',
      repetition_type: 'OPTIONAL'
    },
    number: values.some(value => typeof value === 'bigint')
      ? { name, type: 'INT64', repetition_type: 'OPTIONAL' }
      : { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    boolean: { name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
    time: {
      name,
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      repetition_type: 'OPTIONAL'
    }
  };
  return values.some(Array.isArray)
    ? [
        {
          name,
          repetition_type: 'OPTIONAL',
          converted_type: 'LIST',
          num_children: 1
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { ...leaf[type], name: 'element' }
      ]
    : [leaf[type]];
}

/** Files in memory, as a source that tells what was read of them. */
export class MemoryFiles {
  /** Ranges read, in order. */
  readonly reads: { path: string; start: number; end: number }[] = [];

  private readonly _files = new Map<string, Uint8Array>();

  /** Put a file, or another version of one. */
  put(
    path: string,
    bytes: Uint8Array,
    partitions: IFileEntry['partitions'] = {}
  ): IFileEntry {
    this._files.set(path, bytes);
    return {
      path,
      location: path,
      size: bytes.length,
      modified: null,
      partitions
    };
  }

  readonly open: OpenSource = (entry, stamp) => ({
    byteLength: entry.size,
    stamp: stamp ?? 'v1',
    slice: async (start, end = entry.size, signal) => {
      await Promise.resolve();
      if (signal?.aborted) {
        throw abortError();
      }
      this.reads.push({ path: entry.path, start, end });
      const bytes = this._files.get(entry.location);
      if (!bytes) {
        throw new Error(`no file ${entry.location}`);
      }
      return new Uint8Array(bytes.subarray(start, end)).buffer;
    }
  });
}

/** Open tables as files of one dataset. */
export async function openTables(
  tables: Readonly<Record<string, TestTable>>,
  rowGroupSize = 1000
): Promise<IOpened & { memory: MemoryFiles }> {
  const memory = new MemoryFiles();
  const entries = Object.entries(tables).map(([path, table]) =>
    memory.put(path, parquetBytes(table, rowGroupSize))
  );
  return { ...(await openFiles(entries, memory.open)), memory };
}
