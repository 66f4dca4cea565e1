import { open, readdir, stat } from 'node:fs/promises';
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

async function entryAt(path: string): Promise<IListedEntry | null> {
  const info = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      return null;
    }
    throw readError(error, path);
  });
  return (
    info && {
      path: path.split(sep).join('/'),
      type: info.isDirectory() ? 'directory' : 'file',
      size: info.size,
      modified: info.mtime.toISOString(),
      location: path
    }
  );
}

/** Files of this thread that are open, so that each is opened once. */
const handles = new Map<string, Promise<FileHandle>>();

/** Reads files from disk. A file whose size or time of modification changed is refused. */
export const nodeSource: OpenSource = (entry, stamp) => {
  let seen = stamp;
  return {
    byteLength: entry.size,
    get stamp() {
      return seen;
    },
    async slice(start, end = entry.size, signal) {
      signal?.throwIfAborted();
      let handle = handles.get(entry.location);
      if (!handle) {
        handle = open(entry.location, 'r');
        handles.set(entry.location, handle);
      }
      const file = await handle.catch((error: unknown) => {
        throw readError(error, entry.path);
      });
      const bytes = new Uint8Array(Math.max(0, end - start));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(
          bytes,
          filled,
          bytes.length - filled,
          start + filled
        );
        if (bytesRead === 0) {
          throw changed(entry.path);
        }
        filled += bytesRead;
      }
      // After reading: a file that is rewritten in place would give bytes of two versions.
      const { size, mtimeMs } = await file.stat();
      const found = `${size} ${mtimeMs}`;
      if (size !== entry.size || (seen !== null && seen !== found)) {
        throw changed(entry.path);
      }
      seen = found;
      return bytes.buffer;
    }
  };
};

/** Close all files of this thread. */
export async function closeFiles(): Promise<void> {
  const open = [...handles.values()];
  handles.clear();
  await Promise.allSettled(open.map(async handle => (await handle).close()));
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
        'unreachable',
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
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
