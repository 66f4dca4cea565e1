import { open, readdir, realpath, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';

import { EngineError } from '../engine/engine';
import type { IFileLister, IListedEntry } from '../engine/listing';
import { changed } from '../engine/http-source';
import type { OpenSource } from '../engine/source';

/** The local file system. Paths are kept as the user wrote them, with `/` between folders. */
export const nodeLister: IFileLister = {
  stat: path => entryAt(path || '.'),
  async list(path) {
    const folder = path || '.';
    const entries = await readdir(folder).catch((error: unknown) => {
      throw readError(error, folder);
    });
    const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
    const found = await Promise.all(
      entries.map(name => entryAt(`${prefix}${name}`))
    );
    return found.filter(entry => entry !== null);
  }
};

/** What lies at a path; null when there is nothing, or neither a file nor a folder. */
async function entryAt(path: string): Promise<IListedEntry | null> {
  try {
    const info = await stat(path);
    const isFolder = info.isDirectory();
    if (!isFolder && !info.isFile()) {
      return null;
    }
    return {
      path: path.split(sep).join('/'),
      type: isFolder ? 'directory' : 'file',
      size: info.size,
      modified: info.mtime.toISOString(),
      // One file however it is reached: also by a link, or by `./` before its path.
      location: isFolder ? path : await realpath(path)
    };
  } catch (error) {
    if (NOWHERE.includes(codeOf(error))) {
      return null;
    }
    throw readError(error, path);
  }
}

/** Errors for a path that leads nowhere: links in a circle among them. */
const NOWHERE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/**
 * Reads files from disk. A file whose size or time of modification changed, or in whose place there is another one, is refused.
 *
 * #### Notes
 * A file is open only while a piece is read: a dataset may have more files than a process may have open.
 */
export const nodeSource: OpenSource = (entry, stamp) => {
  let seen = stamp;
  return {
    byteLength: entry.size,
    get stamp() {
      return seen;
    },
    async slice(start, end = entry.size, signal) {
      signal?.throwIfAborted();
      const file = await open(entry.location, 'r').catch((error: unknown) => {
        throw readError(error, entry.path);
      });
      try {
        const bytes = await readPart(file, start, end, entry.path);
        // After reading: a file that is rewritten in place would give bytes of two versions.
        const { size, mtimeMs, ino } = await file.stat();
        const found = `${size} ${mtimeMs} ${ino}`;
        if (size !== entry.size || (seen !== null && seen !== found)) {
          throw changed(entry.path);
        }
        seen = found;
        return bytes.buffer;
      } finally {
        await file.close();
      }
    }
  };
};

async function readPart(
  file: FileHandle,
  start: number,
  end: number,
  path: string
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file
      .read(bytes, filled, bytes.length - filled, start + filled)
      .catch((error: unknown) => {
        throw readError(error, path);
      });
    if (bytesRead === 0) {
      throw changed(path);
    }
    filled += bytesRead;
  }
  return bytes;
}

function readError(error: unknown, path: string): EngineError {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return new EngineError(
        'denied',
        `You may not read “${path}”. Ask for access to it.`
      );
    case 'ENOENT':
      return new EngineError(
        'not-found',
        `“${path}” does not exist. Check the path.`
      );
    default:
      return new EngineError(
        'unreachable',
        `“${path}” cannot be read: ${error instanceof Error ? error.message : String(error)}.`
      );
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error
    ? error.code
    : undefined;
}
