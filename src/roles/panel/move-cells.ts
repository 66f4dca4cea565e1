import type { Notebook } from '@jupyterlab/notebook';

import { endStep, ownStep } from '../undo-steps';
import { movesTo } from './move';

/**
 * Move cells of a notebook, as one undo step.
 *
 * @param items Indexes of the cells, rising.
 * @param before Index of the cell that they shall stand before; the number of cells for the end.
 */
export function moveCells(
  notebook: Notebook,
  items: readonly number[],
  before: number
): void {
  const { model } = notebook;
  const moves = movesTo(items, before);
  if (!model || model.readOnly || moves.length === 0) {
    return;
  }
  const active = notebook.activeCell?.model.id;
  const { sharedModel } = model;
  const first = items[0];
  if (items.every((index, i) => index === first + i)) {
    // The notebook's own way keeps what is folded and rendered.
    endStep(sharedModel);
    notebook.moveCell(
      first,
      first < before ? before - 1 : before,
      items.length
    );
    endStep(sharedModel);
  } else {
    ownStep(sharedModel, () => {
      for (const { from, to } of moves) {
        sharedModel.moveCells(from, to, 1);
      }
    });
  }
  // Cells are made anew: the active one is found again by its id.
  const index = notebook.widgets.findIndex(cell => cell.model.id === active);
  if (index >= 0) {
    notebook.activeCellIndex = index;
  }
}
