import { YBaseCell } from '@jupyter/ydoc';
import type { YNotebook } from '@jupyter/ydoc';

import { isObject } from '../workload/json';
import { ROLES } from '../workload/roles';
import { cellTags } from './cell-tags';
import type { NotebookRoles } from './notebook-roles';

/** A transaction of Yjs. */
export type Transaction = Parameters<
  YNotebook['undoManager']['captureTransaction']
>[0];

/**
 * Let the notebook's undo take back an edit of tags that was not made in one of its transactions, as those of JupyterLab's own tag editor
 * and metadata editor are not.
 *
 * Such an edit has no origin; nor have changes of outputs, prompts and other metadata, which undo must leave alone. So an edit that
 * concerns roles is given the notebook's origin after it was made and before the undo manager looks at it. It is a step of its own.
 *
 * @param transaction One that is over, and that nobody was told of yet: `roles.list` has the tags from before.
 * @returns Whether it is such an edit.
 */
export function trackTagEdit(
  transaction: Transaction,
  notebook: YNotebook,
  roles: NotebookRoles
): boolean {
  if (
    !transaction.local ||
    transaction.origin !== null ||
    !changesRoleTags(transaction, roles)
  ) {
    return false;
  }
  notebook.undoManager.stopCapturing();
  transaction.origin = notebook;
  return true;
}

/**
 * Let the tags that a transaction has written be the notebook's own.
 *
 * Yjs keeps the very array that it is given. JupyterLab's tag editor gives a cell without tags an empty one when it comes into sight, and
 * adds the first tag to that same array: it would be in the notebook without a change that anybody is told of, or that can be undone.
 *
 * @param transaction One that is over, and that nobody was told of yet.
 */
export function ownTags({ local, changed }: Transaction): void {
  if (!local) {
    return;
  }
  for (const [type, keys] of changed) {
    const content: unknown = keys.has('tags')
      ? type._map.get('tags')?.content
      : null;
    const values: unknown = isObject(content) ? content.arr : null;
    if (Array.isArray(values)) {
      values.forEach((value: unknown, i) => {
        values[i] = Array.isArray(value) ? Array.from<unknown>(value) : value;
      });
    }
  }
}

/** Whether tags of a cell have changed, where roles are kept, or where it is a role that came or went. */
function changesRoleTags(
  { changed }: Transaction,
  { list, isKept, policy }: NotebookRoles
): boolean {
  const edited = [...changed].flatMap(([type, keys]) =>
    keys.has('tags') ? [type] : []
  );
  return (
    edited.length > 0 &&
    list.cells.some(({ cell, tags }) => {
      if (
        !(cell instanceof YBaseCell) ||
        !edited.some(type => type === cell.ymodel.get('metadata'))
      ) {
        return false;
      }
      const now = cellTags(cell);
      return (
        isKept ||
        ROLES.some(
          role =>
            now.includes(policy.tags[role]) !== tags.includes(policy.tags[role])
        )
      );
    })
  );
}
