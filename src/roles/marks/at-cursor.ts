import { Notification } from '@jupyterlab/apputils';

import type { IFinding } from '../../lint/finding';
import type { ITranslator } from '../../workload/translator';
import { fixFinding } from '../fixing';
import { sourceOffset } from '../line-ends';
import type { IOpenNotebook } from '../model';
import { revealCell } from '../reveal';
import { viewOf } from './editor-marks';
import { nextFinding } from './navigate';
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
  const notebook = open.roles.panel.content;
  const cell = notebook.activeCell;
  const editor = cell && viewOf(cell);
  // While a finding is open, the keyboard is in it, and the notebook in command mode.
  const view =
    editor && (notebook.mode === 'edit' || isTooltipOpen(editor))
      ? editor
      : null;
  const index = cell
    ? checked.cells.findIndex(({ id }) => id === cell.model.id)
    : -1;
  const finding = nextFinding(
    checked.result.findings,
    {
      cell: index,
      // From a cell that is not typed in, all of its findings come next.
      offset: view
        ? sourceOffset(
            checked.cells.at(index)?.source ?? '',
            view.state.selection.main.head
          )
        : direction === 'next' && !isAt(open, index)
          ? -2
          : -1
    },
    direction
  );
  const id = finding && checked.cells.at(finding.cell)?.id;
  if (!finding || id === null || id === undefined) {
    Notification.info(trans.__('Nothing is found in this notebook.'), {
      autoClose: 3000
    });
    return;
  }
  await revealCell(open.roles, id, { range: finding.range, focus: true });
  if (finding.range) {
    showAtCursor(open);
  } else {
    Notification.info(finding.message, { autoClose: 6000 });
  }
  lastShown.set(open, finding);
}

/** The finding of a cell as a whole that was shown last, so that the next one comes after it. */
const lastShown = new WeakMap<IOpenNotebook, IFinding>();

function isAt(open: IOpenNotebook, cell: number): boolean {
  const last = lastShown.get(open);
  return last?.cell === cell && last.range === null;
}

/** Open the tooltip of the findings at the cursor. False when there is none. */
export function showAtCursor(open: IOpenNotebook): boolean {
  const cell = open.roles.panel.content.activeCell;
  const view = cell && viewOf(cell);
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

/** Apply the fix of the finding at the cursor, or of the only one of the active cell. */
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
  const view = viewOf(cell);
  const here = view
    ? findingsAt(view.state, view.state.selection.main.head)
        .map(({ finding }) => finding)
        .find(({ fix }) => fix)
    : undefined;
  if (here) {
    return here;
  }
  const index = checked.cells.findIndex(({ id }) => id === cell.model.id);
  const all = checked.result.findings.filter(
    finding => finding.cell === index && finding.fix
  );
  return all.length === 1 ? all[0] : null;
}
