import type { CellChange, ISharedCell, ISharedNotebook } from '@jupyter/ydoc';
import type { NotebookChange } from '@jupyter/ydoc';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { cellTags } from './cell-tags';

/** A cell as it was at some time; never changes. */
export interface ICellRecord {
  /** Another one after the cell has moved or changed its type. */
  readonly cell: ISharedCell;
  readonly id: string;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly tags: readonly string[];
}

/** What has changed: the tags of a cell, or more than that. */
export type CellListChange = 'tags' | 'content';

/**
 * The cells of a shared notebook with source and tags, kept up to date.
 *
 * A change costs what it touches: typing reads the source of one cell.
 */
export class CellList implements IDisposable {
  constructor(private _notebook: ISharedNotebook) {
    this._cells = _notebook.cells.map(cell => this._record(cell));
    _notebook.changed.connect(this._onNotebook, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** In order; another array after every change. */
  get cells(): readonly ICellRecord[] {
    return this._cells;
  }

  /** Emitted with every change, at once. */
  get changed(): ISignal<this, CellListChange> {
    return this._changed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._notebook.changed.disconnect(this._onNotebook, this);
    for (const { cell } of this._cells) {
      cell.changed.disconnect(this._onCell, this);
    }
    Signal.clearData(this);
  }

  private readonly _onNotebook = (
    _: ISharedNotebook,
    change: NotebookChange
  ): void => {
    if (change.cellsChange) {
      const known = new Map(this._cells.map(each => [each.cell, each]));
      this._cells = this._notebook.cells.map(
        cell => known.get(cell) ?? this._record(cell)
      );
      this._changed.emit('content');
    }
  };

  private readonly _onCell = (cell: ISharedCell, change: CellChange): void => {
    const index = this._cells.findIndex(each => each.cell === cell);
    if (index < 0) {
      return;
    }
    const isContent =
      change.sourceChange !== undefined ||
      this._cells[index].id !== cell.getId();
    if (isContent || change.metadataChange?.has('tags')) {
      this._cells = this._cells.with(index, this._record(cell));
      this._changed.emit(isContent ? 'content' : 'tags');
    }
  };

  /** The cell as it is now; from the first record on its changes are followed. */
  private _record(cell: ISharedCell): ICellRecord {
    cell.changed.connect(this._onCell, this);
    return {
      cell,
      id: cell.getId(),
      type: typeOf(cell),
      source: cell.getSource(),
      tags: cellTags(cell)
    };
  }

  private _cells: readonly ICellRecord[];
  private _isDisposed = false;
  private _changed = new Signal<this, CellListChange>(this);
}

function typeOf({ cell_type }: ISharedCell): ICellRecord['type'] {
  return cell_type === 'code' || cell_type === 'markdown' ? cell_type : 'raw';
}
