import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { IFileEntry } from '../../src/engine/engine';
import { httpSource } from '../../src/engine/http-source';

/** Over real connections to a server that answers as it is told. */

const BYTES = Buffer.from(Uint8Array.from({ length: 1000 }, (_, i) => i % 251));
const WRITTEN = 'Fri, 01 Jan 2021 00:00:00 GMT';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let requests: IncomingMessage[];

beforeEach(async () => {
  requests = [];
  answer = range();
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

function entry(size = BYTES.length): IFileEntry {
  const address = server.address();
  const port =
    typeof address === 'object' && address !== null ? address.port : 0;
  return {
    path: 'folder/a.parquet',
    location: `http://127.0.0.1:${port}/user/ann/files/folder/a.parquet`,
    size,
    modified: null,
    partitions: {}
  };
}

/** What a server of files does with ranges. */
function range(
  bytes = BYTES,
  headers: Record<string, string> = { 'Last-Modified': WRITTEN }
): Answer {
  return (request, response) => {
    const [, from, to] =
      /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const [start, end] = [Number(from), Math.min(Number(to), bytes.length - 1)];
    if (start >= bytes.length) {
      response
        .writeHead(416, { 'Content-Range': `bytes */${bytes.length}` })
        .end();
      return;
    }
    response
      .writeHead(206, {
        'Content-Range': `bytes ${start}-${end}/${bytes.length}`,
        'Content-Length': String(end - start + 1),
        ...headers
      })
      .end(bytes.subarray(start, end + 1));
  };
}

function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(code, headers).end();
  };
}

async function read(
  start: number,
  end?: number,
  stamp: string | null = null,
  of = entry()
): Promise<number[]> {
  return [...new Uint8Array(await httpSource({})(of, stamp).slice(start, end))];
}

describe('httpSource', () => {
  it('asks for just the bytes that are wanted, with its headers', async () => {
    const source = httpSource({ Authorization: 'token abc' })(entry(), null);
    expect(source.byteLength).toBe(1000);
    expect(source.stamp).toBeNull();
    const bytes = new Uint8Array(await source.slice(10, 15));
    expect([...bytes]).toEqual([10, 11, 12, 13, 14]);
    expect(source.stamp).toBe(WRITTEN);
    await source.slice(990);
    expect(
      requests.map(({ url, headers }) => [
        url,
        headers.range,
        headers.authorization
      ])
    ).toEqual([
      ['/user/ann/files/folder/a.parquet', 'bytes=10-14', 'token abc'],
      ['/user/ann/files/folder/a.parquet', 'bytes=990-999', 'token abc']
    ]);
  });

  it('asks for nothing where nothing is wanted', async () => {
    expect(await read(5, 5)).toEqual([]);
    expect(requests).toHaveLength(0);
  });

  it.each<[number, string, string]>([
    [401, 'denied', 'The server does not let you read “folder/a.parquet”.'],
    [403, 'denied', 'The server does not let you read “folder/a.parquet”.'],
    [404, 'not-found', '“folder/a.parquet” is gone.'],
    [416, 'changed', '“folder/a.parquet” changed while it was read.'],
    [
      500,
      'unreachable',
      '“folder/a.parquet” cannot be read: the server answered 500.'
    ],
    [503, 'unreachable', 'the server answered 503']
  ])('makes an answer of %d an error “%s”', async (code, expected, message) => {
    answer = status(code);
    await expect(read(0, 10)).rejects.toMatchObject({ code: expected });
    await expect(read(0, 10)).rejects.toThrow(message);
  });

  it('gives up a server that sends the whole file, before it has', async () => {
    let closed = false;
    let sent = 0;
    answer = (_, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.writeHead(200, { 'Content-Length': String(2 ** 33) });
      const more = () => {
        while (!closed && response.write(Buffer.alloc(65536))) {
          sent += 65536;
        }
      };
      response.on('drain', more);
      more();
    };
    await expect(read(0, 10, null, entry(2 ** 33))).rejects.toMatchObject({
      code: 'no-range',
      message:
        "The server sends “folder/a.parquet” only as a whole, not in parts, so it cannot be explored from here. Open it through JupyterLab's own file server or a data root."
    });
    while (!closed) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(2 ** 30);
  });

  it('refuses a file of another length than when it was opened', async () => {
    answer = range(BYTES.subarray(0, 900));
    await expect(read(0, 10)).rejects.toMatchObject({ code: 'changed' });
    answer = range(Buffer.concat([BYTES, BYTES]));
    await expect(read(0, 10)).rejects.toMatchObject({ code: 'changed' });
  });

  it('refuses a file that was written anew', async () => {
    const source = httpSource({})(entry(), null);
    await source.slice(0, 10);
    answer = range(BYTES, { 'Last-Modified': 'Fri, 01 Jan 2021 00:00:01 GMT' });
    await expect(source.slice(10, 20)).rejects.toMatchObject({
      code: 'changed'
    });
    await expect(read(10, 20, WRITTEN)).rejects.toMatchObject({
      code: 'changed',
      message:
        '“folder/a.parquet” changed while it was read. Reload it to see what it holds now.'
    });
    answer = range();
    expect(await read(10, 12, WRITTEN)).toEqual([10, 11]);
  });

  it('reads on where the server tells no time', async () => {
    answer = range(BYTES, {});
    const source = httpSource({})(entry(), null);
    await source.slice(0, 10);
    expect(source.stamp).toBeNull();
    expect([...new Uint8Array(await source.slice(1, 3))]).toEqual([1, 2]);
  });

  it('refuses bytes from another place than was asked for', async () => {
    answer = (_, response) => {
      response
        .writeHead(206, {
          'Content-Range': `bytes 0-9/1000`,
          'Content-Length': '10'
        })
        .end(BYTES.subarray(0, 10));
    };
    await expect(read(20, 30)).rejects.toMatchObject({ code: 'no-range' });
    answer = (_, response) => {
      response
        .writeHead(206, { 'Content-Length': '10' })
        .end(BYTES.subarray(0, 10));
    };
    await expect(read(0, 10)).rejects.toMatchObject({
      code: 'no-range',
      message:
        'The server does not say which part of “folder/a.parquet” it sent.'
    });
  });

  it.each([
    ['cut in the middle', 50, '100'],
    ['ended early', 50, undefined]
  ])(
    'says that a server is gone when its answer is %s',
    async (_, sent, length) => {
      answer = (request, response) => {
        response.writeHead(206, {
          'Content-Range': 'bytes 0-99/1000',
          ...(length === undefined ? {} : { 'Content-Length': length })
        });
        response.write(BYTES.subarray(0, sent), () =>
          length === undefined ? response.end() : request.socket.destroy()
        );
      };
      await expect(read(0, 100)).rejects.toMatchObject({
        code: 'unreachable',
        message:
          '“folder/a.parquet” cannot be reached: the server does not answer. It goes on when the server is back.'
      });
    }
  );

  it('says that a server is gone when there is none, and goes on when it is back', async () => {
    const source = httpSource({})(entry(), null);
    const address = server.address();
    const port =
      typeof address === 'object' && address !== null ? address.port : 0;
    await source.slice(0, 10);
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await expect(source.slice(0, 10)).rejects.toMatchObject({
      code: 'unreachable'
    });
    await new Promise<void>(resolve =>
      server.listen(port, '127.0.0.1', resolve)
    );
    expect(new Uint8Array(await source.slice(0, 10))).toHaveLength(10);
  });

  it('stops at once when it is given up, also in the middle of an answer', async () => {
    let closed = false;
    const begun = new Promise<void>(resolve => {
      answer = (_, response) => {
        response.on('close', () => {
          closed = true;
        });
        response.writeHead(206, {
          'Content-Range': 'bytes 0-99/1000',
          'Content-Length': '100'
        });
        response.write(BYTES.subarray(0, 10), () => resolve());
      };
    });
    const controller = new AbortController();
    const slice = httpSource({})(entry(), null).slice(
      0,
      100,
      controller.signal
    );
    const ended = expect(slice).rejects.toMatchObject({ name: 'AbortError' });
    await begun;
    controller.abort();
    await ended;
    while (!closed) {
      await new Promise(resolve => setImmediate(resolve));
    }
    await expect(
      httpSource({})(entry(), null).slice(0, 10, AbortSignal.abort())
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
