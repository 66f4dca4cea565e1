import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IThemeManager } from '@jupyterlab/apputils';
import type { Contents, ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { IView } from '../workload/view';

/**
 * A view as the panel sees it: what it is, whether it may be changed, and its history. Whether
 * it lives in a file, in a shared document, or only in memory is the document's affair.
 */
export interface IViewModel extends IDisposable {
  /** Always a valid view; while the document's text is broken, the last valid one. Never mutated: a change makes a new object. */
  readonly view: IView;
  /** Something below changed: the view, its history, its path, or what may be done with it. */
  readonly changed: ISignal<IViewModel, void>;
  /** Whether `update` does nothing: the document is of a newer version, broken, or its file cannot be written. */
  readonly readOnly: boolean;
  /** A sentence for a banner: the text is not JSON, not a view, or of a newer version; null when all is well. */
  readonly problem: string | null;
  /** Contents path of the document; null for a view that is not in a file yet. */
  readonly path: string | null;
  /** Whether the source may be opened without asking. Until then the panel reads nothing and offers a button that calls `trust`. */
  readonly trusted: boolean;
  /** The user asked to open the data of this view; remembered for this user, document and source. */
  trust(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /**
   * Change the view; one step of undo.
   *
   * @param recipe Returns the new view; the given one must not be mutated. Returning the same object changes nothing.
   */
  update(recipe: (view: IView) => IView, options?: IUpdateOptions): void;
  undo(): void;
  redo(): void;
}

export interface IUpdateOptions {
  /**
   * Consecutive updates with the same text here, each within a second or so of the last, are one step of undo: typing into a field.
   */
  readonly merge?: string;
}

/** What a panel needs from JupyterLab (`createPanel` in `panel/panel.tsx`). */
export interface IPanelOptions {
  /** Not disposed by the panel. */
  readonly model: IViewModel;
  readonly contents: Contents.IManager;
  readonly serverSettings: ServerConnection.ISettings;
  readonly trans: TranslationBundle;
  readonly themeManager: IThemeManager | null;
  readonly editorServices: IEditorServices | null;
  readonly commands: CommandRegistry;
  /** Open a contents path with JupyterLab's default for it. */
  readonly openPath: (path: string) => void;
  /** Save an unsaved view under a name; absent where the view is in a file already. */
  readonly saveAs?: () => Promise<void>;
}
