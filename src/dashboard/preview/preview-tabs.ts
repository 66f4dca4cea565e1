import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';

import type { IWorkloadRoles } from '../../tokens';
import type { Dashboards } from '../dashboards';
import { PreviewTab } from './preview-tab';

export interface IPreviewTabsOptions {
  readonly app: JupyterFrontEnd;
  readonly shell: ILabShell;
  /** The notebooks. */
  readonly tracker: INotebookTracker;
  readonly roles: IWorkloadRoles;
  readonly trans: TranslationBundle;
  /** Those that are there, one for each notebook at most. */
  readonly tabs: WidgetTracker<PreviewTab>;
  /** Loads what fills a tab. */
  readonly load: () => Promise<Dashboards>;
}

/** Adds the tabs of previews to JupyterLab, and has them filled when they are looked at. */
export class PreviewTabs {
  constructor(private readonly _options: IPreviewTabsOptions) {}

  /** Open the preview of a notebook beside it, or bring it to the front. */
  show(panel: NotebookPanel): void {
    const { shell, tabs } = this._options;
    let tab = tabs.find(each => each.panel === panel);
    if (!tab) {
      tab = this._add(panel);
      void tabs.add(tab);
    }
    shell.activateById(tab.id);
  }

  /**
   * Add the tab of a preview that was there before the browser loaded JupyterLab again.
   *
   * @param path Of its notebook. Where that has not come back, what was left of the preview is removed.
   * @throws Error where the notebook has not come back: JupyterLab forgets then that there was a preview.
   */
  async restore(path: string): Promise<void> {
    const { app, tracker, tabs, load } = this._options;
    await tracker.restored;
    const panel = tracker.find(({ context }) => context.path === path);
    if (!panel) {
      void app.restored
        .then(load)
        .then(dashboards => dashboards.removePreviewCopy(path));
      throw new Error(`${path} has not come back.`);
    }
    await tabs.add(this._add(panel));
  }

  /** Add the tab of a notebook, beside the notebook. */
  private _add(panel: NotebookPanel): PreviewTab {
    const { shell, trans, tabs } = this._options;
    const filled = new PromiseDelegate<void>();
    const tab = new PreviewTab({ panel, trans, filled: filled.promise });
    shell.add(tab, 'main', {
      mode: 'split-right',
      ref: panel.id,
      activate: false
    });
    panel.context.pathChanged.connect(() => void tabs.save(tab));
    filled.resolve(this._fill(tab));
    return tab;
  }

  /** Fill a tab once it can be, and is looked at: a preview runs its notebook. */
  private async _fill(tab: PreviewTab): Promise<void> {
    const { app, roles, trans, load } = this._options;
    // JupyterLab's start does not wait for previews.
    await app.restored;
    await tab.inSight();
    await opened(roles, tab.panel);
    const dashboards = await load().catch((error: unknown) => {
      throw new Error(
        trans.__(
          'The preview could not be loaded. Close it and open it again, or reload the page. %1',
          error instanceof Error ? error.message : String(error)
        )
      );
    });
    if (!tab.isDisposed) {
      dashboards.fillPreview(tab);
    }
  }
}

/** Resolved when the roles of a notebook are there, which it is compiled by. */
function opened(roles: IWorkloadRoles, panel: NotebookPanel): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (roles.get(panel)) {
        roles.opened.disconnect(look);
        resolve();
      }
    };
    roles.opened.connect(look);
    look();
  });
}
