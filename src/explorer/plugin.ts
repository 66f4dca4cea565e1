import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  WidgetTracker
} from '@jupyterlab/apputils';
import type { MainAreaWidget } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IExplorerTracker } from '../tokens';
// Small, and needed to register commands and factories; what weighs something hangs on document/load.
/* eslint-disable jupyter/prefer-lazy-imports */
import { addCommands } from './add-commands';
import { CommandIDs } from './commands';
import type { ExplorerContent } from './content';
import { DataModelFactory } from './data-file';
import { parquetFileType, viewFileType } from './file-types';
import { PLUGIN_ID } from './services';
import type { IServices } from './services';
import { DataFactory, ViewFactory } from './tabs';
/* eslint-enable jupyter/prefer-lazy-imports */

/**
 * The explorer's plugin.
 *
 * #### Notes
 * It requires JupyterLab's shell, which no other application provides, so that it sleeps in Voilà. Until the first tab is opened it
 * loads nothing and asks the server for nothing.
 */
export const explorerPlugin: JupyterFrontEndPlugin<IExplorerTracker> = {
  id: PLUGIN_ID,
  description:
    'Opens Parquet files of import records in the Workload Explorer.',
  autoStart: true,
  provides: IExplorerTracker,
  requires: [ILabShell, IDocumentManager],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    ILauncher,
    IMainMenu,
    IFileBrowserFactory,
    IEditorServices,
    IThemeManager,
    ISettingRegistry,
    IStateDB,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    _shell: ILabShell,
    docManager: IDocumentManager,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    mainMenu: IMainMenu | null,
    fileBrowsers: IFileBrowserFactory | null,
    editorServices: IEditorServices | null,
    themeManager: IThemeManager | null,
    settings: ISettingRegistry | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ): IExplorerTracker => {
    const trans = (translator ?? nullTranslator).load(
      'jupyterlab_workload_explorer'
    );
    const services: IServices = {
      app,
      docManager,
      trans,
      themeManager,
      editorServices,
      settings,
      state
    };
    const tracker = new WidgetTracker<MainAreaWidget<ExplorerContent>>({
      namespace: 'workload-explorer'
    });

    const { docRegistry } = app;
    docRegistry.addFileType(viewFileType(trans));
    docRegistry.addFileType(parquetFileType(trans));
    docRegistry.addModelFactory(new DataModelFactory(trans));
    for (const factory of [
      new ViewFactory(services),
      new DataFactory(services)
    ]) {
      docRegistry.addWidgetFactory(factory);
      factory.widgetCreated.connect((_, tab) => {
        void tracker.add(tab);
        tab.context.pathChanged.connect(() => void tracker.save(tab));
      });
    }

    const { restoreArgs, restoreName } = addCommands({
      services,
      tracker,
      fileBrowsers
    });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.restore,
        args: restoreArgs,
        name: restoreName
      });
    }
    const category = trans.__('Workload');
    palette?.addItem({
      command: CommandIDs.open,
      category,
      args: { isPalette: true }
    });
    for (const command of [
      CommandIDs.saveViewAs,
      CommandIDs.undo,
      CommandIDs.redo
    ]) {
      palette?.addItem({ command, category });
    }
    launcher?.add({
      command: CommandIDs.open,
      category: trans.__('Other'),
      rank: 0
    });
    if (mainMenu) {
      const isCurrent = (): boolean =>
        tracker.currentWidget === app.shell.currentWidget;
      const { undo, redo } = mainMenu.editMenu.undoers;
      undo.add({ id: CommandIDs.undo, isEnabled: isCurrent });
      redo.add({ id: CommandIDs.redo, isEnabled: isCurrent });
    }
    return tracker;
  }
};
