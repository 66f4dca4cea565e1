import { Notification } from '@jupyterlab/apputils';
import { YNotebook } from '@jupyter/ydoc';
import { NotebookActions } from '@jupyterlab/notebook';

import { cellRole } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import type { IMerge } from './keep-merge';
import type { NotebookRoles } from './notebook-roles';
import { roleTitle } from './role-text';

/**
 * Warn that cells of several roles were merged, or one that is out of sight, and offer to undo it for as long as it is what undo would take back.
 *
 * @returns Takes the warning away.
 */
export function warnOfMerge(
  roles: NotebookRoles,
  { into, roles: had, hasHidden }: IMerge,
  trans: ITranslator
): () => void {
  const { notebook, policy } = roles;
  const kept = cellRole(into.tags, policy.tags);
  const names = had.map(role => roleTitle(role, trans)).join(', ');
  const mixed =
    kept === 'none'
      ? trans.__(
          'Cells of different roles were merged (%1). The merged cell has no role.',
          names
        )
      : trans.__(
          'Cells of different roles were merged (%1). The merged cell counts as: %2.',
          names,
          roleTitle(kept, trans)
        );
  const isMixed = into.type === 'code' && had.length > 1;
  const message = [
    ...(hasHidden
      ? [trans.__('A cell that is hidden was merged with the active one.')]
      : []),
    ...(isMixed ? [mixed] : [])
  ].join(' ');
  const undoManager =
    notebook instanceof YNotebook ? notebook.undoManager : null;
  const merge = undoManager?.undoStack.at(-1);
  const id = Notification.warning(message, {
    autoClose: false,
    actions: [
      {
        label: trans.__('Undo Merge'),
        caption: trans.__('Have the cells as they were before'),
        callback: () => {
          if (roles.isDisposed) {
            return;
          }
          if (merge !== undefined && undoManager?.undoStack.at(-1) === merge) {
            NotebookActions.undo(roles.panel.content);
          } else {
            Notification.info(
              trans.__(
                'The notebook has changed since: undo the later changes first, and then the merge.'
              ),
              { autoClose: 6000 }
            );
          }
        }
      }
    ]
  });
  const dismiss = (): void => {
    undoManager?.off('stack-item-popped', onPopped);
    Notification.dismiss(id);
  };
  const onPopped = ({ stackItem }: { stackItem: unknown }): void => {
    if (stackItem === merge) {
      dismiss();
    }
  };
  undoManager?.on('stack-item-popped', onPopped);
  return dismiss;
}
