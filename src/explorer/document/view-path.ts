import type { IView } from '../../workload/view';
import { VIEW_EXTENSION } from '../commands';
import {
  ROOT_PREFIX,
  baseName,
  indexFileName,
  indexPath,
  resolvePath
} from '../source-paths';

/** Where a view is saved unless the user says otherwise: beside its data where these are among JupyterLab's files, else in the root. */
export function defaultPath(view: IView): string {
  const [first] = view.source.paths;
  const path = first === undefined ? '' : resolvePath(first, null);
  const index = indexPath(path);
  if (index) {
    return `${indexFileName(index)}${VIEW_EXTENSION}`;
  }
  const parts = path.split('/').filter(part => part !== '');
  const glob = parts.findIndex(part => /[*?[]/.test(part));
  const fixed = glob < 0 ? parts : parts.slice(0, glob);
  const name = baseName(fixed.at(-1) ?? '').replace(
    /\.(parquet|parq|pq)$/i,
    ''
  );
  const folder = path.startsWith(ROOT_PREFIX) ? [] : fixed.slice(0, -1);
  return [
    ...folder,
    `${name === '' ? 'untitled' : name}${VIEW_EXTENSION}`
  ].join('/');
}

/** A contents path with the ending of views; null where nothing is left of it. */
export function viewPath(typed: string): string | null {
  const path = typed.trim().replace(/^\/+/, '');
  if (path === '' || path.endsWith('/')) {
    return null;
  }
  return path.endsWith(VIEW_EXTENSION)
    ? path
    : path.replace(/(\.workload)?(\.json)?$/, VIEW_EXTENSION);
}
