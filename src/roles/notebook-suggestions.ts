import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import type { ISuggestion } from '../lint/suggest';
import type { Role } from '../workload/roles';
import type { INotebookRoles } from './model';

/** A suggestion for a cell, as the user sees it before anything is changed. */
export interface ICellSuggestion {
  readonly id: string;
  /** The suggested role, or the one that the user chose in its place. */
  readonly role: Role;
  readonly reasons: readonly string[];
  readonly because: ISuggestion['because'] | 'choice';
}

/**
 * Suggested roles of one notebook: a preview, of which the user accepts cells one by one or all at once. Nothing is written before.
 */
export class NotebookSuggestions implements IDisposable {
  /**
   * @param ask Makes suggestions for the notebook as it is; cells are named by index.
   * @param policyRead Resolves once the site's part of the policy is read: where roles have other names, cells seem to have none before.
   */
  constructor(
    private readonly _roles: INotebookRoles,
    private readonly _ask: () => Promise<readonly ISuggestion[]>,
    private readonly _policyRead: Promise<unknown> = Promise.resolve()
  ) {
    _roles.changed.connect(this._drop, this);
  }

  /** The suggestions that are still open, in the order of the cells; null when none were asked for. */
  get open(): readonly ICellSuggestion[] | null {
    return this._open;
  }

  /** Whether suggestions are being made. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /**
   * Make suggestions for all code cells without a role.
   *
   * @throws When the notebook cannot be checked.
   */
  async make(): Promise<void> {
    if (this._isBusy) {
      return;
    }
    this._isBusy = true;
    this._changed.emit();
    try {
      await this._policyRead;
      // Cells by index are those of now; what comes meanwhile has no suggestion.
      const ids = this._roles.cells.map(({ id }) => id);
      const made = await this._ask();
      this._set(
        made.flatMap(({ cell, ...suggestion }) =>
          ids[cell] === undefined ? [] : [{ ...suggestion, id: ids[cell] }]
        )
      );
    } finally {
      this._isBusy = false;
      this._drop();
      this._changed.emit();
    }
  }

  /** Change the role of a suggestion, still without writing it. */
  choose(id: string, role: Role): void {
    this._set(
      this._open?.map(each =>
        each.id === id ? { ...each, role, because: 'choice' } : each
      ) ?? null
    );
  }

  /** Give cells the suggested roles; one undo step. */
  accept(ids: readonly string[]): void {
    const accepted = (this._open ?? []).filter(({ id }) => ids.includes(id));
    this._set(this._open?.filter(each => !accepted.includes(each)) ?? null);
    this._roles.setRoles(new Map(accepted.map(({ id, role }) => [id, role])));
  }

  /** Drop the suggestion for a cell, or all of them. */
  dismiss(id?: string): void {
    this._set(
      id === undefined
        ? null
        : (this._open?.filter(each => each.id !== id) ?? null)
    );
  }

  /** Drops suggestions for cells that are gone or have got a role. */
  private readonly _drop = (): void => {
    if (!this._open) {
      return;
    }
    const without = new Set(
      this._roles.cells.flatMap(({ id, role, needsRole }) =>
        role === 'none' && needsRole ? [id] : []
      )
    );
    const left = this._open.filter(({ id }) => without.has(id));
    if (left.length < this._open.length) {
      this._set(left);
    }
  };

  private _set(open: readonly ICellSuggestion[] | null): void {
    // When the last one is dealt with, the preview is over.
    this._open = open?.length === 0 ? null : open;
    this._changed.emit();
  }

  private _open: readonly ICellSuggestion[] | null = null;
  private _isBusy = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
