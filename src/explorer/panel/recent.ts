/** Sources that were opened lately, for the source picker; kept in the browser, apart for each Jupyter server. */

const KEY = 'jupyterlab-workload-explorer:recent';
const LENGTH = 8;

/** Paths of each recent source, latest first. */
export function recentSources(baseUrl: string): string[][] {
  try {
    const value: unknown = JSON.parse(
      localStorage.getItem(`${KEY}:${baseUrl}`) ?? '[]'
    );
    return Array.isArray(value) ? value.filter(isPaths) : [];
  } catch {
    // Storage may be blocked or hold something else: then there are no recent sources.
    return [];
  }
}

/** Remember a source that has been opened. */
export function rememberSource(
  baseUrl: string,
  paths: readonly string[]
): void {
  const key = JSON.stringify(paths);
  const others = recentSources(baseUrl).filter(
    one => JSON.stringify(one) !== key
  );
  try {
    localStorage.setItem(
      `${KEY}:${baseUrl}`,
      JSON.stringify([paths, ...others].slice(0, LENGTH))
    );
  } catch {
    // Nothing depends on it.
  }
}

function isPaths(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(one => typeof one === 'string')
  );
}
