import { foldersOf, normalPath } from '../flow/paths';
import { isNameless, isSymbol, knownText } from '../flow/patterns';
import type { IPlacedPath, ISymbol, PathPattern } from '../flow/patterns';
import type { IResolvedFile } from '../flow/run-flow';
import { affixesOf, TailIndex } from './affix-index';
import { PathIndex } from './path-index';
import type { IPathAt } from './path-index';

/** A file access, and its index in the list that is searched. */
export interface IFileAt {
  readonly file: IResolvedFile;
  readonly at: number;
}

/** Finds what is about a path among the file accesses of a run. */
export class FileIndex {
  /**
   * @param files In the order in which they happen.
   * @param isTaken Which of them count; those of whose names nothing is known never do.
   */
  constructor(
    private readonly _files: readonly IResolvedFile[],
    isTaken: (file: IResolvedFile) => boolean
  ) {
    const taken: IPathAt[] = [];
    const placed = new Map<string, IPathAt[]>();
    _files.forEach((file, at) => {
      if (!isTaken(file)) {
        return;
      }
      const { path } = file;
      const [first, ...rest] = path;
      if (isSymbol(first)) {
        const others = placed.get(first.key) ?? [];
        others.push({ path: rest, at });
        placed.set(first.key, others);
      }
      if (!isNameless(path)) {
        taken.push({ path, at });
      }
    });
    this._all = new PathIndex(taken);
    this._placed = new Map(
      [...placed].map(([key, entries]) => [key, new PathIndex(entries)])
    );
    this._taken = taken;
  }

  /** How many paths have been compared one by one. */
  get compared(): number {
    return [this._all, ...this._placed.values()].reduce(
      (sum, { compared }) => sum + compared,
      0
    );
  }

  /** Those that may be about the same data as a path, in order. */
  matching(path: IPlacedPath): readonly IFileAt[] {
    const same = this.same(path);
    const { start, rest } = path;
    if (!start) {
      return same;
    }
    const others = this._endingAs(rest).filter(({ at }) => {
      const [first] = this._files[at].path;
      return !isSymbol(first) || first.key !== start.key;
    });
    return [...same, ...others].sort((a, b) => a.at - b.at);
  }

  /** Those of them that begin as the path does, as far as that can be told. */
  same({ start, rest }: IPlacedPath): readonly IFileAt[] {
    const index = start ? this._placed.get(start.key) : this._all;
    return (index?.matching(rest) ?? []).map(at => this._at(at));
  }

  /** Whether one of them begins so. */
  hasPlace({ key }: ISymbol): boolean {
    return this._placed.has(key);
  }

  /** Those whose end may be that of a path of whose beginning nothing is known. */
  private _endingAs(rest: string): readonly IFileAt[] {
    this._tails ??= tailsOf(this._taken);
    const { wholes, folders } = this._tails;
    const { tail } = affixesOf(normalPath(rest));
    const found = new Set([
      ...wholes.endsOf(tail),
      ...wholes.endingWith(tail),
      ...folders.endsOf(tail),
      ...folders.endingWith(tail)
    ]);
    for (const folder of foldersOf(tail)) {
      if (folder !== '') {
        wholes.endsOf(folder).forEach(at => found.add(at));
        wholes.endingWith(folder).forEach(at => found.add(at));
      }
    }
    return [...found].map(at => this._at(at));
  }

  private _at(at: number): IFileAt {
    return { file: this._files[at], at };
  }

  private readonly _all: PathIndex;
  private readonly _placed: ReadonlyMap<string, PathIndex>;
  private readonly _taken: readonly IPathAt[];
  private _tails: ITails | null = null;
}

interface ITails {
  readonly wholes: TailIndex<number>;
  /** Those of the folders that they lie in. */
  readonly folders: TailIndex<number>;
}

function tailsOf(entries: readonly IPathAt[]): ITails {
  const wholes = new TailIndex<number>();
  const folders = new TailIndex<number>();
  for (const { path, at } of entries) {
    const tail = tailOf(path);
    wholes.add(tail, at);
    for (const folder of foldersOf(tail)) {
      if (folder !== '') {
        folders.add(folder, at);
      }
    }
  }
  return { wholes, folders };
}

/** What is known of the end of a path, with a `/` before the name of one that is known. */
function tailOf(path: PathPattern): string {
  const known = knownText(path);
  const last = path.at(-1);
  const text =
    known === null
      ? typeof last === 'string'
        ? last
        : ''
      : `/${normalPath(known).replace(/^\//, '')}`;
  return affixesOf(text).tail;
}
