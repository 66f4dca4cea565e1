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
import { addCommands, lossSentence, refusal } from './add-commands';
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
    const { serverSettings, contents } = services;
    const previews = new Map<NotebookPanel, PreviewWidget>();
    // One after another: two that write the same file must not mix.
    let last: Promise<unknown> = Promise.resolve();
    const compile = (
      panel: NotebookPanel,
      to: 'dashboard' | 'preview',
      overwrite = false
    ): Promise<ICompiling> => {
      const next = last.then(async () => {
        const { compileOpen } = await import('./compile-open');
        return compileOpen(panel, { roles, services, trans, to, overwrite });
      });
      last = next.catch(() => undefined);
      return next;
    };
    const compileForPage = async (
      panel: NotebookPanel
    ): Promise<ICompiling> => {
      const drive = contents.driveName(panel.context.path);
      if (drive !== '' && drive !== 'RTC') {
        return {
          kind: 'problem',
          message: trans.__(
            'Voilà reads the disk of the Jupyter server, and this notebook is on the drive “%1”. Copy it there to preview it.',
            drive
          )
        };
      }
      const { voilaState } = await import('./preview/voila-state');
      const { problem, warning } = await voilaState(serverSettings, trans);
      if (problem !== null) {
        return { kind: 'problem', message: problem };
      }
      const compiling = await compile(panel, 'preview');
      return compiling.kind === 'compiled' && warning !== null
        ? { ...compiling, notices: [...compiling.notices, warning] }
        : compiling;
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
    /** The notebook in front, or that of the preview in front. */
    const current = (): NotebookPanel | null => {
      const front = shell.currentWidget;
      const panel =
        [...previews].find(([, widget]) => widget === front)?.[0] ??
        (tracker.currentWidget === front ? tracker.currentWidget : null);
      return panel && roles.get(panel) ? panel : null;
    };
    addCommands({
      commands,
      trans,
      current,
      compile: (panel, overwrite) => compile(panel, 'dashboard', overwrite),
      preview,
      showFindings: () => void commands.execute(ViewCommandIDs.showPanel)
    });
    const notify = (): void =>
      Object.values(CommandIDs).forEach(id =>
        commands.notifyCommandChanged(id)
      );
    roles.opened.connect(notify);
    roles.currentChanged.connect(notify);
    shell.currentChanged.connect(notify);
    for (const command of Object.values(CommandIDs)) {
      palette?.addItem({ command, category: trans.__('Workload') });
    }
    const settings =
      (await registry?.load(DASHBOARD_PLUGIN_ID).catch((reason: unknown) => {
        console.error('The settings of dashboards cannot be read.', reason);
        return null;
      })) ?? null;
    onSave(tracker, panel => {
      void previews.get(panel)?.follow();
      if (settings?.composite.compileOnSave === true) {
        void compileAgain(panel);
      }
    });

    /** Compile where the user has done so before; a problem is told, what went well is not. */
    async function compileAgain(panel: NotebookPanel): Promise<void> {
      const { isCompiledBefore } = await import('./compile-open');
      if (!roles.get(panel) || !(await isCompiledBefore(panel, services))) {
        return;
      }
      const compiling = await compile(panel, 'dashboard');
      if (compiling.kind !== 'compiled') {
        Notification.error(
          compiling.kind === 'findings'
            ? refusal(compiling, trans)
            : compiling.kind === 'loss'
              ? lossSentence(compiling, trans)
              : compiling.message,
          { autoClose: 8000 }
        );
      }
    }
  }
};
