import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { IFix } from '../lint/finding';
import type { ICheckResult } from '../lint/result';
import type { IRolePolicy } from '../workload/role-policy';
import type { CellRole, Role } from '../workload/roles';
import type { NotebookSuggestions } from './notebook-suggestions';

/** What is shown of a notebook: all cells, or those that one machine runs (its own and the shared ones, and all markdown). */
export type Shown = 'all' | 'upstream' | 'downstream';

/**
 * The roles of one open notebook's cells: the one way by which everything reads and sets them.
 *
 * It stands on the notebook's shared model, so undo, redo and other clients' edits show by themselves.
 */
export interface INotebookRoles extends IDisposable {
  readonly panel: NotebookPanel;
  /** Tags, severities and packages in force: the site's, changed by the notebook's `metadata.workload.roles`. */
  readonly policy: IRolePolicy;
  /** Whether roles are to be seen: the notebook has a role, or the user turned them on; never when they were turned off. */
  readonly isOn: boolean;
  /** The user's choice for this notebook until it is closed; null leaves it to the setting. */
  turn(on: boolean | null): void;
  readonly shown: Shown;
  show(shown: Shown): void;

  /** Role of each cell, in order; markdown and raw cells have theirs, too, which is mostly `none`. */
  readonly cells: readonly ICellRoleState[];
  /** Emitted after any of the above has changed, at most once a turn of the event loop. */
  readonly changed: ISignal<INotebookRoles, void>;
  /** Emitted after a cell's source has changed, or cells came, went or moved; at most once a turn. */
  readonly contentChanged: ISignal<INotebookRoles, void>;

  /** Give cells a role, or none; one undo step. Cells are named by their ids. */
  setRole(cells: readonly string[], role: Role | null): void;
  /** Give each cell its own role; one undo step. */
  setRoles(roles: ReadonlyMap<string, Role | null>): void;
  /** Apply a fix to the cells of a checked notebook; one undo step. False when the notebook is no longer as it was checked. */
  applyFix(fix: IFix, checked: IChecked): boolean;
}

/** A cell and its role. */
export interface ICellRoleState {
  readonly id: string;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly role: CellRole;
  /** False for markdown, and for code cells of blanks and comments only. */
  readonly needsRole: boolean;
}

/** What a check saw, and what it found; cells of the result are those of `cells`, by index. */
export interface IChecked {
  readonly result: ICheckResult;
  /** Id and source of each cell as checked. */
  readonly cells: readonly { readonly id: string; readonly source: string }[];
}

/** The check of one open notebook: runs in a worker while the user types. */
export interface INotebookCheck extends IDisposable {
  readonly roles: INotebookRoles;
  /** The last result; null before the first, and while roles are off. */
  readonly checked: IChecked | null;
  /** Whether something has changed since `checked`, so that another result is on its way. */
  readonly isStale: boolean;
  /** Why there is no result, as a sentence; null when all is well. */
  readonly problem: string | null;
  readonly changed: ISignal<INotebookCheck, void>;
  /**
   * The result for the notebook as it is now or a little later, also when roles are off. It knows the site's policy, and of each file
   * that it depends on whether that is there, as far as the server tells.
   *
   * @throws Error with a sentence when there is none.
   */
  now(): Promise<IChecked>;
}

/** The open notebooks' roles and checks. */
export interface IRolesManager {
  /** Those of a notebook; null when it is no Python notebook or is not yet loaded. */
  get(panel: NotebookPanel): IOpenNotebook | null;
  /** Those of the notebook that was last in front. */
  readonly current: IOpenNotebook | null;
  readonly currentChanged: ISignal<IRolesManager, IOpenNotebook | null>;
  /** Emitted when those of a notebook are there; for notebooks that are already open, ask `get`. */
  readonly opened: ISignal<IRolesManager, IOpenNotebook>;
}

export interface IOpenNotebook {
  readonly roles: INotebookRoles;
  readonly check: INotebookCheck;
  readonly suggestions: NotebookSuggestions;
}
