import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import {
  dashboardPage,
  forgetDashboard,
  publishedDashboards,
  rollBackDashboard
} from '../../server/dashboards';
import type { IDashboard } from '../../server/dashboards';
import { DashboardList } from './dashboard-list';
import { DashboardListModel } from './list-model';

export interface IOpenListOptions {
  readonly services: ServiceManager.IManager;
  readonly trans: TranslationBundle;
  readonly publishAgain: (dashboard: IDashboard) => void;
  readonly openNotebook: (path: string) => void;
}

/** The list of dashboards, which follows them while it is in sight. */
export function openList({
  services,
  ...options
}: IOpenListOptions): DashboardList {
  const { serverSettings } = services;
  const model = new DashboardListModel({
    ask: () => publishedDashboards(serverSettings),
    rollBack: id => rollBackDashboard(serverSettings, id),
    forget: id => forgetDashboard(serverSettings, id)
  });
  const list = new DashboardList({
    ...options,
    model,
    openPage: ({ id }) => {
      window.open(dashboardPage(serverSettings, id), '_blank', 'noopener');
    }
  });
  list.disposed.connect(() => model.dispose());
  return list;
}
