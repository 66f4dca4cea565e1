import {
  foldersOf,
  foldersOfPattern,
  isGlob,
  matcherOfGlob,
  mayBeHere,
  normalPath,
  touches
} from '../flow/paths';
import { globText, knownText } from '../flow/patterns';
import type { PathPattern } from '../flow/patterns';
import { AffixIndex, affixesOf, firstFrom } from './affix-index';

/** A path, and its index in the list that is searched. */
export interface IPathAt {
  readonly path: PathPattern;
  readonly at: number;
}

/** Finds what is about a path among many, without comparing each with each. */
export class PathIndex {
  /** @param entries - In order; of each something is known. */
  constructor(entries: Iterable<IPathAt>) {
    for (const entry of entries) {
      this._add(entry);
    }
    this._sorted.sort((a, b) => (a.text < b.text ? -1 : 1));
    this._sortedPatterns.sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  /** How many paths have been compared one by one. */
  get compared(): number {
    return this._compared;
  }

  /** The indices of those that may be about the same data as a path (see `touches`), in order. */
  matching(path: string): readonly number[] {
    let found = this._found.get(path);
    if (!found) {
      found = this._search(path);
      this._found.set(path, found);
    }
    return found;
  }

  private _add(entry: IPathAt): void {
    const known = knownText(entry.path);
    if (known === null || isGlob(known)) {
      const text = globText(entry.path);
      const name =
        known === null ? text.replace(/^\.\//, '') : normalPath(known);
      this._patterns.add(name, entry);
      if (name.startsWith('*/') && mayBeHere(entry.path)) {
        this._patterns.add(name.slice(2), entry);
      }
      for (const folder of foldersOfPattern(entry.path)) {
        this._addFolder(folder, entry);
      }
      this._sortedPatterns.push({ ...entry, text });
      return;
    }
    const path = normalPath(known);
    this._sorted.push({ ...entry, text: known });
    add(this._byPath, path, entry);
    for (const folder of foldersOf(path)) {
      add(this._inFolder, folder, entry);
    }
  }

  private _addFolder(text: string, entry: IPathAt): void {
    let folder = this._folders.get(text);
    if (!folder) {
      folder = { text, entries: [] };
      this._folders.set(text, folder);
      this._patternFolders.add(text, folder);
    }
    folder.entries.push(entry);
  }

  private _search(path: string): readonly number[] {
    const normal = normalPath(path);
    const all = [normal, ...foldersOf(normal)];
    const sure = all.flatMap(each => this._byPath.get(each) ?? []);
    const possible = all.flatMap(each => this._patterns.matching(each));
    for (const { text, entries } of this._patternFolders.matching(normal)) {
      this._compared++;
      if (matcherOfGlob(text).test(normal)) {
        sure.push(...entries);
      }
    }
    if (isGlob(path)) {
      const { prefix } = affixesOf(normal);
      possible.push(
        ...beginningWith(this._sorted, prefix),
        ...beginningWith(this._sortedPatterns, prefix)
      );
    } else {
      sure.push(...(this._inFolder.get(normal) ?? []));
    }
    const candidates = new Map(
      possible.map(({ path: each, at }) => [at, each])
    );
    const found = new Set(sure.map(({ at }) => at));
    for (const [at, each] of candidates) {
      if (!found.has(at)) {
        this._compared++;
        if (touches(each, path)) {
          found.add(at);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  private _compared = 0;
  /** By their names, as they are written. */
  private readonly _sorted: ITextAt[] = [];
  private readonly _sortedPatterns: ITextAt[] = [];
  private readonly _patterns = new AffixIndex<IPathAt>();
  private readonly _patternFolders = new AffixIndex<IFolder>();
  /** Folders that patterns have in common, by their texts. */
  private readonly _folders = new Map<string, IFolder>();
  private readonly _byPath = new Map<string, IPathAt[]>();
  private readonly _inFolder = new Map<string, IPathAt[]>();
  private readonly _found = new Map<string, readonly number[]>();
}

/** A folder that files are made in, with `*` for what is not known of it. */
interface IFolder {
  readonly text: string;
  readonly entries: IPathAt[];
}

interface ITextAt extends IPathAt {
  readonly text: string;
}

function beginningWith(
  sorted: readonly ITextAt[],
  text: string
): readonly IPathAt[] {
  const found: IPathAt[] = [];
  for (
    let i = firstFrom(sorted, text, each => each.text);
    sorted[i]?.text.startsWith(text);
    i++
  ) {
    found.push(sorted[i]);
  }
  return found;
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) {
    list.push(item);
  } else {
    lists.set(key, [item]);
  }
}
