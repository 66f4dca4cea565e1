import { isGlob, knownText, normalPath, touches } from '../flow/paths';
import type { IResolvedFile } from '../flow/run-flow';

/** A file access, and its index in the list that is searched. */
export interface IFileAt {
  readonly file: IResolvedFile;
  readonly at: number;
}

/** Finds what is about a path among the file accesses of a run, without comparing each path with each. */
export class FileIndex {
  /**
   * @param files In the order in which they happen.
   * @param isTaken Which of them count; those of whose names nothing is known never do.
   */
  constructor(
    files: readonly IResolvedFile[],
    isTaken: (file: IResolvedFile) => boolean
  ) {
    files.forEach((file, at) => {
      if (!isTaken(file) || file.path.every(piece => piece === null)) {
        return;
      }
      const entry = { file, at };
      this._all.push(entry);
      const known = knownText(file.path);
      if (known === null || isGlob(known)) {
        this._patterns.push(entry);
        return;
      }
      const path = normalPath(known);
      add(this._byPath, path, entry);
      for (const folder of foldersOf(path)) {
        add(this._inFolder, folder, entry);
      }
    });
  }

  /** Those that may be about the same data as a path (see `touches`), in order. */
  matching(path: string): readonly IFileAt[] {
    let found = this._found.get(path);
    if (!found) {
      found = this._search(path);
      this._found.set(path, found);
    }
    return found;
  }

  private _search(path: string): readonly IFileAt[] {
    if (isGlob(path)) {
      return this._all.filter(({ file }) => touches(file.path, path));
    }
    const normal = normalPath(path);
    return [
      ...[normal, ...foldersOf(normal)].flatMap(
        each => this._byPath.get(each) ?? []
      ),
      ...(this._inFolder.get(normal) ?? []),
      ...this._patterns.filter(({ file }) => touches(file.path, path))
    ].sort((a, b) => a.at - b.at);
  }

  private readonly _all: IFileAt[] = [];
  private readonly _patterns: IFileAt[] = [];
  private readonly _byPath = new Map<string, IFileAt[]>();
  private readonly _inFolder = new Map<string, IFileAt[]>();
  private readonly _found = new Map<string, readonly IFileAt[]>();
}

/** The folders that a normal path lies in: `a/b` and `a` of `a/b/c`. */
function foldersOf(path: string): readonly string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) {
    list.push(item);
  } else {
    lists.set(key, [item]);
  }
}
