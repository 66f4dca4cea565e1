import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
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
  readonly compile: (
    panel: NotebookPanel,
    overwrite: boolean
  ) => Promise<ICompiling>;
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
      if (!panel) {
        return;
      }
      const compiling = await compile(panel, false);
      if (compiling.kind !== 'loss') {
        tell(compiling, options);
      } else if (await mayBeLost(compiling, trans)) {
        tell(await compile(panel, true), options);
      }
    }
  });
  commands.addCommand(CommandIDs.preview, {
    label: trans.__('Preview Dashboard'),
    caption: trans.__(
      'Preview the dashboard beside the notebook, as Voilà shows it'
    ),
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

/** Ask whether a dashboard may be written over though something is lost by it. */
async function mayBeLost(
  compiling: Extract<ICompiling, { kind: 'loss' }>,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Write over the dashboard?'),
    body: lossSentence(compiling, trans),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Overwrite') })
    ]
  });
  return button.accept;
}

/** What would be lost. */
export function lossSentence(
  { path, loss }: Extract<ICompiling, { kind: 'loss' }>,
  trans: TranslationBundle
): string {
  switch (loss) {
    case 'edits':
      return trans.__(
        '%1 was changed by hand after it was compiled. What was changed would be lost.',
        path
      );
    case 'other':
      return trans.__('%1 is the dashboard of another notebook.', path);
    case 'parameters':
      return trans.__(
        '%1 was compiled with parameters, by the command line. They would be lost: compiled here, it has the values of the notebook.',
        path
      );
  }
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
    case 'loss':
      Notification.error(lossSentence(compiling, trans), { autoClose: false });
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
