import type { IAnswer, IEstimate, IProvenance } from '../workload/answer';
import { defaultQuestion } from '../workload/analyses';
import type { IQuery, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import type { INeed } from '../engine/loader';
import { countedColumns } from '../engine/provenance';
import type { IEngineOptions } from '../engine/local-engine';
import { boundsOf } from '../engine/selection';
import { SeveralValues, slicesWithin } from './extract';
import type { ExtractPool } from './extract-pool';
import { ElasticFailure } from './failure';
import { lookChecks, negatedCheck } from './look-checks';
import type { IIndexSource } from './index-source';
import { daysLook, overviewLook } from './overview-look';
import type { ICountedDays, ILook, MakeLook } from './overview-look';
import type { Planner } from './planner';
import { MOST_NAMES } from './quick-levels';
import { quickLook } from './quick-look';
import type { IQuickAnswer } from './quick-look';
import type { ISearchBody } from './protocol';
import type { SearchClient } from './search-client';
import { sampleAnswer, sampleQuestions } from './sample-answer';
import { SharedWork } from './shared-work';

/** Names are asked for down to this number, by so many times fewer each time, when there are too many groups. */
const LEAST_NAMES = 8;
const FEWER = 5;
/** Negated conditions of which is kept whether they mean more than they name. */
const MOST_NEGATED = 100;

/** Estimates answers: by sketches in one request, or from a sample of stretches of time. */
export class Estimator {
  constructor(
    private readonly _planner: Planner,
    private readonly _source: IIndexSource,
    private readonly _client: SearchClient,
    private readonly _pool: ExtractPool,
    private readonly _options: IEngineOptions
  ) {}

  /**
   * @param atOnce Only by sketches, not from a sample.
   * @returns null when there is no way to estimate an answer.
   */
  async estimate(
    query: IQuery,
    atOnce: boolean,
    signal?: AbortSignal
  ): Promise<IAnswer | null> {
    const began = performance.now();
    // Says what is wrong with the question.
    const { needs } = await this._planner.answer(query, signal);
    const found = await this._sketch(query, needs, signal);
    if (found instanceof SeveralValues) {
      this._planner.makeLists(found.columns);
      return this.estimate(query, atOnce, signal);
    }
    if (!found) {
      return atOnce ? null : this._sample(query, signal);
    }
    const { table, ...about } = found;
    return {
      table,
      provenance: this._provenance(query, about, performance.now() - began)
    };
  }

  /** Answer by sketches, of fewer names where the server does not allow so many groups; null where sketches cannot tell. */
  private async _sketch(
    query: IQuery,
    needs: readonly INeed[],
    signal?: AbortSignal
  ): Promise<IQuickAnswer | SeveralValues | null> {
    for (let names = MOST_NAMES; names >= LEAST_NAMES; names /= FEWER) {
      const look = quickLook(
        query,
        this._planner.filters(query),
        this._planner.columns,
        this._planner.mapping(query),
        this._source.info,
        names
      );
      if (!look) {
        return null;
      }
      const purpose = `quick look: ${query.analysis}`;
      try {
        return await this._checked(query, needs, look, purpose, signal, 1);
      } catch (error) {
        if (
          !(error instanceof ElasticFailure) ||
          error.kind !== 'too-many-buckets'
        ) {
          throw error;
        }
      }
    }
    return null;
  }

  /**
   * Ask the server, and find out whether it tells of the documents that the exact answer is about.
   *
   * @param tries How often a request is sent again at most; without it, as often as exact answers need.
   * @returns null where it tells of others.
   */
  private async _checked<T>(
    query: IQuery,
    needs: readonly INeed[],
    look: ILook<T>,
    purpose: string,
    signal?: AbortSignal,
    tries?: number
  ): Promise<T | SeveralValues | null> {
    const filters = this._planner.filters(query);
    const { columns } = this._planner;
    const mapping = this._planner.mapping(query);
    const names = [...new Set(needs.map(({ name }) => name))];
    const checks = lookChecks(names, filters, columns, mapping);
    const isLook = tries !== undefined;
    const ask = (body: ISearchBody, why: string, until?: AbortSignal) => {
      const search = () =>
        this._source.point.search(body, why, until, isLook, tries);
      return isLook ? this._pool.lanes.yieldTo(search) : search();
    };
    const negated = negatedCheck(filters, columns, mapping);
    const aggs = { ...look.body.aggs, ...checks.aggs };
    const [answer, leavesOutOthers] = await Promise.all([
      ask({ ...look.body, aggs }, purpose, signal),
      negated
        ? this._negated.get(
            JSON.stringify(negated.body),
            async until =>
              negated.read(
                await ask(negated.body, 'whether conditions mean more', until)
              ),
            signal
          )
        : false
    ]);
    const { several, choosesOthers } = checks.read(answer);
    if (several.length > 0) {
      return new SeveralValues(several);
    }
    return choosesOthers || leavesOutOthers ? null : look.read(answer);
  }

  /**
   * The head of a board by sketches.
   *
   * @returns null when there is no way to estimate it.
   */
  overview(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IOverview | null> {
    return this._head(
      overviewLook,
      'quick look: users, jobs, packages, days',
      selection,
      signal,
      1
    );
  }

  /**
   * Records a day, inside the period and beside it.
   *
   * @returns null when the server cannot count them.
   */
  days(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<ICountedDays | null> {
    return this._head(daysLook, 'records by day', selection, signal);
  }

  /** Ask the server about the head of a board. */
  private async _head<T>(
    makeLook: MakeLook<T>,
    purpose: string,
    selection: ISelection,
    signal?: AbortSignal,
    tries?: number
  ): Promise<T | null> {
    // Says what is wrong with the question.
    const { needs } = await this._planner.overview(selection, signal);
    const query = { ...selection, ...defaultQuestion('users') };
    const look = makeLook(
      selection,
      this._planner.filters(query),
      this._planner.columns,
      this._planner.mapping(selection)
    );
    if (!look) {
      return null;
    }
    const found = await this._checked(
      query,
      needs,
      look,
      purpose,
      signal,
      tries
    );
    if (found instanceof SeveralValues) {
      this._planner.makeLists(found.columns);
      return this._head(makeLook, purpose, selection, signal, tries);
    }
    return found;
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
        const { engine, slices } = extract;
        const sample = extract.sample(slicesWithin(slices, { within }), within);
        if (!sample) {
          return null;
        }
        const sets = sample.pairs.flatMap(pair => {
          const [one, next] = pair.map(({ id }) => slices[id]);
          return [[one, next], [one], [next]];
        });
        const answers = await engine.answersFrom(questions, sets, signal);
        const byPair = sample.pairs.map(
          (_, k) =>
            [answers[3 * k], answers[3 * k + 1], answers[3 * k + 2]] as const
        );
        return sampleAnswer(query, byPair, sample.factor);
      },
      signal,
      true
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

  private readonly _negated = new SharedWork<boolean>(MOST_NEGATED);
}
