import type { Role } from '../workload/roles';
import type { ICellRoleState } from './model';

/** A part of the notebook to run. */
export interface IRoleRun {
  /** Indices of cells, in the notebook's order. */
  readonly cells: readonly number[];
  /** Code cells that were left out because they have no role, or two. */
  readonly leftOut: number;
}

/**
 * The cells that run where a role's cells run, in order: they and the shared ones, which they may need.
 *
 * So upstream cells run as the batch job will run them, and downstream cells as the dashboard will. Shared cells need shared cells only.
 */
export function cellsToRun(
  cells: readonly ICellRoleState[],
  role: Role
): IRoleRun {
  const run: number[] = [];
  let leftOut = 0;
  cells.forEach((cell, index) => {
    if (cell.type !== 'code' || !cell.needsRole) {
      return;
    }
    if (cell.role === role || cell.role === 'shared') {
      run.push(index);
    } else if (cell.role === 'none' || cell.role === 'conflict') {
      leftOut++;
    }
  });
  return { cells: run, leftOut };
}
