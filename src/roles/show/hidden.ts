import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

import type { ICellRoleState, Shown } from '../model';

/** The class of cells that are hidden because the chosen machine does not run them. */
export const HIDDEN_CLASS = 'jp-mod-workloadHidden';

/** Whether a cell is hidden by that class right now. */
export function isHiddenNow(cell: Cell): boolean {
  return cell.hasClass(HIDDEN_CLASS);
}

/** Ids of the cells that are hidden by that class right now. */
export function hiddenNow({ widgets }: Notebook): ReadonlySet<string> {
  return new Set(widgets.filter(isHiddenNow).map(({ model }) => model.id));
}

/**
 * The cells that are hidden while only one machine's are shown.
 *
 * That machine runs its own cells and the shared ones. Markdown and raw cells stay, and so do cells without a role, which both
 * machines would run: they are what must not be overlooked. A cell with two roles counts as upstream, as it does when compiling.
 *
 * @param known Ids of the cells that were there when the others were hidden; what came later stays in sight. Null for all.
 * @returns Ids of the hidden cells.
 */
export function hiddenCells(
  cells: readonly ICellRoleState[],
  shown: Shown,
  known: ReadonlySet<string> | null = null
): ReadonlySet<string> {
  const hidden = new Set<string>();
  if (shown === 'all') {
    return hidden;
  }
  for (const { id, type, role } of cells) {
    const side = role === 'conflict' ? 'upstream' : role;
    const isOther =
      (side === 'upstream' || side === 'downstream') && side !== shown;
    if (type === 'code' && isOther && (known?.has(id) ?? true)) {
      hidden.add(id);
    }
  }
  return hidden;
}
