import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { rolesIcon } from './icon';
import type { IRolesManager, Shown } from './model';

/** Commands that show roles and findings. */
export const ViewCommandIDs = {
  showPanel: 'workload-explorer:show-cell-roles',
  showOnly: 'workload-explorer:show-only',
  nextFinding: 'workload-explorer:next-finding',
  previousFinding: 'workload-explorer:previous-finding',
  showFinding: 'workload-explorer:show-finding',
  fixFinding: 'workload-explorer:fix-finding'
} as const;

export interface IViewCommandOptions {
  readonly commands: JupyterFrontEnd['commands'];
  readonly manager: IRolesManager;
  readonly trans: TranslationBundle;
  readonly palette: ICommandPalette | null;
  /** Brings the side panel into sight. */
  readonly showPanel: () => void;
}

const SHOWN: readonly Shown[] = ['all', 'downstream', 'upstream'];

/** Add the commands, and put them into the palette. */
export function addViewCommands(options: IViewCommandOptions): void {
  const { commands, manager, trans, palette, showPanel } = options;
  const noArgs = { args: { type: 'object', properties: {} } };
  const isOn = (): boolean => manager.current?.roles.isOn === true;
  const load = () => import('./marks/at-cursor');

  commands.addCommand(ViewCommandIDs.showPanel, {
    label: trans.__('Open Panel of Cell Roles'),
    caption: trans.__('The notebook’s cells with their roles and findings'),
    icon: args => (args.isPalette ? undefined : rolesIcon),
    describedBy: noArgs,
    execute: showPanel
  });

  const shownOf = (args: ReadonlyPartialJSONObject): Shown =>
    SHOWN.find(each => each === args.shown) ?? 'all';
  commands.addCommand(ViewCommandIDs.showOnly, {
    label: args => {
      switch (shownOf(args)) {
        case 'upstream':
          return trans.__('Show Only Upstream Cells');
        case 'downstream':
          return trans.__('Show Only Downstream Cells');
        case 'all':
          return trans.__('Show All Cells');
      }
    },
    caption: trans.__(
      'Hide the cells that one machine does not run; nothing is written into the notebook'
    ),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          shown: {
            type: 'string',
            enum: [...SHOWN],
            description: trans.__('Which cells are shown.')
          }
        }
      }
    },
    isEnabled: isOn,
    isToggleable: true,
    isToggled: args => isOn() && manager.current?.roles.shown === shownOf(args),
    execute: args => manager.current?.roles.show(shownOf(args))
  });

  commands.addCommand(ViewCommandIDs.nextFinding, {
    label: trans.__('Go to Next Finding'),
    caption: trans.__('The next mix-up of roles in the notebook'),
    describedBy: noArgs,
    isEnabled: isOn,
    execute: () => go('next')
  });
  commands.addCommand(ViewCommandIDs.previousFinding, {
    label: trans.__('Go to Previous Finding'),
    caption: trans.__('The previous mix-up of roles in the notebook'),
    describedBy: noArgs,
    isEnabled: isOn,
    execute: () => go('previous')
  });
  const go = async (direction: 'next' | 'previous'): Promise<void> => {
    const open = manager.current;
    if (open) {
      await (await load()).goToFinding(open, direction, trans);
    }
  };

  commands.addCommand(ViewCommandIDs.showFinding, {
    label: trans.__('Show Finding at Cursor'),
    describedBy: noArgs,
    isEnabled: isOn,
    execute: async () => {
      const open = manager.current;
      if (open) {
        (await load()).showAtCursor(open);
      }
    }
  });
  commands.addCommand(ViewCommandIDs.fixFinding, {
    label: trans.__('Fix Finding at Cursor'),
    caption: trans.__('Do what the check proposes for the name at the cursor'),
    describedBy: noArgs,
    isEnabled: isOn,
    execute: async () => {
      const open = manager.current;
      if (open) {
        await (await load()).fixAtCursor(open, trans);
      }
    }
  });

  const category = trans.__('Workload');
  const { showOnly, showPanel: panel, ...others } = ViewCommandIDs;
  palette?.addItem({ command: panel, category, args: { isPalette: true } });
  for (const shown of SHOWN) {
    palette?.addItem({ command: showOnly, category, args: { shown } });
  }
  for (const command of Object.values(others)) {
    palette?.addItem({ command, category });
  }
  const notify = (): void => {
    for (const id of Object.values(ViewCommandIDs)) {
      commands.notifyCommandChanged(id);
    }
  };
  manager.currentChanged.connect(notify);
  manager.opened.connect((_, { roles }) => {
    roles.changed.connect(notify);
  });
}
