import type { IAnswer } from '../workload/answer';
import type { IQuery, ISelection } from '../workload/query';
import type {
  IAnswerOptions,
  ICost,
  IDatasetInfo,
  IEngine,
  IOverview,
  IRequestRecord
} from '../engine/engine';
import type { INeed } from '../engine/loader';
import type { IEngineOptions } from '../engine/local-engine';
import { ESQL_ROWS } from './esql';
import { Estimator } from './estimator';
import { Extract, inner, SeveralValues, sharesExtract } from './extract';
import type { IExtractPlan } from './extract';
import { asEngineError } from './failure';
import { openIndices } from './index-source';
import type { IIndexSource } from './index-source';
import { Planner } from './planner';
import type { SearchClient } from './search-client';
import type { ISlice } from './slices';
import { sliceIndices, wholeSlice } from './slicing';

/** Extracts that are kept. */
const MOST_EXTRACTS = 2;
/** With fewer documents the exact answer is there as soon as an estimate would be. */
const WORTH_ESTIMATING = 100_000;
/** Bytes of memory that a value takes, roughly. */
const BYTES_A_VALUE = 4;

/** Roles whose columns have too many different values to be fetched at once. */
const MANY_VALUED = ['job', 'process', 'time', 'executable', 'main'] as const;

export interface IElasticOptions extends IEngineOptions {
  /**
   * Fetch at once what the next questions are likely to need, rather than as little as possible. A panel does; the command line, which
   * asks one question, has the server apply conditions instead.
   */
  readonly anticipate?: boolean;
}

/**
 * Answers questions about some indices of Elasticsearch, exactly: it fetches the distinct tuples of the columns that questions need,
 * each with its number of documents, in slices by time inside one point in time, and counts as from a file. What was fetched once
 * serves all later questions about the same columns.
 */
export class ElasticEngine implements IEngine {
  private constructor(
    private readonly _client: SearchClient,
    private readonly _source: IIndexSource,
    private readonly _options: IElasticOptions
  ) {
    this._planner = new Planner(_source, !_options.anticipate);
    this._estimator = new Estimator(this._planner, _source, _client, _options);
    _source.point.read = () =>
      this._extracts.flatMap(({ read }) =>
        read.map(({ condition, records }) => ({
          condition,
          documents: records
        }))
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
    const estimated = this._estimateWhile(query, options);
    try {
      return await this._with(
        () => this._planner.answer(query),
        async ({ engine, plan }) => {
          const answer = await engine.answer(inner(query, plan), {
            ...options,
            onPartial:
              options.onPartial &&
              (partial => estimated.partial(this._outer(query, partial)))
          });
          return this._outer(query, answer);
        },
        options.signal
      );
    } finally {
      estimated.stop();
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

  overview(
    selection: ISelection,
    options: Omit<IAnswerOptions, 'onPartial'> = {}
  ): Promise<IOverview> {
    return this._with(
      () => this._planner.overview(selection),
      ({ engine, plan }) => engine.overview(inner(selection, plan), options),
      options.signal
    );
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
    if (plans.every(plan => this._covering(plan))) {
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
    this._disposed = true;
    this._drop(this._extracts);
    await this._source.point.close();
  }

  /** Do something with an extract that has what a plan needs; anew when columns turn out to be lists. */
  private async _with<T>(
    plan: () => Promise<IExtractPlan>,
    use: (extract: Extract) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T> {
    for (;;) {
      let extract: Extract | null = null;
      try {
        extract = await this._extractFor(await plan(), signal);
        extract.users++;
        return await use(extract);
      } catch (error) {
        if (!(error instanceof SeveralValues)) {
          throw asEngineError(error, this._client.indices);
        }
        this._planner.makeLists(error.columns);
        // What was read of them as single values serves nobody any more.
        this._drop(this._extracts);
      } finally {
        if (extract) {
          extract.users--;
        }
        this._tidy();
      }
    }
  }

  /** An extract that covers a plan: one that is there, or a new one for all plans of this moment. */
  private async _extractFor(
    plan: IExtractPlan,
    signal?: AbortSignal
  ): Promise<Extract> {
    const known = this._covering(plan);
    if (known) {
      return known;
    }
    this._waiting.push(plan);
    this._gathering ??= new Promise(resolve => setTimeout(resolve)).then(() => {
      this._gathering = null;
      return this._fetchFor(this._waiting.splice(0));
    });
    await this._gathering;
    signal?.throwIfAborted();
    return this._covering(plan) ?? this._extractFor(plan, signal);
  }

  private _covering(plan: IExtractPlan): Extract | undefined {
    return this._extracts.find(extract => extract.covers(plan));
  }

  /** Begin extracts for some plans: one for all that can share it. */
  private async _fetchFor(plans: readonly IExtractPlan[]): Promise<void> {
    const [first] = plans;
    const alike = plans.filter(plan => sharesExtract(plan, first));
    const needs = unique([
      ...alike.flatMap(plan => plan.needs),
      ...(this._options.anticipate ? this._planner.usual(first.mapping) : [])
    ]);
    const plan = this._planner.plan(needs, first.mapping, first.condition);
    const slices = await this._slices(plan);
    if (this._disposed) {
      return;
    }
    this._extracts.unshift(
      new Extract(plan, slices, {
        source: this._source,
        client: this._client,
        columns: new Map(this._planner.columns),
        options: this._options
      })
    );
    const others = plans.filter(plan => !alike.includes(plan));
    if (others.length > 0) {
      await this._fetchFor(others);
    }
  }

  /** The pieces to fetch for a plan: all at once where there is little, stretches of time otherwise. */
  private async _slices(plan: IExtractPlan): Promise<readonly ISlice[]> {
    const { point, indices } = this._source;
    const { columns } = this._planner;
    const wanted = plan.needs.flatMap(({ name }) => columns.get(name) ?? []);
    const many = new Set(MANY_VALUED.flatMap(role => plan.mapping[role] ?? []));
    const isSmall =
      !this._options.anticipate &&
      !plan.byDocument &&
      !wanted.some(({ name }) => many.has(name));
    const whole = isSmall
      ? await wholeSlice(point, wanted, indices, plan.condition, ESQL_ROWS)
      : null;
    const time = columns.get(plan.mapping.time?.[0] ?? '') ?? null;
    return whole ? [whole] : sliceIndices(point, wanted, indices, time);
  }

  /** Let go of extracts that later ones have outdone. */
  private _tidy(): void {
    this._drop(
      this._extracts.slice(MOST_EXTRACTS).filter(({ users }) => users === 0)
    );
  }

  private _drop(extracts: readonly Extract[]): void {
    for (const extract of [...extracts]) {
      this._extracts.splice(this._extracts.indexOf(extract), 1);
      extract.dispose();
    }
  }

  /** An answer of an extract, as an answer to the question that was asked. */
  private _outer(query: IQuery, { table, provenance }: IAnswer): IAnswer {
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
          ...(isLost
            ? [
                'The server lost the point in time; it was taken anew, and what had been read was still the same.'
              ]
            : [])
        ]
      }
    };
  }

  /** Tell an estimate while the exact answer is awaited; from then on no partial answers, which would tell less. */
  private _estimateWhile(
    query: IQuery,
    { onPartial, signal }: IAnswerOptions
  ): { partial: (answer: IAnswer) => void; stop: () => void } {
    let open = onPartial !== undefined;
    let shown = false;
    const begin = async () => {
      const known = this._covering(await this._planner.answer(query));
      const answer = known?.isComplete
        ? null
        : await this.estimate(query, signal);
      if (open && answer) {
        shown = true;
        onPartial?.(answer);
      }
    };
    if (open && this.info.rows >= WORTH_ESTIMATING) {
      // The exact answer says what is wrong.
      begin().catch(() => undefined);
    }
    return {
      partial: answer => {
        if (open && !shown) {
          onPartial?.(answer);
        }
      },
      stop: () => {
        open = false;
      }
    };
  }

  private readonly _planner: Planner;
  private readonly _estimator: Estimator;
  private readonly _extracts: Extract[] = [];
  private readonly _waiting: IExtractPlan[] = [];
  private _gathering: Promise<void> | null = null;
  private _disposed = false;
}

function unique(needs: readonly INeed[]): INeed[] {
  return [
    ...new Map(needs.map(need => [`${need.form}/${need.name}`, need])).values()
  ];
}
