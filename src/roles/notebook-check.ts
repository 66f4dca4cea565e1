import { isCodeCellModel } from '@jupyterlab/cells';
import type { ICellModel } from '@jupyterlab/cells';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type {
  IOpenNotebookSource,
  LintClient
} from '../lint/lint-worker-client';
import type { ISuggestion } from '../lint/suggest';
import type { IRolePolicy } from '../workload/role-policy';
import type { ITranslator } from '../workload/translator';
import { CellSources } from './cell-sources';
import { cellTags } from './cell-tags';
import type { FileExistence } from './file-existence';
import type { IChecked, INotebookCheck, INotebookRoles } from './model';

/** After this long without a change, milliseconds, a notebook is checked: typing goes on without a check for each letter. */
const PAUSE = 200;

/** All that a check looks at. */
interface ISeen {
  readonly notebook: IOpenNotebookSource;
  readonly policy: IRolePolicy;
  /** What was known of files; see `FileExistence.version`. */
  readonly files: number;
}

/** What came of a check: a result, or else why there is none. */
interface IOutcome {
  readonly seen: ISeen | null;
  readonly checked: IChecked | null;
  readonly problem: string | null;
}

/**
 * The check of one open notebook.
 *
 * #### Notes
 * One check runs at a time. Each takes the notebook as it is when it begins, so whoever needs the notebook as it is asks for a check that
 * begins later: `_check`. A check that sees what the last one saw costs a comparison.
 */
export class NotebookCheck implements INotebookCheck {
  constructor(options: NotebookCheck.IOptions) {
    this.roles = options.roles;
    this._client = options.client;
    this._files = options.files;
    this._trans = options.trans;
    this._isAutomatic = options.isAutomatic ?? (() => true);
    this._policyRead = options.policyRead ?? Promise.resolve();
    this._debouncer = new Debouncer(
      // It may have been turned off meanwhile.
      () => (this._isWatched ? this._check() : null),
      PAUSE
    );
    const { roles } = this;
    roles.changed.connect(this._onChanged, this);
    roles.contentChanged.connect(this._onChanged, this);
    const { context } = roles.panel;
    context.pathChanged.connect(this._onMoved, this);
    // What a kernel has run may have written files.
    context.sessionContext.statusChanged.connect(this._onStatus, this);
    this._onChanged();
  }

  readonly roles: INotebookRoles;

  get checked(): IChecked | null {
    return this._checked;
  }

  get isStale(): boolean {
    return this._checkedVersion !== this._version;
  }

  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._debouncer.dispose();
    this._sources.dispose();
    this._client.forget(this._key);
    Signal.clearData(this);
  }

  async now(): Promise<IChecked> {
    // What is known without asking anybody is no promise: a site may call roles otherwise, and a file may be missing.
    await this._policyRead;
    // Nobody tells of files that others write, a shell or a batch job.
    this._files.invalidate();
    for (;;) {
      const { checked, seen, problem } = await this._check();
      if (!checked) {
        throw new Error(problem ?? this._trans.__('The notebook is closed.'));
      }
      await this._files.ask(checked.result.paths);
      if (seen?.files === this._files.version) {
        return checked;
      }
    }
  }

  /** A role for each code cell without one. */
  suggest(): Promise<readonly ISuggestion[]> {
    return this._client.suggest(this._notebook(), this.roles.policy);
  }

  /** Files may have come or gone: look again for those that findings depend on. */
  filesChanged(): void {
    const paths = this._checked?.result.paths ?? [];
    if (paths.length === 0 || this._isDisposed) {
      return;
    }
    this._files.invalidate();
    void this._askFor(paths);
  }

  private readonly _onChanged = (): void => {
    if (this._isDisposed) {
      return;
    }
    if (!this._isWatched) {
      if (this.roles.isOn && this._checked && !this._hasChanged()) {
        // Other cells are shown, or the like: what was found holds.
        return;
      }
      // What was found may no longer hold, and nobody will look.
      const problem = this.roles.isOn
        ? this._trans.__(
            'Not checked: checking while typing is off in the settings. “Go to Next Finding” (F8) checks once.'
          )
        : null;
      const isNew = this._checked !== null || this._problem !== problem;
      this._version += 1;
      this._checked = null;
      this._problem = problem;
      if (isNew) {
        this._changed.emit();
      }
      return;
    }
    this._outdate();
    void this._debouncer.invoke().catch(() => undefined);
  };

  private readonly _onMoved = (): void => {
    this._files.reset();
    this._onChanged();
  };

  private readonly _onStatus = (_sender: unknown, status: string): void => {
    if (status === 'idle') {
      this.filesChanged();
    }
  };

  /** Whether changes are followed by a check. */
  private get _isWatched(): boolean {
    return this.roles.isOn && this._isAutomatic();
  }

  /** What was found is that of before. */
  private _outdate(): void {
    const isNew = !this.isStale || !this._checked;
    this._version += 1;
    if (isNew) {
      this._changed.emit();
    }
  }

  /** The outcome of a check that begins now, or once the one that is running is done. Never rejects. */
  private _check(): Promise<IOutcome> {
    if (this._next) {
      return this._next;
    }
    if (this._running) {
      this._next = this._running.then(() => {
        this._next = null;
        return this._check();
      });
      return this._next;
    }
    this._running = this._checkOnce().finally(() => {
      this._running = null;
    });
    return this._running;
  }

  private async _checkOnce(): Promise<IOutcome> {
    if (this._isDisposed || !this.roles.panel.content.model) {
      return { seen: null, checked: null, problem: null };
    }
    const version = this._version;
    const seen = this._see();
    const before = this._last;
    const outcome =
      before?.checked && before.seen && isSame(before.seen, seen)
        ? before
        : await this._ask(seen);
    if (this._isDisposed) {
      return outcome;
    }
    this._last = outcome;
    const isCurrent =
      version === this._version || (!this._isWatched && !this._hasChanged());
    // One that is behind is better than none only where another one follows.
    if (isCurrent || this._isWatched) {
      this._checked = outcome.checked;
      this._problem = outcome.problem;
      this._checkedVersion = isCurrent ? this._version : version;
      this._changed.emit();
      if (outcome.checked) {
        void this._askFor(outcome.checked.result.paths);
      }
    }
    return outcome;
  }

  private async _ask(seen: ISeen): Promise<IOutcome> {
    const { notebook, policy } = seen;
    try {
      const { known } = this._files;
      const result = await this._client.check(notebook, policy, known);
      const checked = { result, cells: notebook.cells };
      return { seen, checked, problem: null };
    } catch (error) {
      const problem = this._trans.__(
        'The notebook could not be checked: %1',
        error instanceof Error ? error.message : String(error)
      );
      return { seen, checked: null, problem };
    }
  }

  /** Ask for files, and check again what was found without knowing of them. */
  private async _askFor(paths: readonly string[]): Promise<void> {
    await this._files.ask(paths);
    if (
      !this._isDisposed &&
      // Where it is null, nobody wants to know; and where another was found meanwhile, it was asked for as well.
      this._checked?.result.paths === paths &&
      this._last?.seen?.files !== this._files.version
    ) {
      this._outdate();
      await this._check();
    }
  }

  /** Whether something differs from what the last check saw. */
  private _hasChanged(): boolean {
    const seen = this._last?.seen;
    return !seen || !isSame(seen, this._see());
  }

  private _see(): ISeen {
    return {
      notebook: this._notebook(),
      policy: this.roles.policy,
      files: this._files.version
    };
  }

  /** The notebook as it is. */
  private _notebook(): IOpenNotebookSource {
    const { context, content } = this.roles.panel;
    const cells: readonly ICellModel[] = content.model
      ? [...content.model.cells]
      : [];
    return {
      key: this._key,
      path: context.path,
      cells: cells.map(cell => ({
        id: cell.id,
        type:
          cell.type === 'code' || cell.type === 'markdown' ? cell.type : 'raw',
        source: this._sources.of(cell),
        tags: cellTags(cell.sharedModel),
        hasOutputs: isCodeCellModel(cell) && cell.outputs.length > 0
      }))
    };
  }

  private readonly _client: LintClient;
  private readonly _files: FileExistence;
  private readonly _trans: ITranslator;
  private readonly _isAutomatic: () => boolean;
  private readonly _policyRead: Promise<unknown>;
  private readonly _debouncer: Debouncer;
  private readonly _sources = new CellSources();
  private readonly _key = `notebook-${++opened}`;
  private readonly _changed = new Signal<this, void>(this);
  private _checked: IChecked | null = null;
  private _problem: string | null = null;
  /** Counts the changes of the notebook, and of what is known of it. */
  private _version = 1;
  /** The version that was checked last. */
  private _checkedVersion = 0;
  private _isDisposed = false;
  private _running: Promise<IOutcome> | null = null;
  private _next: Promise<IOutcome> | null = null;
  private _last: IOutcome | null = null;
}

/** Whether a check would see the same. */
function isSame(a: ISeen, b: ISeen): boolean {
  return (
    a.policy === b.policy &&
    a.files === b.files &&
    a.notebook.path === b.notebook.path &&
    a.notebook.cells.length === b.notebook.cells.length &&
    a.notebook.cells.every((cell, index) => {
      const other = b.notebook.cells[index];
      return (
        cell.id === other.id &&
        cell.type === other.type &&
        cell.source === other.source &&
        cell.hasOutputs === other.hasOutputs &&
        isSameList(cell.tags, other.tags)
      );
    })
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Counts the notebooks that were opened, to tell them apart in the worker. */
let opened = 0;

export namespace NotebookCheck {
  /** What a check works with. */
  export interface IOptions {
    readonly roles: INotebookRoles;
    /** Shared by all notebooks. */
    readonly client: LintClient;
    readonly files: FileExistence;
    readonly trans: ITranslator;
    /** Whether to check while the user types; `now` checks anyway. */
    readonly isAutomatic?: () => boolean;
    /** Resolves once the site's part of the policy is read; `now` waits for it. */
    readonly policyRead?: Promise<unknown>;
  }
}
