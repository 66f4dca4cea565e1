/**
 * Whether JupyterLab can open a path that the server tells: one below its root. Others begin with `/`, `~` or `root:`.
 */
export function isBrowsable(path: string): boolean {
  return !/^(\/|~|root:)/.test(path);
}
