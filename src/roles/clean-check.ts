import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IFinding } from '../lint/finding';
import type { IChecked, IRolesManager } from './model';

/** What exporting and publishing want to know of a notebook before they begin. */
export interface ICleanCheck {
  /** Whether there is no finding at the level of errors. */
  readonly isClean: boolean;
  readonly errors: readonly IFinding[];
  readonly checked: IChecked;
}

/**
 * Check a notebook as it is now, for those that want it clean: exporting and publishing. Saving never asks.
 *
 * @returns Null when the notebook is not in Python, or not open.
 * @throws Error with a sentence when it cannot be checked.
 */
export async function checkClean(
  manager: IRolesManager,
  panel: NotebookPanel
): Promise<ICleanCheck | null> {
  const open = manager.get(panel);
  if (!open) {
    return null;
  }
  const checked = await open.check.now();
  const errors = checked.result.findings.filter(
    ({ severity }) => severity === 'error'
  );
  return { isClean: errors.length === 0, errors, checked };
}
