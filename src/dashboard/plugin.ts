import { ILabShell } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ViewCommandIDs } from '../roles/view-commands';
import { IWorkloadRoles } from '../tokens';
// Small, and needed to register commands; what weighs something is loaded when a notebook is compiled.
import { addCommands, refusal } from './add-commands';
import { CommandIDs } from './commands';
import type { ICompiling } from './compile-open';
import { onSave } from './on-save';
import type { PreviewWidget } from './preview/preview-widget';

/** The plugin of dashboards. */
export const DASHBOARD_PLUGIN_ID = 'jupyterlab-workload-explorer:dashboard';

/**
 * Dashboards of notebooks: compiled and previewed.
 *
 * #### Notes
 * It requires JupyterLab's shell and notebooks, which Voilà has not, so that it sleeps there.
 */
export const dashboardPlugin: JupyterFrontEndPlugin<void> = {
  id: DASHBOARD_PLUGIN_ID,
  description: 'Compiles and previews dashboards of notebooks.',
  autoStart: true,
  requires: [INotebookTracker, ILabShell, IWorkloadRoles],
  optional: [ICommandPalette, ISettingRegistry, ITranslator],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    shell: ILabShell,
    roles: IWorkloadRoles,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ): Promise<void> => {
    const trans = (translator ?? nullTranslator).load(
      'jupyterlab_workload_explorer'
    );
    const { commands, serviceManager: services } = app;
    const previews = new Map<NotebookPanel, PreviewWidget>();
    const compile = async (panel: NotebookPanel): Promise<ICompiling> => {
      const { compileOpen } = await import('./compile-open');
      return compileOpen(panel, { roles, services, trans });
    };
    const preview = async (panel: NotebookPanel): Promise<void> => {
      const { openPreview } = await import('./preview/open-preview');
      const there = previews.get(panel);
      if (there) {
        shell.activateById(there.id);
        return;
      }
      const widget = openPreview(panel, {
        shell,
        services,
        roles,
        trans,
        compile: compileForPage
      });
      previews.set(panel, widget);
      widget.disposed.connect(() => previews.delete(panel));
    };
    const compileForPage = async (
      panel: NotebookPanel
    ): Promise<ICompiling> => {
      const { voilaProblem } = await import('./preview/voila-problem');
      const message = await voilaProblem(services.serverSettings, trans);
      return message === null ? compile(panel) : { kind: 'problem', message };
    };
    addCommands({
      commands,
      trans,
      current: () => {
        const panel = tracker.currentWidget;
        return panel && roles.get(panel) ? panel : null;
      },
      compile,
      preview,
      showFindings: () => void commands.execute(ViewCommandIDs.showPanel)
    });
    for (const command of [CommandIDs.preview, CommandIDs.compile]) {
      palette?.addItem({ command, category: trans.__('Workload') });
    }
    const settings =
      (await registry?.load(DASHBOARD_PLUGIN_ID).catch((reason: unknown) => {
        console.error('The settings of dashboards cannot be read.', reason);
        return null;
      })) ?? null;
    onSave(tracker, panel => {
      const there = previews.get(panel);
      if (there) {
        // It compiles for its page.
        void there.refresh();
      } else if (settings?.composite.compileOnSave === true) {
        void compileAgain(panel);
      }
    });

    /** Compile where the user has done so before; a problem is told, what went well is not. */
    async function compileAgain(panel: NotebookPanel): Promise<void> {
      const { isCompiledBefore } = await import('./compile-open');
      if (!roles.get(panel) || !(await isCompiledBefore(panel, services))) {
        return;
      }
      const compiling = await compile(panel);
      if (compiling.kind !== 'compiled') {
        Notification.error(
          compiling.kind === 'findings'
            ? refusal(compiling, trans)
            : compiling.message,
          { autoClose: 8000 }
        );
      }
    }
  }
};
