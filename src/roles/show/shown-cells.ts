import { MarkdownCell } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { INotebookRoles, Shown } from '../model';
import { hiddenCells } from './hidden';
import { cellHeight, setCellHeights } from './windowed-sizes';

const HIDDEN_CLASS = 'jp-mod-workloadHidden';

/**
 * Hides the cells of a notebook that the chosen machine does not run: nothing of it is written into the notebook.
 *
 * #### Notes
 * A class hides a cell's node. Besides, the widget is hidden as JupyterLab hides cells below a folded heading, so that arrow keys pass
 * over it; folding shows and hides cells by itself, so that is set anew whenever it happens.
 */
export class ShownCells implements IDisposable {
  constructor({ notebook, roles }: ShownCells.IOptions) {
    this._notebook = notebook;
    this._roles = roles;
    roles.changed.connect(this._update, this);
    roles.contentChanged.connect(this._update, this);
    notebook.cellCollapsed.connect(this._update, this);
    notebook.activeCellChanged.connect(this._onActive, this);
    notebook.selectionChanged.connect(this._onSelection, this);
    this._update();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What is shown now; `all` while roles are off. */
  get shown(): Shown {
    return this._shown;
  }

  /** How many cells are hidden. */
  get hidden(): number {
    return this._hidden.size;
  }

  /** Emitted after either of these has changed. */
  get changed(): ISignal<ShownCells, void> {
    return this._changed;
  }

  /** Stop, and show all cells. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    if (!this._notebook.isDisposed) {
      this._apply(new Set());
    }
    Signal.clearData(this);
  }

  private readonly _update = (): void => {
    if (this._notebook.isDisposed) {
      return;
    }
    const { cells } = this._roles;
    const shown = this._roles.isOn ? this._roles.shown : 'all';
    if (shown !== this._shown) {
      this._known = new Set(cells.map(({ id }) => id));
    }
    const hidden = hiddenCells(cells, shown, this._known);
    const isSame = shown === this._shown && sameSet(hidden, this._hidden);
    this._shown = shown;
    if (shown === 'all' && this._hidden.size === 0) {
      this._hidden = hidden;
    } else {
      this._apply(hidden);
    }
    if (!isSame) {
      this._changed.emit();
    }
  };

  /** Running a cell goes on to the next one, hidden or not: on to one in sight, once JupyterLab is done. */
  private readonly _onActive = (): void => {
    if (this._hidden.size > 0) {
      queueMicrotask(() => {
        if (!this._isDisposed && !this._notebook.isDisposed) {
          this._leaveHidden();
        }
      });
    }
  };

  /** Selecting all, or a range, takes hidden cells along: nothing must be done to what is out of sight, such as deleting it. */
  private readonly _onSelection = (): void => {
    if (this._hidden.size > 0 && !this._isDeselecting) {
      this._isDeselecting = true;
      // Once JupyterLab is done with selecting.
      queueMicrotask(() => {
        this._isDeselecting = false;
        if (!this._isDisposed && !this._notebook.isDisposed) {
          this._deselectHidden();
        }
      });
    }
  };

  private _deselectHidden(): void {
    for (const cell of this._notebook.widgets) {
      if (cell.hasClass(HIDDEN_CLASS) && this._notebook.isSelected(cell)) {
        this._notebook.deselect(cell);
      }
    }
  }

  private _apply(hidden: ReadonlySet<string>): void {
    const { widgets } = this._notebook;
    const heights = new Map<number, number>();
    let hasShown = false;
    widgets.forEach((cell, index) => {
      const { id } = cell.model;
      const was = cell.hasClass(HIDDEN_CLASS);
      if (hidden.has(id)) {
        if (!was) {
          this._heights.set(id, cellHeight(this._notebook, index));
          heights.set(index, 0);
          cell.addClass(HIDDEN_CLASS);
        }
        cell.hide();
      } else if (was) {
        cell.removeClass(HIDDEN_CLASS);
        cell.show();
        hasShown = true;
        const height = this._heights.get(id);
        if (height) {
          heights.set(index, height);
        }
        this._heights.delete(id);
      }
    });
    this._hidden = hidden;
    setCellHeights(this._notebook, heights);
    this._deselectHidden();
    if (hasShown) {
      this._foldAgain();
    }
    this._leaveHidden();
  }

  /** Hide again what stands below a folded heading. */
  private _foldAgain(): void {
    for (const cell of this._notebook.widgets) {
      if (cell instanceof MarkdownCell && cell.headingCollapsed) {
        NotebookActions.setHeadingCollapse(cell, true, this._notebook);
      }
    }
  }

  /** The active cell is one that can be seen: the next one in sight, or else the one before. */
  private _leaveHidden(): void {
    const { widgets, activeCellIndex } = this._notebook;
    const active = widgets[activeCellIndex];
    if (!active?.hasClass(HIDDEN_CLASS)) {
      return;
    }
    const inSight = (index: number): boolean => !widgets[index].isHidden;
    let index = activeCellIndex;
    while (index < widgets.length && !inSight(index)) {
      index += 1;
    }
    if (index === widgets.length) {
      index = activeCellIndex;
      while (index >= 0 && !inSight(index)) {
        index -= 1;
      }
    }
    if (index >= 0) {
      this._notebook.deselectAll();
      this._notebook.activeCellIndex = index;
    }
  }

  private readonly _notebook: Notebook;
  private readonly _roles: INotebookRoles;
  private readonly _heights = new Map<string, number>();
  private readonly _changed = new Signal<ShownCells, void>(this);
  private _shown: Shown = 'all';
  private _known: ReadonlySet<string> = new Set();
  private _hidden: ReadonlySet<string> = new Set();
  private _isDeselecting = false;
  private _isDisposed = false;
}

export namespace ShownCells {
  export interface IOptions {
    readonly notebook: Notebook;
    readonly roles: INotebookRoles;
  }
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(item => b.has(item));
}
