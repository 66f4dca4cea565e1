import type { IDataset, ISegment, ITimeBounds } from '../engine/dataset';
import { EngineError } from '../engine/engine';
import type { INeed } from '../engine/loader';
import { LocalEngine } from '../engine/local-engine';
import type { IEngineOptions } from '../engine/local-engine';
import type { IColumn, Mapping } from '../workload/fields';
import type { IDocumentColumn } from './documents';
import type { IIndexColumn } from './fields';
import { holdsSeveral, severalOfAll, suitedMapping } from './index-source';
import type { IIndexSource } from './index-source';
import type { KeptExtracts } from './kept-extracts';
import type { Lanes } from './lanes';
import type { PointInTime } from './point-in-time';
import type { Condition } from './protocol';
import { readByEsql, readDocuments, readTuples } from './read-slice';
import type { SearchClient } from './search-client';
import { samplePairs } from './sample';
import type { ISample } from './sample';
import { SampledFirst } from './sampled-first';
import { SliceLoader } from './slice-loader';
import type { ILoadedSlice } from './slice-loader';
import { allOf } from './slices';
import type { ISlice } from './slices';
import { DOCUMENTS } from './tuples';
import type { IArrived } from './tuples';

const EVER: ITimeBounds = { from: -Infinity, to: Infinity };

/** What is fetched from some indices, to answer questions from it. */
export interface IExtractPlan {
  readonly needs: readonly INeed[];
  /** The mapping of whoever asks. */
  readonly mapping: Mapping;
  /** Conditions that all questions share and the server applies; null for none. */
  readonly condition: Condition | null;
  /** Documents one by one, because a column holds lists; otherwise distinct tuples with a count. */
  readonly byDocument: boolean;
  /** The time asked about, epoch seconds, half-open; all of it where none is given. */
  readonly within?: ITimeBounds;
}

/** Slices that have something of the time that a plan asks about. */
export function slicesWithin<T extends ISlice>(
  slices: readonly T[],
  { within }: Pick<IExtractPlan, 'within'>
): readonly T[] {
  return within
    ? slices.filter(
        ({ bounds }) =>
          !bounds || (bounds.to >= within.from && bounds.from < within.to)
      )
    : slices;
}

/** The time that reaches over two others. */
export function widest(
  a: ITimeBounds | undefined,
  b: ITimeBounds | undefined
): ITimeBounds | undefined {
  return a && b && { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

/** Whether one extract can serve both plans, if it has the columns of both. */
export function sharesExtract(a: IExtractPlan, b: IExtractPlan): boolean {
  const key = ({ mapping, condition }: IExtractPlan) =>
    JSON.stringify([mapping.count, mapping.time, condition]);
  return key(a) === key(b);
}

/** Some columns hold several values in a document: they are lists, which was not known before. */
export class SeveralValues extends Error {
  constructor(readonly columns: readonly string[]) {
    super('Columns hold several values.');
    this.name = 'SeveralValues';
  }
}

/** Columns of some indices in memory, and the engine that answers from them. */
export class Extract {
  constructor(
    readonly plan: IExtractPlan,
    slices: readonly ISlice[],
    {
      source: { info, point },
      client,
      columns,
      options,
      kept,
      lanes
    }: Extract.ISurroundings
  ) {
    this._point = point;
    this._columns = wantedColumns(plan.needs, columns);
    this.slices = slices.map(slice => ({ ...slice }));
    const dataset: IDataset = {
      ...(plan.byDocument
        ? { columns }
        : { columns: withDocuments(columns), weights: DOCUMENTS }),
      segments: this.slices,
      mapping: suitedMapping(info.mapping, columns),
      info,
      timeBounds: ({ id }, name) =>
        plan.mapping.time?.[0] === name ? this.slices[id].bounds : null
    };
    this.engine = new LocalEngine(
      dataset,
      index => {
        this._loader = new SliceLoader(
          index,
          this.slices,
          this._columns.length + 1,
          (slice, signal) => this._fetch(slice, signal),
          lanes,
          () => client.bytes
        );
        return new SampledFirst(this._loader, segments =>
          this.sample(segments, this._within)
        );
      },
      {
        ...options,
        shared: {
          most: () => kept.most(this),
          reserve: bytes => {
            kept.makeRoom(this, bytes);
            return this._reserve(bytes);
          }
        }
      }
    );
  }

  readonly engine: LocalEngine;
  readonly slices: readonly ILoadedSlice[];
  /** Questions that it is answering. */
  users = 0;

  /** Slices that have arrived. */
  get read(): readonly ILoadedSlice[] {
    return this.slices.filter(({ id }) => this._loader?.has(id));
  }

  /** Memory that it takes, or will take for questions under way, bytes. */
  get bytes(): number {
    return Math.max(this.engine.bytes, ...this._reserved.values());
  }

  /** Slices of the time that a plan asks about that have not arrived. */
  lacking(plan: Pick<IExtractPlan, 'within'>): readonly ILoadedSlice[] {
    return slicesWithin(this.slices, plan).filter(
      ({ id }) => !this._loader?.has(id)
    );
  }

  /** A question is put to it. */
  note({ within }: Pick<IExtractPlan, 'within'>): void {
    this._within = widest(this._within, within);
  }

  /** Whether it has all that another one was asked for. */
  outdoes(other: Extract): boolean {
    return (
      this.covers(other.plan) &&
      this.lacking({ within: other._within }).length === 0
    );
  }

  /** The slices that are read first, so that an estimate may be made of them; null where none is. */
  sample(
    segments: readonly ISegment[],
    within: ITimeBounds = EVER
  ): ISample | null {
    const wanted = new Set(segments.map(({ id }) => id));
    return samplePairs(
      this.slices.filter(({ id }) => wanted.has(id)),
      within
    );
  }

  /** Whether it answers questions with some needs. */
  covers(plan: IExtractPlan): boolean {
    return (
      sharesExtract(this.plan, plan) &&
      (this.plan.byDocument || !plan.byDocument) &&
      plan.needs.every(need =>
        this.plan.needs.some(
          own => own.name === need.name && own.form === need.form
        )
      )
    );
  }

  /** Fetch what belongs to the time of a plan, which nobody waits for. */
  async fetch(
    plan: Pick<IExtractPlan, 'within'>,
    signal: AbortSignal
  ): Promise<void> {
    this.users++;
    try {
      await this._loader?.load(
        slicesWithin(this.slices, plan),
        this.plan.needs,
        { signal }
      );
    } finally {
      this.users--;
    }
  }

  dispose(): void {
    this.engine.dispose();
  }

  private _reserve(bytes: number): () => void {
    const key = Symbol();
    this._reserved.set(key, bytes);
    return () => void this._reserved.delete(key);
  }

  private async _fetch(slice: ISlice, signal: AbortSignal): Promise<IArrived> {
    const { byDocument, mapping } = this.plan;
    const condition = allOf([slice.condition, this.plan.condition]);
    if (byDocument) {
      const { arrived, several } = await readDocuments(
        this._point,
        slice,
        this._columns,
        condition,
        this.plan.condition !== null,
        signal
      );
      if (several !== null) {
        throw new SeveralValues([several]);
      }
      return this._checked(slice, arrived);
    }
    const weight = mapping.count?.[0] ?? null;
    const atOnce =
      slice.condition === null && !this._isByUserAndPackage
        ? await readByEsql(
            this._point,
            slice,
            this._columns,
            condition,
            { weight },
            signal
          )
        : null;
    if (atOnce) {
      return atOnce;
    }
    const arrived = await readTuples(
      this._point,
      slice,
      this._columns,
      condition,
      { weight, total: this.plan.condition !== null },
      signal
    );
    if (arrived.documents > this._announced(slice, arrived)) {
      const columns = await this._several(slice, signal);
      if (columns.length > 0) {
        throw new SeveralValues(columns);
      }
    }
    return this._checked(slice, arrived);
  }

  /** There are more pairs of these than ES|QL gives rows. */
  private get _isByUserAndPackage(): boolean {
    const { mapping } = this.plan;
    return ['user' as const, 'package' as const].every(role =>
      this._columns.some(({ name }) => mapping[role]?.includes(name))
    );
  }

  private _announced(slice: ISlice, { expected }: IArrived): number {
    return this.plan.condition ? (expected ?? 0) : slice.records;
  }

  /** Nothing may be lost on the way. */
  private _checked(slice: ISlice, arrived: IArrived): IArrived {
    const announced = this._announced(slice, arrived);
    if (arrived.documents !== announced) {
      throw new EngineError(
        'changed',
        `${announced} documents were announced, and ${arrived.documents} came. Reload the source.`
      );
    }
    return arrived;
  }

  /** Documents came in several tuples each, or other ones are there now: find out by which columns. */
  private async _several(
    slice: ISlice,
    signal: AbortSignal
  ): Promise<string[]> {
    const answer = await this._point.search(
      {
        size: 0,
        track_total_hits: false,
        ...(slice.condition ? { query: slice.condition } : {}),
        aggs: severalOfAll(
          this._columns.map(({ name }) => slice.group.variant(name)?.field)
        )
      },
      'which column holds several values',
      signal
    );
    return this._columns
      .filter((_, i) => holdsSeveral(answer.aggregations, `${i}`))
      .map(({ name }) => name);
  }

  private _loader: SliceLoader | null = null;
  /** Memory that each question under way needs of it, bytes. */
  private readonly _reserved = new Map<symbol, number>();
  /** The time asked about so far. */
  private _within: ITimeBounds | undefined;
  private readonly _point: PointInTime;
  private readonly _columns: readonly IDocumentColumn[];
}

export namespace Extract {
  /** What all extracts of an engine share. */
  export interface ISurroundings {
    readonly source: IIndexSource;
    readonly client: SearchClient;
    readonly columns: ReadonlyMap<string, IIndexColumn>;
    readonly options: IEngineOptions;
    /** Those that share its memory. */
    readonly kept: KeptExtracts;
    readonly lanes: Lanes;
  }
}

/** The columns that needs name, each with all its forms. */
function wantedColumns(
  needs: readonly INeed[],
  columns: ReadonlyMap<string, IIndexColumn>
): IDocumentColumn[] {
  const forms = new Map<string, INeed['form'][]>();
  for (const { name, form } of needs) {
    forms.set(name, [...(forms.get(name) ?? []), form]);
  }
  return [...forms].flatMap(([name, own]) => {
    const column = columns.get(name);
    return column
      ? [{ name, type: column.type, list: column.list, forms: own }]
      : [];
  });
}

function withDocuments(
  columns: ReadonlyMap<string, IColumn>
): ReadonlyMap<string, IColumn> {
  return new Map<string, IColumn>([
    ...columns,
    [DOCUMENTS, { name: DOCUMENTS, type: 'number', list: false }]
  ]);
}
