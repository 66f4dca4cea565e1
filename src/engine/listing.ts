import { RE2JS } from 're2js';

import { globPattern } from './conditions';
import { EngineError } from './engine';
import type { IFileEntry } from './engine';

/** An entry of a folder, as a lister reports it. */
export interface IListedEntry {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** Bytes; files only. */
  readonly size: number;
  /** RFC 3339; null when unknown. */
  readonly modified: string | null;
  /** Where bytes come from (`IFileEntry.location`); files only. */
  readonly location: string;
}

/** A file system as far as datasets need it; paths are separated by `/`. */
export interface IFileLister {
  /** The entry at a path, or null when there is none. */
  stat(path: string): Promise<IListedEntry | null>;
  /** Entries of a folder, in any order. */
  list(path: string): Promise<readonly IListedEntry[]>;
}

/** Most files of one dataset; more is likely a wrong folder. */
const MOST_FILES = 20_000;
const SPECIAL = /[*?[]/;
/** What writers leave beside data: `_SUCCESS`, `_metadata`, `.crc`, temporary folders. */
const HIDDEN = /^[._]/;
const PARTITION = /^([^=/]+)=(.*)$/;
const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/**
 * Find the Parquet files that paths stand for: a file, a folder with all below it, or a glob of files and folders, in which `**`
 * spans folders.
 *
 * @returns Files sorted by path, each once by its location, with the Hive partition values (`month=2021-03`) of the folders in its path.
 * @throws EngineError `not-found` when a path leads nowhere, `not-parquet` when there is no Parquet file, `query` for a pattern
 * that is none.
 */
export async function listDataset(
  paths: readonly string[],
  lister: IFileLister
): Promise<IFileEntry[]> {
  const found = new Map<string, IFileEntry>();
  for (const path of paths) {
    const entries = await expand(path, lister);
    for (const entry of entries) {
      found.set(entry.location, {
        path: entry.path,
        location: entry.location,
        size: entry.size,
        modified: entry.modified,
        partitions: partitionsOf(entry.path)
      });
    }
    if (found.size > MOST_FILES) {
      throw new EngineError(
        'memory',
        `“${path}” holds more than ${MOST_FILES} files. Open a part of it, or write the data into fewer files.`
      );
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function expand(
  path: string,
  lister: IFileLister
): Promise<IListedEntry[]> {
  const entry = await lister.stat(path);
  if (entry?.type === 'file') {
    return [entry];
  }
  if (entry) {
    const files = await below(entry.path, lister);
    return nonEmpty(
      files.filter(file => isParquet(file.path)),
      `There is no Parquet file in “${path}”. Choose a folder that holds some.`
    );
  }
  const special = SPECIAL.exec(path);
  if (!special) {
    throw new EngineError(
      'not-found',
      `“${path}” does not exist. Check the path, or choose the file again.`
    );
  }
  const base = path.slice(0, path.lastIndexOf('/', special.index) + 1);
  const folder = base === '/' ? '/' : base.replace(/\/$/, '');
  const files = (await lister.stat(folder))
    ? await matching(folder, path.replace(/\/$/, ''), lister)
    : [];
  return nonEmpty(files, `No file matches “${path}”. Check the pattern.`);
}

function pathPattern(path: string): RE2JS {
  const source = path
    .split(/(\*\*\/|\*\*)/)
    .map(piece =>
      piece === '**/'
        ? '(?:.*/)?'
        : piece === '**'
          ? '.*'
          : globPattern(piece).replaceAll('(?s:.', '(?:[^/]')
    )
    .join('');
  try {
    return RE2JS.compile(source);
  } catch {
    throw new EngineError(
      'query',
      `The pattern “${path}” cannot be read. Check what stands in brackets.`
    );
  }
}

/** Files below a folder that a glob matches, and all Parquet files in folders that it matches. */
async function matching(
  folder: string,
  glob: string,
  lister: IFileLister
): Promise<IListedEntry[]> {
  const pattern = pathPattern(glob);
  const deepest = glob.includes('**') ? Infinity : glob.split('/').length;
  const files: IListedEntry[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await shown(next, lister)) {
      if (pattern.matches(entry.path)) {
        files.push(
          ...(entry.type === 'file'
            ? [entry]
            : (await below(entry.path, lister)).filter(file =>
                isParquet(file.path)
              ))
        );
      } else if (
        entry.type === 'directory' &&
        entry.path.split('/').length < deepest
      ) {
        folders.push(entry.path);
      }
    }
    if (files.length > MOST_FILES) {
      break;
    }
  }
  return files;
}

/** All files below a folder, hidden ones left out. */
async function below(
  folder: string,
  lister: IFileLister
): Promise<IListedEntry[]> {
  const files: IListedEntry[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await shown(next, lister)) {
      if (entry.type === 'file') {
        files.push(entry);
      } else {
        folders.push(entry.path);
      }
    }
    if (files.length > MOST_FILES) {
      break;
    }
  }
  return files;
}

/** Entries of a folder that are data, or may hold some. */
async function shown(
  folder: string,
  lister: IFileLister
): Promise<IListedEntry[]> {
  return (await lister.list(folder)).filter(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return !HIDDEN.test(name) || PARTITION.test(name);
  });
}

function nonEmpty(files: IListedEntry[], sentence: string): IListedEntry[] {
  if (files.length === 0) {
    throw new EngineError('not-parquet', sentence);
  }
  return files;
}

function isParquet(path: string): boolean {
  return /\.(parquet|parq|pq)$/i.test(path);
}

function partitionsOf(path: string): Record<string, string | null> {
  const partitions: Record<string, string | null> = {};
  for (const folder of path.split('/').slice(0, -1)) {
    const match = PARTITION.exec(folder);
    if (match) {
      const value = decode(match[2]);
      partitions[decode(match[1])] = value === HIVE_NULL ? null : value;
    }
  }
  return partitions;
}

/** Writers escape special characters of values as URLs do. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
