import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import {
  forgetDashboard,
  publishedDashboards,
  rollBackDashboard
} from '../../server/dashboards';
import type { IDashboard } from '../../server/dashboards';
import { DashboardList } from './dashboard-list';
import { DashboardListModel } from './list-model';

/** File of the static page in what is published. */
const PAGE = 'dashboard.html';

export interface IOpenListOptions {
  readonly services: ServiceManager.IManager;
  readonly trans: TranslationBundle;
  readonly publishAgain: (dashboard: IDashboard) => void;
  readonly openNotebook: (path: string) => void;
}

/** The list of dashboards, and what it shows. */
export function openList({ services, ...options }: IOpenListOptions): {
  readonly list: DashboardList;
  readonly model: DashboardListModel;
} {
  const { serverSettings, contents } = services;
  const model = new DashboardListModel({
    ask: () => publishedDashboards(serverSettings),
    rollBack: id => rollBackDashboard(serverSettings, id),
    forget: id => forgetDashboard(serverSettings, id)
  });
  const list = new DashboardList({
    ...options,
    model,
    openPage: ({ out }) => {
      // Opened at once, by the click: a browser would not let it be opened later.
      const tab = window.open('', '_blank');
      void contents.getDownloadUrl(`${out}/${PAGE}`).then(url => {
        if (tab) {
          tab.opener = null;
          tab.location.href = url;
        }
      });
    }
  });
  list.disposed.connect(() => model.dispose());
  return { list, model };
}
