import { type Dirent, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  type Page,
  type Request,
  type Response,
  expect
} from '@playwright/test';

/** Programs and styles, which are the same for everybody, whatever the server knows. */
const BUNDLES = /\/(static|lab\/extensions)\//;

/** A call of our server half. */
const CALL = /workload-explorer\/([^?]*)/;

/** Reads along everything that the browser is answered, and looks for secrets in it. */
export class Secrets {
  constructor(
    page: Page,
    private readonly _secrets: readonly string[]
  ) {
    const isCall = (request: Request): boolean => CALL.test(request.url());
    page.on('request', request => {
      this._open += isCall(request) ? 1 : 0;
    });
    const ended = (request: Request): void => {
      this._open -= isCall(request) ? 1 : 0;
    };
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);
    page.on('response', response => {
      if (!BUNDLES.test(new URL(response.url()).pathname)) {
        this._reading.push(this._read(response));
      }
    });
  }

  /** Calls of our server half that were answered. */
  get calls(): readonly string[] {
    return this._calls;
  }

  /** Wait until what is asked ahead of questions is answered, too. */
  async quiet(page: Page): Promise<void> {
    await expect
      .poll(async () => {
        const answered = this._calls.length;
        // Longer than the explorer waits before it asks ahead.
        await page.waitForTimeout(1000);
        return this._open === 0 && this._calls.length === answered;
      })
      .toBe(true);
  }

  /** No secret was answered, and none is in the page or in what it keeps. */
  async check(page: Page): Promise<void> {
    await Promise.all(this._reading);
    // Whoever is quick opens an index before connections were listed.
    expect(this._calls).toContainEqual(
      expect.stringMatching(/^elasticsearch\b/)
    );
    const stored = await page.evaluate(() => ({
      html: document.documentElement.outerHTML,
      kept: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      cookies: document.cookie
    }));
    for (const text of [...this._texts, ...Object.values(stored)]) {
      this.checkText(text, 'the browser');
    }
  }

  /** No secret is in a text. */
  checkText(text: string, what: string): void {
    for (const secret of this._secrets) {
      // The text may be a long one, and the secret is not to be told by the test either.
      expect(text.includes(secret), `a secret in ${what}`).toBe(false);
    }
  }

  /**
   * No secret is in any file of a folder.
   *
   * @returns the files that were read
   */
  checkFolder(folder: string): readonly string[] {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry: Dirent) => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name));
    for (const file of files) {
      this.checkText(readFileSync(file, 'latin1'), file);
    }
    return files;
  }

  private async _read(response: Response): Promise<void> {
    const call = CALL.exec(response.url())?.[1];
    if (call !== undefined) {
      this._calls.push(call);
    }
    // An answer that was called off has no text, and redirections have none.
    const text = await response.text().catch(() => '');
    const headers = await response.allHeaders().catch(() => ({}));
    this._texts.push(text, JSON.stringify(headers));
  }

  /** Calls that are not answered yet. */
  private _open = 0;
  private readonly _calls: string[] = [];
  private readonly _texts: string[] = [];
  private readonly _reading: Promise<void>[] = [];
}
