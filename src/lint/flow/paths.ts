import { globText, isSymbol, knownText } from './patterns';
import type { PathPattern } from './patterns';

/** Addresses are no files: `s3://…`, `https://…`, but `file:…`. */
export function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}

/** A path as it is compared: without `.`, `..`, doubled and trailing `/`. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    const last = parts[parts.length - 1];
    if (part === '..' && last !== undefined && last !== '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

/** Whether a path is a pattern of the shell, as dask and glob take it. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * Whether two paths may be about the same data: the same path, one a folder that the other lies in, or one a pattern for the other.
 *
 * @param written May have pieces that are not known.
 * @param read A path that is known.
 */
export function touches(written: PathPattern, read: string): boolean {
  const known = knownText(written);
  const path = normalRead(read);
  if (known !== null && !isGlob(known) && !isGlob(path)) {
    const other = normalPath(known);
    return (
      other === path ||
      path.startsWith(`${other}/`) ||
      other.startsWith(`${path}/`)
    );
  }
  const { whole, folders, text } = matcherOf(written);
  return (
    whole.test(path) ||
    // A pattern that is read, of files that are written, or of files in a folder that is.
    (isGlob(path) && matcherOfGlob(path).test(text)) ||
    (isGlob(path) &&
      known !== null &&
      path.startsWith(`${normalPath(known)}/`)) ||
    folders.some(folder => folder.test(path))
  );
}

let lastRead = { path: '', normal: '' };

/** The normal path of one that is compared with many, one after the other. */
function normalRead(path: string): string {
  if (lastRead.path !== path) {
    lastRead = { path, normal: normalPath(path) };
  }
  return lastRead.normal;
}

/** The folders that a normal path lies in: `a` and `a/b` of `a/b/c`. */
export function foldersOf(path: string): readonly string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

/** The folders that files of a pattern are made in, with `*` for what is not known; none where nothing of the beginning is known. */
export function foldersOfPattern(written: PathPattern): readonly string[] {
  const names =
    typeof written[0] === 'string'
      ? globText(written).split('/').slice(0, -1)
      : [];
  return names.map((_, i) => normalPath(names.slice(0, i + 1).join('/')));
}

/** What paths are compared with. */
interface IMatcher {
  /** The path itself, or what lies in it. */
  readonly whole: RegExp;
  /** Folders that files are made in, some of whose names are not known. */
  readonly folders: readonly RegExp[];
  /** With `*` for what is not known. */
  readonly text: string;
}

/** Notebooks compare the same patterns with many paths. */
const MATCHERS = new WeakMap<PathPattern, IMatcher>();

function matcherOf(written: PathPattern): IMatcher {
  let matcher = MATCHERS.get(written);
  if (!matcher) {
    matcher = newMatcher(written);
    MATCHERS.set(written, matcher);
  }
  return matcher;
}

function newMatcher(written: PathPattern): IMatcher {
  const known = knownText(written);
  const pattern =
    known === null
      ? written.map(piece =>
          typeof piece === 'string' ? expression(piece) : '.*'
        )
      : [expression(normalPath(known))];
  const prefix = globText(written).startsWith('./') ? '(?:\\./)?' : '';
  const clean = pattern
    .join('')
    .replace(/^\\\.\//, prefix)
    // A folder that nobody knows may be the notebook's own.
    .replace(/^\.\*\//, mayBeHere(written) ? '(?:.*/)?' : '$&');
  const text = globText(written);
  return {
    whole: new RegExp(`^(?:${clean})(?:/.*)?$`, 's'),
    folders: foldersOfPattern(written).map(matcherOfGlob),
    text
  };
}

/** Whether what a path begins with may be `.`, or the empty text: nobody knows it, and it is no place that the machine tells. */
export function mayBeHere([piece]: PathPattern): boolean {
  return piece === null || (isSymbol(piece) && !piece.isText);
}

const GLOBS = new Map<string, RegExp>();

/** As many expressions are kept, of those that are compared with one path after the other. */
const MOST_GLOBS = 2000;

/** The expression of a path in which `*`, `?` and `[…]` stand for anything. */
export function matcherOfGlob(text: string): RegExp {
  let matcher = GLOBS.get(text);
  if (!matcher) {
    if (GLOBS.size >= MOST_GLOBS) {
      GLOBS.clear();
    }
    matcher = new RegExp(`^(?:${expression(text)})$`, 's');
    GLOBS.set(text, matcher);
  }
  return matcher;
}

/** A regular expression for a text in which `*`, `?` and `[…]` stand for anything in a name. */
function expression(text: string): string {
  return text
    .replace(/[.+^${}()|\\\]]/g, '\\$&')
    .replace(/\[(?:[^\]\\]|\\.)*\\\]/g, '.')
    .replace(/\[/g, '\\[')
    .replace(/\*\*?/g, '.*')
    .replace(/\?/g, '.');
}
