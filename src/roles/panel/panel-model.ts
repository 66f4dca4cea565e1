import { Throttler } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { CellRole } from '../../workload/roles';
import type { IOpenNotebook, IRolesManager } from '../model';
import { NO_FILTER, rowsOf } from './rows';
import type { IRow, IRowFilter } from './rows';
import { keep, NO_SELECTION } from './selection';
import type { ISelection } from './selection';

/** While a notebook is typed in, the panel follows at most once in this time, milliseconds. */
const PACE = 250;

/** What the side panel shows: the notebook in front, which of its cells, and what of them is selected. */
export class PanelModel implements IDisposable {
  constructor(manager: IRolesManager) {
    this._manager = manager;
    this._throttler = new Throttler(() => this._emit(), {
      limit: PACE,
      edge: 'trailing'
    });
    manager.currentChanged.connect(this._onCurrent, this);
    this._onCurrent();
  }

  /** The notebook that was last in front. */
  get open(): IOpenNotebook | null {
    return this._open;
  }

  /** Whether the panel is in sight; out of sight it does not follow. */
  get isActive(): boolean {
    return this._isActive;
  }

  set isActive(value: boolean) {
    if (value !== this._isActive) {
      this._isActive = value;
      if (value) {
        this._emit();
      }
    }
  }

  get filter(): IRowFilter {
    return this._filter;
  }

  set filter(filter: IRowFilter) {
    this._filter = filter;
    this._emit();
  }

  /** Show the cells of a role besides those that are shown, or no longer. */
  toggleRole(role: CellRole): void {
    const roles = new Set(this._filter.roles);
    if (!roles.delete(role)) {
      roles.add(role);
    }
    this.filter = { ...this._filter, roles };
  }

  get selection(): ISelection {
    return this._selection;
  }

  set selection(selection: ISelection) {
    if (selection !== this._selection) {
      this._selection = selection;
      this._emit();
    }
  }

  /** The lines of the list. */
  get rows(): readonly IRow[] {
    if (!this._rows) {
      this._rows = this._open
        ? rowsOf(this._open.roles.cells, this._filter, this.sourceOf)
        : [];
      this._selection = keep(
        this._selection,
        this._rows.map(({ id }) => id)
      );
    }
    return this._rows;
  }

  /** The selected lines, in order. */
  get chosen(): readonly IRow[] {
    const { selected } = this._selection;
    return this.rows.filter(({ id }) => selected.has(id));
  }

  /** The source of a cell of the notebook in front. */
  readonly sourceOf = (index: number): string => {
    const panel = this._open?.roles.panel;
    const cells = panel && !panel.isDisposed ? panel.model?.cells : null;
    return cells && index < cells.length
      ? cells.get(index).sharedModel.getSource()
      : '';
  };

  /** Id of the notebook's active cell. */
  get activeId(): string | null {
    return this._panel?.content.activeCell?.model.id ?? null;
  }

  /** Emitted after anything of it has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._throttler.dispose();
      Signal.clearData(this);
    }
  }

  private readonly _onCurrent = (): void => {
    const before = this._open;
    before?.roles.changed.disconnect(this._onRoles, this);
    before?.roles.contentChanged.disconnect(this._onContent, this);
    before?.check.changed.disconnect(this._onContent, this);
    before?.suggestions.changed.disconnect(this._onRoles, this);
    this._panel?.content.activeCellChanged.disconnect(this._onContent, this);
    const open = this._manager.current;
    if (open !== before) {
      this._selection = NO_SELECTION;
      this._filter = NO_FILTER;
    }
    this._open = open;
    this._panel = open?.roles.panel ?? null;
    open?.roles.changed.connect(this._onRoles, this);
    open?.roles.contentChanged.connect(this._onContent, this);
    open?.check.changed.connect(this._onContent, this);
    open?.suggestions.changed.connect(this._onRoles, this);
    this._panel?.content.activeCellChanged.connect(this._onContent, this);
    this._emit();
  };

  private readonly _onRoles = (): void => {
    this._rows = null;
    if (this._isActive) {
      this._emit();
    }
  };

  private readonly _onContent = (): void => {
    this._rows = null;
    if (this._isActive) {
      void this._throttler.invoke();
    }
  };

  private _emit(): void {
    if (!this._isDisposed) {
      this._rows = null;
      this._changed.emit();
    }
  }

  private readonly _manager: IRolesManager;
  private readonly _throttler: Throttler;
  private readonly _changed = new Signal<this, void>(this);
  private _open: IOpenNotebook | null = null;
  private _panel: NotebookPanel | null = null;
  private _filter: IRowFilter = NO_FILTER;
  private _selection: ISelection = NO_SELECTION;
  private _rows: readonly IRow[] | null = null;
  private _isActive = false;
  private _isDisposed = false;
}
