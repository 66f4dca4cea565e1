import { Notification } from '@jupyterlab/apputils';
import { YNotebook } from '@jupyter/ydoc';
import { NotebookActions } from '@jupyterlab/notebook';

import { ROLES, cellRole } from '../workload/roles';
import type { Role } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import type { IMerge } from './keep-merge';
import type { NotebookRoles } from './notebook-roles';
import { roleTitle } from './role-text';

/**
 * Warn that cells of several roles were merged, and offer to undo it for as long as it is what undo would take back.
 *
 * @returns Takes the warning away.
 */
export function warnOfMerge(
  roles: NotebookRoles,
  { into, roles: had }: IMerge,
  trans: ITranslator
): () => void {
  const { notebook, policy } = roles;
  const kept = cellRole(into.tags, policy.tags);
  const names = had.map(role => roleTitle(role, trans)).join(', ');
  const message =
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

/**
 * Ask for the role of new cells, without being in the way: whoever types on may answer later, or set the role in another way.
 *
 * @param cells Ids of the cells.
 * @param suggested The neighbor's role, which comes first.
 * @returns Takes the question away.
 */
export function askForRole(
  roles: NotebookRoles,
  cells: readonly string[],
  suggested: Role | null,
  trans: ITranslator
): () => void {
  const choices = ROLES.toSorted(
    (a, b) => Number(b === suggested) - Number(a === suggested)
  );
  const id = Notification.info(
    trans._n(
      'Which role has the new cell?',
      'Which role have the %1 new cells?',
      cells.length
    ),
    {
      autoClose: false,
      actions: choices.map(role => ({
        label: roleTitle(role, trans),
        displayType: role === suggested ? 'accent' : 'default',
        callback: () => {
          if (!roles.isDisposed) {
            roles.setRole(cells, role);
          }
        }
      }))
    }
  );
  const dismiss = (): void => {
    roles.changed.disconnect(onChanged);
    Notification.dismiss(id);
  };
  // Answered in another way, or undone.
  const onChanged = (): void => {
    const open = roles.cells.some(
      cell => cell.role === 'none' && cells.includes(cell.id)
    );
    if (!open) {
      dismiss();
    }
  };
  roles.changed.connect(onChanged);
  return dismiss;
}
