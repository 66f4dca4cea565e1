import { MarkdownCell } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { INotebookRoles, Shown } from '../model';
import { HIDDEN_CLASS, hiddenCells } from './hidden';
import { cellHeight, setCellHeights } from './windowed-sizes';

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
    const wasShown = this._shown;
    this._shown = shown;
    if (shown === 'all' && this._hidden.size === 0) {
      this._hidden = hidden;
    } else {
      this._apply(hidden);
    }
    const hadSome = wasShown === shown && !this._isNone;
    this._isNone = this._isNoneInSight();
    if (!isSame) {
      this._changed.emit();
    }
    if (hadSome && this._isNone) {
      // What was in sight is gone: without an active cell no key would reach the notebook, not even that of undo.
      this._roles.show('all');
      this._update();
      const { activeElement } = document;
      if (
        activeElement === document.body ||
        this._notebook.node.contains(activeElement)
      ) {
        void NotebookActions.focusActiveCell(this._notebook).catch(
          () => undefined
        );
      }
    }
  };

  /** Whether there are cells, and all of them are out of sight. */
  private _isNoneInSight(): boolean {
    const { widgets } = this._notebook;
    return (
      widgets.length > 0 && widgets.every(cell => cell.hasClass(HIDDEN_CLASS))
    );
  }

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
    if (this._keepSelection(inSight)) {
      return;
    }
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

  /** A selection that was extended to a hidden cell ends at the last one in sight before it. False when there is none. */
  private _keepSelection(inSight: (index: number) => boolean): boolean {
    const { widgets, activeCellIndex: head } = this._notebook;
    const selected = widgets.flatMap((cell, index) =>
      this._notebook.isSelected(cell) ? [index] : []
    );
    const [first] = selected;
    const last = selected.at(-1);
    // JupyterLab's own rule: a selection has no gaps, and the active cell is at one of its ends.
    if (
      last === undefined ||
      last === first ||
      last - first !== selected.length - 1 ||
      (head !== first && head !== last)
    ) {
      return false;
    }
    const end =
      head === last ? selected.findLast(inSight) : selected.find(inSight);
    if (end === undefined) {
      return false;
    }
    this._notebook.extendContiguousSelectionTo(end);
    return true;
  }

  private readonly _notebook: Notebook;
  private readonly _roles: INotebookRoles;
  private readonly _heights = new Map<string, number>();
  private readonly _changed = new Signal<ShownCells, void>(this);
  private _shown: Shown = 'all';
  private _known: ReadonlySet<string> = new Set();
  private _hidden: ReadonlySet<string> = new Set();
  /** Whether no cell is in sight. */
  private _isNone = false;
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
