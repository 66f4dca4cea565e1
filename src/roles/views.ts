import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRolesManager } from './model';

/** What the views of roles and findings work with. */
export interface IViewsOptions {
  readonly app: JupyterFrontEnd;
  readonly shell: ILabShell;
  readonly tracker: INotebookTracker;
  readonly manager: IRolesManager;
  readonly trans: TranslationBundle;
  /** Of the plugin; null where there is no registry. */
  readonly settings: ISettingRegistry.ISettings | null;
  readonly statusBar: IStatusBar | null;
  readonly restorer: ILayoutRestorer | null;
  readonly palette: ICommandPalette | null;
}

/** Add all that shows roles and findings: marks on cells and names, the side panel, the status bar item. */
export function addViews(_options: IViewsOptions): void {
  // To come.
}
