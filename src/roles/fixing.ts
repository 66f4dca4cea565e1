import { Notification } from '@jupyterlab/apputils';

import type { IFinding, IFix } from '../lint/finding';
import type { ITranslator } from '../workload/translator';
import { allowanceAt } from './allowance';
import type { IChecked, IOpenNotebook } from './model';

/**
 * Settle a finding by its fix, as one undo step, and say what came of it.
 *
 * When the notebook has changed since it was checked, it is checked again first, and the finding looked up anew.
 *
 * @returns Whether the notebook was changed.
 */
export async function fixFinding(
  open: IOpenNotebook,
  finding: IFinding,
  trans: ITranslator
): Promise<boolean> {
  return change(open, finding, trans, ({ fix }) => fix ?? null);
}

/**
 * Keep a finding quiet by a comment in its cell that says why, as one undo step.
 *
 * @param reason What the comment says; blanks at its ends are left out, and line breaks become blanks.
 */
export async function allowFinding(
  open: IOpenNotebook,
  finding: IFinding,
  reason: string,
  trans: ITranslator
): Promise<boolean> {
  return change(open, finding, trans, ({ cell, rule }, { cells }) => {
    const edit = allowanceAt(cells[cell].source, rule, reason);
    return {
      title: trans.__('Allowed %1 in this cell.', rule),
      edits: [{ cell, ...edit }],
      tags: []
    };
  });
}

async function change(
  open: IOpenNotebook,
  finding: IFinding,
  trans: ITranslator,
  fixOf: (finding: IFinding, checked: IChecked) => IFix | null
): Promise<boolean> {
  const { roles, check } = open;
  try {
    const checked =
      check.checked && !check.isStale ? check.checked : await check.now();
    const same = findAgain(finding, checked.result.findings);
    const fix = same && fixOf(same, checked);
    if (!fix) {
      Notification.info(
        trans.__('This is settled already: the notebook has changed.'),
        { autoClose: 4000 }
      );
      return false;
    }
    if (!roles.applyFix(fix, checked)) {
      Notification.warning(
        trans.__(
          'The notebook has changed in the meantime, or cannot be changed: nothing was done. Try again.'
        ),
        { autoClose: 6000 }
      );
      return false;
    }
    Notification.success(trans.__('Done: %1', fix.title), { autoClose: 4000 });
    return true;
  } catch (error) {
    Notification.error(
      trans.__('This could not be done: %1', messageOf(error)),
      { autoClose: false }
    );
    return false;
  }
}

/** The finding in another result: same rule, cell and name, nearest to where it was. */
export function findAgain(
  finding: IFinding,
  findings: readonly IFinding[]
): IFinding | null {
  if (findings.includes(finding)) {
    return finding;
  }
  const same = findings.filter(
    each =>
      each.rule === finding.rule &&
      each.name === finding.name &&
      (finding.cellId === null
        ? each.cell === finding.cell
        : each.cellId === finding.cellId)
  );
  const distance = (each: IFinding): number =>
    Math.abs((each.range?.from ?? 0) - (finding.range?.from ?? 0));
  return same.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
