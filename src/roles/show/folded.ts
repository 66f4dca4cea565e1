import { MarkdownCell } from '@jupyterlab/cells';
import type { Cell } from '@jupyterlab/cells';

import { headingLevel } from '../section';

/**
 * The cells below collapsed headings, down to the next heading of the same or a higher level.
 *
 * @returns Ids of the cells by id of the heading's cell; empty in the usual case that nothing is collapsed.
 */
export function foldedCells(
  cells: readonly Cell[]
): ReadonlyMap<string, ReadonlySet<string>> {
  const folded = new Map<string, ReadonlySet<string>>();
  cells.forEach((cell, index) => {
    if (cell instanceof MarkdownCell && cell.headingCollapsed) {
      const own = levelOf(cell) ?? 6;
      const below = cells.slice(index + 1);
      const end = below.findIndex(each => (levelOf(each) ?? 7) <= own);
      folded.set(
        cell.model.id,
        new Set(
          (end < 0 ? below : below.slice(0, end)).map(({ model }) => model.id)
        )
      );
    }
  });
  return folded;
}

function levelOf({ model }: Cell): number | null {
  return model.type === 'markdown'
    ? headingLevel(model.sharedModel.getSource())
    : null;
}
