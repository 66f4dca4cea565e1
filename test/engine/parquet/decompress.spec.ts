import { brotliCompressSync, gzipSync } from 'node:zlib';
import { snappyCompress } from 'hysnappy';
import type * as Chunk from '../../../src/engine/parquet/chunk';
import type * as Decompress from '../../../src/engine/parquet/decompress';
import {
  decompressLz4,
  decompressLz4Raw
} from '../../../src/engine/parquet/lz4';
import { ParquetError } from '../../../src/engine/parquet/types';
import { expand, openBytes, readFixture, table } from './support';

type Modules = {
  decompress: typeof Decompress;
  chunk: typeof Chunk;
};

/** The modules in a state of their own: they note once whether WebAssembly works. */
async function load(): Promise<Modules> {
  jest.resetModules();
  return {
    decompress: await import('../../../src/engine/parquet/decompress'),
    chunk: await import('../../../src/engine/parquet/chunk')
  };
}

async function readJobs(name: string, { chunk }: Modules): Promise<unknown[]> {
  const bytes = readFixture(name);
  const file = await openBytes(bytes);
  const { leaf } = file.columns.find(column => column.name === 'job_id')!;
  const values: unknown[] = [];
  for (const [group, { columns }] of file.rowGroups.entries()) {
    const { start, end } = columns[leaf];
    const part = bytes.slice(start, end);
    values.push(
      ...expand(await chunk.decodeChunk(part, file, group, leaf, 'codes'))
    );
  }
  return values;
}

describe('with WebAssembly', () => {
  test('Snappy and Zstandard run on it', async () => {
    const modules = await load();
    expect(await modules.decompress.runtimeOf('SNAPPY')).toBe('wasm');
    expect(await modules.decompress.runtimeOf('ZSTD')).toBe('wasm');
    expect(await modules.decompress.runtimeOf('GZIP')).toBe('javascript');
    expect(await readJobs('arrow-zstd.parquet', modules)).toEqual(table.job_id);
  });
});

test('Zstandard runs on WebAssembly without fetching anything', async () => {
  const real = globalThis.fetch;
  const fetch = jest.fn(() =>
    Promise.reject(new Error('refused by connect-src'))
  );
  globalThis.fetch = fetch;
  try {
    const { decompress } = await load();
    expect(await decompress.runtimeOf('ZSTD')).toBe('wasm');
    expect(fetch).not.toHaveBeenCalled();
    expect(globalThis.fetch).toBe(fetch);
  } finally {
    globalThis.fetch = real;
  }
});

describe('where a policy forbids WebAssembly', () => {
  const real = globalThis.WebAssembly;

  beforeEach(() => {
    const refuse = (): never => {
      throw new real.CompileError('refused by the content security policy');
    };
    globalThis.WebAssembly = {
      ...real,
      Module: refuse,
      instantiate: () => Promise.resolve().then(refuse)
    } as unknown as typeof WebAssembly;
  });

  afterEach(() => {
    globalThis.WebAssembly = real;
  });

  test.each([
    'arrow-snappy.parquet',
    'arrow-zstd.parquet',
    'arrow-zstd-v2.parquet'
  ])('%s is read in JavaScript', async name => {
    const modules = await load();
    expect(await modules.decompress.runtimeOf('SNAPPY')).toBe('javascript');
    expect(await modules.decompress.runtimeOf('ZSTD')).toBe('javascript');
    expect(await readJobs(name, modules)).toEqual(table.job_id);
  });
});

describe('lengths that do not fit are refused', () => {
  const content = new TextEncoder().encode('numpy scipy pandas '.repeat(20));
  const cases: [string, Uint8Array][] = [
    ['UNCOMPRESSED', content],
    ['SNAPPY', snappyCompress(content)],
    ['GZIP', new Uint8Array(gzipSync(content))],
    ['BROTLI', new Uint8Array(brotliCompressSync(content))]
  ];

  test.each(cases)('%s', async (codec, packed) => {
    const { decompress } = await load();
    const run = await decompress.decompressorFor(codec);
    const attempt = (length: number): Uint8Array | null => {
      try {
        return run!(packed, length);
      } catch {
        return null;
      }
    };
    expect([...attempt(content.length)!]).toEqual([...content]);
    for (const length of [
      0,
      1,
      content.length - 1,
      content.length + 1,
      2 ** 30
    ]) {
      expect(attempt(length)).toBeNull();
    }
  });

  test('GZIP: several members make one page', async () => {
    const { decompress } = await load();
    const run = await decompress.decompressorFor('GZIP');
    const packed = Uint8Array.from([
      ...gzipSync(content.subarray(0, 100)),
      ...gzipSync(content.subarray(100))
    ]);
    expect([...run!(packed, content.length)!]).toEqual([...content]);
    const attempt = (length: number): Uint8Array | null => {
      try {
        return run!(packed, length);
      } catch {
        return null;
      }
    };
    expect(attempt(content.length + 1)).toBeNull();
    expect(attempt(content.length - 1)).toBeNull();
  });

  test('LZ4: bare blocks and frames', () => {
    // Four literals, a copy of 8 bytes from 4 back, and a last literal.
    const block = Uint8Array.from([0x44, 97, 98, 99, 100, 4, 0, 0x10, 33]);
    const want = [...new TextEncoder().encode('abcdabcdabcd!')];
    const frame = Uint8Array.from([
      0,
      0,
      0,
      13,
      0,
      0,
      0,
      block.length,
      ...block
    ]);
    const output = new Uint8Array(13);
    expect(decompressLz4Raw(block, output)).toBe(true);
    expect([...output]).toEqual(want);
    for (const packed of [block, frame]) {
      output.fill(0);
      expect(decompressLz4(packed, output)).toBe(true);
      expect([...output]).toEqual(want);
    }
    const two = new Uint8Array(26);
    expect(decompressLz4(Uint8Array.from([...frame, ...frame]), two)).toBe(
      true
    );
    expect([...two]).toEqual([...want, ...want]);
    for (const size of [0, 12, 14]) {
      expect(decompressLz4(block, new Uint8Array(size))).toBe(false);
      expect(decompressLz4(frame, new Uint8Array(size))).toBe(false);
    }
    for (let length = 1; length < block.length; length++) {
      expect(
        decompressLz4Raw(block.subarray(0, length), new Uint8Array(13))
      ).toBe(false);
    }
    const far = block.slice();
    far[5] = 5;
    expect(decompressLz4Raw(far, new Uint8Array(13))).toBe(false);
  });
});

test('a compression that is not supported is named', async () => {
  const { decodeChunk } = await import('../../../src/engine/parquet/chunk');
  const bytes = readFixture('arrow-none.parquet');
  const file = await openBytes(bytes);
  const info = file.rowGroups[0].columns[0];
  info.codec = 'LZO';
  const error: unknown = await decodeChunk(
    bytes.slice(info.start, info.end),
    file,
    0,
    0,
    'codes'
  ).catch((reason: unknown) => reason);
  expect((error as ParquetError).message).toBe(
    'The column “username” cannot be read: its compression, LZO, is not supported.'
  );
});
