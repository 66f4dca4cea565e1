import { ANALYSES, answerColumns, defaultQuestion } from '../workload/analyses';
import type { IAnswer, IProvenance } from '../workload/answer';
import { ENVIRONMENT_RULES } from '../workload/environment';
import type { IEnvironmentRule } from '../workload/environment';
import { ENVIRONMENT, mergeMapping } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { DefaultField, IQuery, ISelection } from '../workload/query';
import { answerTable, filtersOf } from './answers';
import type { IWorkload } from './answers';
import { tellsDays } from './distilled';
import type { IDataset, ISegment } from './dataset';
import { fieldColumns } from './dataset';
import type {
  IAnswerOptions,
  ICost,
  IEngine,
  IOverview,
  IOverviewOptions
} from './engine';
import { Condenser } from './condenser';
import type { KeyUnit } from './keys';
import { keepLatest } from './keep-latest';
import type { ILoader, ILoadOptions, INeed } from './loader';
import { checkMemory, memoryAfter } from './memory';
import {
  checkMapping,
  needsOf,
  overviewNeeds,
  segmentsInPeriod
} from './needs';
import type { INeeds } from './needs';
import { notesOf } from './notes';
import { overviewOf } from './overview';
import { MappedWorkload } from './mapped-workload';
import { WorkloadIndex } from './workload-index';

/** How an engine is set up. */
export interface IEngineOptions {
  /** Name and version of the program, for provenance. */
  readonly tool: string;
  readonly environments?: readonly IEnvironmentRule[];
  /** Most memory that the index may take, bytes. */
  readonly memory?: number;
  /**
   * Make room for an index that shares its memory with others.
   *
   * @param bytes What it is going to take.
   * @returns What it may take.
   */
  readonly makeRoom?: (bytes: number) => number;
  /** Rows are condensed when they come down to this share, lists included. */
  readonly worthWhile?: number;
  /** Condense rows when there is nothing to do, so that no question has to wait for it. */
  readonly anticipate?: boolean;
}

/** How the head of a board is asked for. */
export interface ILocalOverviewOptions extends IOverviewOptions {
  /** Records a day, where they are known: then nothing outside the period is read. */
  readonly days?: IOverview['days'];
}

/** Most memory of the index unless its user says otherwise, bytes. */
export const MEMORY = 6 * 2 ** 30;
/** Mappings whose keys, masks and populations are kept. */
const MOST_MAPPINGS = 3;
/** After so long without a first answer there is nothing to do, milliseconds. */
const IDLE = 300;
/** Share of time that partial answers may take. */
const PARTIAL_SHARE = 0.2;

/** Answers in the thread it is in; reading is the loader's business. */
export class LocalEngine implements IEngine {
  constructor(
    private readonly _dataset: IDataset,
    makeLoader: (index: WorkloadIndex) => ILoader,
    private readonly _options: IEngineOptions
  ) {
    this._index = new WorkloadIndex(_dataset);
    this._loader = makeLoader(this._index);
  }

  get info() {
    return this._dataset.info;
  }

  async answer(query: IQuery, options: IAnswerOptions = {}): Promise<IAnswer> {
    const began = performance.now();
    const workload = this._workload(query);
    const needs = needsOf(
      query,
      this._dataset,
      workload.mapping,
      workload.applicable
    );
    const segments = segmentsInPeriod(query, this._dataset, workload.mapping);
    const again = this._has(segments, needs);
    let next = 0;
    const { onPartial } = options;
    await this._load(workload.mapping, segments, needs, {
      ...options,
      onArrival:
        onPartial &&
        (complete => {
          const now = performance.now();
          if (now >= next) {
            onPartial(
              this._compute(query, workload, needs, complete, began, false)
            );
            next =
              performance.now() + (performance.now() - now) / PARTIAL_SHARE;
          }
        })
    });
    return this._compute(query, workload, needs, segments, began, again);
  }

  /**
   * Answer questions from some of the segments only, each from several sets of them.
   *
   * @returns By set, an answer to each question, which is `partial`.
   */
  async answersFrom(
    queries: readonly IQuery[],
    sets: readonly (readonly ISegment[])[],
    signal?: AbortSignal
  ): Promise<IAnswer[][]> {
    const began = performance.now();
    const asked = queries.map(query => {
      const workload = this._workload(query);
      const { mapping, applicable } = workload;
      const needs = needsOf(query, this._dataset, mapping, applicable);
      return { query, workload, needs };
    });
    const all = [...new Set(sets.flat())];
    for (const { workload, needs } of asked) {
      await this._load(workload.mapping, all, needs, { signal });
    }
    return sets.map(segments =>
      asked.map(({ query, workload, needs }) =>
        this._compute(query, workload, needs, segments, began, false)
      )
    );
  }

  async overview(
    selection: ISelection,
    { days, ...options }: ILocalOverviewOptions = {}
  ): Promise<IOverview> {
    const workload = this._workload(selection);
    const query = { ...selection, ...defaultQuestion('users') };
    const filters = filtersOf(query, workload);
    const { dataset } = this._index;
    const needs = overviewNeeds(selection, filters, dataset, workload.mapping);
    const { mapping } = workload;
    const inside = segmentsInPeriod(selection, dataset, mapping);
    // The days beside the period are shown too, so that it can be moved.
    const read = days === undefined ? dataset.segments : inside;
    const again = this._has(read, needs);
    await this._load(mapping, read, needs, options);
    this._prepare(workload, read, needs.units);
    const always = { ...selection, period: { from: null, to: null } };
    return overviewOf(
      selection,
      filters,
      {
        user: mapping.user !== undefined,
        job: mapping.job !== undefined,
        package: mapping.package !== undefined,
        time:
          mapping.time !== undefined &&
          tellsDays(dataset.info.distilled, mapping, selection.zone)
      },
      this._drawOn(query, workload, needs, inside, again),
      days ?? workload.on(dataset.segments, always, true)
    );
  }

  async values(
    field: string,
    selection: ISelection,
    options: { contains?: string; limit?: number; signal?: AbortSignal } = {}
  ): Promise<{ value: string; records: number }[]> {
    const workload = this._workload(selection);
    const { mapping } = workload;
    const derived = field === ENVIRONMENT && !this._dataset.columns.has(field);
    const [first, ...others] = derived
      ? [mapping.executable?.[0] ?? '', ...(mapping.is_container ?? [])]
      : fieldColumns(field, mapping).slice(0, 1);
    if (!this._dataset.columns.has(first)) {
      return [];
    }
    const needs = [first, ...others, ...(mapping.count ?? [])].map(
      name => ({ name, form: 'codes' }) as const
    );
    await this._load(
      mapping,
      this._dataset.segments,
      { columns: needs, units: [] },
      options
    );
    return workload.values(field, this._dataset.segments, options);
  }

  async cost(queries: readonly IQuery[]): Promise<ICost> {
    const needs = new Map<string, INeed>();
    const segments = new Set<ISegment>();
    let { mapping } = this._dataset;
    for (const query of queries) {
      const workload = this._workload(query);
      const { columns } = needsOf(
        query,
        this._dataset,
        workload.mapping,
        workload.applicable
      );
      mapping = workload.mapping;
      columns.forEach(need => needs.set(`${need.form}/${need.name}`, need));
      segmentsInPeriod(query, this._dataset, workload.mapping).forEach(s =>
        segments.add(s)
      );
    }
    const all = [...needs.values()];
    return {
      ...this._loader.cost([...segments], all),
      memory: memoryAfter(this._index, mapping, [...segments], all)
    };
  }

  async requests() {
    return [];
  }

  async estimate(): Promise<null> {
    return null;
  }

  async estimateOverview(): Promise<null> {
    return null;
  }

  quiet(): void {
    // Nothing is fetched ahead of questions.
  }

  /** Memory of what has arrived, bytes. */
  get bytes(): number {
    return this._index.bytes;
  }

  dispose(): void {
    this._loader.dispose();
    this._workloads.clear();
    this._condensers = new WeakMap();
    this._disposed = true;
    clearTimeout(this._timer);
  }

  private async _load(
    mapping: Mapping,
    segments: readonly ISegment[],
    { columns }: INeeds,
    options: ILoadOptions
  ): Promise<void> {
    const { memory = MEMORY, makeRoom } = this._options;
    const limit =
      makeRoom?.(memoryAfter(this._index, mapping, segments, columns)) ??
      memory;
    checkMemory(this._index, mapping, segments, columns, limit);
    await this._loader.load(segments, columns, options);
  }

  private _compute(
    query: IQuery,
    workload: MappedWorkload,
    needs: INeeds,
    segments: readonly ISegment[],
    began: number,
    again: boolean
  ): IAnswer {
    const read = performance.now();
    const wanted = segmentsInPeriod(query, this._dataset, workload.mapping);
    const partial = segments.length < wanted.length;
    this._prepare(workload, segments, needs.units);
    const drawn = partial
      ? workload.on(segments, query, false)
      : this._drawOn(query, workload, needs, segments, again);
    const { table, population } = answerTable(query, drawn);
    const { info } = this._dataset;
    const span = needs.columns.some(({ form }) => form === 'seconds')
      ? workload.span(segments, query)
      : null;
    const provenance: IProvenance = {
      version: 1,
      tool: this._options.tool,
      query,
      mapping: workload.mapping,
      filters: filtersOf(query, workload),
      source: {
        files: info.files,
        bytes: info.bytes,
        rows: info.rows,
        modified: info.modified,
        index: info.index?.expression ?? null
      },
      counted: countedColumns(query),
      population: {
        records: population.total('record'),
        users: needs.units.includes('user') ? population.total('user') : null,
        jobs: needs.units.includes('job') ? population.total('job') : null
      },
      span: span && { from: rfc3339(span.from), to: rfc3339(span.to) },
      exact: true,
      estimate: null,
      partial,
      rows_read: recordsOf(segments),
      rows_skipped: info.rows - recordsOf(wanted),
      rows_condensed: drawn.condensed,
      bytes_read: this._loader.bytesRead,
      pages: { ...this._index.pages },
      jobs_with_differing_nodes:
        ANALYSES[query.analysis].needs.includes('nodes') && workload.mapping.job
          ? population.nodeCounts().differing
          : null,
      notes: notesOf(query, workload, needs, this._index),
      timing: { read_ms: read - began, answer_ms: performance.now() - read }
    };
    return { table, provenance };
  }

  /**
   * What a question about segments that have all arrived draws on: for the first time the rows, then rows put together.
   */
  private _drawOn(
    query: IQuery,
    workload: MappedWorkload,
    needs: INeeds,
    segments: readonly ISegment[],
    again: boolean
  ): IWorkload {
    let condenser = this._condensers.get(workload);
    if (!condenser) {
      const { worthWhile } = this._options;
      condenser = new Condenser(workload, this._index, worthWhile);
      this._condensers.set(workload, condenser);
    }
    const { anticipate = false } = this._options;
    const condensed = again
      ? condenser.get(query, needs, segments, !anticipate)
      : null;
    if (condensed) {
      return condensed.workload.on([condensed.segment], query, true);
    }
    if (!again) {
      condenser.note(query, needs, segments);
    }
    if (anticipate) {
      this._anticipate(condenser);
    }
    return workload.on(segments, query, true);
  }

  /** Whether all that a question reads has arrived. */
  private _has(segments: readonly ISegment[], { columns }: INeeds): boolean {
    return segments.every(segment =>
      columns.every(({ name, form }) => this._index.has(segment, name, form))
    );
  }

  private _prepare(
    workload: MappedWorkload,
    segments: readonly ISegment[],
    units: readonly KeyUnit[]
  ): void {
    if (workload.prepare(segments, units)) {
      this._condensers.delete(workload);
    }
  }

  /** Condense rows once there is nothing else to do, with room for questions between the steps. */
  private _anticipate(condenser: Condenser): void {
    if (this._condensing || this._disposed) {
      return;
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      if (!this._loader.idle) {
        return;
      }
      const steps = condenser.anticipate();
      const go = () => {
        // Whatever fails is not under way any more.
        this._condensing = false;
        this._condensing = !steps.next().done;
        if (this._condensing) {
          this._timer = setTimeout(go);
        }
      };
      go();
    }, IDLE);
  }

  /** The state of a mapping; made once for each. */
  private _workload(selection: ISelection): MappedWorkload {
    const mapping: Mapping = mergeMapping(
      this._dataset.mapping,
      selection.mapping
    );
    const key = JSON.stringify(mapping);
    let workload = this._workloads.get(key);
    if (!workload) {
      checkMapping(mapping, this._dataset);
      const applicable: DefaultField[] = [];
      for (const field of ['is_staff', 'is_compute'] as const) {
        if (mapping[field]) {
          applicable.push(field);
        }
      }
      workload = new MappedWorkload(
        this._index,
        mapping,
        applicable,
        this._options.environments ?? ENVIRONMENT_RULES
      );
    }
    keepLatest(this._workloads, key, workload, MOST_MAPPINGS);
    return workload;
  }

  private readonly _index: WorkloadIndex;
  private readonly _loader: ILoader;
  private readonly _workloads = new Map<string, MappedWorkload>();
  private _disposed = false;
  private _condensing = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _condensers = new WeakMap<MappedWorkload, Condenser>();
}

/** Columns of an answer that hold counts. */
export function countedColumns(query: IQuery): string[] {
  const counts =
    /^(records|processes|users|jobs|job_packages|user_packages|jobs_both|jobs_a|jobs_b|eligible_jobs|mkl_jobs)$/;
  return answerColumns(query).filter(name => counts.test(name));
}

function recordsOf(segments: readonly ISegment[]): number {
  return segments.reduce((sum, { records }) => sum + records, 0);
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
