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
  /** Brings the list of dashboards to the front. */
  readonly showList: () => void;
}

/** Add the commands of dashboards. */
export function addCommands({
  commands,
  trans,
  current,
  load,
  showList
}: IAddCommandsOptions): void {
  const add = (
    id: string,
    label: string,
    caption: string,
    act: (dashboards: Dashboards, panel: NotebookPanel) => unknown
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
          await act(await load(), panel);
        }
      }
    });
  };
  add(
    CommandIDs.compile,
    trans.__('Compile Dashboard'),
    trans.__(
      'Write the dashboard beside the notebook: its downstream, shared and markdown cells, without outputs'
    ),
    (dashboards, panel) => dashboards.compile(panel)
  );
  add(
    CommandIDs.preview,
    trans.__('Preview Dashboard'),
    trans.__('Preview the dashboard beside the notebook, as Voilà shows it'),
    (dashboards, panel) => dashboards.preview(panel)
  );
  add(
    CommandIDs.publish,
    trans.__('Publish Dashboard…'),
    trans.__(
      'Check, verify, search and publish the dashboard as a folder that runs as it is'
    ),
    (dashboards, panel) => dashboards.publish(panel)
  );
  commands.addCommand(CommandIDs.showList, {
    label: trans.__('Show Dashboards'),
    caption: trans.__('Show the dashboards that you have published'),
    icon: dashboardIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: showList
  });
}
