import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IWorkloadRoles } from '../tokens';
import { isObject } from '../workload/json';
import { checkRecord, isCompiled } from './dashboard-record';
import { isNotebookJson, memberOf } from './notebook-json';

/**
 * Keep in a notebook that was saved what the check of its roles finds, with the hash of what was checked, and save it with that. A guarded
 * Voilà that a site has set to `refuse` shows no other notebooks.
 *
 * A notebook without roles, one that is compiled, and one whose record is right already are left alone, so that saving ends.
 *
 * @throws Error with a sentence when it cannot be checked or saved.
 */
export async function recordCheck(
  panel: NotebookPanel,
  roles: IWorkloadRoles
): Promise<void> {
  const check = await roles.checkClean(panel);
  const notebook: unknown = panel.model?.toJSON() ?? null;
  if (
    !check ||
    !isNotebookJson(notebook) ||
    isCompiled(notebook) ||
    panel.context.model.dirty ||
    panel.context.model.readOnly ||
    check.checked.result.cells.every(({ role }) => role === 'none')
  ) {
    return;
  }
  const record = checkRecord(notebook, check.errors.length);
  const there = memberOf(notebook.metadata, 'workload', 'check');
  const isKnown =
    isObject(there) &&
    Object.entries(record).every(([key, value]) => there[key] === value);
  if (isKnown) {
    return;
  }
  const { sharedModel } = panel.context.model;
  const workload: unknown = sharedModel.getMetadata('workload');
  sharedModel.setMetadata('workload', {
    ...(isObject(workload) ? workload : {}),
    check: { ...record }
  });
  await panel.context.save();
}
