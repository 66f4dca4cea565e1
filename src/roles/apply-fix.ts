import type { ISharedNotebook } from '@jupyter/ydoc';

import { editedText } from '../lint/apply-fix';
import type { IFix, ITextEdit } from '../lint/finding';
import type { ICellRecord } from './cell-list';
import { editTags } from './cell-tags';
import { hasOtherLineEnds } from './line-ends';
import type { IChecked } from './model';
import { ownStep } from './undo-steps';

/**
 * Apply a fix, as one undo step.
 *
 * Cells are found again by their ids, so a fix holds as long as the cells that it touches are there with the source that was checked,
 * wherever they are now.
 *
 * @param cells The cells as they are.
 * @returns False when the notebook is no longer as it was checked; then nothing is changed.
 */
export function applyFix(
  notebook: ISharedNotebook,
  cells: readonly ICellRecord[],
  fix: IFix,
  checked: IChecked
): boolean {
  const now = new Map(cells.map(cell => [cell.id, cell]));
  const same = (index: number): ICellRecord | null => {
    const then = checked.cells.at(index);
    const cell = then && now.get(then.id);
    return cell?.source === then?.source ? (cell ?? null) : null;
  };
  /** The cell that something is to be inserted before; null for the end. */
  const before = (index: number): ICellRecord | null =>
    index < checked.cells.length ? same(index) : null;
  const touched = [...fix.edits, ...fix.tags].map(({ cell }) => cell);
  const inserts = fix.insert ?? [];
  if (
    touched.some(index => same(index) === null) ||
    inserts.some(
      insert =>
        insert.before < checked.cells.length && before(insert.before) === null
    )
  ) {
    return false;
  }
  ownStep(notebook, () => {
    for (const { cell, add, remove } of fix.tags) {
      const record = same(cell);
      if (record) {
        editTags(record.cell, tags => {
          const kept = tags.filter(tag => !remove.includes(tag));
          return [...kept, ...add.filter(tag => !kept.includes(tag))];
        });
      }
    }
    for (const index of new Set(fix.edits.map(({ cell }) => cell))) {
      const record = same(index);
      if (record) {
        const edits = fix.edits.filter(({ cell }) => cell === index);
        editSource(notebook, cells.indexOf(record), record.source, edits);
      }
    }
    // From the end as well; of several at one place, the last one first.
    const placed = inserts.map(insert => {
      const at = before(insert.before);
      return { ...insert, index: at ? cells.indexOf(at) : cells.length };
    });
    for (const { index, source, tags } of placed
      .toReversed()
      .toSorted((a, b) => b.index - a.index)) {
      notebook.insertCell(index, {
        cell_type: 'code',
        source,
        // Without outputs there is nothing to distrust.
        metadata: { trusted: true, tags: [...tags] }
      });
    }
  });
  return true;
}

/**
 * Change the source of a cell, and with it what its editor shows.
 *
 * JupyterLab hands a change of the source on to the editor with its offsets as they are, and undoing it again: where line ends differ
 * between the two, the editor would show something else, or fail. Such a cell gives place to one that is the same but for the source, as
 * it does when it is moved.
 */
function editSource(
  notebook: ISharedNotebook,
  index: number,
  source: string,
  edits: readonly ITextEdit[]
): void {
  const cell = notebook.getCell(index);
  if ([source, ...edits.map(({ text }) => text)].some(hasOtherLineEnds)) {
    const copy = { ...cell.toJSON(), source: editedText(source, edits) };
    notebook.deleteCell(index);
    notebook.insertCell(index, copy);
    return;
  }
  // From the end, so that the offsets before it stay as they are.
  for (const { from, to, text } of edits.toSorted((a, b) => b.from - a.from)) {
    cell.updateSource(from, to, text);
  }
}
