import { normalPath } from '../flow/paths';

/** Finds paths that are probably meant to be the same as another: in another folder, with another ending, or with a letter or two wrong. */
export class NearPaths {
  /** @param paths All of them known. */
  constructor(paths: readonly string[]) {
    paths.forEach((path, at) => {
      const parts = partsOf(normalPath(path));
      for (const key of keysOf(parts)) {
        const list = this._lists.get(key) ?? [];
        list.push({ parts, at });
        this._lists.set(key, list);
      }
    });
  }

  /** The indices of those that are near, in order. */
  near(path: string): readonly number[] {
    const parts = partsOf(normalPath(path));
    const found = keysOf(parts)
      .flatMap(key => this._lists.get(key) ?? [])
      .filter(other => isNear(other.parts, parts))
      .map(({ at }) => at);
    return [...new Set(found)].sort((a, b) => a - b);
  }

  private readonly _lists = new Map<
    string,
    { readonly parts: IParts; readonly at: number }[]
  >();
}

/** What of a path decides whether another is near. */
interface IParts {
  readonly folder: string;
  readonly name: string;
  readonly stem: string;
  /** The stem's letters and digits alone, in lower case. */
  readonly plain: string;
  readonly digits: string;
  readonly words: readonly string[];
}

/** Paths that are near have one of these in common. */
function keysOf({ folder, name, stem, plain, digits }: IParts): string[] {
  return [
    `name ${name}`,
    `stem ${stem}`,
    `plain ${plain}`,
    // Other numbers are other files.
    `digits ${digits} ${folder}`
  ];
}

function isNear(one: IParts, other: IParts): boolean {
  if (one.name === other.name || one.stem === other.stem) {
    return one.stem !== '';
  }
  return (
    one.plain === other.plain ||
    (one.folder === other.folder &&
      one.digits === other.digits &&
      (sharesWords(one.words, other.words) || isTypo(one.plain, other.plain)))
  );
}

function partsOf(path: string): IParts {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const dot = name.indexOf('.', 1);
  const stem = dot < 0 ? name : name.slice(0, dot);
  const lower = stem.toLowerCase();
  return {
    folder: path.slice(0, slash + 1),
    name,
    stem,
    plain: lower.replace(/[^\p{L}\p{N}]/gu, ''),
    digits: stem.replace(/\D+/g, ' ').trim(),
    words: lower.split(/[^\p{L}\p{N}]+/u)
  };
}

/** `users_by_month` and `users_month`: all words of one are in the other. */
function sharesWords(a: readonly string[], b: readonly string[]): boolean {
  const [few, many] = a.length > b.length ? [b, a] : [a, b];
  return few.every(
    word =>
      word.length > 2 &&
      many.some(
        each =>
          each.startsWith(word) || (word.startsWith(each) && each.length > 2)
      )
  );
}

/** Whether one text becomes the other by one or two letters that are wrong, missing or swapped. */
function isTypo(a: string, b: string): boolean {
  const longest = Math.max(a.length, b.length);
  const most = longest >= 8 ? 2 : longest >= 4 ? 1 : 0;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) {
    start++;
  }
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++;
  }
  const [x, y] = [a.length - start - end, b.length - start - end];
  return Math.max(x, y) <= most && start + end > 0;
}
