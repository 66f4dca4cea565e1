import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IPreviewRun } from '../../server/preview';
import type { ICompiling } from '../compile-open';

/** The server is asked so often what ran, milliseconds. */
const INTERVAL = 500;

/** What the preview shows beside the page. */
export type PreviewStatus =
  /** Nothing is there yet. */
  | { readonly kind: 'compiling' }
  /** Voilà has been asked for the page of a compiled notebook. */
  | { readonly kind: 'page'; readonly path: string; readonly run: string }
  /** There is no page: findings, or what stands in the way. */
  | { readonly kind: 'refused'; readonly compiling: ICompiling };

/**
 * Preview of one notebook: compiles it, has Voilà make a page, and asks what ran.
 *
 * #### Notes
 * A page that is there stays until the next one is, and stays when the next compilation is refused: `status` says what is new, `page`
 * what is seen.
 */
export class PreviewModel implements IDisposable {
  constructor(private readonly _options: PreviewModel.IOptions) {}

  get status(): PreviewStatus {
    return this._status;
  }

  /** What ran for the page that was asked for last; null while nobody knows. */
  get ran(): IPreviewRun | null {
    return this._ran;
  }

  /** Why nobody knows what ran, a sentence. */
  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._poll?.dispose();
    Signal.clearData(this);
  }

  /** The page is there, whoever made it: what ran is known by now, or will never be. */
  pageLoaded(): void {
    this._isLoaded = true;
  }

  /** Compile the notebook as it is now, and ask for its page. One at a time: what is asked meanwhile is done once afterwards. */
  async refresh(): Promise<void> {
    if (this._isRefreshing) {
      this._isWanted = true;
      return;
    }
    this._isRefreshing = true;
    try {
      do {
        this._isWanted = false;
        await this._refresh();
      } while (this._isWanted && !this._isDisposed);
    } finally {
      this._isRefreshing = false;
    }
  }

  private async _refresh(): Promise<void> {
    if (this._status.kind !== 'page') {
      this._set({ kind: 'compiling' });
    }
    const compiling = await this._options.compile();
    if (this._isDisposed) {
      return;
    }
    if (compiling.kind !== 'compiled') {
      this._poll?.dispose();
      this._poll = null;
      this._set({ kind: 'refused', compiling });
      return;
    }
    const run = this._options.newRun();
    this._ran = null;
    this._problem = null;
    this._isLoaded = false;
    this._set({ kind: 'page', path: compiling.path, run });
    this._follow(run);
  }

  /** Ask what ran until all has. */
  private _follow(run: string): void {
    this._poll?.dispose();
    const poll = new Poll({
      name: 'workload-explorer:preview',
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      standby: 'when-hidden',
      factory: async () => {
        try {
          const ran = await this._options.ask(run);
          if (poll.isDisposed) {
            return;
          }
          this._problem = null;
          this._ran = ran ?? this._ran;
          if (ran ? ran.state !== 'running' : this._isLoaded) {
            void poll.stop();
          }
        } catch (error) {
          this._problem =
            error instanceof Error ? error.message : String(error);
          this._changed.emit();
          throw error;
        }
        this._changed.emit();
      }
    });
    this._poll = poll;
  }

  private _set(status: PreviewStatus): void {
    this._status = status;
    this._changed.emit();
  }

  private _status: PreviewStatus = { kind: 'compiling' };
  private _ran: IPreviewRun | null = null;
  private _problem: string | null = null;
  private _poll: Poll | null = null;
  private _isLoaded = false;
  private _isRefreshing = false;
  private _isWanted = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace PreviewModel {
  export interface IOptions {
    /** Compiles the notebook as it is now into a file beside it. */
    readonly compile: () => Promise<ICompiling>;
    /** What ran for a page; null while nothing is known of it. */
    readonly ask: (run: string) => Promise<IPreviewRun | null>;
    /** A name for the next page that nobody else has. */
    readonly newRun: () => string;
  }
}
