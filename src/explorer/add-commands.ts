import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { DocumentWidget } from '@jupyterlab/docregistry';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { redoIcon, saveIcon, undoIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';

import {
  CommandIDs,
  DATA_FACTORY,
  VIEW_EXTENSION,
  VIEW_FACTORY
} from './commands';
import type { ExplorerContent } from './content';
import { workloadIcon } from './icon';
import type { IServices } from './services';
import { ELASTIC_PREFIX } from '../workload/elastic-prefix';
import { ROOT_PREFIX } from './source-paths';
import { UnsavedTab } from './tabs';

type Tab = MainAreaWidget<ExplorerContent>;

export interface ICommandOptions {
  readonly services: IServices;
  readonly tracker: WidgetTracker<Tab>;
  readonly fileBrowsers: IFileBrowserFactory | null;
}

/** How a tab is restored: by `CommandIDs.restore` with these arguments. */
export interface IRestoring {
  readonly restoreArgs: (tab: Tab) => ReadonlyJSONObject;
  readonly restoreName: (tab: Tab) => string;
}

/** Add the explorer's commands. */
export function addCommands({
  services,
  tracker,
  fileBrowsers
}: ICommandOptions): IRestoring {
  const { app, docManager, trans } = services;
  const { commands, shell } = app;

  /** The tab that the user works in; null where that is none of ours. */
  const currentTab = (): Tab | null =>
    tracker.currentWidget && tracker.currentWidget === shell.currentWidget
      ? tracker.currentWidget
      : null;

  const addTab = (tab: UnsavedTab): void => {
    void tracker.add(tab);
    tab.content.modelChanged.connect(() => void tracker.save(tab));
    shell.add(tab, 'main', { type: 'Workload Explorer' });
    shell.activateById(tab.id);
  };

  /** One file opens as JupyterLab opens files; what is more than that gets a tab of its own. */
  const open = async (paths: readonly string[]): Promise<void> => {
    const [only] = paths;
    if (paths.length === 1 && (await isFile(only))) {
      docManager.openOrReveal(only, factoryOf(only));
    } else {
      addTab(new UnsavedTab(paths, services));
    }
  };

  /** Folders may be called `x.parquet`, so the server is asked; what cannot be found is reported by the panel. */
  const isFile = async (path: string): Promise<boolean> => {
    if (
      path.endsWith('/') ||
      path.startsWith(ROOT_PREFIX) ||
      path.startsWith(ELASTIC_PREFIX) ||
      /[*?[]/.test(path)
    ) {
      return false;
    }
    const { contents } = app.serviceManager;
    const model = await contents
      .get(path, { content: false })
      .catch(() => null);
    return model?.type === 'file';
  };

  const noArgs = { args: { type: 'object', properties: {} } };

  commands.addCommand(CommandIDs.open, {
    label: args =>
      args.isPalette
        ? trans.__('Open Workload Explorer')
        : trans.__('Workload Explorer'),
    caption: trans.__(
      'Explore records of software use: Parquet files, or folders of them'
    ),
    icon: args => (args.isPalette ? undefined : workloadIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          paths: {
            type: 'array',
            items: { type: 'string' },
            description: trans.__(
              'Files, folders (with a slash at the end) or patterns, from the root of the file browser; left out, the explorer asks for them.'
            )
          },
          isPalette: {
            type: 'boolean',
            description: trans.__(
              'Whether the command is shown in the command palette.'
            )
          }
        }
      }
    },
    execute: args => open(textsOf(args.paths))
  });

  commands.addCommand(CommandIDs.openSelected, {
    label: trans.__('Explore Workload'),
    caption: trans.__(
      'Open the selected files or folders in the Workload Explorer'
    ),
    icon: workloadIcon,
    describedBy: noArgs,
    isVisible: () => fileBrowsers?.tracker.currentWidget != null,
    execute: async () => {
      const browser = fileBrowsers?.tracker.currentWidget;
      const selected = [...(browser?.selectedItems() ?? [])];
      if (selected.length > 0) {
        await open(
          selected.map(({ path, type }) =>
            type === 'directory' ? `${path}/` : path
          )
        );
      }
    }
  });

  commands.addCommand(CommandIDs.restore, {
    label: trans.__('Restore a Tab of the Workload Explorer'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: trans.__('The document or data file of the tab.')
          },
          factory: { type: 'string', description: trans.__('What opens it.') },
          paths: {
            type: 'array',
            items: { type: 'string' },
            description: trans.__('The data of a tab without a file.')
          },
          draft: {
            type: 'string',
            description: trans.__('Where its view is remembered.')
          }
        }
      }
    },
    isVisible: () => false,
    execute: args => {
      if (typeof args.path === 'string' && typeof args.factory === 'string') {
        return docManager.openOrReveal(args.path, args.factory);
      }
      const draft = typeof args.draft === 'string' ? args.draft : undefined;
      addTab(new UnsavedTab(textsOf(args.paths), services, draft));
      return undefined;
    }
  });

  commands.addCommand(CommandIDs.saveViewAs, {
    label: trans.__('Save View As…'),
    caption: trans.__('Keep what you see in a file'),
    icon: saveIcon,
    describedBy: noArgs,
    isEnabled: () => currentTab()?.content.saveAs != null,
    execute: async () => {
      await currentTab()?.content.saveAs?.();
    }
  });

  commands.addCommand(CommandIDs.undo, {
    label: trans.__('Undo Change of the View'),
    icon: undoIcon,
    describedBy: noArgs,
    isEnabled: () => currentTab()?.content.model?.canUndo ?? false,
    execute: () => currentTab()?.content.model?.undo()
  });

  commands.addCommand(CommandIDs.redo, {
    label: trans.__('Redo Change of the View'),
    icon: redoIcon,
    describedBy: noArgs,
    isEnabled: () => currentTab()?.content.model?.canRedo ?? false,
    execute: () => currentTab()?.content.model?.redo()
  });

  const notify = (): void => {
    for (const id of [
      CommandIDs.saveViewAs,
      CommandIDs.undo,
      CommandIDs.redo
    ]) {
      commands.notifyCommandChanged(id);
    }
  };
  tracker.currentChanged.connect(notify);
  tracker.widgetAdded.connect((_, tab) => {
    tab.content.modelChanged.connect(notify);
  });

  return {
    restoreArgs: (tab): ReadonlyJSONObject => {
      if (tab instanceof DocumentWidget) {
        const { path } = tab.context;
        return { path, factory: factoryOf(path) };
      }
      return tab instanceof UnsavedTab
        ? { paths: [...tab.paths], draft: tab.draft }
        : {};
    },
    restoreName: tab => {
      if (tab instanceof DocumentWidget) {
        return tab.context.path;
      }
      return tab instanceof UnsavedTab ? tab.draft : tab.id;
    }
  };
}

/** What opens a file: views are documents, all else is data. */
function factoryOf(path: string): string {
  return path.endsWith(VIEW_EXTENSION) ? VIEW_FACTORY : DATA_FACTORY;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter(item => typeof item === 'string')
    : [];
}
