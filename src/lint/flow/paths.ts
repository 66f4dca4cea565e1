import type { Text } from '../python/facts';
import type { GivenTexts } from './given';
import type { NameTable } from './name-table';
import { UNKNOWN_HELD } from './values';
import type { PathPattern } from './values';

/** A part of a path that cannot be told, where patterns are made of texts. */
const ANYTHING: PathPattern = [null];

/** Texts that grow without end, as in `p = p / 'x'` in a loop, are given up. */
const MOST_PIECES = 60;

/** What a text is at a time of a run: known pieces, and null for each that is not. */
export function patternOf(
  text: Text,
  table: NameTable,
  given: GivenTexts
): PathPattern {
  switch (text.kind) {
    case 'literal':
      return [text.value];
    case 'name': {
      const slot = table.get(text.name);
      return slot.presence === 'yes' && slot.held.text
        ? slot.held.text
        : ANYTHING;
    }
    case 'parameter':
      return given.get(text.id) ?? ANYTHING;
    case 'join':
      return joined(
        text.parts.map(part => patternOf(part, table, given)),
        text.separator
      );
    case 'unknown':
      return ANYTHING;
  }
}

/** Under this, which is no name of Python, the table keeps the working folder, once it is not that of the notebook. */
const FOLDER = '%cd';

/** What the path of a file is at a time of a run, as seen from the notebook's folder. */
export function filePattern(
  text: Text,
  table: NameTable,
  given: GivenTexts
): PathPattern {
  const path = patternOf(text, table, given);
  const { presence, held } = table.get(FOLDER);
  if (presence === 'no' || path[0] === null || path[0]?.startsWith('/')) {
    return path;
  }
  return presence === 'yes' && held.text
    ? joined([held.text, path], '/')
    : joined([ANYTHING, path], '');
}

/** Change the working folder, to one that is known or to one of which nothing is. */
export function enterFolder(
  text: Text,
  cell: number,
  table: NameTable,
  given: GivenTexts
): void {
  const folder = filePattern(text, table, given);
  table.set(FOLDER, {
    presence: 'yes',
    cells: [cell],
    held: { ...UNKNOWN_HELD, text: knownText(folder) === null ? null : folder },
    importText: null
  });
}

function joined(
  parts: readonly PathPattern[],
  separator: '' | '/'
): PathPattern {
  let all: (string | null)[] = [];
  for (const part of parts) {
    if (separator === '/') {
      // As in pathlib and os.path: what follows an absolute path's beginning takes its place.
      if (part[0]?.startsWith('/')) {
        all = [];
      }
      const last = all[all.length - 1];
      if (all.length > 0 && !last?.endsWith('/')) {
        all.push('/');
      }
    }
    all.push(...part);
  }
  const merged: (string | null)[] = [];
  for (const piece of all) {
    const last = merged[merged.length - 1];
    if (piece !== null && typeof last === 'string') {
      merged[merged.length - 1] = last + piece;
    } else if (piece !== null || last !== null || merged.length === 0) {
      merged.push(piece);
    }
  }
  return merged.length > MOST_PIECES ? ANYTHING : merged;
}

/** The text, when all of it is known. */
export function knownText(pattern: PathPattern): string | null {
  return pattern.length === 0 ? '' : pattern.length === 1 ? pattern[0] : null;
}

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
    (isGlob(path) && globOf(path).test(text)) ||
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
      ? written.map(piece => (piece === null ? '.*' : expression(piece)))
      : [expression(normalPath(known))];
  const prefix = written[0]?.startsWith('./') ? '(?:\\./)?' : '';
  const clean = pattern.join('').replace(/^\\\.\//, prefix);
  const text = written.map(piece => piece ?? '*').join('');
  // Patterns of whose beginning nothing is known are in no folder that could be told.
  const names =
    typeof written[0] === 'string' ? text.split('/').slice(0, -1) : [];
  return {
    whole: new RegExp(`^(?:${clean})(?:/.*)?$`, 's'),
    folders: names.map((_, i) => {
      const folder = normalPath(names.slice(0, i + 1).join('/'));
      return new RegExp(`^${expression(folder)}$`, 's');
    }),
    text
  };
}

let glob = { text: '', expression: /^$/s };

/** The expression of a pattern that is read, which is compared with one path after the other. */
function globOf(text: string): RegExp {
  if (glob.text !== text) {
    glob = { text, expression: new RegExp(`^(?:${expression(text)})$`, 's') };
  }
  return glob.expression;
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
