import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { ViewCommandIDs } from '../roles/view-commands';
import type { IWorkloadRoles } from '../tokens';
import { Dashboards } from './dashboards';

export interface IMakeDashboardsOptions {
  readonly app: JupyterFrontEnd;
  readonly shell: ILabShell;
  readonly tracker: INotebookTracker;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
}

/** Make the dashboards of a JupyterLab. */
export function makeDashboards({
  app,
  shell,
  tracker,
  roles,
  trans
}: IMakeDashboardsOptions): Dashboards {
  const { commands, serviceManager: services } = app;
  return new Dashboards({
    shell,
    services,
    roles,
    trans,
    showFindings: () => void commands.execute(ViewCommandIDs.showPanel),
    showFolder: path =>
      void commands.execute('filebrowser:go-to-path', { path }),
    openNotebook: async path => {
      const opened: unknown = await commands.execute('docmanager:open', {
        path,
        factory: 'Notebook'
      });
      const panel = tracker.find(each => each === opened) ?? null;
      await panel?.revealed;
      return panel;
    }
  });
}
