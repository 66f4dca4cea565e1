import { ROLES, cellRole, rolesOf } from '../workload/roles';
import type { IRoleTags, Role } from '../workload/roles';
import type { ICellRecord } from './cell-list';

/** Cells that were merged into one. */
export interface IMerge {
  /** The cell that came of it. */
  readonly into: ICellRecord;
  /** Roles that the merged code cells had, in the order of `ROLES`. */
  readonly roles: readonly Role[];
  /** Whether one of the merged cells was out of sight. */
  readonly hasHidden: boolean;
}

/**
 * Find cells that were merged: several are gone, and the text of one that came is all of theirs.
 *
 * JupyterLab's merge gives the new cell the tags of the active one; what the others had is lost.
 *
 * @param before Cells before the change.
 * @param after Cells after it.
 * @param hidden Ids of cells that were out of sight before: also a text that such a cell was merged into counts.
 * @returns Null when no code was merged.
 */
export function findMerge(
  before: readonly ICellRecord[],
  after: readonly ICellRecord[],
  names: IRoleTags,
  hidden: ReadonlySet<string> = new Set()
): IMerge | null {
  const there = new Set(after.map(({ cell }) => cell));
  const gone = before.filter(({ cell }) => !there.has(cell));
  if (gone.length < 2) {
    return null;
  }
  const hasHidden = gone.some(({ id }) => hidden.has(id));
  const known = new Set(before.map(({ id }) => id));
  const text = (glue: string): string =>
    gone.map(({ source }) => source).join(glue);
  const texts = [text('\n\n'), text('\n')];
  const into = after.find(
    ({ id, type, source }) =>
      (type === 'code' || hasHidden) && !known.has(id) && texts.includes(source)
  );
  if (!into) {
    return null;
  }
  const had = new Set(
    gone
      .filter(({ type }) => type === 'code')
      .flatMap(({ tags }) => rolesOf(tags, names))
  );
  return { into, roles: ROLES.filter(role => had.has(role)), hasHidden };
}

/** The role that the cell of a merge lacks though all cells with a role had it; null when there is none. */
export function roleOfMerge(
  { into, roles }: IMerge,
  names: IRoleTags
): Role | null {
  return into.type === 'code' &&
    roles.length === 1 &&
    cellRole(into.tags, names) === 'none'
    ? roles[0]
    : null;
}
