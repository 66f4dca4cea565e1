import type {
  IRequestLog,
  IRequestRecord,
  IRequestSum
} from '../engine/engine';

/** Requests that are kept, the latest ones: an index of billions takes thousands. */
export const MOST_KEPT = 10_000;

/** A request that may be under way. */
type Kept = { -readonly [K in keyof IRequestRecord]: IRequestRecord[K] };

/** The requests that were sent to a server: the latest of them, and what all amount to. */
export class RequestLog {
  /** The latest ones, the first one first. */
  get records(): readonly IRequestRecord[] {
    return this._kept;
  }

  /**
   * A copy that does not change.
   *
   * @param last At most so many of the latest records.
   */
  copy(last = MOST_KEPT): IRequestLog {
    const records = last > 0 ? this._kept.slice(-last) : [];
    return {
      records: records.map(record => ({ ...record })),
      first: this._sent - records.length,
      sum: this.sum
    };
  }

  get sum(): IRequestSum {
    return {
      requests: this._sent,
      waiting: this._sent - this._ended,
      failed: this._failed,
      bytes: this._bytes,
      milliseconds: this._ended > 0 ? this._to - this._from : 0
    };
  }

  /** A request is sent. */
  begin(
    request: Pick<IRequestRecord, 'method' | 'path' | 'body' | 'purpose'>
  ): Kept {
    const record: Kept = {
      ...request,
      startedAt: Date.now(),
      milliseconds: null,
      status: null,
      bytes: 0,
      items: 0
    };
    this._sent++;
    this._kept.push(record);
    if (this._kept.length > MOST_KEPT) {
      this._kept.shift();
    }
    return record;
  }

  /** It has ended: what is to be known of it stands in its record. */
  end(record: Kept, milliseconds: number): void {
    record.milliseconds = milliseconds;
    this._ended++;
    this._failed += isFailed(record) ? 1 : 0;
    this._bytes += record.bytes;
    this._from = Math.min(this._from, record.startedAt);
    this._to = Math.max(this._to, record.startedAt + milliseconds);
  }

  private readonly _kept: Kept[] = [];
  private _sent = 0;
  private _ended = 0;
  private _failed = 0;
  private _bytes = 0;
  private _from = Infinity;
  private _to = -Infinity;
}

/** Whether a request came to nothing: refused, or without an answer. */
export function isFailed({ status }: Pick<IRequestRecord, 'status'>): boolean {
  return status !== null && (status === 0 || status >= 400);
}
