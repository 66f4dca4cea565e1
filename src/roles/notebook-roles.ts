import type { ISharedNotebook } from '@jupyter/ydoc';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IFix } from '../lint/finding';
import { isObject } from '../workload/json';
import { readRolePolicy } from '../workload/role-policy';
import type { IRolePolicy } from '../workload/role-policy';
import { ROLES, cellRole } from '../workload/roles';
import type { Role } from '../workload/roles';
import { applyFix } from './apply-fix';
import { isBlankCode } from './blank';
import { CellList } from './cell-list';
import type { CellListChange, ICellRecord } from './cell-list';
import { writeRole } from './cell-tags';
import { oncePerTurn } from './once-per-turn';
import type { ICellRoleState, IChecked, INotebookRoles, Shown } from './model';
import type { IRolesSettings } from './settings';
import { ownStep } from './undo-steps';

export interface INotebookRolesOptions {
  /** Its context must be ready. */
  readonly panel: NotebookPanel;
  readonly settings: IRolesSettings;
}

/** The roles of one open notebook's cells. */
export class NotebookRoles implements INotebookRoles {
  constructor({ panel, settings }: INotebookRolesOptions) {
    this.panel = panel;
    this.notebook = panel.context.model.sharedModel;
    this._settings = settings;
    this.list = new CellList(this.notebook);
    this._policy = this._told = this._readPolicy();
    this._states = this._readStates();
    this.list.changed.connect(this._onCells, this);
    this.notebook.metadataChanged.connect(this._onMetadata, this);
    settings.changed.connect(this._onSettings, this);
    panel.disposed.connect(() => this.dispose());
  }

  readonly panel: NotebookPanel;

  /** The shared model, which other panels on the same file share, too. */
  readonly notebook: ISharedNotebook;

  /** Sources and tags of the cells. */
  readonly list: CellList;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get policy(): IRolePolicy {
    return this._policy;
  }

  /** What the site file says of roles, as it stands there; `undefined` where it says nothing. */
  set site(roles: unknown) {
    this._site = roles;
    this._policy = this._readPolicy();
    this._update();
  }

  get isOn(): boolean {
    const { show } = this._settings;
    return (
      this._turned ?? (show === 'always' || (show === 'auto' && this._hasRole))
    );
  }

  /** Whether roles are kept while cells come and go: wherever the notebook has one, seen or not, and where they are seen. */
  get isKept(): boolean {
    return this._hasRole || this.isOn;
  }

  turn(on: boolean | null): void {
    if (on !== this._turned) {
      this._turned = on;
      this._emitChanged();
    }
  }

  get shown(): Shown {
    return this.isOn ? this._shown : 'all';
  }

  show(shown: Shown): void {
    if (shown !== this._shown) {
      this._shown = shown;
      this._emitChanged();
    }
  }

  get cells(): readonly ICellRoleState[] {
    return this._states;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get contentChanged(): ISignal<this, void> {
    return this._contentChanged;
  }

  setRole(cells: readonly string[], role: Role | null): void {
    this.setRoles(new Map(cells.map(id => [id, role])));
  }

  setRoles(roles: ReadonlyMap<string, Role | null>): void {
    if (this.isReadOnly) {
      return;
    }
    ownStep(this.notebook, () => {
      for (const { id, cell } of this.list.cells) {
        const role = roles.get(id);
        if (role !== undefined) {
          writeRole(cell, role, this._policy.tags);
        }
      }
    });
  }

  applyFix(fix: IFix, checked: IChecked): boolean {
    return (
      !this.isReadOnly && applyFix(this.notebook, this.list.cells, fix, checked)
    );
  }

  /** Whether the notebook must not be changed here. */
  get isReadOnly(): boolean {
    return this._isDisposed || this.panel.context.model.readOnly;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.list.dispose();
    this.notebook.metadataChanged.disconnect(this._onMetadata, this);
    this._settings.changed.disconnect(this._onSettings, this);
    Signal.clearData(this);
  }

  private readonly _onCells = (_: CellList, change: CellListChange): void => {
    this._update();
    if (change === 'content') {
      this._emitContentChanged();
    }
  };

  private readonly _onMetadata = (
    _: ISharedNotebook,
    { key }: { key: string }
  ): void => {
    if (key === 'workload') {
      this._policy = this._readPolicy();
      this._update();
    }
  };

  private readonly _onSettings = (): void => {
    this._emitChanged();
  };

  /** Tell of a change of what is seen; typing mostly changes nothing of it. */
  private readonly _update = (): void => {
    const before = this._states;
    this._states = this._readStates();
    if (this._states !== before || this._policy !== this._told) {
      this._told = this._policy;
      this._emitChanged();
    }
  };

  private _readPolicy(): IRolePolicy {
    const workload = this.notebook.getMetadata('workload');
    const layers = [
      this._site,
      isObject(workload) ? workload.roles : undefined
    ];
    this._stateOf = new WeakMap();
    // Which rules there are only the check knows; it leaves out what it does not know.
    return readRolePolicy(layers, layers.flatMap(rulesNamed)).policy;
  }

  /** The states of all cells; those that are as before are the same objects, and so is the list. */
  private _readStates(): readonly ICellRoleState[] {
    const { tags } = this._policy;
    const names = ROLES.map(role => tags[role]);
    this._hasRole = this.list.cells.some(
      cell => cell.type === 'code' && cell.tags.some(tag => names.includes(tag))
    );
    const states = this.list.cells.map((cell, index) => {
      let state = this._stateOf.get(cell);
      if (state === undefined) {
        const before = this._states.at(index);
        state = this._readState(cell);
        state = before && isSame(before, state) ? before : state;
        this._stateOf.set(cell, state);
      }
      return state;
    });
    return states.length === this._states.length &&
      states.every((state, index) => state === this._states[index])
      ? this._states
      : states;
  }

  private _readState(cell: ICellRecord): ICellRoleState {
    return {
      id: cell.id,
      type: cell.type,
      role: cellRole(cell.tags, this._policy.tags),
      needsRole: cell.type === 'code' && !isBlankCode(cell.source)
    };
  }

  private _settings: IRolesSettings;
  private _site: unknown;
  private _policy: IRolePolicy;
  private _told: IRolePolicy;
  private _states: readonly ICellRoleState[] = [];
  /** What is known of cells as they are under the policy in force: typing asks for one cell, not for all. */
  private _stateOf = new WeakMap<ICellRecord, ICellRoleState>();
  private _hasRole = false;
  private _turned: boolean | null = null;
  private _shown: Shown = 'all';
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
  private _contentChanged = new Signal<this, void>(this);
  private _emitChanged = oncePerTurn(() => this._changed.emit());
  private _emitContentChanged = oncePerTurn(() => this._contentChanged.emit());
}

/** The rules whose severities a layer of the policy sets. */
function rulesNamed(layer: unknown): string[] {
  return isObject(layer) && isObject(layer.severities)
    ? Object.keys(layer.severities)
    : [];
}

function isSame(a: ICellRoleState, b: ICellRoleState): boolean {
  return (
    a.id === b.id &&
    a.type === b.type &&
    a.role === b.role &&
    a.needsRole === b.needsRole
  );
}
