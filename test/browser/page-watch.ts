import { type Page, type Request, expect } from '@playwright/test';

const OURS = 'jupyterlab-workload-explorer';

/**
 * Watches what a page does that no test should have to ask for: requests to other origins, and
 * errors from our code.
 *
 * #### Notes
 * Requests of the page's workers are among the page's own. A test that provokes an error allows it
 * with `allow`.
 */
export class PageWatch {
  constructor(page: Page) {
    page.on('request', request => {
      if (!isOfVoila(request)) {
        this._note(request.url());
      }
    });
    page.on('websocket', socket => this._note(socket.url()));
    page.on('console', message => {
      const { url } = message.location();
      const text = message.text();
      if (
        message.type() === 'error' &&
        (url.includes(OURS) || text.includes(OURS))
      ) {
        this._errors.push(`${text} (${url})`);
      }
    });
    page.on('pageerror', error => {
      if ((error.stack ?? error.message).includes(OURS)) {
        this._errors.push(error.stack ?? error.message);
      }
    });
  }

  /** Addresses that were asked for, of others than the page's own servers. */
  get foreign(): readonly string[] {
    return this._requests.filter(url => !this._hosts.has(new URL(url).host));
  }

  /** Addresses asked for so far. */
  get requests(): readonly string[] {
    return this._requests;
  }

  /** Errors from our code, without those allowed. */
  get errors(): readonly string[] {
    return this._errors.filter(
      error => !this._allowed.some(pattern => pattern.test(error))
    );
  }

  /** The page may ask this server; `openLab` says so of the one that it opens. */
  allowServer(url: string): void {
    this._hosts.add(new URL(url).host);
  }

  /** Expect errors that match. */
  allow(pattern: RegExp): void {
    this._allowed.push(pattern);
  }

  /** Forget what was seen so far. */
  forget(): void {
    this._errors.length = 0;
    this._requests.length = 0;
  }

  /** Fail if anything was seen. */
  check(): void {
    expect(this.foreign, 'requests to other origins').toEqual([]);
    expect(this.errors, 'errors from our code').toEqual([]);
  }

  private _note(url: string): void {
    const { protocol } = new URL(url);
    if (protocol !== 'data:' && protocol !== 'blob:') {
      this._requests.push(url);
    }
  }

  private readonly _allowed: RegExp[] = [];
  private readonly _errors: string[] = [];
  private readonly _hosts = new Set<string>();
  private readonly _requests: string[] = [];
}

/** Whether a page of Voilà within the page asks for something: its templates name servers of libraries. */
function isOfVoila(request: Request): boolean {
  if (request.serviceWorker() !== null) {
    return false;
  }
  const url = request.frame().url();
  // A frame that was put into the page just now has no address at all.
  return URL.canParse(url) && new URL(url).pathname.includes('/voila/render/');
}
