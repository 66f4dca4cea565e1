import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from './commands';
import type { Dashboards } from './dashboards';
import { dashboardIcon } from './icon';

export interface IAddCommandsOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  /** The notebook in front, or that of the preview in front; null where it is none that has roles. */
  readonly current: () => NotebookPanel | null;
  readonly load: () => Promise<Dashboards>;
  /** Opens the preview of a notebook, or brings it to the front. */
  readonly preview: (panel: NotebookPanel) => Promise<void>;
  /** Brings the list of dashboards to the front. */
  readonly showList: () => void;
}

/** Add the commands of dashboards. */
export function addCommands({
  commands,
  trans,
  current,
  load,
  preview,
  showList
}: IAddCommandsOptions): void {
  const add = (
    id: string,
    label: string,
    caption: string,
    act: (panel: NotebookPanel) => unknown
  ): void => {
    commands.addCommand(id, {
      label,
      caption,
      icon: dashboardIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => current() !== null,
      execute: async () => {
        const panel = current();
        if (panel) {
          await act(panel);
        }
      }
    });
  };
  add(
    CommandIDs.compile,
    trans.__('Compile Dashboard'),
    trans.__('Write the dashboard, without upstream cells'),
    async panel => (await load()).compile(panel)
  );
  add(
    CommandIDs.preview,
    trans.__('Preview Dashboard'),
    trans.__('Preview the dashboard beside the notebook, as Voilà shows it'),
    preview
  );
  add(
    CommandIDs.publish,
    trans.__('Publish Dashboard…'),
    trans.__(
      'Check, verify, search and publish the dashboard as a folder that runs as it is'
    ),
    async panel => (await load()).publish(panel)
  );
  commands.addCommand(CommandIDs.showList, {
    label: trans.__('Show Dashboards'),
    caption: trans.__('Show the dashboards that you have published'),
    icon: dashboardIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: showList
  });
}
