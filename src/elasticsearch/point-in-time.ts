import { EngineError } from '../engine/engine';
import { ElasticFailure } from './failure';
import type { FailureKind } from './failure';
import { areSame, takeFingerprint, UNKNOWN } from './fingerprint';
import type { IFingerprint, IKnown } from './fingerprint';
import { BREAKS, PASSING, patiently } from './patience';
import type { ISearchAnswer, ISearchBody } from './protocol';
import type { SearchClient } from './search-client';
import { orAborted } from './signals';
import { SLICE_DOCUMENTS } from './slices';

/** One that is lost before it was used is taken anew, at most so often. */
const MOST_TAKEN = 3;
/** Failures that say that the server does not tell what is asked, now and later. */
const UNTOLD: readonly FailureKind[] = [
  'invalid',
  'refused',
  'denied',
  'mapping'
];

/**
 * An unchanging view of some indices: documents that come or go later are not seen.
 *
 * #### Notes
 * A server that restarts forgets it. A new one is taken then, and must have the same documents in it: all of them, also those that were
 * not read yet, because answers tell of one moment. Otherwise the source has changed.
 */
export class PointInTime {
  private constructor(
    readonly client: SearchClient,
    private _id: string,
    /** When it was taken, RFC 3339. */
    readonly taken: string,
    /** Version of the server; empty when it does not tell. */
    readonly server: string,
    /** Documents or buckets of a page. */
    readonly pageSize: number,
    private readonly _known: IKnown,
    private readonly _fingerprint: IFingerprint | null
  ) {}

  /** @param known What is known of the documents before, which says how to tell them from others. */
  static async take(
    client: SearchClient,
    signal?: AbortSignal,
    known = UNKNOWN,
    tries = MOST_TAKEN
  ): Promise<PointInTime> {
    const { id, server, pageSize } = await patiently(
      () => client.open(signal),
      signal
    );
    const taken = new Date().toISOString();
    try {
      return new PointInTime(
        client,
        id,
        taken,
        server,
        pageSize ?? SLICE_DOCUMENTS,
        known,
        await fingerprintOf(client, id, known, signal)
      );
    } catch (error) {
      await client.close(id);
      if (isLoss(error) && tries > 1) {
        return PointInTime.take(client, signal, known, tries - 1);
      }
      throw error;
    }
  }

  /** How often it was lost and taken anew. */
  losses = 0;

  /**
   * Search in it. What will pass is tried again for some seconds: a node that restarts, a shard that moves, a server without room.
   *
   * @param canBeLess Whether the caller will ask for less when the server has no room, rather than wait for it.
   * @param tries How often it is sent again at most.
   * @throws ElasticFailure; EngineError `changed` when it was lost and other documents are there now; `AbortError`.
   */
  async search(
    body: ISearchBody,
    purpose: string,
    signal?: AbortSignal,
    canBeLess = false,
    tries?: number
  ): Promise<ISearchAnswer> {
    const act = async () => {
      const used = this._id;
      try {
        return await this.client.search(used, body, purpose, signal);
      } catch (error) {
        // An index that was deleted takes its documents along, though another one of its name is there.
        if (!isLoss(error) && !isGone(error)) {
          throw error;
        }
        await orAborted(this._renew(used), signal);
        return this.client.search(this._id, body, purpose, signal);
      }
    };
    return patiently(act, signal, canBeLess ? BREAKS : PASSING, tries);
  }

  /** How many documents it has; null where the server does not tell enough of them. */
  get documents(): number | null {
    return this._fingerprint?.documents ?? null;
  }

  /** Whether the same documents are still there now, outside it; false also where the server does not tell. */
  async isStillSo(signal?: AbortSignal): Promise<boolean> {
    if (!this._fingerprint) {
      return false;
    }
    const { id } = await patiently(() => this.client.open(signal), signal);
    try {
      return this._isOf(
        await fingerprintOf(this.client, id, this._known, signal)
      );
    } finally {
      await this.client.close(id);
    }
  }

  async close(): Promise<void> {
    if (!this._ended.signal.aborted) {
      this._ended.abort();
      await this.client.close(this._id);
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
    // One that nobody knows could not be closed: it is not called off.
    const { signal } = this._ended;
    signal.throwIfAborted();
    const { id } = await patiently(() => this.client.open(), signal);
    try {
      const found = await fingerprintOf(this.client, id, this._known, signal);
      if (!this._isOf(found)) {
        throw (this._changed = new EngineError(
          'changed',
          this._fingerprint && found
            ? 'Other documents are there than when the source was opened, and the server no longer keeps that point in time: it does so for five minutes after a question. Reload to count the documents that are there now.'
            : 'The server no longer keeps the point in time that was opened (it does so for five minutes after a question), and does not tell whether the same documents are there now. Reload to count those that are.'
        ));
      }
      signal.throwIfAborted();
    } catch (error) {
      await this.client.close(id);
      throw error;
    }
    // Nobody searches in it before it is known to be the same.
    this._id = id;
    this.losses++;
  }

  private _isOf(found: IFingerprint | null): boolean {
    return (
      found !== null &&
      this._fingerprint !== null &&
      areSame(this._fingerprint, found)
    );
  }

  private readonly _ended = new AbortController();
  private _renewal: Promise<void> | null = null;
  private _changed: EngineError | null = null;
}

function isGone(error: unknown): boolean {
  return error instanceof ElasticFailure && error.kind === 'not-found';
}

function isLoss(error: unknown): boolean {
  return error instanceof ElasticFailure && error.kind === 'lost';
}

/** What tells the documents of a point in time from others; null where the server does not say. */
async function fingerprintOf(
  client: SearchClient,
  id: string,
  known: IKnown,
  signal?: AbortSignal
): Promise<IFingerprint | null> {
  const purpose = 'what tells these documents from later ones';
  try {
    return await takeFingerprint(
      body => patiently(() => client.search(id, body, purpose, signal), signal),
      known
    );
  } catch (error) {
    if (
      error instanceof ElasticFailure &&
      error.kind === 'too-many-buckets' &&
      known.contents !== UNKNOWN.contents
    ) {
      const { contents } = UNKNOWN;
      return fingerprintOf(client, id, { ...known, contents }, signal);
    }
    if (error instanceof ElasticFailure && UNTOLD.includes(error.kind)) {
      return null;
    }
    throw error;
  }
}
