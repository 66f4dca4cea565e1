import { keepLatest } from '../engine/keep-latest';
import { joinShared, orAborted, sharedController } from './signals';

interface IWork<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  /** Who waits for it. */
  waiting: number;
  isDone: boolean;
}

/**
 * Work by key: done once for all who ask, called off when nobody waits for it any more, and its results kept. It is ahead of questions as
 * long as none waits for it.
 */
export class SharedWork<T> {
  /**
   * @param _most Results that are kept, the latest ones.
   */
  constructor(private readonly _most: number) {}

  /**
   * @param begin Does the work, until its signal aborts.
   * @throws `AbortError` as soon as the signal aborts, and what the work throws; who asks after a failure has it begun anew.
   */
  async get(
    key: string,
    begin: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal
  ): Promise<T> {
    signal?.throwIfAborted();
    const work = this._works.get(key) ?? this._begin(key, begin, signal);
    joinShared(work.controller, signal);
    keepLatest(this._works, key, work, this._most);
    work.waiting++;
    try {
      return await orAborted(work.result, signal);
    } finally {
      work.waiting--;
      if (work.waiting === 0 && !work.isDone) {
        this._forget(key, work);
        work.controller.abort();
      }
    }
  }

  private _begin(
    key: string,
    begin: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal
  ): IWork<T> {
    const controller = sharedController(signal);
    const work: IWork<T> = {
      result: begin(controller.signal),
      controller,
      waiting: 0,
      isDone: false
    };
    work.result.then(
      () => (work.isDone = true),
      () => this._forget(key, work)
    );
    return work;
  }

  private _forget(key: string, work: IWork<T>): void {
    if (this._works.get(key) === work) {
      this._works.delete(key);
    }
  }

  private readonly _works = new Map<string, IWork<T>>();
}
