import { isObject, sameJson } from './json';

/** Whether two items are one thing: the same chart, or the same value. */
export function matches(a: unknown, b: unknown): boolean {
  return hasId(a) && hasId(b) ? a.id === b.id : sameJson(a, b);
}

export function hasId(
  item: unknown
): item is Readonly<Record<string, unknown>> & { id: string } {
  return isObject(item) && typeof item.id === 'string';
}

/** A longest common subsequence of two lists, as pairs of indices. */
export function commonItems(
  a: readonly unknown[],
  b: readonly unknown[]
): [number, number][] {
  const same = a.map(x => b.map(y => matches(x, y)));
  const length = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => 0)
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = same[i][j]
        ? length[i + 1][j + 1] + 1
        : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (same[i][j]) {
      pairs.push([i++, j++]);
    } else if (length[i + 1][j] >= length[i][j + 1]) {
      i++;
    } else {
      j++;
    }
  }
  return pairs;
}
