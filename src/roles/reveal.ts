import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IRange } from '../lint/finding';
import { editorOffset } from './line-ends';
import type { INotebookRoles } from './model';

/** What to do besides bringing a cell into sight. */
export interface IRevealOptions {
  /** Put the cursor there and go on typing; else the cell is made active only. */
  readonly range?: IRange | null;
  /** Whether the keyboard goes to the notebook. */
  readonly focus?: boolean;
}

/**
 * Bring a cell into sight and make it the active one; a hidden one is shown, with all others.
 *
 * @returns Whether the cell is there.
 */
export async function revealCell(
  roles: INotebookRoles,
  id: string,
  { range = null, focus = false }: IRevealOptions = {}
): Promise<boolean> {
  const { panel } = roles;
  const find = (): number =>
    panel.content.widgets.findIndex(cell => cell.model.id === id);
  if (find() < 0) {
    return false;
  }
  if (panel.content.widgets[find()].hasClass('jp-mod-workloadHidden')) {
    roles.show('all');
    await Promise.resolve();
  }
  await activate(panel, find());
  const cell = panel.content.widgets[find()];
  if (!cell || cell.isDisposed) {
    return false;
  }
  if (range && !cell.inputHidden) {
    await cell.ready;
    const { editor } = cell;
    if (editor) {
      const source = editor.model.sharedModel.getSource();
      const at = (offset: number) => {
        const { line, column } = editor.getPositionAt(
          editorOffset(source, Math.min(offset, source.length))
        ) ?? { line: 0, column: 0 };
        return { line, column };
      };
      editor.setSelection({ start: at(range.from), end: at(range.from) });
      if (focus) {
        panel.content.mode = 'edit';
        editor.focus();
      }
      return true;
    }
  }
  if (focus) {
    panel.content.mode = 'command';
    cell.node.focus();
  }
  return true;
}

async function activate(panel: NotebookPanel, index: number): Promise<void> {
  const notebook = panel.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  try {
    await notebook.scrollToItem(index, 'smart');
  } catch {
    // Called off by scrolling somewhere else.
  }
}
