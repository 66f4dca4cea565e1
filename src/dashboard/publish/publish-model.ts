import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type {
  IPublishChoice,
  IPublishing,
  IPublishRequest
} from '../../server/dashboards';
import type { ICompiling } from '../compile-open';
import type { IProgress } from './checklist';
import { sentence } from '../sentence';
import { AnswerError } from '../../server/read-answer';
import { afterPublished, requestOf } from './publish-request';
import type { IAccepted } from './publish-request';

/** The server is asked so often how far it is, milliseconds. */
const INTERVAL = 400;

/** What a user has filled in. */
export interface IPublishForm extends Omit<IPublishChoice, 'mapping'> {
  /** Columns by role, as lines of `ROLE=COLUMN`. */
  readonly map: readonly string[];
  readonly out: string;
  readonly archive: string;
  /** Where it was published with parameters the last time; empty where it was not. */
  readonly hadParameters: string;
}

/** Publishes one notebook: compiles it, has the server publish it, and asks how far it is. */
export class PublishModel implements IDisposable {
  constructor(private readonly _options: PublishModel.IOptions) {
    this._form = _options.form;
  }

  get form(): IPublishForm {
    return this._form;
  }

  /** Where the last publishing stands; null before the first. */
  get progress(): IProgress | null {
    return this._progress;
  }

  get isRunning(): boolean {
    return this._isRunning;
  }

  /** Why the server cannot be asked, a sentence. */
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
    // Publishing goes on: the list of dashboards shows how it ends.
    this._isDisposed = true;
    void this._poll?.stop();
    this._poll?.dispose();
    Signal.clearData(this);
  }

  /** Fill something in. */
  set(change: Partial<IPublishForm>): void {
    this._form = { ...this._form, ...change };
    this._changed.emit();
  }

  /** Compile and publish. */
  async publish(): Promise<void> {
    this._accepted = [];
    await this._publish();
  }

  /** Publish in spite of the findings that have stopped it, and of those that were accepted before in the same attempt. */
  async publishAnyway(reason: string): Promise<void> {
    const findings = this._progress?.publishing?.outcome?.acceptable ?? null;
    if (findings !== null) {
      this._accepted = [...this._accepted, { findings, reason }];
      await this._publish();
    }
  }

  private async _publish(): Promise<void> {
    if (this._isRunning) {
      return;
    }
    this._isRunning = true;
    this._isCancelled = false;
    this._set({ compiling: null, publishing: null }, null);
    try {
      const form = this._form;
      const compiling = await this._options.compile(form);
      if (compiling?.kind !== 'compiled' || this._isCancelled) {
        this._isRunning = false;
        this._set(
          compiling && compiling.kind !== 'compiled'
            ? { compiling, publishing: null }
            : null,
          null
        );
        return;
      }
      this._set({ compiling, publishing: null }, null);
      const id = await this._options.start(
        requestOf(form, compiling.path, this._accepted)
      );
      this._id = id;
      if (!this._isDisposed) {
        this._follow(id, compiling);
      }
      if (this._isCancelled) {
        await this.cancel();
      }
    } catch (error) {
      this._isRunning = false;
      this._set(null, sentence(error));
    }
  }

  /** End what is under way; what was published before stays. */
  async cancel(): Promise<void> {
    // What has no id yet is cancelled as soon as it has one.
    this._isCancelled = true;
    if (this._id === null) {
      return;
    }
    try {
      await this._options.cancel(this._id);
    } catch (error) {
      this._problem = sentence(error);
      this._changed.emit();
    }
  }

  private _follow(id: string, compiling: ICompiling): void {
    const poll = new Poll({
      name: 'workload-explorer:publish',
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      factory: async () => {
        try {
          const publishing = await this._options.ask(id);
          if (poll.isDisposed) {
            return;
          }
          if (publishing.state !== 'running') {
            poll.dispose();
            this._isRunning = false;
            this._id = null;
          }
          if (publishing.state === 'published') {
            this._form = afterPublished(this._form);
          }
          this._set({ compiling, publishing }, publishing.message);
        } catch (error) {
          if (poll.isDisposed) {
            return;
          }
          this._problem = sentence(error);
          if (error instanceof AnswerError && error.status === 404) {
            // A server that was started again will never know.
            poll.dispose();
            this._isRunning = false;
            this._id = null;
            this._changed.emit();
            return;
          }
          this._changed.emit();
          throw error;
        }
      }
    });
    this._poll = poll;
  }

  private _set(progress: IProgress | null, problem: string | null): void {
    this._progress = progress;
    this._problem = problem;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _form: IPublishForm;
  private _progress: IProgress | null = null;
  private _problem: string | null = null;
  private _isRunning = false;
  private _isDisposed = false;
  private _isCancelled = false;
  private _accepted: readonly IAccepted[] = [];
  private _id: string | null = null;
  private _poll: Poll | null = null;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace PublishModel {
  export interface IOptions {
    readonly form: IPublishForm;
    /** Compiles the notebook as it is now into its dashboard, with the parameters that are asked; null where the user would rather not. */
    readonly compile: (form: IPublishForm) => Promise<ICompiling | null>;
    readonly start: (request: IPublishRequest) => Promise<string>;
    readonly ask: (id: string) => Promise<IPublishing>;
    readonly cancel: (id: string) => Promise<void>;
  }
}
