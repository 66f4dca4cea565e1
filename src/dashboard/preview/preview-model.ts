import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IPreviewRun } from '../../server/preview';
import type { ICompiling } from '../compile-open';

/** The server is asked so often what ran, milliseconds. */
const INTERVAL = 500;

/** The page of a compiled notebook that Voilà has been asked for. */
export interface IPreviewPage {
  readonly kind: 'page';
  readonly compiled: Extract<ICompiling, { kind: 'compiled' }>;
  readonly run: string;
}

/** What the preview shows beside the page. */
export type PreviewStatus =
  /** Nothing is there yet. */
  | { readonly kind: 'compiling' }
  | IPreviewPage
  /** There is no page: findings, or what stands in the way. */
  | { readonly kind: 'refused'; readonly compiling: ICompiling };

/** How the server answers when it is asked what ran. */
export type Knowledge =
  /** It does not know of the page yet. */
  | 'waiting'
  | 'told'
  /** The page is there, and the server does not know of it. */
  | 'unknown'
  /** The server knew, and does not any more. */
  | 'lost';

/**
 * Preview of one notebook: compiles it, has Voilà make a page, and asks what ran.
 *
 * #### Notes
 * A page that is there stays until the next one is, and stays when the next compilation is refused. The kernel of a page ends with it:
 * Voilà leaves that to a page that was loaded to its end, and a frame that is taken away tells nobody.
 */
export class PreviewModel implements IDisposable {
  constructor(private readonly _options: PreviewModel.IOptions) {}

  get status(): PreviewStatus {
    return this._status;
  }

  /** The page that was asked for last, which is seen also while what the notebook says now is refused; null while there is none. */
  get page(): IPreviewPage | null {
    return this._page;
  }

  /** What ran for the page that was asked for last; null while nobody knows. */
  get ran(): IPreviewRun | null {
    return this._ran;
  }

  get knowledge(): Knowledge {
    return this._knowledge;
  }

  /** Why the server cannot be asked, a sentence. */
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
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._leave();
    Signal.clearData(this);
  }

  /** The page is there, whoever made it: what ran is known by now, or will never be. */
  pageLoaded(): void {
    if (this._isLoaded && this._page) {
      // The reader has loaded it once more, by the browser's menu: Voilà has run it again, under the same name.
      this._ask(this._page.run);
    }
    this._isLoaded = true;
  }

  /** The page that was there is lost: run it again as it was compiled. */
  runAgain(): void {
    if (this._page === null || this._isDisposed) {
      return;
    }
    const page = this._run(this._page.compiled);
    this._set(this._status.kind === 'page' ? page : this._status);
  }

  /** Compile the notebook as it is now, and run it again even where nothing has changed. */
  async refresh(): Promise<void> {
    this._runsAgain = true;
    await this.follow();
  }

  /** Compile the notebook as it is now, and run it where that is another dashboard. One at a time: what is asked meanwhile is done once afterwards. */
  async follow(): Promise<void> {
    if (this._isCompiling) {
      this._isWanted = true;
      return;
    }
    this._isCompiling = true;
    try {
      do {
        this._isWanted = false;
        await this._compile();
      } while (this._isWanted && !this._isDisposed);
    } finally {
      this._isCompiling = false;
    }
  }

  private async _compile(): Promise<void> {
    const compiling = await this._options.compile();
    if (this._isDisposed) {
      return;
    }
    if (compiling.kind !== 'compiled') {
      this._set({ kind: 'refused', compiling });
      return;
    }
    const wasPage = this._status.kind === 'page';
    if (wasPage && !compiling.isNew && !this._runsAgain) {
      return;
    }
    this._runsAgain = false;
    this._set(this._run(compiling));
  }

  /** Leave the page that is there for one of another run. */
  private _run(compiled: IPreviewPage['compiled']): IPreviewPage {
    this._leave();
    const run = this._options.newRun();
    this._ran = null;
    this._knowledge = 'waiting';
    this._problem = null;
    this._isLoaded = false;
    this._page = { kind: 'page', compiled, run };
    this._ask(run);
    return this._page;
  }

  /** Have nothing more to do with the page that is there. */
  private _leave(): void {
    this._poll?.dispose();
    this._poll = null;
    const end = (ran: IPreviewRun | null): void => {
      if (ran && ran.kernel !== null) {
        this._options.endKernel(ran.kernel);
      }
    };
    if (this._ran || !this._page) {
      end(this._ran);
    } else {
      // It may have begun since the server was asked last. Where that does not answer, its kernels are out of reach.
      this._options.ask(this._page.run).then(end, () => undefined);
    }
  }

  /** Ask what ran until all has. */
  private _ask(run: string): void {
    this._poll?.dispose();
    const poll = new Poll({
      name: 'workload-explorer:preview',
      frequency: { interval: INTERVAL, backoff: true, max: 10 * INTERVAL },
      standby: 'when-hidden',
      factory: async () => {
        try {
          const ran = await this._options.ask(run);
          if (!poll.isDisposed && this._told(ran)) {
            void poll.stop();
          }
        } catch (error) {
          if (!poll.isDisposed) {
            this._problem =
              error instanceof Error ? error.message : String(error);
            this._changed.emit();
          }
          throw error;
        }
      }
    });
    this._poll = poll;
  }

  /** Take in what the server says; true when nothing more will come. */
  private _told(ran: IPreviewRun | null): boolean {
    this._problem = null;
    if (ran) {
      this._ran = ran;
      this._knowledge = 'told';
    } else if (this._ran) {
      this._knowledge = 'lost';
    } else if (this._isLoaded) {
      this._knowledge = 'unknown';
    }
    this._changed.emit();
    return ran ? ran.state !== 'running' : this._knowledge !== 'waiting';
  }

  private _set(status: PreviewStatus): void {
    this._status = status;
    this._changed.emit();
  }

  private _status: PreviewStatus = { kind: 'compiling' };
  private _page: IPreviewPage | null = null;
  private _ran: IPreviewRun | null = null;
  private _knowledge: Knowledge = 'waiting';
  private _problem: string | null = null;
  private _poll: Poll | null = null;
  private _isLoaded = false;
  private _isCompiling = false;
  private _isWanted = false;
  /** Whether the user wants to see it run, or there is no page to keep. */
  private _runsAgain = false;
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
    /** Ends the kernel of a page that is left. */
    readonly endKernel: (id: string) => void;
  }
}
