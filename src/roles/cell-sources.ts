import type { ISharedCell, CellChange } from '@jupyter/ydoc';
import type { ICellModel } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/**
 * The sources of cells as texts, each read once: a shared text is put together anew whenever it is read, which for hundreds of cells at
 * every keystroke would be felt.
 */
export class CellSources implements IDisposable {
  /** The source of a cell. */
  of({ sharedModel }: ICellModel): string {
    let source = this._sources.get(sharedModel);
    if (source === undefined) {
      source = sharedModel.getSource();
      this._sources.set(sharedModel, source);
      // Connecting again what is connected changes nothing.
      sharedModel.changed.connect(this._onChanged, this);
    }
    return source;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private readonly _onChanged = (
    cell: ISharedCell,
    change: CellChange
  ): void => {
    if (change.sourceChange) {
      this._sources.delete(cell);
    }
  };

  private readonly _sources = new WeakMap<ISharedCell, string>();
  private _isDisposed = false;
}
