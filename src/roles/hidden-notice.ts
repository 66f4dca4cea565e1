import { Notification } from '@jupyterlab/apputils';

import type { ITranslator } from '../workload/translator';
import type { INotebookRoles } from './model';

/** Say how many cells a command has left out because they are hidden, and offer to show them; of none, nothing is said. */
export function tellOfHidden(
  roles: INotebookRoles,
  leftOut: number,
  done: 'change' | 'selection',
  trans: ITranslator
): void {
  if (leftOut === 0) {
    return;
  }
  Notification.info(
    done === 'change'
      ? trans._n(
          '%1 hidden cell was left as it is.',
          '%1 hidden cells were left as they are.',
          leftOut
        )
      : trans._n(
          '%1 hidden cell was not selected.',
          '%1 hidden cells were not selected.',
          leftOut
        ),
    {
      autoClose: 6000,
      actions: [
        {
          label: trans.__('Show All Cells'),
          callback: () => roles.show('all')
        }
      ]
    }
  );
}
