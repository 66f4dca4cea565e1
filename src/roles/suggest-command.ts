import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRolesManager } from './model';

/** The command that makes suggestions. */
export const SUGGEST_ROLES = 'workload-explorer:suggest-roles';

/** What the command works with. */
export interface ISuggestCommandOptions {
  readonly commands: JupyterFrontEnd['commands'];
  readonly manager: IRolesManager;
  readonly trans: TranslationBundle;
  readonly palette: ICommandPalette | null;
  /** Brings the side panel, which shows the preview, into sight. */
  readonly showPanel: () => void;
}

/** Add the command that suggests a role for each code cell without one; the side panel shows them. */
export function addSuggestCommand(options: ISuggestCommandOptions): void {
  const { commands, manager, trans, palette, showPanel } = options;
  commands.addCommand(SUGGEST_ROLES, {
    label: trans.__('Suggest Roles'),
    caption: trans.__(
      'Preview a role for each code cell without one, from what it imports, reads, writes, draws and exchanges with others'
    ),
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => manager.current !== null,
    execute: async () => {
      const suggestions = manager.current?.suggestions;
      if (!suggestions) {
        return;
      }
      showPanel();
      try {
        await suggestions.make();
        if (!suggestions.open) {
          Notification.info(
            trans.__('Every code cell of the notebook has a role already.'),
            { autoClose: 5000 }
          );
        }
      } catch (error) {
        Notification.error(
          trans.__(
            'No roles could be suggested: %1',
            error instanceof Error ? error.message : String(error)
          )
        );
      }
    }
  });
  palette?.addItem({ command: SUGGEST_ROLES, category: trans.__('Workload') });
}
