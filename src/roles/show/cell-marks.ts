import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IFinding } from '../../lint/finding';
import type { IRoleTags } from '../../workload/roles';
import type { ITranslator } from '../../workload/translator';
import type { ICellRoleState, IOpenNotebook } from '../model';
import type { CellFindings } from './cell-findings';
import { foldedCells } from './folded';
import { cellMark, withFolded } from './mark';
import type { ICellMark } from './mark';

const MARK_CLASS = 'jp-WorkloadRoles-mark';

/**
 * Shows the roles of a notebook's cells at the cells: data attributes for the stripe, and an element with letter and sign.
 *
 * #### Notes
 * A cell's node is there from the beginning, its inner parts only once it has been in view: so the mark is a child of the node itself, and
 * nothing has to be done when cells scroll in and out. A cell that is moved gets a new model and a new node, which the roles tell as a
 * change of content. What a node shows is remembered with the node, so an update, which comes with each keystroke, touches only what has changed.
 */
export class CellMarks implements IDisposable {
  constructor({ notebook, open, findings, trans }: CellMarks.IOptions) {
    this._notebook = notebook;
    this._open = open;
    this._findings = findings;
    this._trans = trans;
    open.roles.changed.connect(this._update, this);
    open.roles.contentChanged.connect(this._update, this);
    open.check.changed.connect(this._update, this);
    notebook.cellCollapsed.connect(this._update, this);
    // Another model, as when a notebook is reverted.
    notebook.modelContentChanged.connect(this._update, this);
    this._update();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Stop, and leave no trace. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
    if (!this._notebook.isDisposed) {
      this._clear();
    }
  }

  private readonly _update = (): void => {
    if (this._notebook.isDisposed) {
      return;
    }
    const { roles, check } = this._open;
    if (!roles.isOn) {
      this._clear();
      return;
    }
    this._isClear = false;
    const findings = this._findings.of(check.checked);
    const { cells } = roles;
    const { tags } = roles.policy;
    const folded = foldedCells(this._notebook.widgets);
    this._notebook.widgets.forEach((cell, index) => {
      const { id } = cell.model;
      // While cells come and go, places differ for a moment.
      const state =
        cells[index]?.id === id
          ? cells[index]
          : cells.find(each => each.id === id);
      const found = findings.get(id) ?? NONE;
      const below = folded.get(id);
      const before = this._shown.get(cell.node);
      if (
        before !== undefined &&
        before.state === state &&
        before.findings === found &&
        before.tags === tags &&
        !before.isFolded &&
        !below
      ) {
        return;
      }
      const own = state ? cellMark(state, found, tags, this._trans) : null;
      const mark = below
        ? withFolded(
            own,
            cells.filter(each => below.has(each.id)),
            [...below].flatMap(each => findings.get(each) ?? NONE),
            this._trans
          )
        : own;
      this._shown.set(cell.node, {
        state,
        findings: found,
        tags,
        isFolded: below !== undefined,
        mark
      });
      if (before === undefined || !isSameMark(before.mark, mark)) {
        showMark(cell, mark);
      }
    });
  };

  private _clear(): void {
    if (this._isClear) {
      return;
    }
    this._isClear = true;
    this._shown = new WeakMap();
    for (const cell of this._notebook.widgets) {
      showMark(cell, null);
    }
  }

  private readonly _notebook: Notebook;
  private readonly _open: IOpenNotebook;
  private readonly _trans: ITranslator;
  private _shown = new WeakMap<HTMLElement, IShown>();
  private readonly _findings: CellFindings;
  private _isClear = true;
  private _isDisposed = false;
}

export namespace CellMarks {
  export interface IOptions {
    readonly notebook: Notebook;
    readonly open: IOpenNotebook;
    readonly findings: CellFindings;
    readonly trans: ITranslator;
  }
}

/** What a node was last told to show. */
interface IShown {
  readonly state: ICellRoleState | undefined;
  readonly findings: readonly IFinding[];
  readonly tags: IRoleTags;
  /** Whether it is a collapsed heading, which tells of other cells as well. */
  readonly isFolded: boolean;
  readonly mark: ICellMark | null;
}

function isSameMark(a: ICellMark | null, b: ICellMark | null): boolean {
  return (
    a === b ||
    (a !== null &&
      b !== null &&
      a.role === b.role &&
      a.finding === b.finding &&
      a.title === b.title)
  );
}

const NONE: readonly IFinding[] = [];

/** Show a mark at a cell, or none. */
function showMark({ node }: Cell, mark: ICellMark | null): void {
  setData(node, 'workloadRole', mark?.role ?? null);
  setData(node, 'workloadFinding', mark?.finding ?? null);
  let element = [...node.children].find(child =>
    child.classList.contains(MARK_CLASS)
  );
  if (mark === null) {
    element?.remove();
    return;
  }
  if (!element) {
    element = document.createElement('div');
    element.className = MARK_CLASS;
    element.setAttribute('role', 'img');
    // Behind all others: JupyterLab finds the place of a cell's parts by their number.
    node.append(element);
  }
  element.setAttribute('title', mark.title);
  element.setAttribute('aria-label', mark.title);
  const letter = document.createElement('span');
  letter.textContent = mark.letter;
  const sign = document.createElement('span');
  sign.className = `${MARK_CLASS}Sign`;
  sign.textContent = mark.sign;
  element.replaceChildren(letter, sign);
}

function setData(node: HTMLElement, name: string, value: string | null): void {
  if (value === null) {
    delete node.dataset[name];
  } else {
    node.dataset[name] = value;
  }
}
