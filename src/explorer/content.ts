import type { Message } from '@lumino/messaging';
import { MessageLoop } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { PanelLayout, Widget } from '@lumino/widgets';

import type { ITranslator } from '../workload/translator';
import type { IExplorerContent } from '../tokens';
import type { IViewModel } from './view-model';

/** A view and the panel that shows it. */
export interface ILoadedView {
  readonly model: IViewModel;
  readonly panel: Widget;
  /** Whether closing the tab would lose something; absent where JupyterLab itself knows. */
  readonly hasChanges?: () => boolean;
  /** Write the view into a file, if the user still wants to; absent where it is in one. Resolves to whether it was. */
  readonly saveAs?: () => Promise<boolean>;
  /** What to do when the tab is closed for good. */
  readonly release?: () => void;
}

/**
 * What a tab of the explorer holds from the start: a place for the panel, which is loaded when it is first needed.
 */
export class ExplorerContent extends Widget implements IExplorerContent {
  constructor(options: ExplorerContent.IOptions) {
    super();
    this.addClass('jp-WorkloadContent');
    this.node.tabIndex = -1;
    this._place = this.layout = new PanelLayout();
    this.loaded = this._load(options);
    // Whoever waits for it gets the error; it is shown in any case.
    this.loaded.catch(() => undefined);
  }

  readonly loaded: Promise<void>;

  /** Emitted when the view, or what may be done with it, has changed. */
  get modelChanged(): ISignal<this, void> {
    return this._modelChanged;
  }

  get model(): IViewModel | null {
    return this._view?.model ?? null;
  }

  get hasChanges(): boolean {
    return this._view?.hasChanges?.() ?? false;
  }

  /** Writes the view into a file; null where it is in one, or not loaded yet. */
  get saveAs(): (() => Promise<boolean>) | null {
    return this._view?.saveAs ?? null;
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const view = this._view;
    super.dispose();
    view?.release?.();
    view?.model.dispose();
    Signal.clearData(this);
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (this._view) {
      MessageLoop.sendMessage(this._view.panel, Widget.Msg.ActivateRequest);
    } else {
      this.node.focus();
    }
  }

  private async _load({
    load,
    trans
  }: ExplorerContent.IOptions): Promise<void> {
    try {
      const view = await load();
      if (this.isDisposed) {
        view.panel.dispose();
        view.release?.();
        view.model.dispose();
        return;
      }
      const hadFocus = this.node.contains(document.activeElement);
      this._view = view;
      this._place.addWidget(view.panel);
      view.model.changed.connect(() => this._modelChanged.emit(undefined));
      this._modelChanged.emit(undefined);
      if (hadFocus) {
        this.activate();
      }
    } catch (error) {
      if (!this.isDisposed) {
        this._place.addWidget(new Failure(error, trans));
      }
      throw error;
    }
  }

  private readonly _place: PanelLayout;
  private readonly _modelChanged = new Signal<this, void>(this);
  private _view: ILoadedView | null = null;
}

export namespace ExplorerContent {
  export interface IOptions {
    /** Get the view and its panel; called once, at once. */
    readonly load: () => Promise<ILoadedView>;
    readonly trans: ITranslator;
  }
}

/** Says why there is no panel. */
class Failure extends Widget {
  constructor(error: unknown, trans: ITranslator) {
    super();
    this.addClass('jp-WorkloadContent-failure');
    this.node.setAttribute('role', 'alert');
    const reason = error instanceof Error ? error.message : String(error);
    this.node.textContent = trans.__(
      'Workload Explorer could not be loaded: %1. Reload the page; if that does not help, ask whoever runs this server.',
      reason
    );
  }
}
