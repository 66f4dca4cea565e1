import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { isCompiled, isStale } from './dashboard-record';
import { isNotebookJson, memberOf, parseNotebook } from './notebook-json';
import { readText } from './text-file';

export interface IStaleNoticeOptions {
  readonly contents: Contents.IManager;
  readonly trans: TranslationBundle;
  readonly openNotebook: (path: string) => Promise<unknown>;
}

/**
 * Tell who opens a compiled notebook that it is of an older state of its source.
 *
 * A source that is gone or cannot be read is not told: a compiled notebook needs none.
 */
export async function tellIfStale(
  panel: NotebookPanel,
  { contents, trans, openNotebook }: IStaleNoticeOptions
): Promise<void> {
  const notebook: unknown = panel.model?.toJSON() ?? null;
  if (!isNotebookJson(notebook) || !isCompiled(notebook)) {
    return;
  }
  const named = memberOf(notebook.metadata, 'workload', 'dashboard', 'source');
  if (typeof named !== 'string') {
    return;
  }
  const { path } = panel.context;
  const drive = contents.driveName(path);
  const folder = PathExt.dirname(contents.localPath(path));
  const source = `${drive && `${drive}:`}${PathExt.join(folder, named)}`;
  const text = await readText(contents, source).catch(() => null);
  const found = text === null ? null : parseNotebook(text);
  if (!found || !isStale(notebook, found)) {
    return;
  }
  Notification.warning(
    trans.__(
      '%1 was compiled from an older state of %2. Compile that again; what is changed here is lost by it.',
      PathExt.basename(path),
      PathExt.basename(source)
    ),
    {
      autoClose: false,
      actions: [
        {
          label: trans.__('Open %1', PathExt.basename(source)),
          displayType: 'accent',
          callback: () => void openNotebook(source)
        }
      ]
    }
  );
}
