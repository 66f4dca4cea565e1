import { makeDataset } from './parquet-dataset';
import type { IParquetDataset } from './parquet-dataset';
import { asEngineError } from './decoder';
import type { IOpenFile } from './decoder';
import { EngineError } from './engine';
import type { IFileEntry } from './engine';
import { readFooter } from './parquet/footer';
import type { OpenSource } from './source';

/** Footers read at a time. */
const PARALLEL = 8;

/** A dataset, and its files as decoders need them. */
export interface IOpened {
  readonly dataset: IParquetDataset;
  readonly files: readonly IOpenFile[];
}

/**
 * Read the footers of files and make one dataset of them.
 *
 * @throws EngineError when a file is no Parquet, is damaged, cannot be reached, or differs from the others.
 */
export async function openFiles(
  entries: readonly IFileEntry[],
  open: OpenSource,
  signal?: AbortSignal
): Promise<IOpened> {
  if (entries.length === 0) {
    throw new EngineError(
      'not-parquet',
      'There is no Parquet file here. Choose a .parquet file, or a folder that holds some.'
    );
  }
  const files = new Array<IOpenFile>(entries.length);
  let next = 0;
  const readOn = async () => {
    while (next < entries.length) {
      const i = next++;
      const entry = entries[i];
      signal?.throwIfAborted();
      const source = open(entry, null);
      try {
        const footer = await readFooter({
          byteLength: entry.size,
          slice: (start, end) => source.slice(start, end, signal)
        });
        files[i] = { entry, footer, stamp: source.stamp };
      } catch (error) {
        throw asEngineError(error, entry.path);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, readOn));
  return {
    dataset: makeDataset(
      entries,
      files.map(({ footer }) => footer)
    ),
    files
  };
}
