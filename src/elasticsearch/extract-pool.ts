import { abortError, isAbort } from '../engine/rpc';
import type { ICost } from '../engine/engine';
import type { INeed } from '../engine/loader';
import { MEMORY } from '../engine/local-engine';
import type { IEngineOptions } from '../engine/local-engine';
import { memoryOf } from '../engine/memory';
import type { Mapping } from '../workload/fields';
import { Anticipation } from './anticipation';
import {
  Extract,
  SeveralValues,
  sharesExtract,
  slicesWithin,
  widest
} from './extract';
import type { IExtractPlan } from './extract';
import type { IIndexColumn } from './fields';
import type { IIndexSource } from './index-source';
import { KeptExtracts } from './kept-extracts';
import { Lanes } from './lanes';
import type { Planner } from './planner';
import type { SearchClient } from './search-client';
import { orAborted, whenAllAborted } from './signals';
import type { ISlice } from './slices';
import { wholeSlice } from './slicing';
import type { Slicer } from './slicing';

/** Roles whose columns have so many different values that their tuples are nearly as many as documents. */
const MANY_VALUED = ['job', 'process', 'time', 'executable', 'main'] as const;
/** Each page of the tuples of all documents looks at all of them: with more documents slices take less time. */
const MOST_AT_ONCE = 3_000_000;
/** Bytes of an answer by value, roughly. */
const BYTES_A_VALUE = 4;
/** Tuples of few-valued columns by documents, roughly. */
const FEW = 0.05;

/** A plan whose extract is to come. */
interface IWaiting {
  readonly plan: IExtractPlan;
  readonly signal: AbortSignal | undefined;
  readonly isEstimate: boolean;
}

export interface IPoolOptions extends IEngineOptions {
  /** Fetch what the next questions are likely to need while nobody asks. */
  readonly anticipate?: boolean;
}

/** The extracts of some indices: what questions need is fetched once, and together for those that are asked together. */
export class ExtractPool {
  constructor(
    private readonly _source: IIndexSource,
    private readonly _client: SearchClient,
    private readonly _planner: Planner,
    private readonly _slicer: Slicer,
    private readonly _options: IPoolOptions
  ) {
    const { anticipate = false, memory = MEMORY } = _options;
    this._kept = new KeptExtracts(memory);
    this._anticipation = new Anticipation(anticipate, memory, _planner, this);
  }

  /**
   * Do something with an extract that has what a plan needs; anew when columns turn out to be lists.
   *
   * @param isEstimate Whether it is an estimate of what is asked for otherwise, too.
   */
  async use<T>(
    makePlan: () => Promise<IExtractPlan>,
    act: (extract: Extract) => Promise<T>,
    signal?: AbortSignal,
    isEstimate = false
  ): Promise<T> {
    const ended = this._anticipation.pause();
    try {
      for (;;) {
        const plan = await makePlan();
        const extract = await this._extractFor(plan, isEstimate, signal);
        signal?.throwIfAborted();
        this._kept.touch(extract);
        extract.note(plan);
        extract.users++;
        try {
          const result = await act(extract);
          this._anticipation.note(plan);
          return result;
        } catch (error) {
          if (error instanceof SeveralValues) {
            this._planner.makeLists(error.columns);
            // What was read of them as single values serves nobody any more.
            this._kept.clear();
          } else if (
            !isAbort(error) ||
            signal?.aborted ||
            this._disposed ||
            this._kept.has(extract)
          ) {
            throw error;
          }
        } finally {
          extract.users--;
        }
      }
    } finally {
      this._kept.tidy();
      ended(signal?.aborted === true);
    }
  }

  /** Whether a plan is fetched in one piece, which is there soon after it is asked for. */
  isWhole(plan: IExtractPlan): boolean {
    return this._whole(plan) !== null;
  }

  /** Lets quick looks go before what is fetched. */
  readonly lanes = new Lanes();

  /** Whether nothing has to be fetched for a plan. */
  has(plan: IExtractPlan): boolean {
    return this._kept.covering(plan)?.lacking(plan).length === 0;
  }

  /**
   * What questions still have to fetch, and the memory of all that is kept after that.
   */
  async cost(
    plans: readonly IExtractPlan[],
    signal?: AbortSignal
  ): Promise<ICost> {
    let memory = this._kept.bytes;
    let total = 0;
    let documents = 0;
    const add = (rows: number, needs: readonly INeed[], mapping: Mapping) => {
      total += rows * (needs.length + 1) * BYTES_A_VALUE;
      memory += memoryOf(rows, mapping, needs);
    };
    const pending: Pick<IWaiting, 'plan' | 'isEstimate'>[] = [];
    const lacking = new Map<Extract, Set<ISlice>>();
    for (const plan of plans) {
      const known = this._kept.covering(plan);
      if (known) {
        const slices = lacking.get(known) ?? new Set();
        known.lacking(plan).forEach(slice => slices.add(slice));
        lacking.set(known, slices);
      } else {
        pending.push({ plan, isEstimate: false });
      }
    }
    for (const [{ plan, read }, slices] of lacking) {
      const records = recordsOf([...slices]);
      const rows = read.reduce((sum, slice) => sum + slice.rows, 0);
      const share = read.length > 0 ? rows / Math.max(1, recordsOf(read)) : 1;
      documents += records;
      add(records * share, plan.needs, plan.mapping);
    }
    for (const plan of this._together(pending)) {
      const slices = slicesWithin(await this._slices(plan, signal), plan);
      const records = recordsOf(slices);
      documents += records;
      add(
        this._isSmall(plan) ? records * FEW : records,
        plan.needs,
        plan.mapping
      );
    }
    return {
      bytes: Math.round(total),
      rows: documents,
      memory: Math.round(memory)
    };
  }

  /** Fetch what a plan needs, which nobody waits for. Columns that turn out to be lists are known as such after it failed. */
  async fetch(plan: IExtractPlan, signal: AbortSignal): Promise<void> {
    let extract: Extract | null = null;
    try {
      extract = this._kept.covering(plan) ?? (await this._add(plan, signal));
      if (!signal.aborted) {
        await extract?.fetch(plan, signal);
      }
    } catch (error) {
      if (extract && error instanceof SeveralValues) {
        this._planner.makeLists(error.columns);
        this._kept.drop(extract);
      }
      throw error;
    } finally {
      this._kept.tidy();
    }
  }

  /** End what is fetched ahead of questions; nothing more is, until the next one. */
  quiet(): void {
    this._anticipation.quiet();
  }

  dispose(): void {
    this._disposed = true;
    this._anticipation.dispose();
    this._kept.clear();
  }

  /** An extract that covers a plan: one that is there, or a new one for all plans of this moment. */
  private async _extractFor(
    plan: IExtractPlan,
    isEstimate: boolean,
    signal?: AbortSignal
  ): Promise<Extract> {
    for (;;) {
      const known = this._kept.covering(plan);
      if (known) {
        return known;
      }
      if (this._disposed) {
        throw abortError();
      }
      this._waiting.push({ plan, signal, isEstimate });
      this._gathering ??= new Promise(resolve => setTimeout(resolve)).then(
        () => {
          this._gathering = null;
          return this._begin(this._waiting.splice(0));
        }
      );
      await orAborted(this._gathering, signal);
    }
  }

  /**
   * Begin extracts for some plans: one for those with few tuples, which are there soon, and one for the others. Several of these at once
   * are a board, whose next questions are about the usual columns.
   */
  private async _begin(waiting: readonly IWaiting[]): Promise<void> {
    const signal = whenAllAborted(waiting.map(({ signal: own }) => own));
    const plans = this._together(waiting);
    await Promise.all(plans.map(plan => this._add(plan, signal)));
  }

  /** Plans as they are fetched. */
  private _together(
    asked: readonly Pick<IWaiting, 'plan' | 'isEstimate'>[]
  ): IExtractPlan[] {
    const groups: (typeof asked)[number][][] = [];
    for (const one of asked) {
      const group = groups.find(
        ([{ plan: first }]) =>
          sharesExtract(first, one.plan) &&
          this._isSmall(first) === this._isSmall(one.plan)
      );
      if (group) {
        group.push(one);
      } else {
        groups.push([one]);
      }
    }
    return groups.map(group => {
      const plans = group.map(({ plan }) => plan);
      const [{ mapping, condition }] = plans;
      const questions = group.filter(({ isEstimate }) => !isEstimate).length;
      const isBoard =
        this._options.anticipate && questions > 1 && !this._isSmall(plans[0]);
      const needs = [
        ...plans.flatMap(plan => plan.needs),
        ...(isBoard ? this._planner.usual(mapping) : [])
      ];
      return {
        ...this._planner.plan(needs, mapping, condition),
        within: plans.map(plan => plan.within).reduce(widest)
      };
    });
  }

  private async _add(
    plan: IExtractPlan,
    signal: AbortSignal
  ): Promise<Extract | null> {
    const slices = await this._slices(plan, signal);
    if (this._disposed || signal.aborted) {
      return null;
    }
    const share = this._isSmall(plan) ? FEW : 1;
    const expected = slices.map(slice => ({
      ...slice,
      rows: Math.ceil(slice.records * share)
    }));
    const extract = new Extract(plan, expected, {
      source: this._source,
      client: this._client,
      columns: new Map(this._planner.columns),
      options: this._options,
      kept: this._kept,
      lanes: this.lanes
    });
    this._kept.add(extract);
    return extract;
  }

  /** The pieces to fetch for a plan: all at once where there is little, stretches of time otherwise. */
  private async _slices(
    plan: IExtractPlan,
    signal?: AbortSignal
  ): Promise<readonly ISlice[]> {
    const whole = this._whole(plan);
    const time = this._planner.columns.get(plan.mapping.time?.[0] ?? '');
    return whole
      ? [whole]
      : this._slicer.slices(this._wanted(plan), time ?? null, signal);
  }

  /** All of a plan as one piece; null where it comes in several. */
  private _whole(plan: IExtractPlan): ISlice | null {
    const { rows } = this._source.info;
    return this._isSmall(plan) && rows <= MOST_AT_ONCE
      ? wholeSlice(this._wanted(plan), this._source.indices, rows)
      : null;
  }

  private _wanted({ needs }: IExtractPlan): IIndexColumn[] {
    const { columns } = this._planner;
    return needs.flatMap(({ name }) => columns.get(name) ?? []);
  }

  /** Whether the tuples of a plan are few: those of columns with few values. */
  private _isSmall({ byDocument, needs, mapping }: IExtractPlan): boolean {
    return (
      !byDocument &&
      !MANY_VALUED.some(role =>
        needs.some(({ name }) => mapping[role]?.includes(name))
      )
    );
  }

  private readonly _waiting: IWaiting[] = [];
  private _gathering: Promise<void> | null = null;
  private readonly _kept: KeptExtracts;
  private readonly _anticipation: Anticipation;
  private _disposed = false;
}

function recordsOf(slices: readonly ISlice[]): number {
  return slices.reduce((sum, { records }) => sum + records, 0);
}
