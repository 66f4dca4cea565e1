import type { ISharedFile } from '@jupyter/ydoc';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { isObject, sameJson } from '../../workload/json';
import type { ITranslator } from '../../workload/translator';
import { VIEW_VERSION, newView } from '../../workload/view';
import type { IView } from '../../workload/view';
import { checkView } from '../../workload/view-check';
import { applyEdits, editView, overlay } from '../../workload/view-edit';
import type { ITextEdit } from '../../workload/view-edit';
import { formatView } from '../../workload/view-format';
import { migrateView } from '../../workload/view-migrate';
import { pathName, readView } from '../../workload/view-read';
import type { IReading } from '../../workload/view-read';
import { repairView } from '../../workload/view-repair';
import { valueOf } from '../../workload/view-tree';
import { isInside } from '../source-paths';
import type { IUpdateOptions, IViewModel } from '../view-model';
import { withKnownZone } from './known-zone';
import { reuse } from './reuse';
import { SharedText } from './shared-text';
import type { TrustStore } from './trust';

/** A view that lives in a shared text. */
export class TextViewModel implements IViewModel {
  constructor(options: TextViewModel.IOptions) {
    this._trans = options.trans;
    this._trust = options.trust;
    this._path = options.path;
    this._isWritable = options.isWritable;
    this._text = new SharedText(options.sharedModel);
    this._reading = this._readingOf(this._text.text);
    this._text.changed.connect(this._refresh);
    this._refresh();
  }

  get view(): IView {
    return this._view;
  }

  get changed(): ISignal<IViewModel, void> {
    return this._changed;
  }

  get readOnly(): boolean {
    return !this._isWritable || this._problem !== null;
  }

  get problem(): string | null {
    return this._problem;
  }

  get path(): string | null {
    return this._path;
  }

  /** Say where the document is now. What was trusted stays so. */
  set path(path: string | null) {
    if (path !== this._path) {
      const { trusted } = this;
      this._path = path;
      if (trusted) {
        this.trust();
      }
      this._changed.emit(undefined);
    }
  }

  /** Say whether the document's file can be written. */
  set isWritable(isWritable: boolean) {
    if (isWritable !== this._isWritable) {
      this._isWritable = isWritable;
      this._changed.emit(undefined);
    }
  }

  get trusted(): boolean {
    const path = this._path;
    const { source } = this._view;
    return (
      path === null ||
      source.paths.every(item => isInside(item, path)) ||
      this._trust.has(path, source)
    );
  }

  trust(): void {
    if (this._path !== null && !this.trusted) {
      this._trust.add(this._path, this._view.source);
      this._changed.emit(undefined);
    }
  }

  get canUndo(): boolean {
    return this._canStep && this._text.canUndo;
  }

  get canRedo(): boolean {
    return this._canStep && this._text.canRedo;
  }

  get isDisposed(): boolean {
    return this._text.isDisposed;
  }

  update(recipe: (view: IView) => IView, options: IUpdateOptions = {}): void {
    if (this.readOnly || this.isDisposed) {
      return;
    }
    const next = recipe(this._view);
    if (sameJson(next, this._view)) {
      return;
    }
    const issue = checkView(next).issues.at(0);
    if (issue) {
      throw new Error(`Not a view: ${pathName(issue.path, this._trans)}`);
    }
    this._mend();
    this._wanted = next;
    if (this._path !== null && !sameJson(next.source, this._view.source)) {
      // Who chooses a source here wants it opened.
      this._trust.add(this._path, next.source);
    }
    this._text.edit(this._editsFor(next), options.merge ?? null);
    this._wanted = null;
  }

  undo(): void {
    if (this.canUndo) {
      this._text.undo();
      this._mendHistory();
    }
  }

  redo(): void {
    if (this.canRedo) {
      this._text.redo();
      this._mendHistory();
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    clearTimeout(this._timer);
    this._text.dispose();
    Signal.clearData(this);
  }

  /** See to it that a merge is looked after: by the client responsible at once, by others when that one seems to be gone. */
  private _scheduleMend(): void {
    clearTimeout(this._timer);
    this._timer = undefined;
    if (!this._repair) {
      return;
    }
    if (this._text.isResponsible) {
      // Not now: this may be called in the middle of the merge.
      queueMicrotask(() => this._mend());
    } else {
      this._timer = setTimeout(
        () => this._mend(),
        PATIENCE_MS * (1 + Math.random())
      );
    }
  }

  /** Write what the text of a merge should be. */
  private _mend(): void {
    if (this._repair && !this.isDisposed && this._isWritable) {
      this._text.mend(this._repair);
    }
  }

  /** A step back may bring back what others have replaced or removed since; what that leaves is ours to mend. */
  private _mendHistory(): void {
    const repair = repairView(this._text.text, this._trans);
    if (repair && repair.length > 0) {
      this._text.mend(repair);
    }
  }

  private _editsFor(next: IView): readonly ITextEdit[] {
    const { text } = this._text;
    const { root, version } = this._reading;
    const raw = root ? valueOf(root) : null;
    if (root && version === VIEW_VERSION) {
      return editView(text, root, this._view, next);
    }
    // An empty text, or one of an older version, is written anew.
    const base =
      version !== null && isObject(raw)
        ? overlay(migrateView(raw, version), this._view, next)
        : next;
    return [{ from: 0, to: text.length, insert: formatView(base) }];
  }

  /** Whether the history may be used: also to get back from a text that is broken, but not where nothing may be written. */
  private get _canStep(): boolean {
    return this._isWritable && (this._reading.version ?? 0) <= VIEW_VERSION;
  }

  /** Read the text again, after whoever has changed it. */
  private _refresh = (): void => {
    const { text, isMerged } = this._text;
    if (text !== this._seen?.text || isMerged !== this._seen.isMerged) {
      this._seen = { text, isMerged };
      this._read(text, isMerged);
    }
    this._changed.emit(undefined);
  };

  private _read(text: string, isMerged: boolean): void {
    let reading = this._readingOf(text);
    this._repair = null;
    if (isMerged) {
      this._repair = repairView(text, this._trans);
      if (this._repair) {
        // Everybody sees the same view at once, whoever is to write it.
        reading = this._readingOf(applyEdits(text, this._repair));
      }
    }
    this._scheduleMend();
    this._reading = reading;
    this._problem = reading.problem;
    const isSound =
      reading.problem === null || (reading.version ?? 0) > VIEW_VERSION;
    const view =
      isSound || !this._hasView ? (reading.view ?? NO_VIEW) : this._view;
    this._hasView ||= isSound;
    this._view = reuse(this._wanted ?? this._view, view);
  }

  private _readingOf(text: string): IReading {
    return withKnownZone(readView(text, this._trans), this._trans);
  }

  private readonly _trans: ITranslator;
  private readonly _trust: TrustStore;
  private readonly _text: SharedText;
  private readonly _changed = new Signal<this, void>(this);
  private _view: IView = NO_VIEW;
  /** Whether `_view` has been in the text. */
  private _hasView = false;
  /** The view that is being written, to keep its identity. */
  private _wanted: IView | null = null;
  private _reading: IReading;
  private _seen: { readonly text: string; readonly isMerged: boolean } | null =
    null;
  private _problem: string | null = null;
  private _repair: readonly ITextEdit[] | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private _path: string | null;
  private _isWritable: boolean;
}

export namespace TextViewModel {
  export interface IOptions {
    /** Not disposed by the model. */
    readonly sharedModel: ISharedFile;
    readonly trans: ITranslator;
    readonly trust: TrustStore;
    /** Contents path of the document; null for none. */
    readonly path: string | null;
    readonly isWritable: boolean;
  }
}

/** How long the others wait for the client that is to mend a merge, milliseconds; up to twice that, so that they do not come all at once. */
const PATIENCE_MS = 2000;

/** What is shown where there has never been a valid view. */
const NO_VIEW: IView = { ...newView({ paths: [] }), board: [] };
