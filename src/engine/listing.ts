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
