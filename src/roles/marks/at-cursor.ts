import type { EditorView } from '@codemirror/view';
import { Notification } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';

import type { IFinding } from '../../lint/finding';
import type { ITranslator } from '../../workload/translator';
import { fixFinding } from '../fixing';
import { sourceOffset } from '../line-ends';
import type { IOpenNotebook } from '../model';
import { revealCell } from '../reveal';
import { viewOf } from './editor-marks';
import { findingBeside, nextFinding } from './navigate';
import { findingsAt } from './state';
import { isTooltipOpen, openTooltipAt } from './tooltip';

/** Go to the next or previous finding of a notebook, and show it there. */
export async function goToFinding(
  open: IOpenNotebook,
  direction: 'next' | 'previous',
  trans: ITranslator
): Promise<void> {
  // Where nothing is checked while typing, this is how to have it checked.
  const checked = open.check.checked ?? (await open.check.now());
  const { findings } = checked.result;
  const notebook = open.roles.panel.content;
  const cell = notebook.activeCell;
  const index = cell
    ? checked.cells.findIndex(({ id }) => id === cell.model.id)
    : -1;
  const view = cell && shownView(cell);
  const last = lastTold(open);
  let finding: IFinding | null;
  // While a finding is open, the keyboard is in it, and the notebook in command mode.
  if (view && (notebook.mode === 'edit' || isTooltipOpen(view))) {
    const source = checked.cells.at(index)?.source ?? '';
    const { head } = view.state.selection.main;
    const offset = sourceOffset(source, head);
    finding = nextFinding(findings, { cell: index, offset }, direction);
  } else if (last) {
    finding = findingBeside(findings, { ...last, cell: index }, direction);
  } else {
    // From a cell that is not typed in, all of its findings come next.
    const offset = direction === 'next' ? -2 : -1;
    finding = nextFinding(findings, { cell: index, offset }, direction);
  }
  const id = finding && checked.cells.at(finding.cell)?.id;
  if (!finding || id === null || id === undefined) {
    Notification.info(trans.__('Nothing is found in this notebook.'), {
      autoClose: 3000
    });
    return;
  }
  await revealCell(open.roles, id, { range: finding.range, focus: true });
  lastShown.delete(open);
  if (!finding.range || !showAtCursor(open)) {
    // There is no place to show it at: it is one of the cell as a whole, or the cell's input is collapsed.
    Notification.info(finding.message, { autoClose: 6000 });
    lastShown.set(open, { id, finding });
  }
}

/** The finding that was told last without showing its place, so that the next one comes after it. */
const lastShown = new WeakMap<
  IOpenNotebook,
  { readonly id: string; readonly finding: IFinding }
>();

/** The same, if the notebook is still at its cell. */
function lastTold(open: IOpenNotebook): IFinding | null {
  const last = lastShown.get(open);
  const { activeCell } = open.roles.panel.content;
  return last && last.id === activeCell?.model.id ? last.finding : null;
}

/** The editor of a cell; null while it cannot be seen, too. */
function shownView(cell: Cell): EditorView | null {
  return cell.inputHidden ? null : viewOf(cell);
}

/** Open the tooltip of the findings at the cursor. False when there is none, or the input is collapsed. */
export function showAtCursor(open: IOpenNotebook): boolean {
  const cell = open.roles.panel.content.activeCell;
  const view = cell && shownView(cell);
  if (!view) {
    return false;
  }
  const at = view.state.selection.main.head;
  if (findingsAt(view.state, at).length === 0) {
    return false;
  }
  openTooltipAt(view, at);
  return true;
}

/** Apply the fix of the finding at the cursor, of the one that was told last of a collapsed cell, or of the only one of the active cell. */
export async function fixAtCursor(
  open: IOpenNotebook,
  trans: ITranslator
): Promise<void> {
  const finding = fixableAtCursor(open);
  if (finding) {
    await fixFinding(open, finding, trans);
  } else {
    Notification.info(trans.__('There is no fix for what stands here.'), {
      autoClose: 3000
    });
  }
}

function fixableAtCursor(open: IOpenNotebook): IFinding | null {
  const { checked } = open.check;
  const cell = open.roles.panel.content.activeCell;
  if (!cell || !checked) {
    return null;
  }
  const view = shownView(cell);
  const last = cell.inputHidden ? lastTold(open) : null;
  const here = view
    ? findingsAt(view.state, view.state.selection.main.head)
        .map(({ finding }) => finding)
        .find(({ fix }) => fix)
    : last;
  if (here?.fix) {
    return here;
  }
  const index = checked.cells.findIndex(({ id }) => id === cell.model.id);
  const all = checked.result.findings.filter(
    finding => finding.cell === index && finding.fix
  );
  return all.length === 1 ? all[0] : null;
}
