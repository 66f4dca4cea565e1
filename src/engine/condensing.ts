import type { IQuery } from '../workload/query';
import type { IWorkload } from './answers';
import { Condenser } from './condenser';
import type { ISegment } from './dataset';
import type { MappedWorkload } from './mapped-workload';
import type { INeeds } from './needs';
import type { WorkloadIndex } from './workload-index';

/** After so long without a first answer there is nothing to do, milliseconds. */
const IDLE = 300;

/** Decides what answers are counted from: the rows of a workload, or rows put together, which it makes while there is nothing to do. */
export class Condensing {
  /**
   * @param _isIdle Whether nothing is being read.
   */
  constructor(
    private readonly _index: WorkloadIndex,
    private readonly _isIdle: () => boolean,
    private readonly _options: Condensing.IOptions
  ) {}

  /**
   * What a question about segments that have all arrived draws on: for the first time the rows, then rows put together.
   *
   * @param again Whether all that it reads had arrived before it was asked.
   */
  drawOn(
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

  /** Let go of what was put together of a workload, because its rows are others now. */
  forget(workload: MappedWorkload): void {
    this._condensers.delete(workload);
  }

  dispose(): void {
    this._condensers = new WeakMap();
    this._disposed = true;
    clearTimeout(this._timer);
  }

  /** Condense rows once there is nothing else to do, with room for questions between the steps. */
  private _anticipate(condenser: Condenser): void {
    if (this._isUnderWay || this._disposed) {
      return;
    }
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      if (!this._isIdle()) {
        return;
      }
      const steps = condenser.anticipate();
      const go = () => {
        // Whatever fails is not under way any more.
        this._isUnderWay = false;
        this._isUnderWay = !steps.next().done;
        if (this._isUnderWay) {
          this._timer = setTimeout(go);
        }
      };
      go();
    }, IDLE);
  }

  private _condensers = new WeakMap<MappedWorkload, Condenser>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isUnderWay = false;
  private _disposed = false;
}

export namespace Condensing {
  export interface IOptions {
    /** Rows are condensed when they come down to this share, lists included. */
    readonly worthWhile?: number;
    /** Condense rows when there is nothing to do, so that no question has to wait for it. */
    readonly anticipate?: boolean;
  }
}
