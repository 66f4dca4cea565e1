import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IWorkloadRoles } from '../tokens';
import { isObject } from '../workload/json';
import { checkClean } from './clean-check';
import type { ICleanCheck } from './clean-check';
import type { IOpenNotebook } from './model';

/** What the manager has of an open notebook; all of it is disposed with it. */
export interface IOpened extends IOpenNotebook, IDisposable {}

/** Opens the roles of a notebook that is loaded. */
export type OpenNotebook = (panel: NotebookPanel) => IOpened;

export interface IRolesManagerOptions {
  readonly tracker: INotebookTracker;
  /** Loads what opens notebooks; called with the first that is or may be Python, so that JupyterLab's start costs nothing of it. */
  readonly load: () => Promise<OpenNotebook>;
}

/** The roles and checks of all open notebooks whose language is Python, or not yet known. */
export class RolesManager implements IWorkloadRoles, IDisposable {
  constructor(private readonly _options: IRolesManagerOptions) {
    const { tracker } = _options;
    tracker.forEach(panel => this._watch(panel));
    tracker.widgetAdded.connect(this._onAdded, this);
    tracker.currentChanged.connect(this._updateCurrent, this);
    this._updateCurrent();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get(panel: NotebookPanel): IOpened | null {
    return this._open.get(panel) ?? null;
  }

  get current(): IOpened | null {
    return this._current;
  }

  get currentChanged(): ISignal<this, IOpened | null> {
    return this._currentChanged;
  }

  get opened(): ISignal<this, IOpened> {
    return this._opened;
  }

  checkClean(panel: NotebookPanel): Promise<ICleanCheck | null> {
    return checkClean(this, panel);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    const { tracker } = this._options;
    tracker.widgetAdded.disconnect(this._onAdded, this);
    tracker.currentChanged.disconnect(this._updateCurrent, this);
    [...this._open.keys()].forEach(panel => this._forget(panel));
    Signal.clearData(this);
  }

  private readonly _onAdded = (
    _: INotebookTracker,
    panel: NotebookPanel
  ): void => {
    this._watch(panel);
  };

  /** Follow a notebook's language, which is known when it is loaded and may change with its kernel. */
  private _watch(panel: NotebookPanel): void {
    const update = (): void => {
      if (this._isDisposed || panel.isDisposed) {
        return;
      }
      if (mayBePython(panel)) {
        void this._add(panel);
      } else {
        this._forget(panel);
      }
    };
    panel.context.ready.then(
      () => {
        panel.model?.metadataChanged.connect(update);
        update();
      },
      // What could not be loaded has no roles; JupyterLab says why.
      () => undefined
    );
    panel.disposed.connect(() => this._forget(panel));
  }

  private async _add(panel: NotebookPanel): Promise<void> {
    if (this._open.has(panel)) {
      return;
    }
    this._load ??= this._options.load();
    const open = await this._load;
    // Things may have changed while that was loaded.
    if (
      this._isDisposed ||
      panel.isDisposed ||
      this._open.has(panel) ||
      !mayBePython(panel)
    ) {
      return;
    }
    const opened = open(panel);
    this._open.set(panel, opened);
    this._opened.emit(opened);
    this._updateCurrent();
  }

  private _forget(panel: NotebookPanel): void {
    const open = this._open.get(panel);
    if (open) {
      this._open.delete(panel);
      this._updateCurrent();
      open.dispose();
    }
  }

  private readonly _updateCurrent = (): void => {
    const panel = this._options.tracker.currentWidget;
    const current = panel && this.get(panel);
    if (current !== this._current) {
      this._current = current;
      this._currentChanged.emit(current);
    }
  };

  private _open = new Map<NotebookPanel, IOpened>();
  private _current: IOpened | null = null;
  private _load: Promise<OpenNotebook> | null = null;
  private _isDisposed = false;
  private _currentChanged = new Signal<this, IOpened | null>(this);
  private _opened = new Signal<this, IOpened>(this);
}

/** Whether a notebook's language is Python, or is not known. */
function mayBePython({ model }: NotebookPanel): boolean {
  const info: unknown = model?.getMetadata('language_info');
  const spec: unknown = model?.getMetadata('kernelspec');
  const named = [
    isObject(info) ? info.name : undefined,
    isObject(spec) ? spec.language : undefined
  ].find((name): name is string => typeof name === 'string' && name !== '');
  return named === undefined || /^i?python$/i.test(named);
}
