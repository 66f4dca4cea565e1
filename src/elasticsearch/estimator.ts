import type { IAnswer, IEstimate, IProvenance } from '../workload/answer';
import { defaultQuestion } from '../workload/analyses';
import type { IQuery, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import { countedColumns } from '../engine/local-engine';
import type { IEngineOptions } from '../engine/local-engine';
import { boundsOf } from '../engine/selection';
import { inner, slicesWithin } from './extract';
import type { ExtractPool } from './extract-pool';
import type { IIndexSource } from './index-source';
import { daysLook, overviewLook } from './overview-look';
import type { ICountedDays } from './overview-look';
import type { Planner } from './planner';
import { quickLook } from './quick-look';
import type { SearchClient } from './search-client';
import { sampleAnswer, sampleQuestions } from './sample-answer';

/** Estimates answers: by sketches in one request, or from a sample of stretches of time. */
export class Estimator {
  constructor(
    private readonly _planner: Planner,
    private readonly _source: IIndexSource,
    private readonly _client: SearchClient,
    private readonly _pool: ExtractPool,
    private readonly _options: IEngineOptions
  ) {}

  /** @returns null when there is no way to estimate an answer. */
  async estimate(query: IQuery, signal?: AbortSignal): Promise<IAnswer | null> {
    const began = performance.now();
    // Says what is wrong with the question.
    await this._planner.answer(query, signal);
    const look = quickLook(
      query,
      this._planner.filters(query),
      this._planner.columns,
      this._planner.mapping(query),
      this._source.info
    );
    if (!look) {
      return this._sample(query, signal);
    }
    const { table, ...about } = look.read(
      await this._source.point.search(
        look.body,
        `quick look: ${query.analysis}`,
        signal
      )
    );
    return {
      table,
      provenance: this._provenance(query, about, performance.now() - began)
    };
  }

  /**
   * The head of a board by sketches.
   *
   * @returns null when there is no way to estimate it.
   */
  async overview(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IOverview | null> {
    const look = overviewLook(
      selection,
      this._planner.filters({ ...selection, ...defaultQuestion('users') }),
      this._planner.columns,
      this._planner.mapping(selection)
    );
    if (!look) {
      return null;
    }
    return look.read(
      await this._source.point.search(
        look.body,
        'quick look: users, jobs, packages, days',
        signal
      )
    );
  }

  /**
   * Records a day, inside the period and beside it.
   *
   * @returns null when the server cannot count them.
   */
  async days(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<ICountedDays | null> {
    const look = daysLook(
      selection,
      this._planner.filters({ ...selection, ...defaultQuestion('users') }),
      this._planner.columns,
      this._planner.mapping(selection)
    );
    if (!look) {
      return null;
    }
    const { point } = this._source;
    return look.read(await point.search(look.body, 'records by day', signal));
  }

  /** Answer from some stretches of time, which the exact answer needs as well: for numbers of jobs that no sketch tells. */
  private async _sample(
    query: IQuery,
    signal?: AbortSignal
  ): Promise<IAnswer | null> {
    const began = performance.now();
    const questions = sampleQuestions(query, this._planner.filters(query));
    if (!questions || this._planner.mapping(query).count) {
      return null;
    }
    const within = boundsOf(query.period, query.zone);
    const found = await this._pool.use(
      async () => ({
        ...(await this._planner.answer(query, signal)),
        within
      }),
      async extract => {
        const { engine, plan, slices } = extract;
        const sample = extract.sample(slicesWithin(slices, { within }), within);
        if (!sample) {
          return null;
        }
        const sets = sample.pairs.flatMap(pair => {
          const [one, next] = pair.map(({ id }) => slices[id]);
          return [[one, next], [one], [next]];
        });
        const answers = await engine.answersFrom(
          questions.map(question => inner(question, plan)),
          sets,
          signal
        );
        const byPair = sample.pairs.map(
          (_, k) =>
            [answers[3 * k], answers[3 * k + 1], answers[3 * k + 2]] as const
        );
        return sampleAnswer(query, byPair, sample.factor);
      },
      signal
    );
    if (!found) {
      return null;
    }
    const { table, ...about } = found;
    const counted = countedColumns(query);
    return {
      table,
      provenance: this._provenance(
        query,
        { counted, ...about },
        performance.now() - began
      )
    };
  }

  private _provenance(
    query: IQuery,
    about: Pick<IProvenance, 'counted' | 'population'> & {
      readonly estimate: IEstimate;
    },
    milliseconds: number
  ): IProvenance {
    const { info } = this._source;
    return {
      version: 1,
      tool: this._options.tool,
      query,
      mapping: this._planner.mapping(query),
      filters: this._planner.filters(query),
      source: {
        files: 0,
        bytes: 0,
        rows: info.rows,
        modified: null,
        index: info.index?.expression ?? null
      },
      counted: about.counted,
      population: about.population,
      span: null,
      exact: false,
      estimate: about.estimate,
      partial: false,
      rows_read: 0,
      rows_skipped: 0,
      rows_condensed: null,
      bytes_read: this._client.bytes,
      pages: { fast: 0, slow: 0, checked: 0 },
      jobs_with_differing_nodes: null,
      notes: [],
      timing: { read_ms: milliseconds, answer_ms: 0 }
    };
  }
}
