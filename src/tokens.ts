import type { IWidgetTracker, MainAreaWidget } from '@jupyterlab/apputils';
import { Token } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';

import type { IViewModel } from './explorer/view-model';

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
