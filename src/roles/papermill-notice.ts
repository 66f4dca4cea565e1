import { Notification } from '@jupyterlab/apputils';

import { PAPERMILL_TAGS } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import { cellTags } from './cell-tags';
import type { INotebookRoles } from './model';

/** Say which cells stay shared though their role was to be taken away, because a tag of papermill makes them so. */
export function tellOfPapermill(
  { panel }: Pick<INotebookRoles, 'panel'>,
  ids: readonly string[],
  trans: ITranslator
): void {
  const tagsOf = panel.context.model.sharedModel.cells.flatMap(cell => {
    const tags = cellTags(cell);
    const found = PAPERMILL_TAGS.filter(tag => tags.includes(tag));
    return ids.includes(cell.getId()) && found.length > 0 ? [found] : [];
  });
  if (tagsOf.length > 0) {
    Notification.info(
      trans._n(
        'The cell stays shared: papermill’s tag makes it so (%2).',
        '%1 cells stay shared: papermill’s tags make them so (%2).',
        tagsOf.length,
        [...new Set(tagsOf.flat())].join(', ')
      ),
      { autoClose: 6000 }
    );
  }
}
