/**
 * The known name that somebody who typed another probably meant; null when none is near.
 *
 * @param most How many letters may be wrong; with more it is another word.
 */
export function nearest(
  typed: string,
  known: Iterable<string>,
  most = Math.round(typed.length / 2.5)
): string | null {
  let best: string | null = null;
  let bestDistance = most + 0.5;
  for (const name of known) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to insert, delete or replace to get from one text to the other. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) {
    return Infinity;
  }
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same));
    }
    row = next;
  }
  return row[b.length];
}
