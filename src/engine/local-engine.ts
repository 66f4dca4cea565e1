import { defaultQuestion } from '../workload/analyses';
import type { IAnswer } from '../workload/answer';
import { ENVIRONMENT_RULES } from '../workload/environment';
import type { IEnvironmentRule } from '../workload/environment';
import { ENVIRONMENT, mergeMapping } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { DefaultField, IQuery, ISelection } from '../workload/query';
import { answerTable, filtersOf } from './answers';
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
import { NO_REQUESTS } from './engine';
import { Condensing } from './condensing';
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
import { overviewOf } from './overview';
import { MappedWorkload } from './mapped-workload';
import { provenanceOf } from './provenance';
import { WorkloadIndex } from './workload-index';

/** How an engine is set up. */
export interface IEngineOptions extends Condensing.IOptions {
  /** Name and version of the program, for provenance. */
  readonly tool: string;
  readonly environments?: readonly IEnvironmentRule[];
  /** Most memory that the index may take, bytes. */
  readonly memory?: number;
  /** Where the index shares its memory with others; then that is the bound. */
  readonly shared?: ISharedMemory;
}

/** Memory that several indices share, for one of them. */
export interface ISharedMemory {
  /** What it may take at most, bytes. */
  readonly most: () => number;
  /**
   * Make room for what it is going to take.
   *
   * @param bytes All of it.
   * @returns To be called when it has taken that, or never will.
   */
  readonly reserve: (bytes: number) => () => void;
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
    this._condensing = new Condensing(
      this._index,
      () => this._loader.idle,
      _options
    );
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
      this._condensing.drawOn(query, workload, needs, inside, again),
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
    return NO_REQUESTS;
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
    this._condensing.dispose();
  }

  private async _load(
    mapping: Mapping,
    segments: readonly ISegment[],
    { columns }: INeeds,
    options: ILoadOptions
  ): Promise<void> {
    const { memory = MEMORY, shared } = this._options;
    const limit = shared?.most() ?? memory;
    const bytes = checkMemory(this._index, mapping, segments, columns, limit);
    const release = shared?.reserve(bytes);
    try {
      await this._loader.load(segments, columns, options);
    } finally {
      release?.();
    }
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
      : this._condensing.drawOn(query, workload, needs, segments, again);
    const { table, population } = answerTable(query, drawn);
    const provenance = provenanceOf(
      query,
      { workload, needs, segments, wanted, drawn, population },
      {
        tool: this._options.tool,
        info: this._dataset.info,
        index: this._index,
        bytesRead: this._loader.bytesRead
      },
      { began, read }
    );
    return { table, provenance };
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
      this._condensing.forget(workload);
    }
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
  private readonly _condensing: Condensing;
}
