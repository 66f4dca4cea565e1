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
import { previewPath } from '../dashboard-name';
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
      newRun: () => UUID.uuid4(),
      endKernel: id => {
        // It may have ended with its page.
        services.kernels.shutdown(id).catch(() => undefined);
      }
    }),
    name: nameOf(panel),
    trans,
    reveal: cell => {
      const open = roles.get(panel);
      if (open) {
        shell.activateById(panel.id);
        void revealCell(open.roles, cell, { focus: true });
      }
    },
    find: ({ id, index: before }) => {
      const cells = panel.content.widgets.map(({ model }) => model);
      // Without ids in the file, those here are made up.
      const byId = cells.findIndex(cell => cell.id === id);
      const index = byId < 0 ? (before ?? -1) : byId;
      if (index < 0 || index >= cells.length) {
        return null;
      }
      const lines = cells[index].sharedModel.getSource().split('\n');
      const firstLine = lines.find(line => line.trim() !== '')?.trim() ?? '';
      return { id: cells[index].id, index, firstLine };
    },
    url: ({ path, template }, theme, run) => {
      const page = URLExt.join(
        serverSettings.baseUrl,
        'voila/render',
        URLExt.encodeParts(contents.localPath(path))
      );
      const asked = {
        ...(template !== null && { template }),
        ...(theme !== '' && { theme }),
        ...(run !== null && { [RUN_ARGUMENT]: run })
      };
      return `${page}${URLExt.objectToQueryString(asked)}`;
    }
  });
  widget.id = `workload-explorer-preview-${UUID.uuid4()}`;
  shell.add(widget, 'main', { mode: 'split-right', ref: panel.id });
  shell.activateById(widget.id);
  const { context } = panel;
  let copy = previewPath(context.path);
  const removeCopy = (): void => {
    contents.delete(copy).catch(() => undefined);
  };
  context.pathChanged.connect(() => {
    removeCopy();
    copy = previewPath(context.path);
    widget.setName(nameOf(panel));
    void widget.follow();
  });
  widget.disposed.connect(removeCopy);
  panel.disposed.connect(() => widget.dispose());
  return widget;
}

function nameOf({ context }: NotebookPanel): string {
  return PathExt.basename(context.path, '.ipynb');
}
