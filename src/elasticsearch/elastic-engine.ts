import type { IAnswer } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';
import type {
  IAnswerOptions,
  ICost,
  IDatasetInfo,
  IEngine,
  IOverview,
  IOverviewOptions,
  IRequestRecord
} from '../engine/engine';
import { keepLatest } from '../engine/keep-latest';
import { boundsOf } from '../engine/selection';
import { Estimator } from './estimator';
import { inner } from './extract';
import type { Extract, IExtractPlan } from './extract';
import { ExtractPool } from './extract-pool';
import type { IPoolOptions } from './extract-pool';
import { asEngineError } from './failure';
import { openIndices } from './index-source';
import type { IIndexSource } from './index-source';
import type { ICountedDays } from './overview-look';
import { Planner } from './planner';
import type { SearchClient } from './search-client';
import { Slicer } from './slicing';

/** With fewer documents the exact answer is there as soon as an estimate would be. */
const WORTH_ESTIMATING = 100_000;
/** Estimates that are kept of each kind. */
const MOST_ESTIMATES = 50;

/**
 * How an engine over indices is set up. Who anticipates fetches while nobody asks, so that later questions cost no request, as a panel
 * does; otherwise the server applies conditions, so that one question costs little, as on the command line.
 */
export type IElasticOptions = IPoolOptions;

/**
 * Answers questions about some indices of Elasticsearch, exactly: it fetches the distinct tuples of the columns that questions need,
 * each with its number of documents, in slices by time inside one point in time, and counts as from a file. What was fetched once
 * serves all later questions about the same columns.
 */
export class ElasticEngine implements IEngine {
  private constructor(
    private readonly _client: SearchClient,
    private readonly _source: IIndexSource,
    options: IElasticOptions
  ) {
    this._planner = new Planner(_source, !options.anticipate);
    const slicer = new Slicer(_source.point, _source.indices);
    this._pool = new ExtractPool(
      _source,
      _client,
      this._planner,
      slicer,
      options
    );
    this._estimator = new Estimator(
      this._planner,
      _source,
      _client,
      this._pool,
      options
    );
  }

  /** @throws EngineError */
  static async open(
    client: SearchClient,
    options: IElasticOptions,
    signal?: AbortSignal
  ): Promise<ElasticEngine> {
    try {
      const source = await openIndices(client, signal);
      return new ElasticEngine(client, source, options);
    } catch (error) {
      throw asEngineError(error, client.indices);
    }
  }

  get info(): IDatasetInfo {
    return this._source.info;
  }

  async answer(query: IQuery, options: IAnswerOptions = {}): Promise<IAnswer> {
    const { onPartial, signal } = options;
    const telling = this._tellEstimate(
      onPartial,
      () => this._plan(query, signal),
      until => this.estimate(query, { signal: until }),
      signal
    );
    try {
      return await this._with(
        () => this._plan(query, signal),
        async ({ engine, plan }) => {
          const { needs } = await this._planner.answer(query, signal);
          const outer = (answer: IAnswer) => this._outer(query, needs, answer);
          const answer = await engine.answer(inner(query, plan), {
            ...options,
            // A part of the rows tells less than an estimate of all.
            onPartial:
              onPartial &&
              (partial => !telling.hasTold() && onPartial(outer(partial)))
          });
          return outer(answer);
        },
        signal
      );
    } finally {
      telling.stop();
    }
  }

  async estimate(
    query: IQuery,
    { signal }: { signal?: AbortSignal } = {}
  ): Promise<IAnswer | null> {
    return this._once(this._estimates, query, () =>
      this._estimator.estimate(query, signal)
    );
  }

  async estimateOverview(
    selection: ISelection,
    { signal }: { signal?: AbortSignal } = {}
  ): Promise<IOverview | null> {
    return this._once(this._overviews, selection, () =>
      this._estimator.overview(selection, signal)
    );
  }

  async overview(
    selection: ISelection,
    options: IOverviewOptions = {}
  ): Promise<IOverview> {
    const { onEstimate, ...rest } = options;
    const { signal } = options;
    const plan = async () => ({
      ...(await this._planner.overview(selection, signal)),
      within: boundsOf(selection.period, selection.zone)
    });
    const telling = this._tellEstimate(
      onEstimate,
      plan,
      until => this.estimateOverview(selection, { signal: until }),
      signal
    );
    try {
      const found = await this._overviewWithin(selection, plan, rest);
      return (
        found ??
        // All records are read for their days.
        (await this._with(
          () => this._planner.overview(selection, signal),
          ({ engine, plan: own }) =>
            engine.overview(inner(selection, own), rest),
          signal
        ))
      );
    } finally {
      telling.stop();
    }
  }

  values(
    field: string,
    selection: ISelection,
    options: { contains?: string; limit?: number; signal?: AbortSignal } = {}
  ): Promise<{ value: string; records: number }[]> {
    return this._with(
      () => this._planner.values(field, selection, options.signal),
      ({ engine, plan }) =>
        engine.values(field, inner(selection, plan), options),
      options.signal
    );
  }

  async cost(queries: readonly IQuery[]): Promise<ICost> {
    try {
      const plans = await Promise.all(queries.map(query => this._plan(query)));
      return plans.every(plan => this._pool.has(plan))
        ? { bytes: 0, rows: 0, memory: 0 }
        : await this._pool.cost(plans);
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  async requests(): Promise<readonly IRequestRecord[]> {
    return this._client.log.map(record => ({ ...record }));
  }

  quiet(): void {
    this._pool.quiet();
  }

  dispose(): void {
    void this.close();
  }

  /** Let go of everything; resolves when the server knows. */
  async close(): Promise<void> {
    this._pool.dispose();
    await this._source.point.close();
  }

  /** What a question needs, and of which time. */
  private async _plan(
    query: IQuery,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    return {
      ...(await this._planner.answer(query, signal)),
      within: boundsOf(query.period, query.zone)
    };
  }

  /**
   * The head of a board of a period: the days beside it are counted by the server, and nothing else is read of them.
   *
   * @returns null when all time is asked about, or the server has no such condition.
   */
  private async _overviewWithin(
    selection: ISelection,
    plan: () => Promise<IExtractPlan>,
    options: IOverviewOptions
  ): Promise<IOverview | null> {
    const { period } = selection;
    const { signal } = options;
    if (period.from === null && period.to === null) {
      return null;
    }
    // Says what is wrong with the question.
    await plan();
    const counted = await this._once(this._days, selection, () =>
      this._estimator.days(selection, signal)
    );
    if (!counted) {
      return null;
    }
    const { days } = counted;
    const found = await this._with(
      plan,
      ({ engine, plan: own }) =>
        engine.overview(inner(selection, own), { ...options, days }),
      signal
    );
    // A field may be normalized, and then the server's condition is another one.
    return found.records === counted.inside ? found : null;
  }

  /** What does not change in a point in time is asked once. */
  private async _once<T>(
    known: Map<string, T>,
    question: ISelection,
    ask: () => Promise<T>
  ): Promise<T> {
    const key = JSON.stringify(question);
    try {
      const found = known.get(key) ?? (await ask());
      keepLatest(known, key, found, MOST_ESTIMATES);
      return found;
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  /** Put a question to an extract that has what it needs. */
  private async _with<T>(
    plan: () => Promise<IExtractPlan>,
    act: (extract: Extract) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T> {
    try {
      return await this._pool.use(plan, act, signal);
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  /** An answer of an extract, as an answer to the question that was asked. */
  private _outer(
    query: IQuery,
    needs: IExtractPlan['needs'],
    { table, provenance }: IAnswer
  ): IAnswer {
    const isLost = this._source.point.losses > 0;
    return {
      table,
      provenance: {
        ...provenance,
        query,
        mapping: this._planner.mapping(query),
        filters: this._planner.filters(query),
        notes: [
          ...provenance.notes,
          ...this._ignored(needs),
          ...(isLost
            ? [
                'The server lost the point in time; it was taken anew, and what had been read was still the same.'
              ]
            : [])
        ]
      }
    };
  }

  /** What is to be known of values that Elasticsearch did not take in. */
  private _ignored(needs: IExtractPlan['needs']): string[] {
    return [...new Set(needs.map(({ name }) => name))].flatMap(name => {
      const documents = this._source.ignored.get(name);
      return documents === undefined
        ? []
        : [
            `In ${documents} document${documents === 1 ? '' : 's'} Elasticsearch did not take in “${name}”, because it is too long or malformed; there it counts as missing.`
          ];
    });
  }

  /** Tell an estimate while the exact answer is awaited, unless that is there at once; it ends with the question. */
  private _tellEstimate<T>(
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
      if (this._pool.has(await plan()) || controller.signal.aborted) {
        return;
      }
      const found = await estimate(controller.signal);
      if (!controller.signal.aborted && found !== null) {
        told = true;
        tell?.(found);
      }
    };
    if (tell && this.info.rows >= WORTH_ESTIMATING) {
      // The exact answer says what is wrong.
      begin().catch(() => undefined);
    }
    return { hasTold: () => told, stop };
  }

  private readonly _estimates = new Map<string, IAnswer | null>();
  private readonly _overviews = new Map<string, IOverview | null>();
  private readonly _days = new Map<string, ICountedDays | null>();
  private readonly _planner: Planner;
  private readonly _estimator: Estimator;
  private readonly _pool: ExtractPool;
}
