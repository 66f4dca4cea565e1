import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Page, test as base } from '@playwright/test';

import {
  type ILabServer,
  labAddress,
  startLab,
  untilReady
} from '../../scripts/lib/lab.mjs';
import { CLI, ROOT } from '../../scripts/lib/project.mjs';
import { venvProgram } from '../../scripts/lib/python.mjs';
import { PageWatch } from './page-watch';

export { expect } from '@playwright/test';
export { labAddress, untilReady } from '../../scripts/lib/lab.mjs';

/** Rows of the demo data that tests see. */
export const ROWS = 20_000;

/** Name of the demo data's folder below the server's root. */
export const DEMO = 'demo';

/** Things that each test has. */
interface ITestFixtures {
  /** What the page does behind the test's back; checked after each test. */
  watch: PageWatch;
  /**
   * Opens JupyterLab with an empty workspace of its own, and waits until it can be used.
   * @param path file or folder below the root that is opened
   */
  openLab: (path?: string, server?: ILabServer) => Promise<Page>;
}

/** Things that all tests of a worker share. */
interface IWorkerFixtures {
  /** A folder with demo data in `demo/`, which tests may write to. */
  root: string;
  /** A JupyterLab with the extension. */
  lab: ILabServer;
}

/** Playwright's `test` with a JupyterLab. */
export const test = base.extend<ITestFixtures, IWorkerFixtures>({
  root: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is asked for
    async ({}, use) => {
      const root = mkdtempSync(join(tmpdir(), 'workload-root-'));
      cpSync(demoData(), join(root, DEMO), { recursive: true });
      await use(root);
      rmSync(root, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ],

  lab: [
    async ({ root }, use) => {
      const lab = await startLab({ python: python(), root });
      await use(lab);
      await lab.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],

  watch: [
    async ({ page }, use) => {
      const watch = new PageWatch(page);
      await use(watch);
      watch.check();
    },
    { auto: true }
  ],

  openLab: async ({ page, lab, watch }, use) => {
    await use(async (path, server = lab) => {
      watch.allowServer(server.url);
      await page.goto(labAddress(server, path));
      await untilReady(page);
      return page;
    });
  }
});

/** The Python that has JupyterLab with the extension. */
export function python(): string {
  return process.env.WORKLOAD_LAB_PYTHON ?? venvProgram('python');
}

/** A folder with demo data, written once for each state of the command line. */
export function demoData(rows = ROWS): string {
  const folder = join(ROOT, 'test-results', `demo-${rows}`);
  if (!existsSync(folder)) {
    const making = `${folder}.making`;
    rmSync(making, { recursive: true, force: true });
    execFileSync(process.execPath, [
      CLI,
      'sample',
      '--rows',
      String(rows),
      '--seed',
      '1',
      '--out',
      making
    ]);
    renameSync(making, folder);
  }
  return folder;
}
