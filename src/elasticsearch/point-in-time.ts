import { EngineError } from '../engine/engine';
import { isObject } from '../workload/json';
import { ElasticFailure } from './failure';
import type { FailureKind } from './failure';
import type { Condition, ISearchAnswer, ISearchBody } from './protocol';
import type { SearchClient } from './search-client';
import { SLICE_DOCUMENTS } from './slices';

/** Pauses before a request is sent again, milliseconds. */
const PAUSES = [250, 500, 1000, 2000, 4000];
/** Failures that pass by themselves. */
const BREAKS: readonly FailureKind[] = ['unreachable', 'partial'];
/** Those, and failures that pass when the server has room, or that smaller questions avoid. */
const PASSING: readonly FailureKind[] = [...BREAKS, 'busy', 'timeout'];
/** Conditions counted in one request when a point in time was lost. */
const COUNTED_TOGETHER = 200;

/** Documents that were read, and what chose them. */
export interface IRead {
  readonly condition: Condition | null;
  readonly documents: number;
}

/**
 * An unchanging view of some indices: documents that come or go later are not seen.
 *
 * #### Notes
 * A server that restarts forgets it. A new one is taken then, and what was read already must have the same numbers of documents in it;
 * otherwise the source has changed.
 */
export class PointInTime {
  private constructor(
    private readonly _client: SearchClient,
    private _id: string,
    /** When it was taken, RFC 3339. */
    readonly taken: string,
    /** Version of the server; empty when it does not tell. */
    readonly server: string,
    /** Documents or buckets of a page. */
    readonly pageSize: number
  ) {}

  static async take(
    client: SearchClient,
    signal?: AbortSignal
  ): Promise<PointInTime> {
    const opened = await patiently(() => client.open(signal), signal);
    return new PointInTime(
      client,
      opened.id,
      new Date().toISOString(),
      opened.server,
      opened.pageSize ?? SLICE_DOCUMENTS
    );
  }

  /** How often it was lost and taken anew. */
  losses = 0;

  /** What was read so far; set by whoever reads. */
  read: () => readonly IRead[] = () => [];

  /**
   * Search in it. What will pass is tried again for some seconds: a node that restarts, a shard that moves, a server without room.
   *
   * @param canBeLess Whether the caller will ask for less when the server has no room, rather than wait for it.
   * @throws ElasticFailure; EngineError `changed` when it was lost and what was read is not what is there now; `AbortError`.
   */
  async search(
    body: ISearchBody,
    purpose: string,
    signal?: AbortSignal,
    canBeLess = false
  ): Promise<ISearchAnswer> {
    const act = async () => {
      const used = this._id;
      try {
        return await this._client.search(used, body, purpose, signal);
      } catch (error) {
        if (!(error instanceof ElasticFailure && error.kind === 'lost')) {
          throw error;
        }
        await this._renew(used);
        return this._client.search(this._id, body, purpose, signal);
      }
    };
    return patiently(act, signal, canBeLess ? BREAKS : PASSING);
  }

  async close(): Promise<void> {
    if (!this._closed) {
      this._closed = true;
      await this._client.close(this._id);
    }
  }

  /** Take it anew, once for all who find it lost. */
  private async _renew(lost: string): Promise<void> {
    if (this._id !== lost) {
      return;
    }
    this._renewal ??= this._takeAnew().finally(() => (this._renewal = null));
    await this._renewal;
  }

  private async _takeAnew(): Promise<void> {
    if (this._changed) {
      throw this._changed;
    }
    const { id } = await patiently(() => this._client.open());
    try {
      await this._compare(id);
    } catch (error) {
      await this._client.close(id);
      throw error;
    }
    // Nobody searches in it before it is known to be the same.
    this._id = id;
    this.losses++;
    if (this._closed) {
      await this._client.close(id);
    }
  }

  /** @throws EngineError `changed` when what was read is not what is there now; and so for ever. */
  private async _compare(id: string): Promise<void> {
    const read = this.read();
    for (let i = 0; i < read.length; i += COUNTED_TOGETHER) {
      const some = read.slice(i, i + COUNTED_TOGETHER);
      const answer = await this._client.search(
        id,
        {
          size: 0,
          track_total_hits: false,
          aggs: {
            read: {
              filters: {
                filters: Object.fromEntries(
                  some.map(({ condition }, k) => [
                    `s${k}`,
                    condition ?? { match_all: {} }
                  ])
                )
              }
            }
          }
        },
        'whether what was read is still the same'
      );
      const found = answer.aggregations?.read?.buckets;
      some.forEach(({ documents }, k) => {
        const bucket = isObject(found) ? found[`s${k}`] : undefined;
        if (!isObject(bucket) || bucket.doc_count !== documents) {
          throw (this._changed = new EngineError(
            'changed',
            'The server lost the point in time, and other documents are there now. Reload to see them.'
          ));
        }
      });
    }
  }

  private _renewal: Promise<void> | null = null;
  private _changed: EngineError | null = null;
  private _closed = false;
}

/** Do something again, after pauses, as long as it fails for reasons that pass. */
export async function patiently<T>(
  act: () => Promise<T>,
  signal?: AbortSignal,
  passing = PASSING
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const passes =
        error instanceof ElasticFailure && passing.includes(error.kind);
      if (!passes || tries >= PAUSES.length || signal?.aborted) {
        throw error;
      }
      await pause(PAUSES[tries], signal);
    }
  }
}

/** Wait. Rejects with the signal's reason when it aborts. */
export async function pause(
  milliseconds: number,
  signal?: AbortSignal
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The request was called off.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) {
      stop();
    }
  });
}
