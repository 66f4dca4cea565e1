import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';

import { ROLES } from '../workload/roles';
import type { Role } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import type { NotebookRoles } from './notebook-roles';
import { roleTitle } from './role-text';

/**
 * Asks for the role of new cells, without being in the way: whoever types on may answer later, or set the role in another way.
 *
 * There is one question at a time: when more cells come, it is for all that are still open, unless the user has closed it.
 */
export class RoleQuestion implements IDisposable {
  constructor(
    private readonly _roles: NotebookRoles,
    private readonly _trans: ITranslator
  ) {
    _roles.changed.connect(this._onChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Take the question away, for good. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._roles.changed.disconnect(this._onChanged, this);
      this._close();
    }
  }

  /**
   * Ask for the role of new cells, together with those that were asked for before and have none yet.
   *
   * @param cells Ids of the cells.
   * @param suggested The neighbor's role, which comes first; where those of several cells differ, none does.
   */
  ask(cells: readonly string[], suggested: Role | null): void {
    const open =
      this._id !== null && Notification.manager.has(this._id)
        ? this._open()
        : [];
    const before = open.length > 0 ? this._suggested : null;
    this._close();
    this._cells = [...open, ...cells.filter(id => !open.includes(id))];
    this._suggested =
      before !== null && suggested !== null && before !== suggested
        ? null
        : (suggested ?? before);
    this._id = this._show(this._cells, this._suggested);
  }

  private _show(cells: readonly string[], suggested: Role | null): string {
    const roles = this._roles;
    const trans = this._trans;
    const choices = ROLES.toSorted(
      (a, b) => Number(b === suggested) - Number(a === suggested)
    );
    return Notification.info(
      trans._n(
        'Which role has the new cell?',
        'Which role have the %1 new cells?',
        cells.length
      ),
      {
        autoClose: false,
        actions: choices.map(role => ({
          label: roleTitle(role, trans),
          displayType: role === suggested ? 'accent' : 'default',
          callback: () => {
            if (!roles.isDisposed) {
              // Not those that were given another role since.
              roles.setRole(
                cells.filter(id => this._open().includes(id)),
                role
              );
            }
          }
        }))
      }
    );
  }

  /** The cells that were asked for and have no role yet. */
  private _open(): readonly string[] {
    const open = new Set(
      this._roles.cells
        .filter(({ type, role }) => type === 'code' && role === 'none')
        .map(({ id }) => id)
    );
    return this._cells.filter(id => open.has(id));
  }

  /** Answered in another way, or undone. */
  private readonly _onChanged = (): void => {
    if (this._id !== null && this._open().length === 0) {
      this._close();
    }
  };

  private _close(): void {
    if (this._id !== null) {
      Notification.dismiss(this._id);
      this._id = null;
    }
    this._cells = [];
  }

  private _cells: readonly string[] = [];
  private _suggested: Role | null = null;
  private _id: string | null = null;
  private _isDisposed = false;
}
