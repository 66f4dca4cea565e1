import type { Message } from '@lumino/messaging';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';

import { dashboardIcon } from '../icon';
import type { DashboardList } from './dashboard-list';

/** Id of the side panel in the shell. */
export const DASHBOARDS_SIDEBAR_ID = 'workload-explorer-dashboards';

/** The side panel of dashboards as the shell has it: what it shows is loaded when it first comes into sight. */
export class DashboardsSidebar extends Widget {
  constructor(
    private readonly _create: () => Promise<DashboardList>,
    trans: TranslationBundle
  ) {
    super();
    this.id = DASHBOARDS_SIDEBAR_ID;
    this.layout = new PanelLayout();
    this.title.icon = dashboardIcon;
    this.title.caption = trans.__('Dashboards');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Dashboards'));
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._load().catch((error: unknown) => {
      this._isLoading = false;
      console.error('The list of dashboards could not be loaded.', error);
    });
  }

  private async _load(): Promise<void> {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    const list = await this._create();
    if (!this.isDisposed) {
      (this.layout as PanelLayout).addWidget(list);
    }
  }

  private _isLoading = false;
}
