import type { IAnswer } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import type { Estimator } from './estimator';
import type { IExtractPlan } from './extract';
import type { ExtractPool } from './extract-pool';
import type { ICountedDays } from './overview-look';
import { pause } from './patience';
import { SharedWork } from './shared-work';

/** With fewer documents the exact answer is there as soon as an estimate would be. */
export const WORTH_ESTIMATING = 100_000;
/** What comes in one piece may be there before an estimate of it: that is not asked for before this, milliseconds. */
const MOMENT = 150;
/** Estimates that are kept of each kind. */
const MOST = 50;

/** Estimates of what an engine is asked, each made once: they do not change in a point in time. */
export class Estimates {
  /** @param _rows Documents of the source. */
  constructor(
    private readonly _estimator: Estimator,
    private readonly _pool: ExtractPool,
    private readonly _rows: number
  ) {}

  /**
   * An estimate of an answer: a sketch by the server's own counts, or one from a sample.
   *
   * @param atOnce Whether a sample takes too long.
   * @returns null where none can be had.
   */
  async answer(
    query: IQuery,
    atOnce: boolean,
    signal?: AbortSignal
  ): Promise<IAnswer | null> {
    const ask = (isSketch: boolean) => (until: AbortSignal) =>
      this._estimator.estimate(query, isSketch, until);
    const sketch = await once(this._sketches, query, ask(true), signal);
    return sketch !== null || atOnce
      ? sketch
      : once(this._samples, query, ask(false), signal);
  }

  overview(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IOverview | null> {
    return once(
      this._overviews,
      selection,
      until => this._estimator.overview(selection, until),
      signal
    );
  }

  /** Documents of each day, as the server counts them, and those inside the period. */
  days(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<ICountedDays | null> {
    return once(
      this._days,
      selection,
      until => this._estimator.days(selection, until),
      signal
    );
  }

  /** Whether all that a plan needs is there, or is after a moment. */
  async isThereSoon(
    makePlan: () => Promise<IExtractPlan>,
    signal?: AbortSignal
  ): Promise<boolean> {
    const plan = await makePlan();
    signal?.throwIfAborted();
    if (this._pool.isWhole(plan) && !this._pool.has(plan)) {
      await pause(MOMENT, signal);
    }
    return this._pool.has(plan);
  }

  /** Tell an estimate while the exact answer is awaited, unless that is there at once; it ends with the question. */
  tell<T>(
    tell: ((estimate: T) => void) | undefined,
    plan: () => Promise<IExtractPlan>,
    estimate: (until: AbortSignal) => Promise<T | null>,
    signal?: AbortSignal
  ): { hasTold: () => boolean; stop: () => void } {
    const controller = new AbortController();
    const stop = () => {
      controller.abort();
      signal?.removeEventListener('abort', stop);
    };
    signal?.addEventListener('abort', stop);
    let told = false;
    const begin = async () => {
      if (await this.isThereSoon(plan, controller.signal)) {
        return;
      }
      const found = await estimate(controller.signal);
      if (!controller.signal.aborted && found !== null) {
        told = true;
        tell?.(found);
      }
    };
    if (tell && this._rows >= WORTH_ESTIMATING) {
      // The exact answer says what is wrong.
      begin().catch(() => undefined);
    }
    return { hasTold: () => told, stop };
  }

  private readonly _sketches = new SharedWork<IAnswer | null>(MOST);
  private readonly _samples = new SharedWork<IAnswer | null>(MOST);
  private readonly _overviews = new SharedWork<IOverview | null>(MOST);
  private readonly _days = new SharedWork<ICountedDays | null>(MOST);
}

function once<T>(
  known: SharedWork<T>,
  question: ISelection,
  ask: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal
): Promise<T> {
  return known.get(JSON.stringify(question), ask, signal);
}
