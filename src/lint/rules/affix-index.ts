/** Finds patterns by what they begin and end with, so that a path is compared with few of them. */
export class AffixIndex<T> {
  /** @param text With `*` for what is not known, and other patterns of the shell. */
  add(text: string, item: T): void {
    const { prefix, tail } = affixesOf(text);
    let byTail = this._byPrefix.get(prefix);
    if (!byTail) {
      byTail = new TailIndex();
      this._byPrefix.set(prefix, byTail);
      this._lengths.add(prefix.length);
    }
    byTail.add(tail, item);
  }

  /** Those that begin and end as a path does; all that match it are among them. */
  matching(path: string): readonly T[] {
    const found: T[] = [];
    for (const length of this._lengths) {
      const byTail =
        length <= path.length
          ? this._byPrefix.get(path.slice(0, length))
          : undefined;
      if (byTail) {
        found.push(...byTail.endsOf(path));
      }
    }
    return found;
  }

  private readonly _byPrefix = new Map<string, TailIndex<T>>();
  private readonly _lengths = new Set<number>();
}

/** Finds texts by their ends. */
export class TailIndex<T> {
  add(tail: string, item: T): void {
    const items = this._items.get(tail);
    if (items) {
      items.push(item);
    } else {
      this._items.set(tail, [item]);
      this._lengths.add(tail.length);
      this._sorted = null;
    }
  }

  /** Those with which a text ends. */
  endsOf(text: string): readonly T[] {
    const found: T[] = [];
    for (const length of this._lengths) {
      if (length <= text.length) {
        found.push(
          ...(this._items.get(text.slice(text.length - length)) ?? [])
        );
      }
    }
    return found;
  }

  /** Those that are longer than a text, and end with it. */
  endingWith(text: string): readonly T[] {
    this._sorted ??= [...this._items.keys()]
      .map(tail => ({ backwards: reversed(tail), tail }))
      .sort((a, b) => (a.backwards < b.backwards ? -1 : 1));
    const end = reversed(text);
    const found: T[] = [];
    for (
      let i = firstFrom(this._sorted, end, ({ backwards }) => backwards);
      this._sorted[i]?.backwards.startsWith(end);
      i++
    ) {
      const { tail } = this._sorted[i];
      if (tail.length > text.length) {
        found.push(...(this._items.get(tail) ?? []));
      }
    }
    return found;
  }

  private readonly _items = new Map<string, T[]>();
  private readonly _lengths = new Set<number>();
  private _sorted:
    { readonly backwards: string; readonly tail: string }[] | null = null;
}

/** What a pattern begins and ends with, up to what is not known; both are the whole of a text without any. */
export function affixesOf(text: string): {
  readonly prefix: string;
  readonly tail: string;
} {
  const first = text.search(/[*?[]/);
  return first < 0
    ? { prefix: text, tail: text }
    : {
        prefix: text.slice(0, first),
        tail: /[^*?[\]]*$/.exec(text)?.[0] ?? ''
      };
}

/** Where in a sorted list the texts begin that are not less than one. */
export function firstFrom<T>(
  sorted: readonly T[],
  text: string,
  textOf: (item: T) => string
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (textOf(sorted[middle]) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
