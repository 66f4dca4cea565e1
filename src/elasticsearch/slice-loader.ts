import type { ISegment } from '../engine/dataset';
import type { IProgress } from '../engine/engine';
import type { ILoader, ILoadOptions } from '../engine/loader';
import { abortError } from '../engine/rpc';
import type { WorkloadIndex } from '../engine/workload-index';
import type { Lanes } from './lanes';
import { joinShared, orAborted, sharedController } from './signals';
import type { ISlice } from './slices';
import type { IArrived } from './tuples';

/** Bytes of memory that a value takes, roughly: what is weighed before much is fetched. */
const BYTES_A_VALUE = 4;

/** A slice, whose rows are counted when it arrives. */
export interface ILoadedSlice extends ISlice {
  rows: number;
}

/** A slice under way. */
interface IFetch {
  readonly slice: ILoadedSlice;
  readonly controller: AbortController;
  /** Questions that wait for it; without any it is given up. */
  waiting: number;
  readonly done: Promise<void>;
  start: () => void;
  started: boolean;
}

/** Brings slices of an index into memory: all columns of a slice at once, several slices at a time. */
export class SliceLoader implements ILoader {
  /**
   * @param _columns Number of columns, for what they cost.
   * @param _fetch Fetches a slice.
   * @param _lanes How many slices are under way at a time.
   */
  constructor(
    private readonly _index: WorkloadIndex,
    private readonly _slices: readonly ILoadedSlice[],
    private readonly _columns: number,
    private readonly _fetch: (
      slice: ISlice,
      signal: AbortSignal
    ) => Promise<IArrived>,
    private readonly _lanes: Pick<Lanes, 'most' | 'widening'>,
    private readonly _bytes: () => number
  ) {}

  get bytesRead(): number {
    return this._bytes();
  }

  get idle(): boolean {
    return this._fetches.size === 0;
  }

  /** Whether a slice has arrived. */
  has(id: number): boolean {
    return this._arrived.has(id);
  }

  cost(segments: readonly ISegment[]): { bytes: number; rows: number } {
    const missing = segments.filter(({ id }) => !this._arrived.has(id));
    const rows = missing.reduce((sum, { records }) => sum + records, 0);
    return { bytes: rows * this._columns * BYTES_A_VALUE, rows };
  }

  async load(
    segments: readonly ISegment[],
    _needs: unknown,
    { signal, onProgress, onArrival }: ILoadOptions = {}
  ): Promise<void> {
    if (signal?.aborted || this._disposed) {
      throw abortError();
    }
    const missing = segments.filter(({ id }) => !this._arrived.has(id));
    if (missing.length === 0) {
      return;
    }
    const fetches = missing.map(({ id }) =>
      this._fetchOf(this._slices[id], signal)
    );
    fetches.forEach(one => one.waiting++);
    const progress = progressOf(segments, missing);
    const bytes = this.bytesRead;
    let left = missing.length;
    const arrivals = fetches.map(async one => {
      await one.done;
      left--;
      progress.rowsRead += one.slice.records;
      progress.bytesRead = this.bytesRead - bytes;
      onProgress?.({ ...progress });
      if (left > 0) {
        onArrival?.(segments.filter(({ id }) => this._arrived.has(id)));
      }
    });
    onProgress?.({ ...progress });
    this._pump();
    try {
      await orAborted(Promise.all(arrivals), signal);
    } finally {
      fetches.forEach(one => this._release(one));
      // The others that failed with the first one have nobody to tell.
      arrivals.forEach(arrival => void arrival.catch(() => undefined));
    }
  }

  dispose(): void {
    this._disposed = true;
    this._fetches.forEach(({ controller }) => controller.abort());
    this._fetches.clear();
  }

  /** The slice's fetch: that under way, or a new one. */
  private _fetchOf(slice: ILoadedSlice, signal?: AbortSignal): IFetch {
    const known = this._fetches.get(slice.id);
    if (known) {
      joinShared(known.controller, signal);
      return known;
    }
    const controller = sharedController(signal);
    let start: () => void = () => undefined;
    const begun = new Promise<void>((resolve, reject) => {
      start = resolve;
      controller.signal.addEventListener('abort', () => reject(abortError()));
    });
    const done = begun
      .then(() => this._fetch(slice, controller.signal))
      .then(arrived => {
        if (controller.signal.aborted) {
          throw abortError();
        }
        this._take(slice, arrived);
      });
    const fetch: IFetch = {
      slice,
      controller,
      waiting: 0,
      done,
      start,
      started: false
    };
    this._fetches.set(slice.id, fetch);
    done
      // Whoever waits sees the failure.
      .catch(() => undefined)
      .finally(() => {
        this._running -= Number(fetch.started);
        this._forget(fetch);
        this._pump();
      });
    return fetch;
  }

  private _take(slice: ILoadedSlice, { rows, columns }: IArrived): void {
    slice.rows = rows;
    for (const { name, chunk } of columns) {
      this._index.add(slice, name, chunk);
    }
    this._arrived.add(slice.id);
  }

  private _pump(): void {
    for (const fetch of this._fetches.values()) {
      if (this._running >= this._lanes.most) {
        void this._lanes.widening?.then(() => this._pump());
        return;
      }
      if (!fetch.started) {
        fetch.started = true;
        this._running++;
        fetch.start();
      }
    }
  }

  private _release(fetch: IFetch): void {
    fetch.waiting--;
    if (fetch.waiting === 0) {
      this._forget(fetch);
      fetch.controller.abort();
    }
  }

  private _forget(fetch: IFetch): void {
    if (this._fetches.get(fetch.slice.id) === fetch) {
      this._fetches.delete(fetch.slice.id);
    }
  }

  private readonly _arrived = new Set<number>();
  private readonly _fetches = new Map<number, IFetch>();
  private _running = 0;
  private _disposed = false;
}

function progressOf(
  segments: readonly ISegment[],
  missing: readonly ISegment[]
): { -readonly [K in keyof IProgress]: IProgress[K] } {
  const count = (list: readonly ISegment[]) =>
    list.reduce((sum, { records }) => sum + records, 0);
  const total = count(segments);
  return {
    rowsRead: total - count(missing),
    rowsTotal: total,
    bytesRead: 0,
    // How many bytes an answer will have is not known before.
    bytesTotal: 0
  };
}
