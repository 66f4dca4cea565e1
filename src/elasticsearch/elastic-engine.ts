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
import { Estimator } from './estimator';
import { inner } from './extract';
import type { Extract, IExtractPlan } from './extract';
import { ExtractPool } from './extract-pool';
import type { IPoolOptions } from './extract-pool';
import { asEngineError } from './failure';
import { openIndices } from './index-source';
import type { IIndexSource } from './index-source';
import { Planner } from './planner';
import type { SearchClient } from './search-client';
import { Slicer } from './slicing';

/** With fewer documents the exact answer is there as soon as an estimate would be. */
const WORTH_ESTIMATING = 100_000;
/** Bytes of memory that a value takes, roughly. */
const BYTES_A_VALUE = 4;

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
    this._estimator = new Estimator(
      this._planner,
      _source,
      _client,
      slicer,
      options
    );
    this._pool = new ExtractPool(
      _source,
      _client,
      this._planner,
      slicer,
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
      () => this._planner.answer(query),
      () => this.estimate(query, signal)
    );
    try {
      return await this._with(
        () => this._planner.answer(query),
        async ({ engine, plan }) => {
          const { needs } = await this._planner.answer(query);
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

  /**
   * Estimate an answer.
   *
   * @returns null when there is no way to estimate it.
   */
  async estimate(query: IQuery, signal?: AbortSignal): Promise<IAnswer | null> {
    try {
      return await this._estimator.estimate(query, signal);
    } catch (error) {
      throw asEngineError(error, this._client.indices);
    }
  }

  async overview(
    selection: ISelection,
    options: IOverviewOptions = {}
  ): Promise<IOverview> {
    const { onEstimate, ...rest } = options;
    const telling = this._tellEstimate(
      onEstimate,
      () => this._planner.overview(selection),
      () => this._estimator.overview(selection, options.signal)
    );
    try {
      return await this._with(
        () => this._planner.overview(selection),
        ({ engine, plan }) => engine.overview(inner(selection, plan), rest),
        options.signal
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
      () => this._planner.values(field, selection),
      ({ engine, plan }) =>
        engine.values(field, inner(selection, plan), options),
      options.signal
    );
  }

  async cost(queries: readonly IQuery[]): Promise<ICost> {
    const plans = await Promise.all(
      queries.map(query => this._planner.answer(query))
    );
    if (plans.every(plan => this._pool.covering(plan))) {
      return { bytes: 0, rows: 0, memory: 0 };
    }
    const names = new Set(
      plans.flatMap(({ needs }) => needs.map(({ name }) => name))
    );
    const bytes = this.info.rows * names.size * BYTES_A_VALUE;
    return { bytes, rows: this.info.rows, memory: 2 * bytes };
  }

  async requests(): Promise<readonly IRequestRecord[]> {
    return this._client.log.map(record => ({ ...record }));
  }

  dispose(): void {
    void this.close();
  }

  /** Let go of everything; resolves when the server knows. */
  async close(): Promise<void> {
    this._pool.dispose();
    await this._source.point.close();
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

  /** Tell an estimate while the exact answer is awaited, unless that is there at once. */
  private _tellEstimate<T>(
    tell: ((estimate: T) => void) | undefined,
    plan: () => Promise<IExtractPlan>,
    estimate: () => Promise<T | null>
  ): { hasTold: () => boolean; stop: () => void } {
    let open = tell !== undefined && this.info.rows >= WORTH_ESTIMATING;
    let told = false;
    const begin = async () => {
      const isThere = this._pool.covering(await plan())?.isComplete;
      const found = isThere ? null : await estimate();
      if (open && found !== null) {
        told = true;
        tell?.(found);
      }
    };
    if (open) {
      // The exact answer says what is wrong.
      begin().catch(() => undefined);
    }
    return {
      hasTold: () => told,
      stop: () => {
        open = false;
      }
    };
  }

  private readonly _planner: Planner;
  private readonly _estimator: Estimator;
  private readonly _pool: ExtractPool;
}
