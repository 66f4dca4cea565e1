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
      const known = knownText(file.path);
      if (known === null || isGlob(known)) {
        this._patterns.push(entry);
        return;
      }
      this._sorted.push({ ...entry, text: known });
      const path = normalPath(known);
      add(this._byPath, path, entry);
      for (const folder of foldersOf(path)) {
        add(this._inFolder, folder, entry);
      }
    });
    this._sorted.sort((a, b) => (a.text < b.text ? -1 : 1));
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
    const normal = normalPath(path);
    return [
      ...[normal, ...foldersOf(normal)].flatMap(
        each => this._byPath.get(each) ?? []
      ),
      ...(isGlob(path)
        ? this._beginningAs(normal.slice(0, normal.search(/[*?[]/))).filter(
            ({ file }) => touches(file.path, path)
          )
        : (this._inFolder.get(normal) ?? [])),
      ...this._patterns.filter(({ file }) => touches(file.path, path))
    ]
      .sort((a, b) => a.at - b.at)
      .filter(({ at }, i, sorted) => at !== sorted[i - 1]?.at);
  }

  /** Files whose names are known and begin with a text. */
  private _beginningAs(text: string): readonly IFileAt[] {
    let [low, high] = [0, this._sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this._sorted[middle].text < text) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const found: IFileAt[] = [];
    for (let i = low; this._sorted[i]?.text.startsWith(text); i++) {
      const { file, at } = this._sorted[i];
      found.push({ file, at });
    }
    return found;
  }

  /** By their names, as they are written. */
  private readonly _sorted: (IFileAt & { readonly text: string })[] = [];
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
