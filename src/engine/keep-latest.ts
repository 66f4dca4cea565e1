/** Put an entry last, and drop the first ones, which were used longest ago, beyond `most`. */
export function keepLatest<T>(
  kept: Map<string, T>,
  key: string,
  value: T,
  most: number
): void {
  kept.delete(key);
  kept.set(key, value);
  for (const old of kept.keys()) {
    if (kept.size <= most) {
      return;
    }
    kept.delete(old);
  }
}
