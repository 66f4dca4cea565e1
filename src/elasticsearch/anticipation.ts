import type { ICost } from '../engine/engine';
import { sharesExtract, widest } from './extract';
import type { IExtractPlan } from './extract';
import type { Planner } from './planner';
import { aheadController } from './signals';

/** After so long without a question there is time for the next ones, milliseconds. */
const IDLE = 400;
/** More documents are fetched only when somebody asks for them. */
const MOST_ANTICIPATED = 5_000_000;

/** Fetches what the next questions are likely to need, while nobody asks any. */
export class Anticipation {
  /**
   * @param _isOn Whether anything is fetched at all.
   * @param _memory Most memory that what is fetched and all that is there may take together, bytes.
   */
  constructor(
    private _isOn: boolean,
    private readonly _memory: number,
    private readonly _planner: Planner,
    private readonly _pool: Anticipation.IPool
  ) {}

  /**
   * A question begins: nothing is begun ahead before it has ended.
   *
   * @returns What to call when it has ended, and whether it was called off.
   */
  pause(): (isCalledOff: boolean) => void {
    clearTimeout(this._timer);
    const quieted = this._quieted;
    this._questions++;
    return isCalledOff => {
      this._questions--;
      // Who called off a question wants no further requests.
      if (!isCalledOff && quieted === this._quieted) {
        this._begin();
      }
    };
  }

  /** Remember what was asked since all of it was there. */
  note({ needs, mapping, condition, within }: IExtractPlan): void {
    const before = this._wished;
    const same =
      before && sharesExtract(before, { ...before, mapping, condition })
        ? before
        : null;
    this._wished = {
      ...this._planner.plan(
        [...needs, ...(same?.needs ?? []), ...this._planner.usual(mapping)],
        mapping,
        condition
      ),
      within: same ? widest(same.within, within) : within
    };
  }

  /** End what is fetched ahead; nothing more is, until the next question. */
  quiet(): void {
    this._quieted++;
    clearTimeout(this._timer);
    this._ahead?.abort();
  }

  dispose(): void {
    this._isOn = false;
    this.quiet();
  }

  /** Fetch what was asked lately and is likely to be asked next, once nobody waits for anything. */
  private _begin(): void {
    const wished = this._wished;
    if (!this._isOn || this._questions > 0 || !wished) {
      return;
    }
    const key = JSON.stringify(wished);
    if (this._pool.has(wished) || this._failed.has(key)) {
      this._wished = null;
      return;
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      this._ahead?.abort();
      const { signal } = (this._ahead = aheadController());
      // Whoever asks next hears of a failure.
      this._fetch(wished, signal).catch(() => {
        if (!signal.aborted) {
          this._failed.add(key);
          this._wished = null;
        }
      });
    }, IDLE);
  }

  private async _fetch(
    wished: IExtractPlan,
    signal: AbortSignal
  ): Promise<void> {
    const { rows, memory } = await this._pool.cost([wished], signal);
    // For what nobody has asked for nothing is let go of.
    if (!signal.aborted && rows <= MOST_ANTICIPATED && memory <= this._memory) {
      await this._pool.fetch(wished, signal);
    }
  }

  private _wished: IExtractPlan | null = null;
  /** What could not be fetched, as JSON. */
  private readonly _failed = new Set<string>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being fetched. */
  private _ahead: AbortController | null = null;
  /** How often it was told to be quiet. */
  private _quieted = 0;
  /** Questions that are being answered. */
  private _questions = 0;
}

export namespace Anticipation {
  /** What is known of extracts, and brings them in. */
  export interface IPool {
    /** Whether nothing has to be fetched for a plan. */
    has(plan: IExtractPlan): boolean;
    cost(plans: readonly IExtractPlan[], signal?: AbortSignal): Promise<ICost>;
    /** Fetch what a plan needs, which nobody waits for. */
    fetch(plan: IExtractPlan, signal: AbortSignal): Promise<void>;
  }
}
