import type { ISharedFile } from '@jupyter/ydoc';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ITextEdit } from '../../workload/view-edit';

/**
 * The shared text of a view: small edits, undo by steps, and who is to mend what concurrent edits have broken.
 *
 * #### Notes
 * Every edit is stamped: the shared map `workload-edits` holds, by client, the edits that no later edit has seen. An edit removes all stamps its
 * author knows of and sets its own, so two stamps mean that two clients edited without knowing of each other, and that what
 * they did has now been merged. This tells a merge, which is ours to repair, from a text that somebody is just typing.
 */
export class SharedText implements IDisposable {
  constructor(model: ISharedFile) {
    this._model = model;
    model.changed.connect(this._onChanged);
    if (hasYjs(model)) {
      this._yjs = model;
      this._stamps = model.ydoc.getMap(STAMPS);
      this._stamps.observe(this._notify);
      HISTORY_EVENTS.forEach(name => model.undoManager.on(name, this._notify));
      model.undoManager.captureTimeout = STEP_MS;
    }
  }

  /** The text, who may mend it, or the history has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get text(): string {
    return this._model.getSource();
  }

  /** Whether edits that did not know of each other have been merged, and nobody has looked after the result yet. */
  get isMerged(): boolean {
    return (this._stamps?.size ?? 0) > 1;
  }

  /** Whether it is for this client to look after a merge: the one with the highest number among those who edited. */
  get isResponsible(): boolean {
    const own = this._yjs?.ydoc.clientID;
    const others = [...(this._stamps?.keys() ?? [])].map(Number);
    return own !== undefined && own === Math.max(...others);
  }

  get canUndo(): boolean {
    return this._model.canUndo();
  }

  get canRedo(): boolean {
    return this._model.canRedo();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Apply edits as one change, which can be undone on its own, or with the change before it where `merge` is the same text. */
  edit(edits: readonly ITextEdit[], merge: string | null): void {
    const now = Date.now();
    const isNewStep =
      merge === null ||
      merge !== this._merge ||
      now - this._editedAt >= STEP_MS;
    this._merge = merge;
    this._editedAt = now;
    if (isNewStep) {
      this._yjs?.undoManager.stopCapturing();
    }
    this._apply(edits, true);
  }

  /** Apply edits that are nobody's change and no step of undo; afterwards there is no merge left to look after. */
  mend(edits: readonly ITextEdit[]): void {
    this._apply(edits, false);
  }

  undo(): void {
    this._merge = null;
    this._model.undo();
    this._model.transact(() => this._stamp(), false);
  }

  redo(): void {
    this._merge = null;
    this._model.redo();
    this._model.transact(() => this._stamp(), false);
  }

  /** Leaves the shared model alone: it belongs to the document. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._model.changed.disconnect(this._onChanged);
    this._stamps?.unobserve(this._notify);
    HISTORY_EVENTS.forEach(name =>
      this._yjs?.undoManager.off(name, this._notify)
    );
    Signal.clearData(this);
  }

  private _apply(edits: readonly ITextEdit[], undoable: boolean): void {
    this._model.transact(() => {
      // From the end, so that the offsets of those ahead hold.
      for (const { from, to, insert } of [...edits].reverse()) {
        this._model.updateSource(from, to, insert);
      }
      this._stamp();
    }, undoable);
  }

  private _stamp(): void {
    const stamps = this._stamps;
    const own = String(this._yjs?.ydoc.clientID);
    if (stamps) {
      for (const key of [...stamps.keys()]) {
        if (key !== own) {
          stamps.delete(key);
        }
      }
      // Any value that differs from the last one; only the key counts.
      stamps.set(own, (stamps.get(own) ?? 0) + 1);
    }
  }

  private _onChanged = (
    _: ISharedFile,
    change: { sourceChange?: unknown }
  ): void => {
    if (change.sourceChange) {
      this._notify();
    }
  };

  private _notify = (): void => {
    this._changed.emit(undefined);
  };

  private readonly _model: ISharedFile;
  private readonly _changed = new Signal<this, void>(this);
  private _yjs: IYjs | null = null;
  private _stamps: IStamps | null = null;
  private _merge: string | null = null;
  private _editedAt = 0;
  private _isDisposed = false;
}

const STAMPS = 'workload-edits';

/** Changes that follow each other within this time can be one step of undo, milliseconds. */
const STEP_MS = 1000;

/** The history changes after the text has, so it has to be watched by itself. */
const HISTORY_EVENTS = [
  'stack-item-added',
  'stack-item-popped',
  'stack-cleared'
] as const;

interface IStamps {
  readonly size: number;
  keys(): IterableIterator<string>;
  get(key: string): number | undefined;
  set(key: string, value: number): void;
  delete(key: string): void;
  observe(callback: () => void): void;
  unobserve(callback: () => void): void;
}

/** What is used of Yjs, which JupyterLab's shared models do not promise in their interface. */
interface IYjs {
  readonly ydoc: { readonly clientID: number; getMap(name: string): IStamps };
  readonly undoManager: {
    captureTimeout: number;
    stopCapturing(): void;
    on(name: string, callback: () => void): void;
    off(name: string, callback: () => void): void;
  };
}

function hasYjs(model: ISharedFile): model is ISharedFile & IYjs {
  return 'ydoc' in model && 'undoManager' in model;
}
