import { pause } from './patience';

/** Slices of an extract under way at a time. */
const MOST = 3;
/** The same while somebody waits for a quick look. */
const BESIDE_LOOKS = 1;
/** A quick look that takes longer no longer holds up slices, milliseconds. */
const LONGEST_LOOK = 1000;

/**
 * How many slices of an extract are fetched at a time: fewer while somebody waits for a quick look. It takes the server a fraction of a second alone,
 * and several times as long beside slices that nobody can see yet.
 */
export class Lanes {
  /** Slices that may be under way now. */
  get most(): number {
    return this._looks.size > 0 ? BESIDE_LOOKS : MOST;
  }

  /** Resolves when there may be more of them; null while there may be as many as ever. */
  get widening(): Promise<unknown> | null {
    return this._looks.size > 0 ? Promise.all(this._looks) : null;
  }

  /** Let a quick look go first. */
  async yieldTo<T>(look: () => Promise<T>): Promise<T> {
    const ended = new AbortController();
    const held: Promise<unknown> = pause(LONGEST_LOOK, ended.signal)
      .catch(() => undefined)
      .then(() => this._looks.delete(held));
    this._looks.add(held);
    try {
      return await look();
    } finally {
      ended.abort();
    }
  }

  private readonly _looks = new Set<Promise<unknown>>();
}
