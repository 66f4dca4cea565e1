import type { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Menu } from '@lumino/widgets';

import { ROLES } from '../workload/roles';
import { CommandIDs } from './commands';
import type { INotebookRoles, IRolesManager } from './model';
import { isReadOnly } from './read-only';
import { ROLE_LETTERS, roleSentence } from './role-text';

export interface IRoleButtonOptions {
  readonly cell: Cell;
  readonly manager: IRolesManager;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/**
 * The button of a cell's toolbar: the letter of its role, and a menu to set it. Hidden where roles are off, and at cells without code.
 */
export class RoleButton extends Widget {
  constructor(private readonly _options: IRoleButtonOptions) {
    super();
    this.addClass('jp-WorkloadRoles-button');
    this._button = document.createElement('button');
    this._button.type = 'button';

    this._button.setAttribute('aria-haspopup', 'menu');
    this._button.addEventListener('click', this._open);
    this.node.append(this._button);
    const { manager } = _options;
    manager.opened.connect(this._follow, this);
    this._follow();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._options.manager.opened.disconnect(this._follow, this);
    this._roles?.changed.disconnect(this._show, this);
    this._menu?.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._follow();
  }

  /** Find the roles of the notebook that the cell is in. */
  private readonly _follow = (): void => {
    const roles = this._find();
    if (roles !== this._roles) {
      this._roles?.changed.disconnect(this._show, this);
      this._roles = roles;
      roles?.changed.connect(this._show, this);
    }
    this._show();
  };

  private _find(): INotebookRoles | null {
    let widget: Widget | null = this._options.cell;
    while (widget && !(widget instanceof NotebookPanel)) {
      widget = widget.parent;
    }
    return widget ? (this._options.manager.get(widget)?.roles ?? null) : null;
  }

  private readonly _show = (): void => {
    const { cell, trans } = this._options;
    if (cell.isDisposed) {
      // Its toolbar goes a moment later.
      return;
    }
    const { id } = cell.model;
    const state = this._roles?.cells.find(each => each.id === id);
    const roles = this._roles;
    const isShown = state?.type === 'code' && roles?.isOn === true;
    this.setHidden(!isShown);
    if (isShown) {
      const says = roleSentence(state.role, roles.policy.tags, trans);
      this._button.textContent = ROLE_LETTERS[state.role];
      this._button.dataset.role = state.role;
      this._button.title = trans.__('%1 Click to change it.', says);
      this._button.setAttribute('aria-label', this._button.title);
      this._button.disabled = isReadOnly(roles);
    }
  };

  private readonly _open = (): void => {
    const { commands, cell } = this._options;
    if (!this._menu) {
      this._menu = new MenuSvg({ commands });
      // Keys go on where they were, once the menu is gone.
      this._menu.aboutToClose.connect(() => {
        requestAnimationFrame(() => this._button.focus());
      });
    }
    const menu = this._menu;
    menu.clearItems();
    for (const role of [...ROLES, 'none']) {
      menu.addItem({
        command: CommandIDs.setRole,
        args: { role, cells: [cell.model.id] }
      });
    }
    const { left, bottom } = this._button.getBoundingClientRect();
    menu.open(left, bottom);
  };

  private readonly _button: HTMLButtonElement;
  private _menu: Menu | null = null;
  private _roles: INotebookRoles | null = null;
}
