import { abortError, isAbort } from '../engine/rpc';
import type { ICost } from '../engine/engine';
import type { INeed } from '../engine/loader';
import { MEMORY } from '../engine/local-engine';
import type { IEngineOptions } from '../engine/local-engine';
import { memoryOf } from '../engine/memory';
import type { Mapping } from '../workload/fields';
import {
  Extract,
  SeveralValues,
  sharesExtract,
  slicesWithin,
  widest
} from './extract';
import type { IExtractPlan } from './extract';
import type { IIndexSource } from './index-source';
import type { Planner } from './planner';
import type { SearchClient } from './search-client';
import { orAborted, whenAllAborted } from './signals';
import type { ISlice } from './slices';
import { wholeSlice } from './slicing';
import type { Slicer } from './slicing';

/** Extracts that are kept. */
const MOST_KEPT = 3;
/** Roles whose columns have so many different values that their tuples are nearly as many as documents. */
const MANY_VALUED = ['job', 'process', 'time', 'executable', 'main'] as const;
/** Each page of the tuples of all documents looks at all of them: with more documents slices take less time. */
const MOST_AT_ONCE = 3_000_000;
/** After so long without a question there is time for the next ones, milliseconds. */
const IDLE = 400;
/** Bytes of an answer by value, roughly. */
const BYTES_A_VALUE = 4;
/** Tuples of few-valued columns by documents, roughly. */
const FEW = 0.05;
/** More documents are fetched only when somebody asks for them. */
const MOST_ANTICIPATED = 5_000_000;

/** A plan whose extract is to come. */
interface IWaiting {
  readonly plan: IExtractPlan;
  readonly signal: AbortSignal | undefined;
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
  ) {}

  /** Do something with an extract that has what a plan needs; anew when columns turn out to be lists. */
  async use<T>(
    makePlan: () => Promise<IExtractPlan>,
    act: (extract: Extract) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T> {
    clearTimeout(this._timer);
    const began = this._quieted;
    this._users++;
    try {
      for (;;) {
        const plan = await makePlan();
        const extract = await this._extractFor(plan, signal);
        signal?.throwIfAborted();
        this._touch(extract);
        extract.note(plan);
        extract.users++;
        try {
          const result = await act(extract);
          this._wish(plan);
          return result;
        } catch (error) {
          if (error instanceof SeveralValues) {
            this._planner.makeLists(error.columns);
            // What was read of them as single values serves nobody any more.
            this._drop(this._extracts);
          } else if (
            !isAbort(error) ||
            signal?.aborted ||
            this._isKept(extract)
          ) {
            throw error;
          }
        } finally {
          extract.users--;
        }
      }
    } finally {
      this._users--;
      this._tidy();
      // Who called off a question wants no further requests.
      if (!signal?.aborted && began === this._quieted) {
        this._anticipate();
      }
    }
  }

  /** An extract that is there already: one that lacks nothing, or else the one that needs the fewest requests. */
  covering(plan: IExtractPlan): Extract | undefined {
    const lacking = (extract: Extract) => extract.lacking(plan).length;
    return this._extracts
      .filter(extract => extract.covers(plan))
      .sort((a, b) => lacking(a) - lacking(b))
      .at(0);
  }

  /** Whether nothing has to be fetched for a plan. */
  has(plan: IExtractPlan): boolean {
    return this.covering(plan)?.lacking(plan).length === 0;
  }

  /**
   * What questions still have to fetch, and the memory of all that is kept after that.
   */
  async cost(plans: readonly IExtractPlan[]): Promise<ICost> {
    let memory = this._extracts.reduce((sum, { bytes }) => sum + bytes, 0);
    let total = 0;
    let documents = 0;
    const add = (rows: number, needs: readonly INeed[], mapping: Mapping) => {
      total += rows * (needs.length + 1) * BYTES_A_VALUE;
      memory += memoryOf(rows, mapping, needs);
    };
    const pending: IExtractPlan[] = [];
    const lacking = new Map<Extract, Set<ISlice>>();
    for (const plan of plans) {
      const known = this.covering(plan);
      if (known) {
        const slices = lacking.get(known) ?? new Set();
        known.lacking(plan).forEach(slice => slices.add(slice));
        lacking.set(known, slices);
      } else {
        pending.push(plan);
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
      const slices = slicesWithin(await this._slices(plan), plan);
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

  /** End what is fetched ahead of questions; nothing more is, until the next one. */
  quiet(): void {
    this._quieted++;
    clearTimeout(this._timer);
    this._ahead?.abort();
  }

  dispose(): void {
    this._disposed = true;
    this.quiet();
    this._drop(this._extracts);
  }

  /** An extract that covers a plan: one that is there, or a new one for all plans of this moment. */
  private async _extractFor(
    plan: IExtractPlan,
    signal?: AbortSignal
  ): Promise<Extract> {
    for (;;) {
      const known = this.covering(plan);
      if (known) {
        return known;
      }
      if (this._disposed) {
        throw abortError();
      }
      this._waiting.push({ plan, signal });
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
    const plans = this._together(waiting.map(({ plan }) => plan));
    await Promise.all(plans.map(plan => this._add(plan, signal)));
  }

  /** Plans as they are fetched. */
  private _together(plans: readonly IExtractPlan[]): IExtractPlan[] {
    const groups: IExtractPlan[][] = [];
    for (const plan of plans) {
      const group = groups.find(
        ([first]) =>
          sharesExtract(first, plan) &&
          this._isSmall(first) === this._isSmall(plan)
      );
      if (group) {
        group.push(plan);
      } else {
        groups.push([plan]);
      }
    }
    return groups.map(group => {
      const [{ mapping, condition }] = group;
      const isBoard =
        this._options.anticipate &&
        group.length > 1 &&
        !this._isSmall(group[0]);
      const needs = unique([
        ...group.flatMap(plan => plan.needs),
        ...(isBoard ? this._planner.usual(mapping) : [])
      ]);
      return {
        ...this._planner.plan(needs, mapping, condition),
        within: group.map(plan => plan.within).reduce(widest)
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
      options: {
        ...this._options,
        makeRoom: (asking, bytes) => this._makeRoom(asking, bytes)
      }
    });
    this._extracts.unshift(extract);
    return extract;
  }

  /** The pieces to fetch for a plan: all at once where there is little, stretches of time otherwise. */
  private async _slices(
    plan: IExtractPlan,
    signal?: AbortSignal
  ): Promise<readonly ISlice[]> {
    const { columns } = this._planner;
    const wanted = plan.needs.flatMap(({ name }) => columns.get(name) ?? []);
    const { rows } = this._source.info;
    const whole =
      this._isSmall(plan) && rows <= MOST_AT_ONCE
        ? wholeSlice(wanted, this._source.indices, rows)
        : null;
    const time = columns.get(plan.mapping.time?.[0] ?? '') ?? null;
    return whole ? [whole] : this._slicer.slices(wanted, time, signal);
  }

  private _isSmall({ byDocument, needs, mapping }: IExtractPlan): boolean {
    return (
      !byDocument &&
      !MANY_VALUED.some(role =>
        needs.some(({ name }) => mapping[role]?.includes(name))
      )
    );
  }

  /** Remember what was asked. */
  private _wish({ needs, mapping, condition, within }: IExtractPlan): void {
    const same =
      this._wished &&
      sharesExtract(this._wished, { ...this._wished, mapping, condition });
    this._wished = {
      ...this._planner.plan(
        unique([
          ...needs,
          ...(same ? (this._wished?.needs ?? []) : []),
          ...this._planner.usual(mapping)
        ]),
        mapping,
        condition
      ),
      within: same ? widest(this._wished?.within, within) : within
    };
  }

  /** Fetch what was asked lately and is likely to be asked next, once nobody waits for anything. */
  private _anticipate(): void {
    const wished = this._wished;
    if (
      !this._options.anticipate ||
      this._disposed ||
      this._users > 0 ||
      !wished ||
      this.has(wished)
    ) {
      return;
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      this._ahead?.abort();
      const { signal } = (this._ahead = new AbortController());
      this._fetchAhead(wished, signal)
        // Whoever asks next hears of it.
        .catch(() => undefined)
        .finally(() => this._tidy());
    }, IDLE);
  }

  private async _fetchAhead(
    wished: IExtractPlan,
    signal: AbortSignal
  ): Promise<void> {
    const { rows, memory } = await this.cost([wished]);
    // For what nobody has asked for nothing is let go of.
    if (signal.aborted || rows > MOST_ANTICIPATED || memory > this._memory) {
      return;
    }
    const extract = this.covering(wished) ?? (await this._add(wished, signal));
    if (!signal.aborted) {
      await extract?.fetch(wished, signal);
    }
  }

  private get _memory(): number {
    return this._options.memory ?? MEMORY;
  }

  /** All extracts share the memory: those that nobody uses make room, the one that was used longest ago first. */
  private _makeRoom(asking: Extract, bytes: number): number {
    const others = () => this._extracts.filter(one => one !== asking);
    const free = () =>
      others().reduce((left, one) => left - one.bytes, this._memory);
    for (const other of others().reverse()) {
      if (other.users === 0 && free() < bytes) {
        this._drop([other]);
      }
    }
    asking.reserved = Math.max(asking.reserved, bytes);
    return free();
  }

  /** It was used last. */
  private _touch(extract: Extract): void {
    const at = this._extracts.indexOf(extract);
    if (at > 0) {
      this._extracts.splice(at, 1);
      this._extracts.unshift(extract);
    }
  }

  private _isKept(extract: Extract): boolean {
    return this._disposed || this._extracts.includes(extract);
  }

  /** Let go of extracts that later ones have outdone. */
  private _tidy(): void {
    const isOutdone = (extract: Extract, i: number) =>
      extract.users === 0 &&
      (i >= MOST_KEPT ||
        this._extracts.some(
          other => other !== extract && other.outdoes(extract)
        ));
    // One after the other: of two that outdo each other one stays.
    for (let i = this._extracts.length - 1; i >= 0; i--) {
      if (isOutdone(this._extracts[i], i)) {
        this._drop([this._extracts[i]]);
      }
    }
  }

  private _drop(extracts: readonly Extract[]): void {
    for (const extract of [...extracts]) {
      this._extracts.splice(this._extracts.indexOf(extract), 1);
      extract.dispose();
    }
  }

  /** The latest first. */
  private readonly _extracts: Extract[] = [];
  private readonly _waiting: IWaiting[] = [];
  private _gathering: Promise<void> | null = null;
  private _wished: IExtractPlan | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being fetched ahead of questions. */
  private _ahead: AbortController | null = null;
  /** How often it was told to be quiet. */
  private _quieted = 0;
  private _users = 0;
  private _disposed = false;
}

function recordsOf(slices: readonly ISlice[]): number {
  return slices.reduce((sum, { records }) => sum + records, 0);
}

function unique(needs: readonly INeed[]): INeed[] {
  return [
    ...new Map(needs.map(need => [`${need.form}/${need.name}`, need])).values()
  ];
}
