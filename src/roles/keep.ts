import { YNotebook } from '@jupyter/ydoc';
import type { IDisposable } from '@lumino/disposable';

import { nearRole } from '../lint/near-role';
import { cellRole } from '../workload/roles';
import type { Role } from '../workload/roles';
import { isBlankCode } from './blank';
import type { ICellRecord } from './cell-list';
import { writeRole } from './cell-tags';
import { renewIds } from './keep-ids';
import { findMerge, roleOfMerge } from './keep-merge';
import type { IMerge } from './keep-merge';
import { neighborRole } from './keep-neighbor';
import type { INeighbor } from './keep-neighbor';
import { ownTags, trackTagEdit } from './keep-tag-edits';
import type { Transaction } from './keep-tag-edits';
import type { NotebookRoles } from './notebook-roles';
import { headingLevel } from './section';
import type { IRolesSettings } from './settings';
import { hiddenNow } from './show/hidden';
import { endStep, sameStep } from './undo-steps';

export interface IKeepRolesOptions {
  readonly roles: NotebookRoles;
  readonly settings: IRolesSettings;
  /** Whether the user works in this panel, of those on the same file. */
  readonly isInCharge: () => boolean;
  /** Asks for the role of new cells; `suggested` is their neighbor's. */
  readonly ask: (cells: readonly string[], suggested: Role | null) => void;
  /** Warns that cells of several roles were merged, or one that is out of sight. */
  readonly warnOfMerge: (merge: IMerge) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** The notebook before a change. */
interface IBefore {
  readonly cells: readonly ICellRecord[];
  readonly active: string | null;
  readonly wasKept: boolean;
  /** Ids of the cells that were out of sight. */
  readonly hidden: ReadonlySet<string>;
}

/**
 * Keeps roles right while cells come and go: a new code cell takes its neighbor's role, a merge of mixed roles is told, and undo takes
 * back what JupyterLab's own tag editor does.
 *
 * Only what the user does here counts: undo, redo, loading and other clients' edits come with tags of their own, and none are added.
 */
export class RoleKeeper implements IDisposable {
  constructor(private readonly _options: IKeepRolesOptions) {
    const { notebook } = _options.roles;
    if (notebook instanceof YNotebook) {
      this._notebook = notebook;
      const { ydoc } = notebook;
      ydoc.on('beforeTransaction', this._onBefore);
      ydoc.on('beforeObserverCalls', this._onChange);
      ydoc.on('afterAllTransactions', this._onAfter);
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    const ydoc = this._notebook?.ydoc;
    ydoc?.off('beforeTransaction', this._onBefore);
    ydoc?.off('beforeObserverCalls', this._onChange);
    ydoc?.off('afterAllTransactions', this._onAfter);
  }

  private readonly _onBefore = (): void => {
    const { roles } = this._options;
    this._before ??= {
      cells: roles.list.cells,
      active: roles.panel.content.activeCell?.model.id ?? null,
      wasKept: roles.isKept,
      hidden: roles.shown === 'all' ? NONE : hiddenNow(roles.panel.content)
    };
  };

  private readonly _onChange = (transaction: Transaction): void => {
    const { roles } = this._options;
    ownTags(transaction);
    if (this._notebook && trackTagEdit(transaction, this._notebook, roles)) {
      this._hasTagEdit = true;
    }
  };

  private readonly _onAfter = (
    _: unknown,
    transactions: readonly Transaction[]
  ): void => {
    const before = this._before;
    this._before = null;
    if (this._hasTagEdit) {
      this._hasTagEdit = false;
      this._notebook?.undoManager.stopCapturing();
    }
    if (
      before?.wasKept &&
      this._isByUser(transactions) &&
      this._options.isInCharge()
    ) {
      this._keep(before);
    }
  };

  /** Whether cells have come, gone or moved, all of it by the user's own hand. */
  private _isByUser(transactions: readonly Transaction[]): boolean {
    const notebook = this._notebook;
    const cells = notebook?.ydoc.getArray('cells');
    const structural = transactions.filter(({ changed }) =>
      [...changed.keys()].some(type => type === cells)
    );
    return (
      structural.length > 0 &&
      structural.every(({ local, origin }) => local && origin === notebook)
    );
  }

  private _keep({ cells: before, active, hidden }: IBefore): void {
    const { roles, settings, ask, warnOfMerge } = this._options;
    renewIds(roles.notebook, before, roles.list.cells);
    const after = roles.list.cells;
    const { tags } = roles.policy;
    const merge = findMerge(before, after, tags, hidden);
    if (merge) {
      const role = roleOfMerge(merge, tags);
      if (role !== null) {
        this._give(new Map([[merge.into, role]]));
      }
      if (merge.roles.length > 1 || merge.hasHidden) {
        // So that undoing the merge undoes nothing that comes after it.
        endStep(roles.notebook);
        warnOfMerge(merge);
      }
      return;
    }
    if (settings.newCells === 'none') {
      return;
    }
    const inherited = this._inherit(before, after, active);
    if (inherited.size === 0) {
      return;
    }
    if (settings.newCells === 'ask') {
      ask(
        [...inherited.keys()].map(({ id }) => id),
        [...inherited.values()][0]
      );
      return;
    }
    this._give(inherited);
  }

  /** The roles of the new code cells' neighbors, for those that have none of their own. */
  private _inherit(
    before: readonly ICellRecord[],
    after: readonly ICellRecord[],
    active: string | null
  ): Map<ICellRecord, Role | null> {
    const { policy } = this._options.roles;
    const { tags } = policy;
    const inherited = new Map<ICellRecord, Role | null>();
    const added = newCells(before, after);
    const isNew = new Set(added);
    const without = new Set(
      added.filter(
        cell =>
          cellRole(cell.tags, tags) === 'none' &&
          // What says a role in other words, as of another notebook, must not get a different one silently: it is shown to lack its own.
          !cell.tags.some(tag => nearRole(tag, policy) !== null)
      )
    );
    if (without.size === 0) {
      return inherited;
    }
    const neighbors = after.map((cell): INeighbor => {
      const { type, source, tags: own } = cell;
      return {
        type,
        role: cellRole(own, tags),
        // What was added together has no say before it has a role.
        needsRole:
          type === 'code' && !without.has(cell) && !isBlankCode(source),
        isHeading: type === 'markdown' && headingLevel(source) !== null
      };
    });
    for (const cell of without) {
      const index = after.indexOf(cell);
      // Added above the active cell when that comes right after the new ones, and not right before them.
      const last = after.slice(0, index).findLast(each => !isNew.has(each));
      const next = after.slice(index).find(each => !isNew.has(each));
      const side =
        active !== null && next?.id === active && last?.id !== active
          ? 'below'
          : 'above';
      const role = neighborRole(neighbors, index, side);
      inherited.set(cell, role);
      neighbors[index] = { ...neighbors[index], role: role ?? 'none' };
    }
    return inherited;
  }

  /** Give new cells their roles, undone together with the change that made them. */
  private _give(given: ReadonlyMap<ICellRecord, Role | null>): void {
    const { notebook, policy } = this._options.roles;
    if ([...given.values()].some(role => role !== null)) {
      sameStep(notebook, () => {
        given.forEach((role, { cell }) => {
          if (role !== null) {
            writeRole(cell, role, policy.tags);
          }
        });
      });
      endStep(notebook);
    }
  }

  private readonly _notebook: YNotebook | null = null;
  private _before: IBefore | null = null;
  private _hasTagEdit = false;
  private _isDisposed = false;
}

/**
 * The code cells that are new: neither there before, nor moved, nor of another type before, nor split off.
 *
 * A cell that was moved or changed its type is another one under the same id.
 */
function newCells(
  before: readonly ICellRecord[],
  after: readonly ICellRecord[]
): ICellRecord[] {
  const known = new Map(before.map(each => [each.cell, each]));
  const now = new Set(after.map(({ cell }) => cell));
  const stayed = after.filter(({ cell }) => known.has(cell));
  if (
    // A notebook of which nothing is left was loaded.
    stayed.length === 0 ||
    // A cell whose text has changed with it was split; its parts are as the whole was.
    stayed.some(({ cell, source }) => known.get(cell)?.source !== source)
  ) {
    return [];
  }
  const recreated = new Set(
    before.flatMap(({ cell, id, type }) =>
      type === 'code' && !now.has(cell) ? [id] : []
    )
  );
  return after.filter(
    ({ cell, id, type }) =>
      type === 'code' && !known.has(cell) && !recreated.has(id)
  );
}
