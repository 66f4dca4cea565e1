import type { ILabShell } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { KernelAPI } from '@jupyterlab/services';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { revealCell } from '../../roles/reveal';
import { previewRun } from '../../server/preview';
import type { IWorkloadRoles } from '../../tokens';
import type { ICompiling } from '../compile-open';
import { Preview } from './preview';
import { PreviewModel } from './preview-model';
import type { PreviewTab } from './preview-tab';

/** What Voilà is asked with, so that the server notes what runs under it. */
const RUN_ARGUMENT = 'workload_preview';

export interface IOpenPreviewOptions {
  readonly shell: ILabShell;
  readonly services: ServiceManager.IManager;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
  /** Compiles a notebook as it is now into a file beside it. */
  readonly compile: (panel: NotebookPanel) => Promise<ICompiling>;
  /** Removes the file that a notebook of this path was compiled to. */
  readonly removeCopy: (path: string) => void;
}

/** Fill the tab of a preview: compile its notebook, and have Voilà make a page of it. */
export function openPreview(
  tab: PreviewTab,
  { shell, services, roles, trans, compile, removeCopy }: IOpenPreviewOptions
): Preview {
  const { serverSettings, contents } = services;
  const { panel } = tab;
  const model = new PreviewModel({
    compile: () => compile(panel),
    ask: run => previewRun(serverSettings, run),
    newRun: () => UUID.uuid4(),
    endKernel: id => {
      const settings = {
        ...serverSettings,
        // It is ended also while the browser leaves JupyterLab.
        init: { ...serverSettings.init, keepalive: true }
      };
      // It may have ended with its page.
      KernelAPI.shutdownKernel(id, settings).catch(() => undefined);
    }
  });
  const preview = new Preview(tab, {
    model,
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
  const { context } = panel;
  let { path } = context;
  const onPath = (): void => {
    removeCopy(path);
    ({ path } = context);
    void preview.follow();
  };
  // Nobody is told what happens to a tab when the browser leaves the page that it is in.
  const onLeaving = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) {
      model.dispose();
    }
  };
  context.pathChanged.connect(onPath);
  window.addEventListener('pagehide', onLeaving);
  tab.disposed.connect(() => {
    context.pathChanged.disconnect(onPath);
    window.removeEventListener('pagehide', onLeaving);
    removeCopy(path);
  });
  return preview;
}
