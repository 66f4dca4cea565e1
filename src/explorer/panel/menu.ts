import type { LabIcon } from '@jupyterlab/ui-components';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';

/** A line of a menu. */
export type MenuEntry = IMenuItem | ISubmenu | 'separator';

export interface IMenuItem {
  readonly label: string;
  /** Shown as a tooltip. */
  readonly caption?: string;
  readonly icon?: LabIcon;
  /** Of several choices, the one in force. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export interface ISubmenu {
  readonly label: string;
  readonly items: readonly MenuEntry[];
}

/**
 * Open a JupyterLab menu below a button; the button has the focus again when the menu closes.
 */
export function openMenu(
  entries: readonly MenuEntry[],
  anchor: HTMLElement
): void {
  const commands = new CommandRegistry();
  const menu = buildMenu(entries, commands, 'menu');
  menu.addClass('jp-Workload-menu');
  const box = anchor.getBoundingClientRect();
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    // The chosen command runs after the menu has closed.
    setTimeout(() => menu.dispose(), 0);
  });
  anchor.setAttribute('aria-expanded', 'true');
  menu.open(box.left, box.bottom + 1, { forceX: false, forceY: false });
  menu.activateNextItem();
}

function buildMenu(
  entries: readonly MenuEntry[],
  commands: CommandRegistry,
  prefix: string
): MenuSvg {
  // These commands live as long as the menu is open, and take no arguments.
  const describedBy = { args: { type: 'object', properties: {} } } as const;
  const menu = new MenuSvg({ commands });
  entries.forEach((entry, i) => {
    const id = `${prefix}:${i}`;
    if (entry === 'separator') {
      menu.addItem({ type: 'separator' });
    } else if ('items' in entry) {
      const submenu = buildMenu(entry.items, commands, id);
      submenu.title.label = entry.label;
      menu.addItem({ type: 'submenu', submenu });
    } else {
      commands.addCommand(id, {
        label: entry.label,
        describedBy,
        caption: entry.caption ?? '',
        icon: entry.icon,
        isToggleable: entry.checked !== undefined,
        isToggled: () => entry.checked === true,
        isEnabled: () => !entry.disabled,
        execute: () => entry.run()
      });
      menu.addItem({ command: id });
    }
  });
  return menu;
}
