import type { ILayoutRestorer } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { PreviewTab } from './preview-tab';
import type { PreviewTabs } from './preview-tabs';

/** The command by which JupyterLab restores a preview, with the path of its notebook. */
const RESTORE = 'workload-explorer:restore-preview';

export interface IRestorePreviewsOptions {
  readonly restorer: ILayoutRestorer;
  readonly commands: CommandRegistry;
  readonly tabs: WidgetTracker<PreviewTab>;
  readonly trans: TranslationBundle;
  /** Loads what adds tabs. */
  readonly load: () => Promise<PreviewTabs>;
}

/** Have previews come back with their notebooks when the browser loads JupyterLab again. */
export function restorePreviews({
  restorer,
  commands,
  tabs,
  trans,
  load
}: IRestorePreviewsOptions): void {
  commands.addCommand(RESTORE, {
    label: trans.__('Restore the Preview of a Dashboard'),
    describedBy: {
      args: { type: 'object', properties: { path: { type: 'string' } } }
    },
    isVisible: () => false,
    execute: async ({ path }) => (await load()).restore(path as string)
  });
  void restorer.restore(tabs, {
    command: RESTORE,
    args: ({ path }) => ({ path }),
    name: ({ path }) => path
  });
}
