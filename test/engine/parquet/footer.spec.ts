import { parquetWriteBuffer } from 'hyparquet-writer';
import { buffersOf, decodeChunk } from '../../../src/engine/parquet';
import { readFooter } from '../../../src/engine/parquet/footer';
import { ParquetError } from '../../../src/engine/parquet/types';
import { MemorySource, openBytes, readColumn, readFixture } from './support';

function written(rows: number, columns = 1, rowGroupSize = rows): Uint8Array {
  const data = Array.from({ length: rows }, (_, i) => i);
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: Array.from({ length: columns }, (_, i) => ({
        name: `column ${i}`,
        data,
        type: 'INT32'
      })),
      rowGroupSize,
      kvMetadata: [{ key: 'written', value: 'here' }, { key: 'empty' }]
    })
  );
}

async function failure(promise: Promise<unknown>): Promise<ParquetError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason
  );
  if (!(error instanceof ParquetError)) {
    throw new Error(`no ParquetError but ${String(error)}`);
  }
  return error;
}

test('one read of at most 64 KiB suffices for a small footer', async () => {
  const bytes = written(50_000);
  expect(bytes.length).toBeGreaterThan(64 * 1024);
  const source = new MemorySource(bytes);
  const file = await readFooter(source);
  expect(source.reads).toEqual([[bytes.length - 64 * 1024, bytes.length]]);
  expect(file.rows).toBe(50_000);
  expect(file.keyValue).toEqual({ written: 'here', empty: '' });
  expect(file.createdBy).toBe('hyparquet');
});

test('a long footer takes a second read, of what is missing only', async () => {
  const bytes = written(2000, 8, 5);
  const source = new MemorySource(bytes);
  const file = await readFooter(source);
  expect(source.reads.length).toBe(2);
  expect(source.reads[1][1]).toBe(source.reads[0][0]);
  expect(file.rowGroups.length).toBe(400);
  const { values } = await readColumn(bytes, file, file.columns[7], 'codes');
  expect(values).toEqual(Array.from({ length: 2000 }, (_, i) => i));
});

test('the description of a file can be cloned and used elsewhere', async () => {
  const bytes = readFixture('arrow-all.parquet');
  const file = structuredClone(await openBytes(bytes));
  expect(file).toEqual(await openBytes(bytes));
  const { start, end } = file.rowGroups[1].columns[1];
  const chunk = await decodeChunk(bytes.slice(start, end), file, 1, 1, 'codes');
  const moved = structuredClone(chunk, { transfer: buffersOf(chunk) });
  expect(moved.codes.length).toBe(file.rowGroups[1].rows);
  expect(chunk.codes.length).toBe(0);
});

test('all of a chunk can be moved, whatever its dictionary', async () => {
  const bytes = readFixture('arrow-all.parquet');
  const file = await openBytes(bytes);
  const types = new Set<string>();
  for (const [leaf, { start, end }] of file.rowGroups[1].columns.entries()) {
    const part = bytes.slice(start, end);
    const chunk = await decodeChunk(part, file, 1, leaf, 'codes');
    structuredClone(chunk, { transfer: buffersOf(chunk) });
    const { dictionary } = chunk;
    types.add(dictionary.type);
    const left = [chunk.codes, chunk.offsets, ...Object.values(dictionary)]
      .filter(part => ArrayBuffer.isView(part))
      .map(view => view.byteLength);
    expect(left.every(length => length === 0)).toBe(true);
  }
  expect([...types]).toEqual(expect.arrayContaining(['text', 'ids', 'number']));
});

test('columns have names, types, and whether they are lists or may be null', async () => {
  const { columns } = await openBytes(readFixture('arrow-all.parquet'));
  const described = Object.fromEntries(
    columns.map(({ name, type, list, nullable, logical }) => [
      name,
      `${type}${list ? ' list' : ''}${nullable ? '?' : ''} ${logical ?? ''}`.trim()
    ])
  );
  expect(described).toEqual({
    username: 'text STRING',
    job_id: 'text? STRING',
    job_num: 'number?',
    big: 'number',
    ubig: 'number? UINT64',
    num_nodes: 'number',
    small: 'number? UINT8',
    unsigned: 'number UINT32',
    ratio: 'number?',
    single: 'number?',
    is_staff: 'boolean?',
    is_compute: 'boolean',
    nothing: 'text? STRING',
    day: 'time? DATE',
    ts_ms: 'time? TIMESTAMP(MILLIS, UTC)',
    ts_us: 'time TIMESTAMP(MICROS, UTC)',
    ts_ns: 'time? TIMESTAMP(NANOS, UTC)',
    ts_naive: 'time? TIMESTAMP(MICROS)',
    ts_old: 'time? TIMESTAMP(MICROS, UTC)',
    text_time: 'text? STRING',
    dec32: 'number? DECIMAL(7, 2)',
    dec64: 'number? DECIMAL(18, 3)',
    dec_frac: 'number? DECIMAL(25, 4)',
    dec_wide: 'number? DECIMAL(38, 0)',
    fixed: 'text?',
    uuid: 'text? UUID',
    half: 'number? FLOAT16',
    umlaut: 'text? STRING',
    packages: 'text list? STRING',
    sizes: 'number list',
    'data.username': 'text? STRING',
    'data.ndc.system': 'text? STRING',
    'data.imports': 'text list? STRING'
  });
});

test('columns that cannot be read are named with the reason', async () => {
  const bytes = readFixture('arrow-unreadable.parquet');
  const file = await openBytes(bytes);
  expect(file.columns.map(({ name }) => name)).toEqual(['username']);
  expect(file.unsupported).toEqual([
    { name: 'map', reason: 'it is a map' },
    { name: 'records', reason: 'it is a list of records' },
    { name: 'nested', reason: 'it is a list of lists' }
  ]);
  const { start, end } = file.rowGroups[0].columns[1];
  const error = await failure(
    decodeChunk(bytes.slice(start, end), file, 0, 1, 'codes')
  );
  expect(error.code).toBe('unsupported');
  expect(error.message).toBe('The column “map” cannot be read: it is a map.');
});

describe('errors', () => {
  test('what is no Parquet file', async () => {
    for (const text of ['', 'PAR1', 'username,job_id\n'.repeat(10_000)]) {
      const error = await failure(openBytes(new TextEncoder().encode(text)));
      expect(error.code).toBe('not-parquet');
    }
  });

  test('a truncated file, at any place', async () => {
    const bytes = written(100, 2);
    for (let length = 12; length < bytes.length; length++) {
      const error = await failure(openBytes(bytes.slice(0, length)));
      // Now and then what is left happens to end like a Parquet file.
      expect(['truncated', 'corrupt']).toContain(error.code);
    }
    expect((await failure(openBytes(bytes.slice(0, 300)))).message).toBe(
      'The Parquet file has no end: it is truncated, or still being written.'
    );
  });

  test('a file that shrinks while it is read', async () => {
    const bytes = written(100);
    const error = await failure(
      readFooter({
        byteLength: bytes.length + 100,
        slice: (start, end) => Promise.resolve(bytes.slice(start, end).buffer)
      })
    );
    expect(error.code).toBe('truncated');
    const file = await openBytes(bytes);
    const { start, end } = file.rowGroups[0].columns[0];
    const short = await failure(
      decodeChunk(bytes.slice(start, end - 1), file, 0, 0, 'codes')
    );
    expect(short.code).toBe('truncated');
    expect(short.message).toContain('“column 0”');
  });

  test('an encrypted file', async () => {
    const bytes = written(10);
    bytes.set(new TextEncoder().encode('PARE'), bytes.length - 4);
    const error = await failure(openBytes(bytes));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('encrypted');
  });

  test('errors of the source pass unchanged', async () => {
    const gone = new Error('the server is gone');
    const source = {
      byteLength: 1000,
      slice: () => Promise.reject(gone)
    };
    await expect(readFooter(source)).rejects.toBe(gone);
  });

  test('booleans and lists are refused as times', async () => {
    const bytes = readFixture('arrow-all.parquet');
    const file = await openBytes(bytes);
    for (const [name, message] of [
      [
        'is_staff',
        'The column “is_staff” cannot be read: it holds no times; map a column of times.'
      ],
      [
        'packages',
        'The column “packages” cannot be read: a list has no time; map a column with one time in each row.'
      ]
    ]) {
      const column = file.columns.find(c => c.name === name)!;
      const error = await failure(readColumn(bytes, file, column, 'seconds'));
      expect(error.code).toBe('unsupported');
      expect(error.message).toBe(message);
    }
  });

  test('a wrong checksum names the column', async () => {
    const bytes = readFixture('arrow-none.parquet');
    const file = await openBytes(bytes);
    const column = file.columns.find(({ name }) => name === 'job_id')!;
    bytes[file.rowGroups[0].columns[column.leaf].end - 1] ^= 1;
    const error = await failure(readColumn(bytes, file, column, 'codes'));
    expect(error.code).toBe('corrupt');
    expect(error.message).toBe(
      'The Parquet file is damaged in column “job_id”: the checksum of a page is wrong.'
    );
  });
});

test('texts of digits alone are no times', async () => {
  const data = ['2021-01-31', '20210131', null, '', '1612051200', 'soon'];
  const bytes = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'time', data, type: 'STRING' }] })
  );
  const file = await openBytes(bytes);
  const read = await readColumn(bytes, file, file.columns[0], 'seconds');
  expect(read.values).toEqual([1_612_051_200, null, null, null, null, null]);
  expect(read.chunks).toMatchObject([{ unparsable: 3 }]);
});

test('a number column is read as seconds', async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        {
          name: 'epoch',
          data: [1_612_051_200, null, 1_612_051_201],
          type: 'INT32'
        },
        {
          name: 'millis',
          data: [1_612_051_200_999n, null, -1n],
          type: 'INT64'
        },
        {
          name: 'nanos',
          data: [1_612_051_200_999_999_999n, null, 0n],
          type: 'INT64'
        },
        { name: 'far', data: [2 ** 33, null, NaN], type: 'DOUBLE' }
      ]
    })
  );
  const file = await openBytes(bytes);
  const read = async (i: number): Promise<unknown> =>
    (await readColumn(bytes, file, file.columns[i], 'seconds')).values;
  expect(await read(0)).toEqual([1_612_051_200, null, 1_612_051_201]);
  expect(await read(1)).toEqual([1_612_051_200, null, -1]);
  expect(await read(2)).toEqual([1_612_051_200, null, 0]);
  expect(await read(3)).toEqual([2 ** 33, null, null]);
});
