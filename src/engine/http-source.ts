import { EngineError } from './engine';
import type { IFileEntry } from './engine';
import type { OpenSource } from './source';

/**
 * Reads files by HTTP range requests, as JupyterLab's `files/` endpoint and our own data roots answer them.
 *
 * #### Notes
 * `files/` sends no ETag, so the length of the file and `Last-Modified` tell versions apart. An answer of 200 is the whole file:
 * it is given up at once, since a proxy that does so would send gigabytes.
 */
export function httpSource(
  headers: Readonly<Record<string, string>>
): OpenSource {
  return (entry, stamp) => {
    let seen = stamp;
    return {
      byteLength: entry.size,
      get stamp() {
        return seen;
      },
      async slice(start, end = entry.size, signal) {
        if (start >= end) {
          return new ArrayBuffer(0);
        }
        // Ends the transfer when the answer is not what was asked for.
        const stop = new AbortController();
        const response = await fetch(entry.location, {
          headers: { ...headers, Range: `bytes=${start}-${end - 1}` },
          credentials: 'same-origin',
          cache: 'no-store',
          signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
        }).catch((error: unknown) => {
          throw signal?.aborted ? error : unreachable(entry.path);
        });
        try {
          const isWhole = start === 0 && end >= entry.size;
          checkStatus(response, entry.path, isWhole);
          const found = stampOf(response, entry, start);
          if (
            found.length !== entry.size ||
            (seen !== null && found.stamp !== seen)
          ) {
            throw changed(entry.path);
          }
          seen = found.stamp;
        } catch (error) {
          stop.abort();
          throw error;
        }
        const bytes = await response.arrayBuffer().catch((error: unknown) => {
          throw signal?.aborted ? error : unreachable(entry.path);
        });
        if (bytes.byteLength !== end - start) {
          throw unreachable(entry.path);
        }
        return bytes;
      }
    };
  };
}

/** The error for a file that was replaced or rewritten while it was read. */
export function changed(path: string): EngineError {
  return new EngineError(
    'changed',
    `“${path}” changed while it was read. Reload it to see what it holds now.`
  );
}

function unreachable(path: string): EngineError {
  return new EngineError(
    'unreachable',
    `“${path}” cannot be reached: the server does not answer. It goes on when the server is back.`
  );
}

/** @param isWhole All of the file was asked for: Jupyter's own server then answers 200 instead of 206. */
function checkStatus(response: Response, path: string, isWhole: boolean): void {
  switch (response.status) {
    case 206:
      return;
    case 200:
      if (isWhole) {
        return;
      }
      throw new EngineError(
        'no-range',
        `The server sends “${path}” only as a whole, not in parts, so it cannot be explored from here. Open it through JupyterLab's own file server or a data root.`
      );
    case 401:
    case 403:
      throw new EngineError(
        'denied',
        `The server does not let you read “${path}”. Sign in again, or ask for access to the file.`
      );
    case 404:
      throw new EngineError(
        'not-found',
        `“${path}” is gone. It was moved or deleted; open it where it is now.`
      );
    case 416:
      throw changed(path);
    default:
      throw new EngineError(
        'unreachable',
        `“${path}” cannot be read: the server answered ${response.status}.`
      );
  }
}

function stampOf(
  response: Response,
  entry: IFileEntry,
  start: number
): { length: number; stamp: string | null } {
  const stamp = response.headers.get('Last-Modified');
  if (response.status === 200) {
    // A length of what was compressed on its way says nothing; the body is measured in any case.
    const sent = response.headers.get('Content-Length');
    const isPlain = !response.headers.get('Content-Encoding');
    return {
      length: sent !== null && isPlain ? Number(sent) : entry.size,
      stamp
    };
  }
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(
    response.headers.get('Content-Range') ?? ''
  );
  if (!match || Number(match[1]) !== start) {
    throw new EngineError(
      'no-range',
      `The server does not say which part of “${entry.path}” it sent.`
    );
  }
  return { length: Number(match[2]), stamp };
}
