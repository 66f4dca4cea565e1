import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IWorkloadRoles } from '../tokens';
import { isObject } from '../workload/json';
// Small, and needed to register commands; what weighs something is loaded when a notebook is compiled.
import { addCommands } from './add-commands';
import { CommandIDs } from './commands';
import type { Dashboards } from './dashboards';
import { DashboardsSidebar } from './list/dashboards-sidebar';
import { onSave } from './on-save';
import type { PreviewTab } from './preview/preview-tab';
import type { PreviewTabs } from './preview/preview-tabs';
import { restorePreviews } from './preview/restore-previews';

/** The plugin of dashboards. */
export const DASHBOARD_PLUGIN_ID = 'jupyterlab-workload-explorer:dashboard';

/**
 * Dashboards of notebooks: compiled, previewed and published.
 *
 * #### Notes
 * It requires JupyterLab's shell and notebooks, which Voilà has not, so that it sleeps there.
 */
export const dashboardPlugin: JupyterFrontEndPlugin<void> = {
  id: DASHBOARD_PLUGIN_ID,
  description: 'Compiles, previews and publishes dashboards of notebooks.',
  autoStart: true,
  requires: [INotebookTracker, ILabShell, IWorkloadRoles],
  optional: [ICommandPalette, ISettingRegistry, ITranslator, ILayoutRestorer],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    shell: ILabShell,
    roles: IWorkloadRoles,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): Promise<void> => {
    const trans = (translator ?? nullTranslator).load(
      'jupyterlab_workload_explorer'
    );
    const { commands } = app;
    const world = { app, shell, tracker, roles, trans };
    let loaded: Dashboards | null = null;
    const load = async (): Promise<Dashboards> => {
      const { makeDashboards } = await import('./make-dashboards');
      return (loaded ??= makeDashboards(world));
    };
    const tabs = new WidgetTracker<PreviewTab>({
      namespace: 'workload-explorer-preview'
    });
    const previews = async (): Promise<PreviewTabs> => {
      const { PreviewTabs } = await import('./preview/preview-tabs');
      return new PreviewTabs({ ...world, tabs, load });
    };
    if (restorer) {
      restorePreviews({ restorer, commands, tabs, trans, load: previews });
    }
    const current = (): NotebookPanel | null => {
      const inFront =
        tracker.currentWidget === shell.currentWidget
          ? tracker.currentWidget
          : null;
      const preview = tabs.find(tab => tab === shell.currentWidget);
      const panel = preview?.panel ?? loaded?.inFront ?? inFront;
      return panel && roles.get(panel) ? panel : null;
    };
    const sidebar = new DashboardsSidebar(
      async () => (await load()).openList(),
      trans
    );
    shell.add(sidebar, 'left', { rank: 750 });
    restorer?.add(sidebar, sidebar.id);
    addCommands({
      commands,
      trans,
      current,
      load,
      preview: async panel => (await previews()).show(panel),
      showList: () => shell.activateById(sidebar.id)
    });
    const ids = Object.values(CommandIDs);
    const notify = (): void =>
      ids.forEach(id => commands.notifyCommandChanged(id));
    roles.opened.connect(notify);
    roles.currentChanged.connect(notify);
    shell.currentChanged.connect(notify);
    ids.forEach(command =>
      palette?.addItem({ command, category: trans.__('Workload') })
    );
    const settings =
      (await registry?.load(DASHBOARD_PLUGIN_ID).catch((reason: unknown) => {
        console.error('The settings of dashboards cannot be read.', reason);
        return null;
      })) ?? null;
    onSave(tracker, panel => {
      const compiles = settings?.composite.compileOnSave === true;
      const records = settings?.composite.recordCheckOnSave === true;
      if (compiles || records || loaded) {
        void load().then(dashboards =>
          dashboards.saved(panel, { compiles, records })
        );
      }
    });
    tracker.widgetAdded.connect((_, panel) => {
      void panel.context.ready.then(async () => {
        const kept: unknown =
          panel.context.model.sharedModel.getMetadata('workload');
        if (isObject(kept) && isObject(kept.dashboard) && !panel.isDisposed) {
          await (await load()).opened(panel);
        }
      });
    });
  }
};
