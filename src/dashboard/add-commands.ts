import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from './commands';
import type { ICompiling } from './compile-open';
import { dashboardIcon } from './icon';

export interface IAddCommandsOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  /** The notebook in front; null where it is none that has roles. */
  readonly current: () => NotebookPanel | null;
  /** Compiles a notebook as it is now into a file beside it. */
  readonly compile: (panel: NotebookPanel) => Promise<ICompiling>;
  /** Opens the preview of a notebook, or brings it to the front. */
  readonly preview: (panel: NotebookPanel) => Promise<void>;
  /** Shows what is wrong with the roles of the notebook in front. */
  readonly showFindings: () => void;
}

/** Add the commands of dashboards. */
export function addCommands(options: IAddCommandsOptions): void {
  const { commands, trans, current, compile, preview } = options;
  const describedBy = { args: { type: 'object', properties: {} } };
  commands.addCommand(CommandIDs.compile, {
    label: trans.__('Compile Dashboard'),
    caption: trans.__(
      'Write the dashboard beside the notebook: its downstream, shared and markdown cells, without outputs'
    ),
    icon: dashboardIcon,
    describedBy,
    isEnabled: () => current() !== null,
    execute: async () => {
      const panel = current();
      if (panel) {
        tell(await compile(panel), options);
      }
    }
  });
  commands.addCommand(CommandIDs.preview, {
    label: trans.__('Preview Dashboard'),
    caption: trans.__('Show the dashboard beside the notebook, as Voilà does'),
    icon: dashboardIcon,
    describedBy,
    isEnabled: () => current() !== null,
    execute: async () => {
      const panel = current();
      if (panel) {
        await preview(panel);
      }
    }
  });
}

/** Tell what came of compiling. */
function tell(
  compiling: ICompiling,
  { trans, showFindings }: Pick<IAddCommandsOptions, 'trans' | 'showFindings'>
): void {
  switch (compiling.kind) {
    case 'compiled':
      Notification.success(
        [
          trans.__('Compiled to %1.', compiling.path),
          ...compiling.notices
        ].join(' '),
        { autoClose: 5000 }
      );
      break;
    case 'findings':
      Notification.error(refusal(compiling, trans), {
        autoClose: false,
        actions: [
          {
            label: trans.__('Show findings'),
            displayType: 'accent',
            callback: showFindings
          }
        ]
      });
      break;
    case 'problem':
      Notification.error(compiling.message, { autoClose: false });
  }
}

/** That findings stand in the way of a dashboard. */
export function refusal(
  { errors }: Extract<ICompiling, { kind: 'findings' }>,
  trans: TranslationBundle
): string {
  return trans._n(
    'No dashboard was compiled: the notebook has %1 error in its roles.',
    'No dashboard was compiled: the notebook has %1 errors in its roles.',
    errors.length
  );
}
