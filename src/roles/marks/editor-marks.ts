import type { Cell } from '@jupyterlab/cells';
import { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { Notebook } from '@jupyterlab/notebook';
import { StateEffect } from '@codemirror/state';
import type { Extension, Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IFinding } from '../../lint/finding';
import { editorText } from '../line-ends';
import type { IChecked, IOpenNotebook } from '../model';
import type { CellFindings } from '../show/cell-findings';
import { findingsField, setFindings } from './state';

/**
 * Underlines findings in the editors of a notebook's cells.
 *
 * #### Notes
 * A cell has an editor once it has been in view, and may get another one: what an editor lacks it gets when its cell comes into view, and
 * with the next result. Between two results CodeMirror moves the marks along with what is typed; a result about an older text than the
 * editor's is left out for that cell, as another result is on its way.
 */
export class EditorMarks implements IDisposable {
  constructor({ notebook, open, findings, extension }: EditorMarks.IOptions) {
    this._notebook = notebook;
    this._open = open;
    this._findings = findings;
    this._extension = extension;
    open.roles.changed.connect(this._update, this);
    open.check.changed.connect(this._update, this);
    notebook.cellInViewportChanged.connect(this._onInView, this);
    this._update();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
    if (!this._notebook.isDisposed) {
      for (const cell of this._notebook.widgets) {
        this._mark(cell, NONE);
      }
    }
  }

  private readonly _update = (): void => {
    if (this._notebook.isDisposed) {
      return;
    }
    const checked = this._open.roles.isOn ? this._open.check.checked : null;
    if (checked === this._checked) {
      return;
    }
    this._checked = checked;
    this._byCell = this._findings.of(checked);
    this._sources = new Map(
      checked?.cells.map(({ id, source }) => [id, source])
    );
    for (const cell of this._notebook.widgets) {
      this._markCell(cell);
    }
  };

  private readonly _onInView = (_: Notebook, cell: Cell): void => {
    if (!cell.inViewport) {
      return;
    }
    void cell.ready.then(() => {
      if (!cell.isDisposed && !this._isDisposed) {
        this._markCell(cell);
      }
    });
  };

  private _markCell(cell: Cell): void {
    this._mark(cell, this._byCell.get(cell.model.id) ?? NONE);
  }

  private _mark(cell: Cell, findings: readonly IFinding[]): void {
    const view = viewOf(cell);
    if (!view) {
      return;
    }
    const placed = view.state.field(findingsField, false);
    if (placed === undefined) {
      if (findings.length === 0) {
        return;
      }
      view.dispatch({ effects: StateEffect.appendConfig.of(this._extension) });
    } else if (placed.length === 0 && findings.every(({ range }) => !range)) {
      return;
    } else if (this._shows(view, findings)) {
      return;
    }
    const source = this._sources.get(cell.model.id) ?? '';
    if (
      findings.length > 0 &&
      editorText(source) !== view.state.doc.toString()
    ) {
      return;
    }
    view.dispatch({ effects: setFindings.of({ findings, source }) });
    this._shown.set(view, { doc: view.state.doc, findings });
  }

  /** Whether an editor was given the very same for the text that it has: most have, when a letter was typed in one of them. */
  private _shows(view: EditorView, findings: readonly IFinding[]): boolean {
    const shown = this._shown.get(view);
    return shown?.doc === view.state.doc && shown.findings === findings;
  }

  private readonly _notebook: Notebook;
  private readonly _open: IOpenNotebook;
  private readonly _findings: CellFindings;
  private readonly _extension: Extension;
  private _checked: IChecked | null = null;
  private _byCell: ReadonlyMap<string, readonly IFinding[]> = new Map();
  private _sources: ReadonlyMap<string, string> = new Map();
  private readonly _shown = new WeakMap<
    EditorView,
    { readonly doc: Text; readonly findings: readonly IFinding[] }
  >();
  private _isDisposed = false;
}

export namespace EditorMarks {
  export interface IOptions {
    readonly notebook: Notebook;
    readonly open: IOpenNotebook;
    readonly findings: CellFindings;
    /** What an editor needs to show findings: `findingMarks`. */
    readonly extension: Extension;
  }
}

const NONE: readonly IFinding[] = [];

/** CodeMirror's view of a cell; null while it has none. */
export function viewOf(cell: Cell): EditorView | null {
  return cell.editor instanceof CodeMirrorEditor ? cell.editor.editor : null;
}
