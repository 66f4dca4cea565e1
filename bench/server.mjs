// Serves a page and data files with range requests, on 127.0.0.1; with a line of given speed when asked.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';

/** All answers share one line of `bitsPerSecond`, and each request waits `latency` milliseconds first. */
class Line {
  constructor({ bitsPerSecond, latency }) {
    this.bytesPerMs = bitsPerSecond / 8000;
    this.latency = latency;
    this.free = 0;
  }

  pipe() {
    const line = this;
    return new Transform({
      transform(chunk, _, done) {
        const now = performance.now();
        line.free = Math.max(line.free, now) + chunk.length / line.bytesPerMs;
        setTimeout(() => done(null, chunk), line.free - now);
      }
    });
  }
}

/**
 * A page posts what it measured to `/result`.
 * @param pages scripts by path, as text
 * @param data folder of the files under /data/
 * @param line undefined for as fast as it goes
 */
export async function serve({ pages, data, line }) {
  const shaped = line && new Line(line);
  let tell;
  const result = new Promise(resolve => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const body = [];
      request.on('data', chunk => body.push(chunk));
      request.on('end', () => {
        response.end();
        tell(JSON.parse(Buffer.concat(body).toString()));
      });
      return;
    }
    const path = new URL(request.url, 'http://x').pathname;
    if (pages[path] !== undefined) {
      response.writeHead(200, {
        'Content-Type': path.endsWith('.js') ? 'text/javascript' : 'text/html'
      });
      response.end(pages[path]);
      return;
    }
    if (!path.startsWith('/data/')) {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    const file = join(data, basename(path));
    const { size, mtime } = statSync(file);
    const [, from, to] =
      /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from);
    const end = Math.min(Number(to), size - 1);
    setTimeout(() => {
      response.writeHead(206, {
        'Content-Range': `bytes ${start}-${end}/${size}`,
        'Content-Length': end - start + 1,
        'Last-Modified': mtime.toUTCString()
      });
      const bytes = createReadStream(file, {
        start,
        end,
        highWaterMark: 2 ** 20
      });
      (shaped ? bytes.pipe(shaped.pipe()) : bytes).pipe(response);
    }, shaped?.latency ?? 0);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    result,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    }
  };
}
