/** Files of hyparquet-writer, with random columns, encodings and page sizes; and of random time stamps. */
import fc from 'fast-check';
import { parquetWriteBuffer, type ParquetWriteOptions } from 'hyparquet-writer';
import { decodeChunk, type CodedChunk } from '../../../src/engine/parquet';
import { size } from '../../support/sizes';
import { entriesOf, openBytes, readColumn, type Value } from './support';

const RUNS = size('written_files');

type ColumnData = ParquetWriteOptions['columnData'][number];

/** A column to write, and its values as they should be read. */
type Made = {
  column: Omit<ColumnData, 'name'>;
  values: Value[];
  slow?: boolean;
};

async function readAll(
  made: Made[],
  options: Partial<ParquetWriteOptions>
): Promise<void> {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: made.map(({ column }, i) => ({ name: `c${i}`, ...column })),
      ...options
    })
  );
  const file = await openBytes(bytes);
  expect(file.columns.length).toBe(made.length);
  for (const [i, { values, slow }] of made.entries()) {
    const column = file.columns[i];
    const read = await readColumn(bytes, file, column, 'codes');
    expect({ name: column.name, values: read.values }).toEqual({
      name: column.name,
      values
    });
    expect(read.pages.slow > 0).toBe(slow ?? false);
    expect(read.pages.fast > 0).toBe(!slow);
    const again = await readColumn(bytes, file, column, 'codes', {
      slow: true
    });
    expect(again.values).toEqual(values);
  }
}

/** Values with many repetitions and runs, some of them null. */
function runsOf<T>(
  value: fc.Arbitrary<T>,
  rows: number
): fc.Arbitrary<(T | null)[]> {
  return fc
    .tuple(
      fc.array(value, { minLength: 1, maxLength: 30 }),
      fc.array(
        fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 40 }), fc.boolean()),
        {
          minLength: rows,
          maxLength: rows
        }
      ),
      fc.boolean()
    )
    .map(([pool, runs, nulls]) => {
      const values: (T | null)[] = [];
      for (const [pick, length, isNull] of runs) {
        const chosen = nulls && isNull ? null : pool[pick % pool.length];
        for (let i = 0; i < length && values.length < rows; i++) {
          values.push(chosen);
        }
      }
      return values;
    });
}

function columnOf(rows: number): fc.Arbitrary<Made> {
  const text = fc.oneof(
    fc.string({ maxLength: 20, unit: 'grapheme' }),
    fc.constant(''),
    // Ids: numbers where printing them gives the same text, else texts like all others.
    fc.nat().map(String),
    fc.nat(9).map(digit => `00${digit}`),
    fc.bigInt({ min: 10n ** 13n, max: 10n ** 17n }).map(String)
  );
  const integer = fc.oneof(fc.integer(), fc.nat(10));
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const small = fc.bigInt({ min: -1000n, max: 2n ** 40n });
  const asNumber = (value: bigint): Value =>
    value > -(2n ** 53n) && value < 2n ** 53n
      ? Number(value)
      : value.toString();
  const orNull =
    <T>(convert: (value: T) => Value) =>
    (value: T | null): Value =>
      value === null ? null : convert(value);
  const same = (value: Value): Value => value;
  return fc.oneof(
    runsOf(text, rows).chain(data =>
      fc
        .constantFrom(
          undefined,
          'PLAIN',
          'DELTA_BYTE_ARRAY',
          'DELTA_LENGTH_BYTE_ARRAY'
        )
        .map((encoding): Made => ({
          column: {
            data,
            type: 'STRING',
            encoding: encoding
          },
          values: data.map(orNull(same))
        }))
    ),
    runsOf(integer, rows).chain(data =>
      fc
        .constantFrom(
          undefined,
          'PLAIN',
          'DELTA_BINARY_PACKED',
          'BYTE_STREAM_SPLIT'
        )
        .map((encoding): Made => ({
          column: {
            data,
            type: 'INT32',
            encoding: encoding
          },
          values: data.map(orNull(same)),
          slow: encoding === 'BYTE_STREAM_SPLIT'
        }))
    ),
    runsOf(fc.oneof(long, small), rows).chain(data =>
      fc
        .constantFrom(undefined, 'PLAIN', 'DELTA_BINARY_PACKED')
        .map((encoding): Made => ({
          column: {
            data,
            type: 'INT64',
            encoding: encoding
          },
          values: data.map(orNull(asNumber))
        }))
    ),
    runsOf(fc.double(), rows).map((data): Made => ({
      column: { data, type: 'DOUBLE' },
      values: data.map(
        orNull((value: number): Value =>
          Number.isFinite(value) && Math.abs(value) < 2 ** 53
            ? value || 0
            : String(value)
        )
      )
    })),
    runsOf(fc.boolean(), rows).chain(data =>
      fc.constantFrom(undefined, 'RLE').map((encoding): Made => ({
        column: {
          data,
          type: 'BOOLEAN',
          encoding: encoding
        },
        values: data.map(orNull(same))
      }))
    ),
    runsOf(
      fc.date({
        noInvalidDate: true,
        min: new Date(-1e13),
        max: new Date(1e13)
      }),
      rows
    ).map((data): Made => ({
      column: { data, type: 'TIMESTAMP' },
      values: data.map(orNull((value: Date): Value => value.getTime()))
    }))
  );
}

test('random columns written by hyparquet-writer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }).chain(rows =>
        fc.record({
          made: fc.array(columnOf(rows), { minLength: 1, maxLength: 5 }),
          pageSize: fc.constantFrom(40, 200, 1_000_000),
          rowGroupSize: fc.constantFrom(17, 100, 100_000),
          codec: fc.constantFrom('SNAPPY' as const, 'UNCOMPRESSED' as const)
        })
      ),
      ({ made, ...options }) => readAll(made, options)
    ),
    { numRuns: RUNS, seed: 3 }
  );
}, 600_000);

test('lists written by hyparquet-writer', async () => {
  const data = Array.from({ length: 500 }, (_, row) =>
    row % 7 === 0
      ? null
      : Array.from({ length: row % 5 }, (_, i) =>
          (row + i) % 11 === 0 ? null : `package${(row * 7 + i) % 23}`
        )
  );
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 1 },
        {
          name: 'packages',
          repetition_type: 'OPTIONAL',
          num_children: 1,
          converted_type: 'LIST'
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        {
          name: 'element',
          type: 'BYTE_ARRAY',
          repetition_type: 'OPTIONAL',
          converted_type: 'UTF8'
        }
      ],
      columnData: [{ name: 'packages', data }],
      rowGroupSize: 200,
      pageSize: 100
    })
  );
  const file = await openBytes(bytes);
  expect(file.columns).toMatchObject([
    { name: 'packages', type: 'text', list: true, nullable: true }
  ]);
  const { values, pages } = await readColumn(
    bytes,
    file,
    file.columns[0],
    'codes'
  );
  expect(values).toEqual(data.map(list => list ?? []));
  expect(pages.slow).toBe(0);
  expect(pages.fast).toBeGreaterThan(3);
});

test('codes have 16 bits for up to 65,535 distinct values', async () => {
  const read = async (data: Int32Array): Promise<CodedChunk> => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'a', data, type: 'INT32', nullable: false, encoding: 'PLAIN' }
        ],
        statistics: false,
        codec: 'UNCOMPRESSED',
        rowGroupSize: data.length
      })
    );
    const file = await openBytes(bytes);
    const { start, end } = file.rowGroups[0].columns[0];
    return decodeChunk(bytes.subarray(start, end), file, 0, 0, 'codes');
  };
  const check = ({ codes, dictionary }: CodedChunk, data: Int32Array): void => {
    const entries = entriesOf(dictionary);
    expect(
      data.findIndex((value, row) => entries[codes[row] - 1] !== value)
    ).toBe(-1);
  };
  // The last is more than is decoded in memory that is kept.
  for (const [rows, distinct, width] of [
    [65_535, 65_535, 2],
    [65_536, 65_536, 4],
    [4_200_000, 70_001, 4]
  ]) {
    const data = Int32Array.from(
      { length: rows },
      (_, row) => (row * 7) % distinct
    );
    const chunk = await read(data);
    expect(chunk.codes.BYTES_PER_ELEMENT).toBe(width);
    expect(chunk.codes.length).toBe(rows);
    check(chunk, data);
  }
}, 60_000);
