import type {
  ILabShell,
  ILayoutRestorer,
  JupyterFrontEnd
} from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IOpenNotebook, IRolesManager } from './model';
import type { IPanelContext } from './panel/context';
// Small: what weighs something is loaded with the first notebook that has roles, and when the panel comes into sight.
import { RolesSidebar, SIDEBAR_ID } from './panel/sidebar';
import { revealCell } from './reveal';
import type { IRuleTexts } from './rule-texts';
import { applyRoleColors } from './show/colors';
import { RolesStatus } from './status';
import { addSuggestCommand } from './suggest-command';
import { addViewCommands } from './view-commands';

/** What the views of roles and findings work with. */
export interface IViewsOptions {
  readonly app: JupyterFrontEnd;
  readonly shell: ILabShell;
  readonly tracker: INotebookTracker;
  readonly manager: IRolesManager;
  readonly rendermime: IRenderMimeRegistry;
  readonly trans: TranslationBundle;
  /** Of the plugin; null where there is no registry. */
  readonly settings: ISettingRegistry.ISettings | null;
  readonly statusBar: IStatusBar | null;
  readonly restorer: ILayoutRestorer | null;
  readonly palette: ICommandPalette | null;
}

/** Add all that shows roles and findings: marks on cells and names, the side panel, the status bar item. */
export function addViews(options: IViewsOptions): void {
  const { app, shell, tracker, manager, trans, settings } = options;
  const { commands } = app;
  const rules: IRuleTexts = {
    explain: async rule => (await import('./explain')).explainRule(rule, trans),
    showPage: rule => {
      void import('./rule-page-tab').then(({ openRulePage }) =>
        openRulePage(rule, { shell, rendermime: options.rendermime, trans })
      );
    }
  };

  const sidebar = new RolesSidebar({
    trans,
    createContext: async (): Promise<IPanelContext> => {
      const { PanelModel } = await import('./panel/panel-model');
      const model = new PanelModel(manager);
      return {
        model,
        trans,
        commands,
        rules,
        reveal: (id, reveal) => {
          if (model.open) {
            const { roles } = model.open;
            if (!roles.panel.isVisible) {
              shell.activateById(roles.panel.id);
            }
            void revealCell(roles, id, reveal);
          }
        }
      };
    }
  });
  shell.add(sidebar, 'right', { rank: 650, type: 'Cell roles' });
  options.restorer?.add(sidebar, SIDEBAR_ID);
  const showPanel = (): void => {
    shell.activateById(SIDEBAR_ID);
    sidebar.takeFocus();
  };

  addViewCommands({
    commands,
    manager,
    trans,
    palette: options.palette,
    showPanel
  });

  addSuggestCommand({
    commands,
    manager,
    trans,
    palette: options.palette,
    showPanel
  });

  if (options.statusBar) {
    const status = new RolesStatus({
      manager,
      trans,
      isInFront: () =>
        tracker.currentWidget !== null &&
        tracker.currentWidget === shell.currentWidget,
      onClick: showPanel
    });
    shell.currentChanged.connect(() => status.refresh());
    options.statusBar.registerStatusItem(SIDEBAR_ID, {
      item: status,
      align: 'left',
      rank: 60,
      isActive: () => status.isActive,
      activeStateChanged: status.activeChanged
    });
  }

  const applySettings = (): void =>
    applyRoleColors(settings?.composite.colors ?? null);
  settings?.changed.connect(applySettings);
  applySettings();

  const view = (open: IOpenNotebook): void => viewNotebook(open, trans, rules);
  manager.opened.connect((_, open) => view(open));
  tracker.forEach(panel => {
    const open = manager.get(panel);
    if (open) {
      view(open);
    }
  });
}

/** Show the roles of a notebook, once it has any; what that takes is loaded then. */
function viewNotebook(
  open: IOpenNotebook,
  trans: TranslationBundle,
  rules: IRuleTexts
): void {
  const { roles } = open;
  const start = (): void => {
    if (!roles.isOn) {
      return;
    }
    roles.changed.disconnect(start);
    import('./notebook-views').then(
      ({ NotebookViews }) => {
        if (roles.isDisposed || roles.panel.isDisposed) {
          return;
        }
        // They go with the notebook, and with its roles.
        NotebookViews.show({ open, trans, rules });
      },
      (error: unknown) => {
        console.error('The views of cell roles could not be loaded.', error);
      }
    );
  };
  roles.changed.connect(start);
  start();
}
