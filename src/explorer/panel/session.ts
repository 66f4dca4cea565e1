import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IEngine } from '../../engine/engine';
import type { ILarge } from './asks';
import { BoardAnswers } from './board-answers';
import { isAbort, toProblem } from './problems';
import { Retry } from './retry';
import { EMPTY_SNAPSHOT } from './session-state';
import type { ISessionOptions } from './session-options';
import type { ISnapshot } from './session-state';

/**
 * Keeps the engine's answers in step with the view: opens its source, asks what the charts need whenever
 * the view changes, drops what is outdated, and says what went wrong. Knows nothing of how things are shown.
 */
export class Session implements IDisposable {
  constructor(options: ISessionOptions) {
    this._options = options;
    this._answers = new BoardAnswers({
      ...options,
      snapshot: () => this._snapshot,
      patch: change => this._patch(change),
      onReached: () => this._reached(),
      onUnreachable: message => this._retryLater(message)
    });
    this._retry = new Retry(options.after, () => {
      const message = this._snapshot.outage?.message ?? '';
      this._patch({ outage: { seconds: 0, message } });
      this._sync();
    });
    options.model.changed.connect(() => this._sync(), this);
  }

  /** Emitted after each change of `snapshot`. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get snapshot(): ISnapshot {
    return this._snapshot;
  }

  /** The open dataset, for completion of values; null before it is open. */
  get engine(): IEngine | null {
    return this._engine;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Begin: open the source of the view. */
  start(): void {
    this._sync();
  }

  /** Say which chart is open large, because it may need more rows than its card. */
  setLarge(large: ILarge | null): void {
    if (this._answers.setLarge(large)) {
      this._sync();
    }
  }

  /**
   * Fetch what `snapshot.confirm` says.
   *
   * @param change Makes the view ask for less before: what it then asks is agreed to as well.
   */
  confirm(change?: () => void): void {
    this._answers.agree();
    this._patch({ confirm: null });
    if (change) {
      change();
    } else {
      this._sync();
    }
  }

  /** Stop reading; what has been answered stays. */
  stop(): void {
    this._answers.stop();
    this._engine?.quiet();
    if (!this._engine) {
      this._opening?.abort();
      this._sourceKey = null;
    }
    this._patch({ stopped: true, confirm: null, work: null, busy: false });
  }

  /** Go on after `stop`, or try again at once after an outage or a failure. */
  resume(): void {
    this._retry.cancel();
    if (this._snapshot.source.status === 'failed') {
      this._sourceKey = null;
    }
    this._patch({ stopped: false, outage: null });
    this._sync();
  }

  /** Open the source anew, because its files have changed. Old answers stay in sight until new ones are there. */
  reload(): void {
    this._closeEngine();
    this._sourceKey = null;
    this._patch({
      changed: null,
      overviewStale: true,
      charts: this._answers.kept()
    });
    this.resume();
  }

  /** Say that the source is known to have changed. */
  noteChange(): void {
    this._patch({ changed: { message: null } });
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._retry.cancel();
    this._opening?.abort();
    this._closeEngine();
    Signal.clearData(this);
  }

  /** Bring everything in step with the view. */
  private _sync(): void {
    if (this._isDisposed) {
      return;
    }
    const { model } = this._options;
    const { source } = model.view;
    if (source.paths.length === 0 || !model.trusted) {
      this._closeEngine();
      this._sourceKey = null;
      const status = source.paths.length === 0 ? 'none' : 'untrusted';
      this._patch({ ...EMPTY_SNAPSHOT, source: { status } });
      return;
    }
    if (this._snapshot.stopped) {
      this._patch({ charts: this._answers.kept() });
      return;
    }
    const paths = this._options.resolve(source.paths);
    const key = JSON.stringify(paths);
    if (key !== this._sourceKey) {
      const isNew = this._lastSourceKey !== key;
      this._sourceKey = this._lastSourceKey = key;
      void this._open(paths, isNew);
    } else if (this._engine) {
      void this._answers.ask(this._engine);
    }
  }

  /** Open a source; answers of another source are dropped. */
  private async _open(paths: readonly string[], isNew: boolean): Promise<void> {
    this._closeEngine();
    this._opening?.abort();
    const opening = (this._opening = new AbortController());
    this._patch({
      ...(isNew ? EMPTY_SNAPSHOT : {}),
      source: { status: 'opening' },
      busy: true
    });
    try {
      const { engine, leftOut } = await this._options.open(
        paths,
        opening.signal
      );
      if (opening.signal.aborted) {
        engine.dispose();
        return;
      }
      this._engine = engine;
      this._reached();
      this._patch({
        source: { status: 'open', info: engine.info, leftOut },
        busy: false
      });
      void this._answers.ask(engine);
    } catch (error) {
      if (opening.signal.aborted || isAbort(error)) {
        return;
      }
      const problem = toProblem(error, this._options.trans);
      if (problem.code === 'unreachable') {
        this._sourceKey = null;
        this._patch({ busy: false });
        this._retryLater(problem.message);
      } else {
        this._patch({ source: { status: 'failed', problem }, busy: false });
      }
    }
  }

  private _closeEngine(): void {
    this._answers.clear();
    this._engine?.dispose();
    this._engine = null;
  }

  /** The server does not answer: try again by itself. */
  private _retryLater(message: string): void {
    const seconds = this._retry.later();
    if (seconds !== null) {
      this._patch({ outage: { seconds, message } });
    }
  }

  /** The server has answered. */
  private _reached(): void {
    this._retry.worked();
    if (!this._retry.isWaiting && this._snapshot.outage) {
      this._patch({ outage: null });
    }
  }

  private _patch(change: Partial<ISnapshot>): void {
    if (!this._isDisposed) {
      this._snapshot = { ...this._snapshot, ...change };
      this._changed.emit(undefined);
    }
  }

  private readonly _options: ISessionOptions;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _answers: BoardAnswers;
  private readonly _retry: Retry;
  private _snapshot: ISnapshot = EMPTY_SNAPSHOT;
  private _engine: IEngine | null = null;
  private _sourceKey: string | null = null;
  private _lastSourceKey: string | null = null;
  private _opening: AbortController | null = null;
  private _isDisposed = false;
}
