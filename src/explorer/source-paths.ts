/**
 * Paths of a view's source. A path is one of
 *
 * - `records/2021.parquet`, `../records/`: from the folder of the view's document, so that both can be moved together; from the server's root
 *   while the view is in no file;
 * - `/records/2021.parquet`: from the root of the Jupyter server's files;
 * - `root:<name>/2021.parquet`: from a data root that the site's administrators name;
 * - `elasticsearch:<connection>/<indices>`: indices of Elasticsearch, as names, aliases, data streams or patterns with commas between them;
 * - `<drive>:2021.parquet`: from another drive of JupyterLab.
 *
 * A folder stands for all Parquet files below it, and `*`, `?`, `**` for parts of names, as in a shell.
 */

import { ELASTIC_PREFIX } from '../workload/elastic-prefix';

/** Prefix of paths in data roots. */
export const ROOT_PREFIX = 'root:';

/** Indices of Elasticsearch, by the name of the connection that leads to them. */
export interface IIndexPath {
  readonly connection: string;
  /** As Elasticsearch takes it: names, aliases, data streams, patterns, with commas between them. */
  readonly indices: string;
}

/** What a path says of Elasticsearch; null for a path of files. Either part may be empty while it is typed. */
export function indexPath(path: string): IIndexPath | null {
  if (!path.startsWith(ELASTIC_PREFIX)) {
    return null;
  }
  const rest = path.slice(ELASTIC_PREFIX.length);
  // Names of connections have no slash; date math in names of indices has one.
  const at = rest.indexOf('/');
  return at < 0
    ? { connection: rest, indices: '' }
    : { connection: rest.slice(0, at), indices: rest.slice(at + 1) };
}

/** The path that `indexPath` reads. */
export function elasticPath({ connection, indices }: IIndexPath): string {
  return `${ELASTIC_PREFIX}${connection}/${indices}`;
}

/** A name for files that come from indices: of their names only what any file system takes. */
export function indexFileName({ connection, indices }: IIndexPath): string {
  const name = indices.replace(/[^\w.]+/g, '-').replace(/^[-.]+|-+$/g, '');
  return name === '' ? connection : name;
}

/**
 * The paths that were typed. Commas separate them, but for those between indices of one connection.
 */
export function splitPaths(text: string): string[] {
  const paths: string[] = [];
  for (const part of text.split(',').map(one => one.trim())) {
    const last = paths.at(-1);
    if (part === '') {
      continue;
    }
    if (last?.startsWith(ELASTIC_PREFIX) && !part.startsWith(ELASTIC_PREFIX)) {
      paths[paths.length - 1] = `${last},${part}`;
    } else {
      paths.push(part);
    }
  }
  return paths;
}

/** What names a drive; a file whose name has a colon is written `./name`. */
const DRIVE = /^([^/:]+):/;

/**
 * The path as JupyterLab's contents manager (or a data root) knows it.
 *
 * @param documentPath Contents path of the view's document; null while it is in no file.
 */
export function resolvePath(path: string, documentPath: string | null): string {
  if (DRIVE.test(path)) {
    return path;
  }
  if (path.startsWith('/')) {
    return normalize(path);
  }
  const { drive, folder } = folderOf(documentPath ?? '');
  return drive + normalize(`${folder}/${path}`);
}

/**
 * The path to write into a view: relative where it lies in the document's folder, from the server's root otherwise.
 *
 * @param contentsPath As JupyterLab's contents manager (or a data root) knows it.
 */
export function sourcePath(
  contentsPath: string,
  documentPath: string | null
): string {
  const { drive, folder } = folderOf(documentPath ?? '');
  const own = DRIVE.exec(contentsPath)?.[0] ?? '';
  if (own !== drive) {
    return own === '' ? `/${normalize(contentsPath)}` : contentsPath;
  }
  const path = normalize(contentsPath.slice(own.length));
  const start = folder === '' ? '' : `${folder}/`;
  if (documentPath !== null && path.startsWith(start) && path !== start) {
    const rest = path.slice(start.length);
    return DRIVE.test(rest) ? `./${rest}` : rest;
  }
  return own === '' ? `/${path}` : contentsPath;
}

/** The same place for a document that comes to another path. */
export function movedPath(
  path: string,
  from: string | null,
  to: string | null
): string {
  return sourcePath(resolvePath(path, from), to);
}

/** Whether a path stays within the folder of the view's document. */
export function isInside(path: string, documentPath: string): boolean {
  const resolved = resolvePath(path, documentPath);
  const { drive, folder } = folderOf(documentPath);
  const escapes = !path.startsWith('/') && leavesRoot(`${folder}/${path}`);
  const own = DRIVE.exec(resolved)?.[0] ?? '';
  return (
    !escapes &&
    own === drive &&
    (folder === '' || `${resolved.slice(own.length)}/`.startsWith(`${folder}/`))
  );
}

/** Last part of a path, for names of tabs and files. */
export function baseName(path: string): string {
  const index = indexPath(path);
  return index
    ? index.indices
    : path.replace(/\/+$/, '').replace(/^.*[/:]/, '');
}

function folderOf(documentPath: string): { drive: string; folder: string } {
  const drive = DRIVE.exec(documentPath)?.[0] ?? '';
  const path = normalize(documentPath.slice(drive.length));
  return { drive, folder: path.slice(0, Math.max(0, path.lastIndexOf('/'))) };
}

/** A path without `.`, `..` and doubled slashes, and without one in front; a slash at the end, which says "folder", stays. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/') + (path.endsWith('/') && parts.length > 0 ? '/' : '');
}

function leavesRoot(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
    if (depth < 0) {
      return true;
    }
  }
  return false;
}
