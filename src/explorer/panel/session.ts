import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { ISelection } from '../../workload/query';
import type { IEngine, IOverview, IProgress } from '../../engine/engine';
import { asks, boardSelection } from './asks';
import type { IAsk, ILarge } from './asks';
import { knownCost } from './known-cost';
import { ChartStates } from './chart-states';
import { estimateAll } from './estimate-all';
import { isAbort, toProblem } from './problems';
import { Questions } from './questions';
import { Reading } from './reading';
import { Retry } from './retry';
import {
  EMPTY_SNAPSHOT,
  NO_ANSWER,
  shownAnswer,
  shownEarly
} from './session-state';
import type { ISessionOptions } from './session-options';
import type { ISnapshot } from './session-state';
import { weigh } from './weigh';

/** Fetching more than this is asked about first, bytes. */
export const ASK_BEFORE_BYTES = 100_000_000;

/** Key of the question that counts the whole board. */
const OVERVIEW = '@overview';

/**
 * Keeps the engine's answers in step with the view: opens its source, asks what the charts need whenever
 * the view changes, drops what is outdated, and says what went wrong. Knows nothing of how things are shown.
 */
export class Session implements IDisposable {
  constructor(options: ISessionOptions) {
    this._options = options;
    this._charts = new ChartStates({
      transform: options.transform,
      asks: () => this._asks,
      charts: () => this._snapshot.charts,
      isSettled: (key, query) => this._questions.isSettled(key, query),
      update: charts => this._patch({ charts })
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
    if (JSON.stringify(large) !== JSON.stringify(this._large)) {
      this._large = large;
      this._sync();
    }
  }

  /**
   * Fetch what `snapshot.confirm` says.
   *
   * @param change Makes the view ask for less before: what it then asks is agreed to as well.
   */
  confirm(change?: () => void): void {
    this._agreed = true;
    this._patch({ confirm: null });
    if (change) {
      change();
    } else {
      this._sync();
    }
  }

  /** Stop reading; what has been answered stays. */
  stop(): void {
    this._pass++;
    this._questions.drop(() => true);
    this._extras?.abort();
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
      changed: false,
      overviewStale: true,
      charts: this._charts.kept()
    });
    this.resume();
  }

  /** Say that the source is known to have changed. */
  noteChange(): void {
    this._patch({ changed: true });
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
      this._patch({ charts: this._charts.kept() });
      return;
    }
    const paths = this._options.resolve(source.paths);
    const key = JSON.stringify(paths);
    if (key !== this._sourceKey) {
      const isNew = this._lastSourceKey !== key;
      this._sourceKey = this._lastSourceKey = key;
      void this._open(paths, isNew);
    } else if (this._engine) {
      void this._ask(this._engine);
    }
  }

  /** All questions of the view as it is now. */
  private get _asks(): IAsk[] {
    return asks(this._options.model.view, this._large);
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
      void this._ask(engine);
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

  /** Ask all questions whose answers are not there. */
  private async _ask(engine: IEngine): Promise<void> {
    const { view } = this._options.model;
    const questions = this._questions;
    const wanted = new Map<string, { query: string; ask: IAsk | null }>();
    for (const ask of this._asks) {
      wanted.set(ask.key, { query: JSON.stringify(ask.query), ask });
    }
    const selection = boardSelection(view);
    wanted.set(OVERVIEW, { query: JSON.stringify(selection), ask: null });

    questions.drop((key, query) => wanted.get(key)?.query !== query);
    questions.keep(key => wanted.has(key));
    const open = [...wanted].filter(([key, { query }]) =>
      questions.isOpen(key, query)
    );
    this._patch({
      charts: this._charts.kept(),
      overviewStale: !questions.isSettled(OVERVIEW, JSON.stringify(selection))
    });
    this._charts.retransform();
    if (open.length === 0) {
      this._settle();
      return;
    }
    const pass = ++this._pass;
    this._extras?.abort();
    if (!questions.isBusy) {
      this._began = performance.now();
    }
    const unanswered = open.flatMap(([, { ask }]) => (ask ? [ask] : []));
    if (!(await this._mayFetch(engine, unanswered, selection, pass))) {
      return;
    }
    this._patch({ busy: true });
    for (const [key, { query, ask }] of open) {
      const onProgress = (progress: IProgress) => this._progress(key, progress);
      if (ask) {
        questions.run(
          key,
          query,
          signal =>
            engine.answer(ask.query, {
              signal,
              onProgress,
              onPartial: early => {
                if (!signal.aborted) {
                  const shown = this._charts.answer(key);
                  this._charts.show(key, shownEarly(early, shown, query));
                }
              }
            }),
          result =>
            this._ended(key, result, answer =>
              this._charts.show(key, shownAnswer(answer))
            )
        );
      } else {
        questions.run(
          key,
          query,
          signal =>
            engine.overview(selection, {
              signal,
              onProgress,
              onEstimate: overview =>
                !signal.aborted && this._estimated(overview, selection)
            }),
          result =>
            this._ended(key, result, overview =>
              this._patch({
                overview,
                overviewStale: false,
                overviewEstimateOf: null
              })
            )
        );
      }
    }
  }

  /** Whether what has to be fetched is little, or the user has agreed to it. */
  private async _mayFetch(
    engine: IEngine,
    unanswered: readonly IAsk[],
    selection: ISelection,
    pass: number
  ): Promise<boolean> {
    if (this._agreed) {
      this._agreed = false;
      return true;
    }
    const cost = await knownCost(
      engine,
      unanswered.map(({ query }) => query)
    );
    if (pass !== this._pass || this._engine !== engine) {
      return false;
    }
    if (cost && cost.bytes > ASK_BEFORE_BYTES) {
      this._patch({ confirm: cost, busy: false });
      const { signal } = (this._extras = new AbortController());
      estimateAll(engine, unanswered, selection, signal, {
        onOverview: overview => this._estimated(overview, selection),
        onAnswer: (key, early, query) =>
          this._charts.show(key, shownEarly(early, null, query))
      });
      return false;
    }
    this._patch({ confirm: null });
    return true;
  }

  private _estimated(overview: IOverview, selection: ISelection): void {
    const overviewEstimateOf = JSON.stringify(selection);
    this._patch({ overview, overviewEstimateOf });
  }

  /**
   * A question has ended.
   *
   * @returns Whether it is settled; if not, it is asked again at the next occasion.
   */
  private _ended<T>(
    key: string,
    result: { value: T } | { error: unknown },
    show: (value: T) => void
  ): boolean {
    let settled = true;
    if ('value' in result) {
      this._reached();
      show(result.value);
    } else {
      settled = !isAbort(result.error) && this._fail(key, result.error);
    }
    this._settle();
    return settled;
  }

  /** @returns Whether asking again would be of no use. */
  private _fail(key: string, error: unknown): boolean {
    const problem = toProblem(error, this._options.trans);
    if (problem.code === 'unreachable') {
      this._retryLater(problem.message);
      return false;
    }
    if (problem.code === 'changed') {
      this._patch({ changed: true });
    } else if (key !== OVERVIEW) {
      // The last answer was to another question: no table, caption or export may show it beside this one.
      this._charts.set(key, { ...NO_ANSWER, problem, stale: false });
    }
    return true;
  }

  /** Called whenever a question ends: when all have, the pass is over. */
  private _settle(): void {
    if (this._questions.isBusy || this._isDisposed) {
      return;
    }
    if (this._began !== null) {
      this._patch({ elapsed: performance.now() - this._began });
      this._began = null;
    }
    this._patch({ busy: false, work: null });
    const { overview, overviewStale } = this._snapshot;
    const weighed = this._questions.settled(OVERVIEW);
    if (
      this._engine &&
      overview &&
      !overviewStale &&
      weighed !== this._weighed
    ) {
      this._weighed = weighed;
      void this._weigh(this._engine, overview.records);
    }
  }

  /** Find out what each constraint leaves out. */
  private async _weigh(engine: IEngine, records: number): Promise<void> {
    this._extras?.abort();
    const { signal } = (this._extras = new AbortController());
    try {
      const { view } = this._options.model;
      this._patch({ excluded: await weigh(engine, view, records, signal) });
    } catch {
      // Called off: the next pass weighs again.
      this._weighed = null;
    }
  }

  /** Show how far the question is that has furthest to go. */
  private _progress(key: string, progress: IProgress): void {
    if (this._questions.isRunning(key)) {
      const since = this._snapshot.work?.since ?? performance.now();
      const work = this._reading.report(key, progress);
      this._patch({ work: { ...work, since } });
    }
  }

  private _closeEngine(): void {
    this._pass++;
    this._questions.clear();
    this._extras?.abort();
    this._weighed = null;
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
  private readonly _questions = new Questions();
  private readonly _reading = new Reading(key =>
    this._questions.isRunning(key)
  );
  private readonly _charts: ChartStates;
  private readonly _retry: Retry;
  private _snapshot: ISnapshot = EMPTY_SNAPSHOT;
  private _engine: IEngine | null = null;
  private _sourceKey: string | null = null;
  private _lastSourceKey: string | null = null;
  private _opening: AbortController | null = null;
  private _extras: AbortController | null = null;
  private _large: ILarge | null = null;
  /** The question of the board for which constraints have been weighed. */
  private _weighed: string | null = null;
  private _pass = 0;
  private _began: number | null = null;
  private _agreed = false;
  private _isDisposed = false;
}
