/** Call something later; returns what takes it back. */
export type After = (milliseconds: number, callback: () => void) => () => void;

/** Seconds between tries. */
const FIRST_WAIT = 2;
const LONGEST_WAIT = 30;

/** Tries something again and again, after waits that grow until it has worked. */
export class Retry {
  constructor(
    private readonly _after: After,
    private readonly _again: () => void
  ) {}

  /** Whether the next try is waiting for its time. */
  get isWaiting(): boolean {
    return this._cancel !== null;
  }

  /**
   * Try again after a wait.
   *
   * @returns Seconds until then; null when a try is on its way already.
   */
  later(): number | null {
    if (this._cancel) {
      return null;
    }
    const seconds = this._wait;
    this._wait = Math.min(LONGEST_WAIT, this._wait * 2);
    this._cancel = this._after(seconds * 1000, () => {
      this._cancel = null;
      this._again();
    });
    return seconds;
  }

  /** It has worked: the next wait is short again. */
  worked(): void {
    this._wait = FIRST_WAIT;
  }

  cancel(): void {
    this._cancel?.();
    this._cancel = null;
  }

  private _wait = FIRST_WAIT;
  private _cancel: (() => void) | null = null;
}
