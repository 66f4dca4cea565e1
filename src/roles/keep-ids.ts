import { YBaseCell } from '@jupyter/ydoc';
import type { ISharedNotebook } from '@jupyter/ydoc';
import { UUID } from '@lumino/coreutils';

import type { ICellRecord } from './cell-list';
import { sameStep } from './undo-steps';

/**
 * Give new cells ids of their own where they have those of others, together with the change that made them.
 *
 * After a cut JupyterLab 4.6 keeps ids when it pastes, even when undo has brought the cell back, and when it duplicates. Two cells with one
 * id are no valid notebook; whoever names one of them, to give it a role, would name both.
 *
 * @param before Cells before the change.
 * @param after Cells after it.
 */
export function renewIds(
  notebook: ISharedNotebook,
  before: readonly ICellRecord[],
  after: readonly ICellRecord[]
): void {
  const old = new Set(before.map(({ cell }) => cell));
  const taken = new Set<string>();
  // Those that were there before keep theirs, wherever they are.
  const ordered = [
    ...after.filter(({ cell }) => old.has(cell)),
    ...after.filter(({ cell }) => !old.has(cell))
  ];
  const doubles = ordered.flatMap(({ cell, id }) => {
    const isDouble = taken.has(id) && cell instanceof YBaseCell;
    taken.add(id);
    return isDouble && !old.has(cell) ? [cell] : [];
  });
  if (doubles.length > 0) {
    sameStep(notebook, () => {
      doubles.forEach(cell => cell.ymodel.set('id', UUID.uuid4()));
    });
  }
}
