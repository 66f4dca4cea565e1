import { httpSource } from '../../src/engine/http-source';
import type { IFileEntry } from '../../src/engine/engine';

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

const ENTRY: IFileEntry = {
  path: 'small.parquet',
  location: 'http://host/files/small.parquet',
  size: 100,
  modified: null,
  partitions: {}
};

/** A server such as Jupyter's: a range that is all of the file is answered as the whole file. */
function serve(bytes = BYTES): typeof fetch {
  return (_input, init) => {
    const range = /bytes=(\d+)-(\d+)/.exec(
      new Headers(init?.headers).get('Range') ?? ''
    );
    const [start, end] = range
      ? [Number(range[1]), Number(range[2]) + 1]
      : [0, bytes.length];
    const isWhole = start === 0 && end >= bytes.length;
    return Promise.resolve(
      new Response(bytes.slice(start, end), {
        status: isWhole ? 200 : 206,
        headers: {
          'Content-Length': String(Math.min(end, bytes.length) - start),
          ...(isWhole
            ? {}
            : { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}` })
        }
      })
    );
  };
}

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

describe('httpSource', () => {
  it('takes a small file whole, as Jupyter sends it', async () => {
    globalThis.fetch = serve();
    const bytes = await httpSource({})(ENTRY, null).slice(0, 100);
    expect(new Uint8Array(bytes)).toEqual(BYTES);
  });

  it('reads a part', async () => {
    globalThis.fetch = serve();
    const bytes = await httpSource({})(ENTRY, null).slice(90, 100);
    expect([...new Uint8Array(bytes)]).toEqual([
      90, 91, 92, 93, 94, 95, 96, 97, 98, 99
    ]);
  });

  it('refuses the whole file where a part was asked for', async () => {
    globalThis.fetch = () =>
      Promise.resolve(new Response(BYTES, { status: 200 }));
    await expect(
      httpSource({})(ENTRY, null).slice(90, 100)
    ).rejects.toMatchObject({
      code: 'no-range'
    });
  });

  it('notices that a small file has grown', async () => {
    globalThis.fetch = serve(new Uint8Array(100).fill(1));
    const source = httpSource({})({ ...ENTRY, size: 99 }, null);
    await expect(source.slice(0, 99)).rejects.toMatchObject({
      code: 'changed'
    });
  });
});
