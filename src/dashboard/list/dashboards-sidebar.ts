import type { Message } from '@lumino/messaging';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';

import { dashboardIcon } from '../icon';
import type { DashboardList } from './dashboard-list';
import type { DashboardListModel } from './list-model';

/** Id of the side panel in the shell. */
export const DASHBOARDS_SIDEBAR_ID = 'workload-explorer-dashboards';

/** The side panel of dashboards as the shell has it: what it shows is loaded when it first comes into sight. */
export class DashboardsSidebar extends Widget {
  constructor(
    private readonly _create: () => Promise<{
      readonly list: DashboardList;
      readonly model: DashboardListModel;
    }>,
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
      console.error('The list of dashboards could not be loaded.', error);
    });
    if (this._model) {
      this._model.isActive = true;
    }
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    if (this._model) {
      this._model.isActive = false;
    }
  }

  private async _load(): Promise<void> {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    const created = await this._create().catch((error: unknown) => {
      this._isLoading = false;
      throw error;
    });
    const { list, model } = created;
    if (this.isDisposed) {
      return;
    }
    this._model = model;
    (this.layout as PanelLayout).addWidget(list);
    model.isActive = this.isVisible;
  }

  private _model: DashboardListModel | null = null;
  private _isLoading = false;
}
