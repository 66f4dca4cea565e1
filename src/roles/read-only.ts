import type { ITranslator } from '../workload/translator';
import type { INotebookRoles } from './model';

/** Whether a notebook must not be changed here. */
export function isReadOnly({ panel }: Pick<INotebookRoles, 'panel'>): boolean {
  return panel.isDisposed || panel.context.model.readOnly;
}

/** Why a notebook must not be changed here, as a sentence; null where it may. */
export function readOnlyReason(
  roles: Pick<INotebookRoles, 'panel'>,
  trans: ITranslator
): string | null {
  return isReadOnly(roles)
    ? trans.__('The notebook cannot be changed here: it is read-only.')
    : null;
}
