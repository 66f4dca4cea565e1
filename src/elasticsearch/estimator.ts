import type { IAnswer, IEstimate, IProvenance } from '../workload/answer';
import { defaultQuestion } from '../workload/analyses';
import type { IQuery, ISelection } from '../workload/query';
import type { IOverview } from '../engine/engine';
import type { IEngineOptions } from '../engine/local-engine';
import { boundsOf } from '../engine/selection';
import { Extract, inner } from './extract';
import type { IIndexSource } from './index-source';
import { overviewLook } from './overview-look';
import type { Planner } from './planner';
import { quickLook } from './quick-look';
import type { SearchClient } from './search-client';
import type { Slicer } from './slicing';

/** Slices of a sample. */
const SAMPLED = 3;

/** Estimates answers: by sketches in one request, or from a sample of stretches of time. */
export class Estimator {
  constructor(
    private readonly _planner: Planner,
    private readonly _source: IIndexSource,
    private readonly _client: SearchClient,
    private readonly _slicer: Slicer,
    private readonly _options: IEngineOptions
  ) {}

  /** @returns null when there is no way to estimate an answer. */
  async estimate(query: IQuery, signal?: AbortSignal): Promise<IAnswer | null> {
    const began = performance.now();
    // Says what is wrong with the question.
    await this._planner.answer(query);
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

  /** Answer from some stretches of time, scaled to all: for counts of jobs, which seldom lie in two stretches. */
  private async _sample(
    query: IQuery,
    signal?: AbortSignal
  ): Promise<IAnswer | null> {
    const { analysis } = query;
    const isCorrelation =
      analysis === 'package-correlation' || analysis === 'package-affinity';
    if (!isCorrelation && analysis !== 'mkl-share') {
      return null;
    }
    const plan = await this._planner.answer(query);
    const { columns } = this._planner;
    const bounds = boundsOf(query.period, query.zone);
    const slices = await this._slicer.slices(
      plan.needs.flatMap(({ name }) => columns.get(name) ?? []),
      columns.get(plan.mapping.time?.[0] ?? '') ?? null
    );
    const all = slices.filter(
      ({ bounds: own }) =>
        !own || (own.to >= bounds.from && own.from < bounds.to)
    );
    const step = all.length / SAMPLED;
    const chosen = Array.from(
      { length: Math.min(SAMPLED, all.length) },
      (_, k) => all[Math.floor((k + 0.5) * Math.max(1, step))]
    ).map((slice, id) => ({ ...slice, id }));
    const documents = chosen.reduce((sum, { records }) => sum + records, 0);
    if (documents === 0 || all.length <= 2 * SAMPLED) {
      return null;
    }
    const extract = new Extract(plan, chosen, {
      source: this._source,
      client: this._client,
      columns,
      options: this._options
    });
    try {
      const { table, provenance } = await extract.engine.answer(
        inner(query, plan),
        { signal }
      );
      const { jobs } = provenance.population;
      const factor =
        all.reduce((sum, { records }) => sum + records, 0) / documents;
      return {
        table: {
          ...table,
          rows: table.rows.map(row =>
            Object.fromEntries(
              Object.entries(row).map(([name, cell]) => [
                name,
                provenance.counted.includes(name) || name.startsWith('jobs')
                  ? Math.round(Number(cell) * factor)
                  : cell
              ])
            )
          )
        },
        provenance: this._provenance(
          query,
          {
            counted: provenance.counted,
            population: {
              records: Math.round(provenance.population.records * factor),
              users: null,
              jobs: jobs === null ? null : Math.round(jobs * factor)
            },
            // Jobs of a stretch of time are more alike than jobs drawn by chance, so no formula of independent ones tells the error.
            estimate: { method: 'sample', error: null }
          },
          provenance.timing.read_ms
        )
      };
    } finally {
      extract.dispose();
    }
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
