/**
 * Pearson's correlation of two 0/1 variables over `n` jobs (the phi coefficient): `a` jobs have the one, `b` the other,
 * `both` have both.
 *
 * @returns null when a variable has no variance.
 */
export function pearson(
  n: number,
  a: number,
  b: number,
  both: number
): number | null {
  // One root of the product: with equal factors it is exact, so that packages that always come together have just 1.
  const variance = Math.sqrt(a * (n - a) * (b * (n - b)));
  if (variance === 0) {
    return null;
  }
  const r = (n * both - a * b) / variance;
  return Math.max(-1, Math.min(1, r));
}
