import { indexPath } from '../source-paths';

/** A short name for a source: the last part of its first path that says something; indices with their connection. */
export function sourceName(paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined) {
    return '';
  }
  const index = indexPath(first);
  if (index) {
    return `${index.indices} · ${index.connection}`;
  }
  const parts = first.split('/').filter(part => part !== '');
  const telling =
    [...parts].reverse().find(part => !/[*?]/.test(part)) ?? first;
  const name = telling.replace(/\.(parquet|parq|pq)$/i, '');
  return paths.length > 1 ? `${name} + ${paths.length - 1}` : name;
}
