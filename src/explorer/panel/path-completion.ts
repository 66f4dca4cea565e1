import type { IListedEntry } from '../../engine/listing';
import type { ISuggestion } from './combobox';

/** What a source may be: a Parquet file; folders are gone through. */
const PARQUET = /\.(parquet|parq|pq)$/i;
const VIEW = /\.workload\.json$/i;

/** Lines of completion shown at once. */
const LIMIT = 50;

/** Whether a path names a view document, which opens by itself. */
export function isViewPath(path: string): boolean {
  return VIEW.test(path);
}

/** Split what is typed into the folder and the beginning of a name. */
export function splitPath(typed: string): {
  readonly folder: string;
  readonly name: string;
} {
  const at = typed.lastIndexOf('/');
  return { folder: typed.slice(0, at + 1), name: typed.slice(at + 1) };
}

/**
 * Entries of a folder that may be what is being typed: folders, Parquet files and views.
 */
export function completePath(
  typed: string,
  entries: readonly Pick<IListedEntry, 'path' | 'type' | 'size'>[],
  bytes: (n: number) => string
): ISuggestion[] {
  const { folder, name } = splitPath(typed);
  const lower = name.toLowerCase();
  return entries
    .map(entry => ({ ...entry, name: splitPath(entry.path).name }))
    .filter(
      entry =>
        entry.name.toLowerCase().startsWith(lower) &&
        (entry.type === 'directory' ||
          PARQUET.test(entry.name) ||
          VIEW.test(entry.name))
    )
    .sort(
      (a, b) =>
        Number(b.type === 'directory') - Number(a.type === 'directory') ||
        a.name.localeCompare(b.name)
    )
    .slice(0, LIMIT)
    .map(entry =>
      entry.type === 'directory'
        ? {
            text: `${folder}${entry.name}/`,
            label: `${entry.name}/`,
            more: true
          }
        : {
            text: `${folder}${entry.name}`,
            label: entry.name,
            ...(entry.size ? { detail: bytes(entry.size) } : {})
          }
    );
}
