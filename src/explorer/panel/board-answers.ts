import type { ICost, IEngine, IOverview, IProgress } from '../../engine/engine';
import type { IAnswer } from '../../workload/answer';
import type { ISelection } from '../../workload/query';
import { asks, boardSelection } from './asks';
import type { IAsk, ILarge } from './asks';
import { ChartStates } from './chart-states';
import { estimateAll } from './estimate-all';
import { isAbort, toProblem } from './problems';
import { Questions } from './questions';
import { Reading } from './reading';
import type { ISessionOptions } from './session-options';
import { shownAnswer, shownEarly } from './session-state';
import type { IChartState, ISnapshot } from './session-state';
import { weigh } from './weigh';

/** Fetching more than this is asked about first, bytes. */
export const ASK_BEFORE_BYTES = 100_000_000;

/** Key of the question that counts the whole board. */
const OVERVIEW = '@overview';

/** Puts the questions of a view to its engine, drops those that are outdated, and keeps what becomes of them in the snapshot. */
export class BoardAnswers {
  constructor(options: BoardAnswers.IOptions) {
    this._options = options;
    this._charts = new ChartStates({
      transform: options.transform,
      asks: () => this._asks,
      charts: () => this._snapshot.charts,
      isSettled: (key, query) => this._questions.isSettled(key, query),
      update: charts => this._patch({ charts })
    });
  }

  /** @returns Whether another chart is open large than before, or in another way. */
  setLarge(large: ILarge | null): boolean {
    const isNew = JSON.stringify(large) !== JSON.stringify(this._large);
    this._large = large;
    return isNew;
  }

  /** What the next questions fetch is agreed to, however much it is. */
  agree(): void {
    this._agreed = true;
  }

  /** Charts that are still wanted, those with an outdated answer marked. */
  kept(): ReadonlyMap<string, IChartState> {
    return this._charts.kept();
  }

  /** Ask all questions whose answers are not there. */
  async ask(engine: IEngine): Promise<void> {
    this._engine = engine;
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
    const pass = ++this._pass;
    this._isWeighing = open.length > 0;
    if (!this._isWeighing) {
      // What was to be agreed to, or was, is not asked any more.
      this._agreed = false;
      this._patch({ confirm: null });
      this._meanwhile?.abort();
      this._settle();
      return;
    }
    this._extras?.abort();
    if (!questions.isBusy) {
      this._began = performance.now();
    }
    // Weighing takes requests to an index, too.
    this._patch({ busy: true });
    const unanswered = open.flatMap(([, { ask }]) => (ask ? [ask] : []));
    if (!(await this._mayFetch(engine, unanswered, selection, pass))) {
      return;
    }
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
                  this._early(key, early, this._charts.answer(key), query);
                }
              }
            }),
          result =>
            this._ended(key, query, result, answer =>
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
            this._ended(key, query, result, overview =>
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

  /** Call off all questions; what has been answered stays. */
  stop(): void {
    this._pass++;
    this._isWeighing = false;
    this._questions.drop(() => true);
    this._meanwhile?.abort();
    this._extras?.abort();
  }

  /** Forget what has been answered, because the engine is closed; what is shown stays. */
  clear(): void {
    this.stop();
    this._questions.clear();
    this._weighed = null;
    this._engine = null;
  }

  /** Whether what has to be fetched is little, or the user has agreed to it. Estimates are shown while that is found out. */
  private async _mayFetch(
    engine: IEngine,
    unanswered: readonly IAsk[],
    selection: ISelection,
    pass: number
  ): Promise<boolean> {
    if (this._agreed) {
      this._agreed = false;
      this._isWeighing = false;
      return true;
    }
    this._meanwhile?.abort();
    const { signal } = (this._meanwhile = new AbortController());
    const estimate = (asked: readonly IAsk[], atOnce: boolean) =>
      this._estimate(engine, asked, selection, atOnce, signal);
    let cost: ICost | null = null;
    try {
      cost = await engine.cost(
        unanswered.map(({ query }) => query),
        {
          signal,
          onLacking: positions =>
            pass === this._pass &&
            estimate(
              positions.map(i => unanswered[i]),
              true
            )
        }
      );
    } catch {
      // A question that is wrong says so itself when it is asked.
    }
    if (pass !== this._pass) {
      return false;
    }
    this._isWeighing = false;
    if (cost && cost.bytes > ASK_BEFORE_BYTES) {
      this._patch({ confirm: cost, busy: false });
      estimate(unanswered, false);
      return false;
    }
    this._patch({ confirm: null });
    return true;
  }

  /** Show what some questions amount to, and their board, until the exact answers are there. */
  private _estimate(
    engine: IEngine,
    asked: readonly IAsk[],
    selection: ISelection,
    atOnce: boolean,
    signal: AbortSignal
  ): void {
    const isOpen = (key: string, query: string) =>
      !this._questions.isSettled(key, query);
    const board = JSON.stringify(selection);
    estimateAll(
      engine,
      {
        asks: asked,
        selection: isOpen(OVERVIEW, board) ? selection : null,
        atOnce
      },
      signal,
      {
        onOverview: overview =>
          isOpen(OVERVIEW, board) && this._estimated(overview, selection),
        onAnswer: (key, early, query) =>
          isOpen(key, query) && this._early(key, early, null, query)
      }
    );
  }

  /** Show what comes before the exact answer, unless what is shown is better. */
  private _early(
    key: string,
    early: IAnswer,
    answer: IAnswer | null,
    query: string
  ): void {
    const shown = shownEarly(early, answer, query);
    if (shown) {
      this._questions.forget(key);
      this._charts.show(key, shown);
    }
  }

  private _estimated(overview: IOverview, selection: ISelection): void {
    this._questions.forget(OVERVIEW);
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
    query: string,
    result: { value: T } | { error: unknown },
    show: (value: T) => void
  ): boolean {
    let settled = true;
    if ('value' in result) {
      this._options.onReached();
      show(result.value);
    } else {
      settled = !isAbort(result.error) && this._fail(key, query, result.error);
    }
    this._settle();
    return settled;
  }

  /** @returns Whether asking again would be of no use. */
  private _fail(key: string, query: string, error: unknown): boolean {
    const problem = toProblem(error, this._options.trans);
    if (problem.code === 'unreachable') {
      this._options.onUnreachable(problem.message);
      return false;
    }
    if (problem.code === 'changed') {
      // What is shown stays marked as outdated.
      this._patch({ changed: { message: problem.message } });
      return false;
    }
    if (key !== OVERVIEW) {
      this._charts.fail(key, problem, query);
    }
    return true;
  }

  /** Called whenever a question ends: when all have, and none is to come, the pass is over. */
  private _settle(): void {
    if (this._questions.isBusy || this._isWeighing) {
      return;
    }
    if (this._began !== null) {
      this._patch({ elapsed: performance.now() - this._began });
      this._began = null;
    }
    this._patch({ busy: false, work: null });
    this._meanwhile?.abort();
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

  private get _asks(): IAsk[] {
    return asks(this._options.model.view, this._large);
  }

  private get _snapshot(): ISnapshot {
    return this._options.snapshot();
  }

  private _patch(change: Partial<ISnapshot>): void {
    this._options.patch(change);
  }

  private readonly _options: BoardAnswers.IOptions;
  private readonly _questions = new Questions();
  private readonly _reading = new Reading(key =>
    this._questions.isRunning(key)
  );
  private readonly _charts: ChartStates;
  /** The engine that was asked last; null when it is closed. */
  private _engine: IEngine | null = null;
  /** Weighing what questions cost, and estimates until they are answered. */
  private _meanwhile: AbortController | null = null;
  /** What is found out when all has been answered. */
  private _extras: AbortController | null = null;
  private _large: ILarge | null = null;
  /** The question of the board for which constraints have been weighed. */
  private _weighed: string | null = null;
  private _pass = 0;
  /** Whether the questions of this pass are weighed, and so are not under way yet. */
  private _isWeighing = false;
  private _began: number | null = null;
  private _agreed = false;
}

export namespace BoardAnswers {
  /** What a session lends. */
  export interface IOptions extends Pick<
    ISessionOptions,
    'model' | 'trans' | 'transform'
  > {
    readonly snapshot: () => ISnapshot;
    /** Called with a change of the snapshot; a session that is disposed of does nothing. */
    readonly patch: (change: Partial<ISnapshot>) => void;
    /** The server has answered. */
    readonly onReached: () => void;
    /** The server does not answer; questions are asked again by `ask`. */
    readonly onUnreachable: (message: string) => void;
  }
}
