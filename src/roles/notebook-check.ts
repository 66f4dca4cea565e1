import { isCodeCellModel } from '@jupyterlab/cells';
import type { ICellModel } from '@jupyterlab/cells';
import { PromiseDelegate } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type {
  IOpenNotebookSource,
  LintClient
} from '../lint/lint-worker-client';
import type { ISuggestion } from '../lint/suggest';
import type { ITranslator } from '../workload/translator';
import { CellSources } from './cell-sources';
import { cellTags } from './cell-tags';
import type { FileExistence } from './file-existence';
import type { IChecked, INotebookCheck, INotebookRoles } from './model';

/** After this long without a change, milliseconds, a notebook is checked: typing goes on without a check for each letter. */
const PAUSE = 200;

/** The check of one open notebook. */
export class NotebookCheck implements INotebookCheck {
  constructor(options: NotebookCheck.IOptions) {
    this.roles = options.roles;
    this._client = options.client;
    this._files = options.files;
    this._trans = options.trans;
    this._isAutomatic = options.isAutomatic ?? (() => true);
    this._debouncer = new Debouncer(() => this._run(), PAUSE);
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
    return this._isStale;
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
    if (this._checked && !this._isStale) {
      return this._checked;
    }
    this._isStale = true;
    await this._run();
    if (!this._checked) {
      throw new Error(
        this._problem ?? this._trans.__('The notebook is closed.')
      );
    }
    return this._checked;
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
    if (!this.roles.isOn || !this._isAutomatic()) {
      // What was found may no longer hold, and nobody will look.
      const problem = this.roles.isOn
        ? this._trans.__(
            'Not checked: checking while typing is off in the settings. “Go to Next Finding” (F8) checks once.'
          )
        : null;
      const isNew = this._checked !== null || this._problem !== problem;
      this._isStale = true;
      this._checked = null;
      this._problem = problem;
      if (isNew) {
        this._changed.emit();
      }
      return;
    }
    if (!this._isStale || !this._checked) {
      this._isStale = true;
      this._changed.emit();
    }
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

  /** Check until the result is that of the notebook as it is. Never rejects. */
  private async _run(): Promise<void> {
    if (this._running) {
      return this._running.promise;
    }
    const running = (this._running = new PromiseDelegate<void>());
    try {
      while (
        this._isStale &&
        !this._isDisposed &&
        this.roles.panel.content.model
      ) {
        this._isStale = false;
        await this._checkOnce();
      }
    } finally {
      this._running = null;
      running.resolve();
    }
  }

  private async _checkOnce(): Promise<void> {
    const notebook = this._notebook();
    try {
      const result = await this._client.check(
        notebook,
        this.roles.policy,
        this._files.known
      );
      this._checked = { result, cells: notebook.cells };
      this._problem = null;
      void this._askFor(result.paths);
    } catch (error) {
      this._checked = null;
      this._problem = this._trans.__(
        'The notebook could not be checked: %1',
        error instanceof Error ? error.message : String(error)
      );
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private async _askFor(paths: readonly string[]): Promise<void> {
    const learned = await this._files.ask(paths);
    if (learned) {
      this._onChanged();
    }
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
  private readonly _debouncer: Debouncer;
  private readonly _sources = new CellSources();
  private readonly _key = `notebook-${++opened}`;
  private readonly _changed = new Signal<this, void>(this);
  private _checked: IChecked | null = null;
  private _problem: string | null = null;
  private _isStale = true;
  private _isDisposed = false;
  private _running: PromiseDelegate<void> | null = null;
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
  }
}
