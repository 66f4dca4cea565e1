import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  ISessionContextDialogs,
  IToolbarWidgetRegistry
} from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IWorkloadRoles } from '../tokens';
import { ROLES } from '../workload/roles';
// Small, and needed to register commands and views; what weighs something hangs on open-notebook.
/* eslint-disable jupyter/prefer-lazy-imports */
import { addCommands } from './add-commands';
import { CommandIDs } from './commands';
import { RolesManager } from './manager';
import { RolesSettings } from './settings';
import { RoleButton } from './toolbar-button';
import { addViews } from './views';
/* eslint-enable jupyter/prefer-lazy-imports */

/** The plugin of cell roles. */
export const ROLES_PLUGIN_ID = 'jupyterlab-workload-explorer:roles';

/**
 * Roles of notebook cells: seen, set, kept and checked, in any Python notebook.
 *
 * #### Notes
 * It requires JupyterLab's shell and notebooks, which Voilà has not, so that it sleeps there. Until the first notebook is open it loads
 * nothing and asks the server for nothing.
 */
export const rolesPlugin: JupyterFrontEndPlugin<IWorkloadRoles> = {
  id: ROLES_PLUGIN_ID,
  description: 'Shows, sets, keeps and checks the roles of notebook cells.',
  autoStart: true,
  provides: IWorkloadRoles,
  requires: [INotebookTracker, ILabShell, IRenderMimeRegistry],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    IStatusBar,
    IToolbarWidgetRegistry,
    ISessionContextDialogs,
    ISettingRegistry,
    ITranslator
  ],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    shell: ILabShell,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null,
    toolbars: IToolbarWidgetRegistry | null,
    sessionDialogs: ISessionContextDialogs | null,
    registry: ISettingRegistry | null,
    givenTranslator: ITranslator | null
  ): Promise<IWorkloadRoles> => {
    const translator = givenTranslator ?? nullTranslator;
    const trans = translator.load('jupyterlab_workload_explorer');
    const { commands, serviceManager } = app;
    const settings = new RolesSettings();
    const manager = new RolesManager({
      tracker,
      load: async () =>
        (await import('./open-notebook')).notebookOpener({
          services: serviceManager,
          settings,
          tracker,
          trans
        })
    });
    addCommands({ commands, manager, trans, translator, sessionDialogs });
    addToPalette(palette, trans.__('Workload'));
    toolbars?.addFactory<Cell>(
      'Cell',
      'workload-role',
      cell => new RoleButton({ cell, manager, commands, trans })
    );
    const loaded =
      (await registry?.load(ROLES_PLUGIN_ID).catch((reason: unknown) => {
        console.error('The settings of cell roles cannot be read.', reason);
        return null;
      })) ?? null;
    if (loaded) {
      settings.follow(loaded);
    }
    addViews({
      app,
      shell,
      tracker,
      manager,
      rendermime,
      trans,
      settings: loaded,
      statusBar,
      restorer,
      palette
    });
    return manager;
  }
};

function addToPalette(palette: ICommandPalette | null, category: string): void {
  for (const role of [...ROLES, 'none']) {
    for (const command of [
      CommandIDs.setRole,
      CommandIDs.setSectionRole,
      CommandIDs.selectRole
    ]) {
      palette?.addItem({ command, category, args: { role } });
    }
  }
  for (const role of ROLES) {
    palette?.addItem({ command: CommandIDs.runRole, category, args: { role } });
  }
  palette?.addItem({ command: CommandIDs.toggleRoles, category });
}
