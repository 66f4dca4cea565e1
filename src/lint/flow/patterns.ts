/** A text of pieces: those that are known, those of which only is known that they are always the same, and null for those that are not. */
export type PathPattern = readonly PathPiece[];

export type PathPiece = string | ISymbol | null;

/** A piece that only the run tells, the same wherever the same expression stands. */
export interface ISymbol {
  /** The same for the same expression at the same state of names. */
  readonly key: string;
  /** How people write it: `$SCRATCH`, `~`, `{folder}`. */
  readonly text: string;
  /** Whether it can be no other thing than a text. */
  readonly isText: boolean;
  /** Whether a path that it begins is absolute. */
  readonly isAbsolute: boolean;
}

/** A text of which nothing is known. */
export const ANYTHING: PathPattern = [null];

/** Texts that grow without end, as in `p = p / 'x'` in a loop, are given up. */
const MOST_PIECES = 60;

/** The folder of the notebook, which its paths begin at. */
export const NOTEBOOK_FOLDER: ISymbol = {
  key: 'folder',
  text: '.',
  isText: true,
  isAbsolute: true
};

export function isSymbol(piece: PathPiece | undefined): piece is ISymbol {
  return typeof piece === 'object' && piece !== null;
}

function samePiece(a: PathPiece, b: PathPiece): boolean {
  return a === b || (isSymbol(a) && isSymbol(b) && a.key === b.key);
}

export function samePattern(
  a: PathPattern | null,
  b: PathPattern | null
): boolean {
  return (
    a === b ||
    (a !== null &&
      b !== null &&
      a.length === b.length &&
      a.every((piece, i) => samePiece(piece, b[i])))
  );
}

/** Texts put together, as such or as paths. */
export function joined(
  parts: readonly PathPattern[],
  separator: '' | '/'
): PathPattern {
  let all: PathPiece[] = [];
  for (const [i, part] of parts.entries()) {
    if (separator === '/') {
      if (knownText(part) === '' && i < parts.length - 1) {
        continue;
      }
      // As in pathlib and os.path: what follows an absolute path's beginning takes its place.
      if (isAbsolute(part)) {
        all = [];
      }
      const last = all[all.length - 1];
      const isClosed = typeof last === 'string' && last.endsWith('/');
      if (all.length > 0 && !isClosed) {
        all.push('/');
      }
    }
    all.push(...part);
  }
  const merged: PathPiece[] = [];
  for (const piece of all) {
    const last = merged[merged.length - 1];
    if (piece === '') {
      continue;
    }
    if (typeof piece === 'string' && typeof last === 'string') {
      merged[merged.length - 1] = last + piece;
    } else if (piece !== null || last !== null || merged.length === 0) {
      merged.push(piece);
    }
  }
  return merged.length > MOST_PIECES ? ANYTHING : merged;
}

/** Whether a path begins at no working folder. */
export function isAbsolute([first]: PathPattern): boolean {
  return typeof first === 'string'
    ? first.startsWith('/')
    : isSymbol(first) && first.isAbsolute;
}

/** The text, when all of it is known. */
export function knownText(pattern: PathPattern): string | null {
  const [first = '', ...others] = pattern;
  return typeof first === 'string' && others.length === 0 ? first : null;
}

/** Whether not a letter of a text is known. */
export function isNameless(pattern: PathPattern): boolean {
  return pattern.every(piece => typeof piece !== 'string');
}

/** A text as people write it, with what stands for each piece that is not known. */
export function patternText(pattern: PathPattern, unknown: string): string {
  return pattern
    .map(piece => (isSymbol(piece) ? piece.text : (piece ?? unknown)))
    .join('');
}

/** A text as patterns of the shell have it, with `*` for each piece that is not known. */
export function globText(pattern: PathPattern): string {
  return pattern
    .map(piece => (typeof piece === 'string' ? piece : '*'))
    .join('');
}

/** The same for the same texts only, but for pieces that are not known. */
export function patternKey(pattern: PathPattern): string {
  return knownText(pattern) ?? JSON.stringify(pattern.map(pieceKey));
}

function pieceKey(piece: PathPiece): string | { readonly key: string } | null {
  return isSymbol(piece) ? { key: piece.key } : piece;
}

/** A path whose beginning is known, or always the same, and all of whose rest is known. */
export interface IPlacedPath {
  /** Null for the folder of the notebook, or the root. */
  readonly start: ISymbol | null;
  /** Behind the start, as it stands there: with the `/`, if there is one. */
  readonly rest: string;
}

/** The place and name of a path; null where they cannot be told. */
export function placedPath(pattern: PathPattern): IPlacedPath | null {
  const [first, ...others] = pattern;
  if (!isSymbol(first)) {
    const rest = knownText(pattern);
    return rest === null ? null : { start: null, rest };
  }
  const rest = knownText(others);
  return rest === null ? null : { start: first, rest };
}
