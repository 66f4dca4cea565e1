// What tests in TypeScript use of the module beside.
import type { ChildProcess } from 'node:child_process';

import type { Page } from '@playwright/test';

/** What a JupyterLab is started with. */
export interface ILabOptions {
  /** The Python that has JupyterLab and the extension installed. */
  readonly python: string;
  /** The server's root folder; by default a new, empty one, removed at the end. */
  readonly root?: string;
  /** Site file, as JSON. */
  readonly site?: object;
  /** Further arguments of `jupyter lab`. */
  readonly args?: readonly string[];
  /** Variables of the environment, over those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Path below which the server answers, such as `/user/ada/`. */
  readonly baseUrl?: string;
}

/** A running JupyterLab; settings, workspaces and kernels are its own. */
export interface ILabServer {
  /** Origin and base URL, with a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The server's root folder. */
  readonly root: string;
  /** What the server has printed. */
  log(): string;
  /** Ends the server and all that it has started; may be called twice. */
  stop(): Promise<void>;
}

export function startLab(options: ILabOptions): Promise<ILabServer>;
export function freePort(): Promise<number>;
export function untilAnswers(url: string, child: ChildProcess): Promise<void>;
export function labAddress(server: ILabServer, path?: string): string;
export function untilReady(page: Page): Promise<void>;
export function ownRequests(urls: readonly string[]): string[];
export function gzippedSize(
  server: ILabServer,
  urls: readonly string[]
): Promise<number>;
