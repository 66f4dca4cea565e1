import type { IAnswer } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';
import type {
  IAnswerOptions,
  ICost,
  ICostOptions,
  IDatasetInfo,
  IEngine,
  IEstimateOptions,
  IOverview,
  IOverviewOptions,
  IRequestLog
} from '../engine/engine';
import { boundsOf } from '../engine/selection';
import { Estimates, WORTH_ESTIMATING } from './estimates';
import { Estimator } from './estimator';
import type { Extract, IExtractPlan } from './extract';
import { ExtractPool } from './extract-pool';
import type { IPoolOptions } from './extract-pool';
import type { IFrequentValue } from '../engine/frequent-values';
import { FrequentValues } from './frequent-look';
import { asEngineError } from './failure';
import { ignoredNotes, openIndices } from './index-source';
import type { IIndexSource } from './index-source';
import { Planner } from './planner';
import type { SearchClient } from './search-client';
import { Slicer } from './slicing';

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
    this._frequent = new FrequentValues(_source.point, this._planner);
    const slicer = new Slicer(_source.point, _source.indices);
    this._pool = new ExtractPool(
      _source,
      _client,
      this._planner,
      slicer,
      options
    );
    this._estimates = new Estimates(
      new Estimator(this._planner, _source, _client, this._pool, options),
      this._pool,
      _source.info.rows
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
    const telling = this._estimates.tell(
      onPartial,
      () => this._plan(query, signal),
      until => this.estimate(query, { signal: until }),
      signal
    );
    try {
      return await this._with(
        () => this._plan(query, signal),
        async ({ engine }) => {
          const { needs } = await this._planner.answer(query, signal);
          const outer = (answer: IAnswer) => this._outer(query, needs, answer);
          const answer = await engine.answer(query, {
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

  estimate(
    query: IQuery,
    { signal, atOnce = false }: IEstimateOptions = {}
  ): Promise<IAnswer | null> {
    return this._explained(async () => {
      const isSoon =
        atOnce &&
        (await this._estimates.isThereSoon(
          () => this._plan(query, signal),
          signal
        ));
      return isSoon ? null : this._estimates.answer(query, atOnce, signal);
    });
  }

  estimateOverview(
    selection: ISelection,
    { signal }: { signal?: AbortSignal } = {}
  ): Promise<IOverview | null> {
    return this._explained(() => this._estimates.overview(selection, signal));
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
    const telling = this._estimates.tell(
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
          ({ engine }) => engine.overview(selection, rest),
          signal
        ))
      );
    } finally {
      telling.stop();
    }
  }

  async values(
    field: string,
    selection: ISelection,
    options: { contains?: string; limit?: number; signal?: AbortSignal } = {}
  ): Promise<IFrequentValue[]> {
    const { signal } = options;
    const plan = () => this._planner.values(field, selection, signal);
    const isThere =
      this.info.rows < WORTH_ESTIMATING ||
      this._pool.has(await this._explained(plan));
    return isThere
      ? this._with(
          plan,
          ({ engine }) => engine.values(field, selection, options),
          signal
        )
      : this._explained(() => this._frequent.values(field, selection, options));
  }

  async cost(
    queries: readonly IQuery[],
    { signal, onLacking }: ICostOptions = {}
  ): Promise<ICost> {
    try {
      const plans = await Promise.all(
        queries.map(query => this._plan(query, signal))
      );
      const lacking = plans.flatMap((plan, i) =>
        this._pool.has(plan) ? [] : [i]
      );
      if (lacking.length === 0) {
        return { bytes: 0, rows: 0, memory: 0 };
      }
      if (this.info.rows >= WORTH_ESTIMATING) {
        onLacking?.(lacking);
      }
      return await this._pool.cost(plans, signal);
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  async requests(last?: number): Promise<IRequestLog> {
    return this._client.requests.copy(last);
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
    if (this._pool.has(await this._planner.overview(selection, signal))) {
      // The days beside the period are there, too.
      return null;
    }
    const counted = await this._explained(() =>
      this._estimates.days(selection, signal)
    );
    if (!counted) {
      return null;
    }
    const { days } = counted;
    const found = await this._with(
      plan,
      ({ engine }) => engine.overview(selection, { ...options, days }),
      signal
    );
    // A field may be normalized, and then the server's condition is another one.
    return found.records === counted.inside ? found : null;
  }

  /** Do something; what fails is told to the user. */
  private async _explained<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  /** Put a question to an extract that has what it needs. */
  private _with<T>(
    plan: () => Promise<IExtractPlan>,
    act: (extract: Extract) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T> {
    return this._explained(() => this._pool.use(plan, act, signal));
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
          ...ignoredNotes(
            this._source,
            needs.map(({ name }) => name)
          ),
          ...(isLost
            ? [
                'The server lost the point in time; it was taken anew, and what had been read was still the same.'
              ]
            : [])
        ]
      }
    };
  }

  private readonly _planner: Planner;
  private readonly _frequent: FrequentValues;
  private readonly _estimates: Estimates;
  private readonly _pool: ExtractPool;
}
