import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { ColumnChunk, Encoding, PageHeader, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { IColumn } from './columns';

const MAGIC = new TextEncoder().encode('PAR1');

/**
 * A Parquet file that is written row group by row group, compressed by Snappy, and appears under
 * its name when complete.
 *
 * #### Notes
 * hyparquet-writer provides thrift, footer and Snappy. Its columns are lists of values, of which it
 * makes dictionaries again; with all columns of a record that stays below the 300,000 rows a second
 * asked for, so the columns here pass codes on.
 */
export class ParquetFile {
  /**
   * @param path Where the file will be; nothing there is touched before `finish`.
   * @param notes Key-value metadata of the file.
   * @throws When the folder cannot be written to.
   */
  constructor(
    path: string,
    columns: readonly IColumn[],
    notes: Readonly<Record<string, string>>
  ) {
    this._path = path;
    this._temporary = `${path}.${process.pid}.part`;
    this._columns = columns;
    this._notes = notes;
    this._file = openSync(this._temporary, 'w');
    this._write(MAGIC);
  }

  /** Rows written so far. */
  get rows(): number {
    return this._rows;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this._offset;
  }

  /** Write the first rows of what the columns hold. */
  writeRowGroup(rows: number): void {
    const start = this._offset;
    const chunks = this._columns.map(column => this._writeColumn(column, rows));
    const plainSize = chunks.reduce((sum, { size }) => sum + size, 0);
    this._groups.push({
      columns: chunks.map(({ chunk }) => chunk),
      total_byte_size: BigInt(plainSize),
      num_rows: BigInt(rows),
      file_offset: BigInt(start),
      total_compressed_size: BigInt(this._offset - start)
    });
    this._rows += rows;
  }

  /** Write the footer. The file still has its temporary name. */
  finish(): void {
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 2,
      created_by: 'workload-explorer sample',
      schema: [
        { name: 'schema', num_children: this._columns.length },
        ...this._columns.flatMap(({ schema }) => schema)
      ],
      num_rows: BigInt(this._rows),
      row_groups: this._groups,
      key_value_metadata: Object.entries(this._notes).map(([key, value]) => ({
        key,
        value
      })),
      metadata_length: 0
    });
    this._write(writer.getBytes());
    this._write(MAGIC);
    this._close();
  }

  /** Give the finished file its name, in place of any that has it. */
  publish(): void {
    renameSync(this._temporary, this._path);
  }

  /** Remove what was written, unless published. May be called at any time, and twice. */
  discard(): void {
    this._close();
    rmSync(this._temporary, { force: true });
  }

  private _writeColumn(
    column: IColumn,
    rows: number
  ): { chunk: ColumnChunk; size: number } {
    const start = this._offset;
    let size = 0;
    let dictionary: number | undefined;
    let firstData: number | undefined;
    let pages = 0;
    const facts = column.encode(rows, {
      dictionary: (bytes, values) => {
        dictionary = this._offset;
        size += this._writePage(bytes, {
          type: 'DICTIONARY_PAGE',
          dictionary_page_header: { num_values: values, encoding: 'PLAIN' }
        });
      },
      data: (bytes, values, encoding) => {
        firstData ??= this._offset;
        pages++;
        size += this._writePage(bytes, {
          type: 'DATA_PAGE',
          data_page_header: {
            num_values: values,
            encoding,
            definition_level_encoding: 'RLE',
            repetition_level_encoding: 'RLE'
          }
        });
      }
    });
    const { encoding, values, nulls, least, most } = facts;
    const leaf = column.schema[column.schema.length - 1];
    const encodings: Encoding[] =
      dictionary === undefined ? [encoding, 'RLE'] : ['PLAIN', encoding, 'RLE'];
    const chunk: ColumnChunk = {
      file_offset: BigInt(start),
      meta_data: {
        type: leaf.type ?? 'BYTE_ARRAY',
        encodings,
        path_in_schema: column.schema.map(({ name }) => name),
        codec: 'SNAPPY',
        num_values: BigInt(values),
        total_uncompressed_size: BigInt(size),
        total_compressed_size: BigInt(this._offset - start),
        data_page_offset: BigInt(firstData ?? start),
        dictionary_page_offset:
          dictionary === undefined ? undefined : BigInt(dictionary),
        statistics: {
          null_count: BigInt(nulls),
          min_value: least,
          max_value: most
        },
        encoding_stats: [
          ...(dictionary === undefined
            ? []
            : [
                {
                  page_type: 'DICTIONARY_PAGE' as const,
                  encoding: 'PLAIN' as const,
                  count: 1
                }
              ]),
          { page_type: 'DATA_PAGE', encoding, count: pages }
        ]
      }
    };
    return { chunk, size };
  }

  /** @returns Bytes before compression, header included. */
  private _writePage(
    bytes: Uint8Array,
    header: Omit<PageHeader, 'uncompressed_page_size' | 'compressed_page_size'>
  ): number {
    const compressed = snappyCompress(bytes);
    const writer = new ByteWriter();
    writePageHeader(writer, {
      ...header,
      uncompressed_page_size: bytes.length,
      compressed_page_size: compressed.length
    });
    const written = writer.getBytes();
    this._write(written);
    this._write(compressed);
    return written.length + bytes.length;
  }

  private _write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this._file, bytes, done);
    }
    this._offset += bytes.length;
  }

  private _close(): void {
    if (!this._closed) {
      this._closed = true;
      closeSync(this._file);
    }
  }

  private readonly _path: string;
  private readonly _temporary: string;
  private readonly _columns: readonly IColumn[];
  private readonly _notes: Readonly<Record<string, string>>;
  private readonly _file: number;
  private readonly _groups: RowGroup[] = [];
  private _offset = 0;
  private _rows = 0;
  private _closed = false;
}
