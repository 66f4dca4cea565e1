import type { CellRole, Role } from '../workload/roles';
import type { ICellRoleState } from './model';

/** A cell as far as neighbors go. */
export type INeighbor = Pick<ICellRoleState, 'type' | 'role' | 'needsRole'> & {
  /** Whether a section begins with it. */
  readonly isHeading: boolean;
};

/** Where a new cell looks first: `above` where it was added below another. */
export type Side = 'above' | 'below';

/**
 * The role of a new cell's neighbor.
 *
 * That is the nearest code cell, first on the side where the new one was added to another, then on the other side; first within the
 * section, because a cell that is added below a heading belongs to what follows it. Cells without code have no say; a cell that lacks a
 * role, or has two, ends the search on its side, because nobody can tell what its neighbors are for.
 *
 * @param index Of the new cell in `cells`.
 */
export function neighborRole(
  cells: readonly INeighbor[],
  index: number,
  first: Side
): Role | null {
  const sides: readonly Side[] =
    first === 'above' ? ['above', 'below'] : ['below', 'above'];
  for (const isBounded of [true, false]) {
    for (const side of sides) {
      const role = nearest(cells, index, side, isBounded);
      if (role !== undefined) {
        return role === 'none' || role === 'conflict' ? null : role;
      }
    }
  }
  return null;
}

/** The role of the nearest code cell on a side that has a say; undefined when there is none. */
function nearest(
  cells: readonly INeighbor[],
  index: number,
  side: Side,
  isBounded: boolean
): CellRole | undefined {
  const step = side === 'above' ? -1 : 1;
  for (let i = index + step; i >= 0 && i < cells.length; i += step) {
    const { type, role, needsRole, isHeading } = cells[i];
    if (isHeading && isBounded) {
      return undefined;
    }
    if (type === 'code' && (role !== 'none' || needsRole)) {
      return role;
    }
  }
  return undefined;
}
