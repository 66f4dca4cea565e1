import type { Message } from '@lumino/messaging';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';

import { rolesIcon } from '../icon';
import type { IPanelContext } from './context';
import { focusPanel, PANEL_CLASS } from './focus';

/** Id of the side panel in the shell. */
export const SIDEBAR_ID = 'workload-explorer-cell-roles';

/** The side panel as the shell has it: what it shows is loaded when it first comes into sight. */
export class RolesSidebar extends Widget {
  constructor({ createContext, trans, translator }: RolesSidebar.IOptions) {
    super();
    this._createContext = createContext;
    this._translator = translator;
    this.id = SIDEBAR_ID;
    this.addClass(PANEL_CLASS);
    this.node.tabIndex = -1;
    this.layout = new PanelLayout();
    this.title.icon = rolesIcon;
    this.title.caption = trans.__('Cell roles');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Cell roles'));
  }

  /**
   * Give the keyboard to the list of cells, which takes it when it is there; what already has it in the panel keeps it.
   *
   * Not on every activation: when JupyterLab restores its layout, the keyboard is the notebook's. From the command palette the
   * keyboard still goes to the notebook, which JupyterLab's palette activates again after each command.
   */
  takeFocus(): void {
    this._takesFocus = true;
    this.activate();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (this._takesFocus && !this.node.contains(document.activeElement)) {
      focusPanel(this.node);
    }
    this._takesFocus = false;
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._load().catch((error: unknown) => {
      console.error('The panel of cell roles could not be loaded.', error);
    });
    if (this._context) {
      this._context.model.isActive = true;
    }
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    if (this._context) {
      this._context.model.isActive = false;
    }
  }

  private async _load(): Promise<void> {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    const [context, { CellRolesPanel }] = await Promise.all([
      this._createContext(),
      import('./cell-roles-panel')
    ]);
    if (this.isDisposed) {
      return;
    }
    this._context = context;
    context.model.isActive = this.isVisible;
    if (this.layout instanceof PanelLayout) {
      this.layout.addWidget(new CellRolesPanel(context, this._translator));
    }
  }

  private readonly _createContext: () => Promise<IPanelContext>;
  private readonly _translator: ITranslator | undefined;
  private _context: IPanelContext | null = null;
  private _isLoading = false;
  private _takesFocus = false;
}

export namespace RolesSidebar {
  export interface IOptions {
    readonly createContext: () => Promise<IPanelContext>;
    readonly trans: TranslationBundle;
    readonly translator?: ITranslator;
  }
}
