import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IAnswer, ITable } from '../../workload/answer';
import type { ISource } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';
import type { IEngine, IProgress } from '../../engine/engine';
import type { IViewModel } from '../view-model';
import { asks, boardSelection, constraintKey, constraints, without } from './asks';
import type { IAsk, ILarge } from './asks';
import { isAbort, toProblem, toTransformProblem } from './problems';
import { EMPTY_SNAPSHOT, NO_ANSWER } from './session-state';
import type { IChartState, IExcluded, ISnapshot } from './session-state';

/** Fetching more than this is asked about first, bytes. */
export const ASK_BEFORE_BYTES = 100_000_000;

/** Seconds between tries while the server does not answer. */
const FIRST_WAIT = 2;
const LONGEST_WAIT = 30;

/**
 * Keeps the engine's answers in step with the view: opens its source, asks what the charts need whenever
 * the view changes, drops what is outdated, and says what went wrong. Knows nothing of how things are shown.
 */
export class Session implements IDisposable {
  constructor(options: Session.IOptions) {
    this._options = options;
    options.model.changed.connect(this._sync, this);
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

  /** Fetch what `snapshot.confirm` says. */
  confirm(): void {
    this._agreed = true;
    this._patch({ confirm: null });
    this._sync();
  }

  /** Stop reading; what has been answered stays. */
  stop(): void {
    this._pass++;
    this._dropJobs(() => true);
    this._opening?.abort();
    this._patch({ stopped: true, confirm: null, work: null, busy: false });
  }

  /** Go on after `stop`, or try again at once after an outage or a failure. */
  resume(): void {
    this._cancelRetry();
    if (this._snapshot.source.status === 'failed') {
      this._sourceKey = null;
    }
    this._failed.clear();
    this._patch({ stopped: false, outage: null });
    this._sync();
  }

  /** Open the source anew, because its files have changed. Old answers stay in sight until new ones are there. */
  reload(): void {
    this._closeEngine();
    this._sourceKey = null;
    this._patch({ changed: false, charts: aged(this._snapshot.charts), overviewStale: true });
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
    this._cancelRetry();
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
      this._patch({
        ...EMPTY_SNAPSHOT,
        source: { status: source.paths.length === 0 ? 'none' : 'untrusted' }
      });
      return;
    }
    if (this._snapshot.stopped) {
      this._patch({ charts: this._kept() });
      return;
    }
    const key = JSON.stringify(source.paths);
    if (key !== this._sourceKey) {
      const isNew = this._lastSourceKey !== key;
      this._sourceKey = this._lastSourceKey = key;
      void this._open(source, isNew);
    } else if (this._engine) {
      void this._ask(this._engine);
    }
  }

  /** Open a source; answers of another source are dropped. */
  private async _open(source: ISource, isNew: boolean): Promise<void> {
    this._closeEngine();
    this._opening?.abort();
    const opening = (this._opening = new AbortController());
    this._patch({
      ...(isNew ? EMPTY_SNAPSHOT : {}),
      source: { status: 'opening' },
      busy: true
    });
    try {
      const engine = await this._options.open(source, opening.signal);
      if (opening.signal.aborted) {
        engine.dispose();
        return;
      }
      this._engine = engine;
      this._reached();
      this._patch({ source: { status: 'open', info: engine.info }, busy: false });
      void this._ask(engine);
    } catch (error) {
      if (opening.signal.aborted || isAbort(error)) {
        return;
      }
      const problem = toProblem(error, this._options.trans);
      if (problem.code === 'unreachable') {
        this._sourceKey = null;
        this._retryLater();
        this._patch({ busy: false });
      } else {
        this._patch({ source: { status: 'failed', problem }, busy: false });
      }
    }
  }

  /** Ask all questions whose answers are not there. */
  private async _ask(engine: IEngine): Promise<void> {
    const { view } = this._options.model;
    const wanted = new Map(asks(view, this._large).map(ask => [ask.key, ask]));
    this._dropJobs((key, query) => {
      const ask = wanted.get(key);
      return ask ? JSON.stringify(ask.query) !== query : key !== OVERVIEW;
    });
    for (const key of [...this._answered.keys(), ...this._failed.keys()]) {
      if (!wanted.has(key) && key !== OVERVIEW) {
        this._answered.delete(key);
        this._failed.delete(key);
      }
    }
    const open = [...wanted.values()].filter(ask => this._isOpen(ask.key, JSON.stringify(ask.query)));
    const head = JSON.stringify(boardSelection(view));
    const headOpen = this._isOpen(OVERVIEW, head);
    this._patch({ charts: this._kept(), overviewStale: headOpen });
    this._retransform(wanted);
    if (open.length === 0 && !headOpen) {
      this._settle();
      return;
    }
    const pass = ++this._pass;
    this._extras?.abort();
    if (!this._jobs.size) {
      this._began = now();
    }
    if (!(await this._mayFetch(engine, open, pass))) {
      return;
    }
    this._patch({ busy: true });
    for (const ask of open) {
      this._run(ask.key, JSON.stringify(ask.query), signal =>
        engine
          .answer(ask.query, {
            signal,
            onProgress: progress => this._progress(progress),
            onPartial: answer => this._showPartial(ask, answer, signal)
          })
          .then(answer => () => this._show(ask.key, answer))
      );
    }
    if (headOpen) {
      this._run(OVERVIEW, head, signal =>
        engine
          .overview(boardSelection(view), { signal, onProgress: progress => this._progress(progress) })
          .then(overview => () => this._patch({ overview, overviewStale: false }))
      );
    }
  }

  /** Whether what has to be fetched is little, or the user has agreed to it. */
  private async _mayFetch(engine: IEngine, open: readonly IAsk[], pass: number): Promise<boolean> {
    if (this._agreed) {
      this._agreed = false;
      return true;
    }
    let cost = null;
    try {
      cost = await engine.cost(open.map(ask => ask.query));
    } catch {
      // The question that cannot be costed says what is wrong when it is asked.
    }
    if (pass !== this._pass || this._engine !== engine) {
      return false;
    }
    if (cost && cost.bytes > ASK_BEFORE_BYTES) {
      this._patch({ confirm: cost, busy: false });
      return false;
    }
    this._patch({ confirm: null });
    return true;
  }

  /** Run a question; `work` yields what to do with its answer, if it is still wanted by then. */
  private _run(
    key: string,
    query: string,
    work: (signal: AbortSignal) => Promise<() => void>
  ): void {
    const controller = new AbortController();
    this._jobs.set(key, { query, controller });
    const isCurrent = () => this._jobs.get(key)?.controller === controller;
    work(controller.signal).then(
      show => {
        if (isCurrent()) {
          this._jobs.delete(key);
          this._answered.set(key, query);
          this._failed.delete(key);
          this._reached();
          show();
          this._settle();
        }
      },
      (error: unknown) => {
        if (isCurrent()) {
          this._jobs.delete(key);
          if (!isAbort(error)) {
            this._fail(key, query, error);
          }
          this._settle();
        }
      }
    );
  }

  private _fail(key: string, query: string, error: unknown): void {
    const problem = toProblem(error, this._options.trans);
    if (problem.code === 'unreachable') {
      // Not remembered as failed: it is asked again when the server is back.
      this._retryLater();
      return;
    }
    this._failed.set(key, query);
    if (problem.code === 'changed') {
      this._patch({ changed: true });
      return;
    }
    if (key !== OVERVIEW) {
      this._setChart(key, { problem, stale: false });
    }
  }

  /** Called whenever a question ends: when all have, the pass is over. */
  private _settle(): void {
    if (this._jobs.size > 0 || this._isDisposed) {
      return;
    }
    const elapsed = this._began === null ? this._snapshot.elapsed : now() - this._began;
    this._began = null;
    this._patch({ busy: false, work: null, elapsed });
    const { overview, overviewStale } = this._snapshot;
    if (this._engine && overview && !overviewStale) {
      const weighed = this._answered.get(OVERVIEW) ?? null;
      if (weighed !== this._weighed) {
        this._weighed = weighed;
        void this._weigh(this._engine, overview.records);
      }
    }
  }

  /** Find out how many records each constraint leaves out. */
  private async _weigh(engine: IEngine, records: number): Promise<void> {
    this._extras?.abort();
    const { signal } = (this._extras = new AbortController());
    const { view } = this._options.model;
    const excluded = new Map<string, IExcluded>();
    for (const constraint of constraints(view)) {
      try {
        const more = await engine.overview(boardSelection(without(view, constraint)), { signal });
        excluded.set(constraintKey(constraint), { constraint, records: more.records - records });
      } catch {
        // A count beside a chip is worth no message; the charts report what is wrong.
      }
      if (signal.aborted) {
        this._weighed = null;
        return;
      }
    }
    this._patch({ excluded });
  }

  private _show(key: string, answer: IAnswer): void {
    this._setChart(key, { answer, stale: false, problem: null });
    this._transform(key, answer.table);
  }

  private _showPartial(ask: IAsk, answer: IAnswer, signal: AbortSignal): void {
    const shown = this._snapshot.charts.get(ask.key)?.answer;
    // A whole answer to the last question tells more than a part of the next one.
    if (!signal.aborted && (!shown || shown.provenance.partial)) {
      this._setChart(ask.key, { answer, stale: false, problem: null });
      this._transform(ask.key, answer.table);
    }
  }

  private _progress(progress: IProgress): void {
    if (this._jobs.size > 0) {
      const since = this._snapshot.work?.since ?? now();
      this._patch({ work: { ...progress, since } });
    }
  }

  /** Apply transforms that were edited since they last ran. */
  private _retransform(wanted: ReadonlyMap<string, IAsk>): void {
    for (const [key, ask] of wanted) {
      const answer = this._snapshot.charts.get(key)?.answer;
      if (answer && this._transformed.get(key) !== ask.transform) {
        this._transform(key, answer.table);
      }
    }
  }

  private _transform(key: string, table: ITable): void {
    const ask = asks(this._options.model.view, this._large).find(one => one.key === key);
    const code = ask?.transform ?? '';
    this._transformed.set(key, code);
    if (code.trim() === '') {
      this._setChart(key, { table, transformProblem: null });
      return;
    }
    const isCurrent = () =>
      !this._isDisposed &&
      this._transformed.get(key) === code &&
      this._snapshot.charts.get(key)?.answer?.table === table;
    this._options.transform(code, table).then(
      result => {
        if (isCurrent()) {
          this._setChart(key, { table: result, transformProblem: null });
        }
      },
      (error: unknown) => {
        if (isCurrent()) {
          const before = this._snapshot.charts.get(key)?.table;
          this._setChart(key, {
            table: before ?? table,
            transformProblem: toTransformProblem(error, code)
          });
        }
      }
    );
  }

  /** Charts that are still wanted, those with an outdated answer marked. */
  private _kept(): ReadonlyMap<string, IChartState> {
    const charts = new Map<string, IChartState>();
    for (const ask of asks(this._options.model.view, this._large)) {
      const own = this._snapshot.charts.get(ask.key);
      // A large chart begins with what its card shows.
      const known = own ?? this._snapshot.charts.get(ask.chart.id) ?? NO_ANSWER;
      const query = JSON.stringify(ask.query);
      const settled = this._answered.get(ask.key) === query || this._failed.get(ask.key) === query;
      charts.set(ask.key, settled ? { ...known, stale: false } : { ...known, stale: true });
    }
    return charts;
  }

  private _isOpen(key: string, query: string): boolean {
    return (
      this._answered.get(key) !== query &&
      this._failed.get(key) !== query &&
      this._jobs.get(key)?.query !== query
    );
  }

  private _setChart(key: string, change: Partial<IChartState>): void {
    const charts = new Map(this._snapshot.charts);
    charts.set(key, { ...(charts.get(key) ?? NO_ANSWER), ...change });
    this._patch({ charts });
  }

  private _dropJobs(isOutdated: (key: string, query: string) => boolean): void {
    for (const [key, job] of [...this._jobs]) {
      if (isOutdated(key, job.query)) {
        this._jobs.delete(key);
        job.controller.abort();
      }
    }
  }

  private _closeEngine(): void {
    this._pass++;
    this._dropJobs(() => true);
    this._extras?.abort();
    this._answered.clear();
    this._failed.clear();
    this._engine?.dispose();
    this._engine = null;
  }

  /** Try again by itself, after a wait that grows. */
  private _retryLater(): void {
    if (this._retry !== null) {
      return;
    }
    const seconds = this._wait;
    this._wait = Math.min(LONGEST_WAIT, this._wait * 2);
    this._retry = this._options.after(seconds * 1000, () => {
      this._retry = null;
      this._patch({ outage: { seconds: 0 } });
      this._sync();
    });
    this._patch({ outage: { seconds } });
  }

  /** The server has answered. */
  private _reached(): void {
    this._wait = FIRST_WAIT;
    if (this._retry === null && this._snapshot.outage) {
      this._patch({ outage: null });
    }
  }

  private _cancelRetry(): void {
    this._retry?.();
    this._retry = null;
  }

  private _patch(change: Partial<ISnapshot>): void {
    if (this._isDisposed) {
      return;
    }
    this._snapshot = { ...this._snapshot, ...change };
    this._changed.emit(undefined);
  }

  private readonly _options: Session.IOptions;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _jobs = new Map<string, { query: string; controller: AbortController }>();
  /** The question that each chart's answer belongs to. */
  private readonly _answered = new Map<string, string>();
  /** The question that each chart could not be answered for. */
  private readonly _failed = new Map<string, string>();
  /** The transform that each chart's table went through. */
  private readonly _transformed = new Map<string, string>();
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
  private _wait = FIRST_WAIT;
  private _retry: (() => void) | null = null;
  private _isDisposed = false;
}

export namespace Session {
  export interface IOptions {
    readonly model: IViewModel;
    readonly trans: ITranslator;
    /** Find the files of a source and open them. Rejects with an `EngineError`. */
    readonly open: (source: ISource, signal: AbortSignal) => Promise<IEngine>;
    /** Run a transform; rejects with its error. */
    readonly transform: (code: string, table: ITable) => Promise<ITable>;
    /** Call something later; returns what takes it back. */
    readonly after: (milliseconds: number, callback: () => void) => () => void;
  }
}

/** Key of the job that counts the whole board. */
const OVERVIEW = '@overview';

function now(): number {
  return performance.now();
}

function aged(charts: ReadonlyMap<string, IChartState>): ReadonlyMap<string, IChartState> {
  return new Map([...charts].map(([key, chart]) => [key, { ...chart, stale: true }]));
}
