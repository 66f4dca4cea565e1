import type { ILabShell } from '@jupyterlab/application';
import { PathExt, URLExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { revealCell } from '../../roles/reveal';
import { previewRun } from '../../server/preview';
import type { IWorkloadRoles } from '../../tokens';
import type { ICompiling } from '../compile-open';
import { PreviewModel } from './preview-model';
import { PreviewWidget } from './preview-widget';

/** What Voilà is asked with, so that the server notes what runs under it. */
const RUN_ARGUMENT = 'workload_preview';

export interface IOpenPreviewOptions {
  readonly shell: ILabShell;
  readonly services: ServiceManager.IManager;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
  /** Compiles a notebook as it is now into a file beside it. */
  readonly compile: (panel: NotebookPanel) => Promise<ICompiling>;
}

/** Open the preview of a notebook beside it. It goes when the notebook is closed. */
export function openPreview(
  panel: NotebookPanel,
  { shell, services, roles, trans, compile }: IOpenPreviewOptions
): PreviewWidget {
  const { serverSettings, contents } = services;
  const widget = new PreviewWidget({
    model: new PreviewModel({
      compile: () => compile(panel),
      ask: run => previewRun(serverSettings, run),
      newRun: () => UUID.uuid4()
    }),
    name: PathExt.basename(panel.context.path, '.ipynb'),
    trans,
    reveal: cell => {
      const open = roles.get(panel);
      if (open) {
        shell.activateById(panel.id);
        void revealCell(open.roles, cell, { focus: true });
      }
    },
    find: id => {
      const index = panel.content.widgets.findIndex(
        ({ model }) => model.id === id
      );
      if (index < 0) {
        return null;
      }
      const source = panel.content.widgets[index].model.sharedModel.getSource();
      const firstLine = source.split('\n').find(line => line.trim() !== '');
      return { index, firstLine: firstLine?.trim() ?? '' };
    },
    url: (path, theme, run) => {
      const page = URLExt.join(
        serverSettings.baseUrl,
        'voila/render',
        URLExt.encodeParts(contents.localPath(path))
      );
      const asked = {
        ...(theme !== '' && { theme }),
        ...(run !== null && { [RUN_ARGUMENT]: run })
      };
      return `${page}${URLExt.objectToQueryString(asked)}`;
    }
  });
  widget.id = `workload-explorer-preview-${UUID.uuid4()}`;
  shell.add(widget, 'main', { mode: 'split-right', ref: panel.id });
  shell.activateById(widget.id);
  panel.disposed.connect(() => widget.dispose());
  return widget;
}
