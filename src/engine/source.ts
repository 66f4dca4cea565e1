import type { IFileEntry } from './engine';

/** Random access to the bytes of a file, and what tells whether it is still the same file. */
export interface ISource {
  readonly byteLength: number;
  /** Mark of the version that was read: known after the first read, null when the server tells none. */
  readonly stamp: string | null;
  slice(
    start: number,
    end?: number,
    signal?: AbortSignal
  ): Promise<ArrayBuffer>;
}

/**
 * Opens files where the engine runs.
 *
 * @param stamp The mark that the footer was read under; a source refuses to read on when the file bears another one.
 */
export type OpenSource = (entry: IFileEntry, stamp: string | null) => ISource;
