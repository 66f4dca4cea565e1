import type { IWidgetTracker, MainAreaWidget } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

import type { IViewModel } from './explorer/view-model';
import type { ICleanCheck } from './roles/clean-check';
import type { IRolesManager } from './roles/model';

/** What a tab of the explorer holds. */
export interface IExplorerContent extends Widget {
  /** The view; null until it is loaded. */
  readonly model: IViewModel | null;
  /** Resolved when the view is loaded; rejected when it cannot be. */
  readonly loaded: Promise<void>;
}

/** Tracks the explorer's tabs, whether their views are in files or not. */
export type IExplorerTracker = IWidgetTracker<MainAreaWidget<IExplorerContent>>;

/** The tracker of the explorer's tabs. */
export const IExplorerTracker = new Token<IExplorerTracker>(
  'jupyterlab-workload-explorer:IExplorerTracker',
  'A tracker of the Workload Explorer’s tabs, for extensions that act on the view at hand.'
);

/** The roles of open notebooks' cells, and their checks. */
export interface IWorkloadRoles extends IRolesManager {
  /**
   * Check a notebook as it is now: for exporting and publishing, which may want it clean. Saving never asks.
   *
   * @returns Null when the notebook is not in Python, or not open.
   * @throws Error with a sentence when it cannot be checked.
   */
  checkClean(panel: NotebookPanel): Promise<ICleanCheck | null>;
}

/** The roles of open notebooks' cells. */
export const IWorkloadRoles = new Token<IWorkloadRoles>(
  'jupyterlab-workload-explorer:IWorkloadRoles',
  'Roles of the cells of open notebooks: to read and set them, and to ask for a clean check before a notebook is exported or published.'
);
