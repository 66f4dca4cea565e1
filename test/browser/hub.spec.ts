import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { CLI } from '../../scripts/lib/project.mjs';
import { isObject } from '../../src/workload/json';
import { ExplorerPage } from './explorer-page';
import { demoData, expect, python, test, untilReady } from './fixtures';
import { type IHubServer, hubMissing, startHub } from './hub-server';

const USER = 'ada';
const FILE = 'records.parquet';

let source = '';
/** Where the site keeps its data, outside every user's home. */
let shared = '';
let hub: IHubServer;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const missing = hubMissing(python());
  test.skip(missing !== null, missing ?? '');
  source = join(demoData(), FILE);
  shared = mkdtempSync(join(tmpdir(), 'workload-shared-'));
  mkdirSync(join(shared, '2021'));
  copyFileSync(source, join(shared, '2021', FILE));
  hub = await startHub({
    python: python(),
    user: USER,
    site: {
      version: 1,
      data_roots: [
        { name: 'shared', path: shared, description: 'Data of all users' }
      ]
    }
  });
  copyFileSync(source, join(hub.home, FILE));
});

test.afterAll(async () => {
  // Skipped tests have started nothing.
  if (shared) {
    await hub?.stop();
    rmSync(shared, { recursive: true, force: true });
  }
});

test.beforeEach(async ({ page, watch }) => {
  watch.allowServer(hub.url);
  await page.goto(`${hub.url}hub/login?next=%2Fhub%2Fspawn`);
  await page.locator('#username_input').fill(USER);
  await page.locator('#password_input').fill(hub.password);
  await page.locator('#login_submit').click();
  await page.waitForURL(`**/user/${USER}/lab**`, { timeout: 90_000 });
  await untilReady(page);
});

/** What the command line counts in the same file, of what the headline shows. */
function counted(...where: readonly string[]): Record<string, number> {
  const analyze = (id: string, ...more: readonly string[]) => {
    const text = execFileSync(
      process.execPath,
      [
        CLI,
        'analyze',
        id,
        '--source',
        source,
        ...[...where, ...more].flatMap(one => ['--where', one])
      ],
      { encoding: 'utf8', maxBuffer: 2 ** 26 }
    );
    const answer: unknown = JSON.parse(text);
    if (!isObject(answer) || !Array.isArray(answer.rows)) {
      throw new Error(`no rows: ${text.slice(0, 200)}`);
    }
    return answer.rows.filter(isObject);
  };
  const sizes = analyze('job-sizes').map(row => Number(row.jobs));
  return {
    user: Number(analyze('users')[0].users),
    // A job has one size.
    job: sizes.reduce((sum, jobs) => sum + jobs, 0),
    // By default this analysis is of all nodes, the headline is not.
    package: analyze('top-packages', 'is_compute=true').length
  };
}

/** Statuses of the answers that bring the bytes of files, by address. */
function reads(page: Page): Map<string, Set<number>> {
  const statuses = new Map<string, Set<number>>();
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (/\/(files|workload-explorer\/data)\//.test(pathname)) {
      const seen = statuses.get(pathname) ?? new Set();
      statuses.set(pathname, seen.add(response.status()));
    }
  });
  return statuses;
}

test('a file is explored, filtered, kept and opened again under a hub', async ({
  page
}) => {
  const statuses = reads(page);
  await page.goto(`${hub.url}user/${USER}/lab/tree/${FILE}`);
  await untilReady(page);
  const explorer = new ExplorerPage(page);
  await explorer.drawn();
  const all = counted();
  expect(await explorer.headline()).toEqual(all);

  await explorer.filter('package=numpy');
  await expect(explorer.chip('numpy')).toBeVisible();
  const some = counted('package=numpy');
  await expect.poll(() => explorer.headline()).toEqual(some);
  expect(some.user).toBeLessThan(all.user);
  expect(some.user).toBeGreaterThan(0);

  await page.locator('.jp-Workload-main').focus();
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(
    page.getByRole('main').getByRole('tab', { name: 'records.workload.json' })
  ).toBeVisible();
  expect(
    JSON.parse(readFileSync(join(hub.home, 'records.workload.json'), 'utf8'))
  ).toMatchObject({ version: 1, source: { paths: [FILE] } });

  await page.goto(`${hub.url}user/${USER}/lab/tree/records.workload.json`);
  await untilReady(page);
  await explorer.drawn();
  await expect(explorer.chip('numpy')).toBeVisible();
  // The panel is moved once more while JupyterLab restores its layout.
  await expect.poll(() => explorer.headline()).toEqual(some);

  expect([...statuses]).toEqual([
    [`/user/${USER}/files/${FILE}`, new Set([206])]
  ]);
});

test('a data root of the site file is opened under a hub', async ({ page }) => {
  // A workspace of its own, in which nothing is open. What the page before read is not of interest.
  await page.goto(`${hub.url}user/${USER}/lab/workspaces/shared`);
  await untilReady(page);
  const statuses = reads(page);
  await page
    .locator('.jp-LauncherCard', { hasText: 'Workload Explorer' })
    .click();
  const explorer = new ExplorerPage(page);
  const picker = explorer.root.getByRole('group', { name: 'Open a source' });
  await picker.getByRole('button', { name: /^shared/ }).click();
  const field = picker.getByRole('combobox');
  await expect(field).toHaveValue('root:shared/');
  await field.fill(`root:shared/2021/${FILE}`);
  await field.press('Enter');
  await explorer.drawn();
  expect(await explorer.headline()).toEqual(counted());
  expect([...statuses]).toEqual([
    [`/user/${USER}/workload-explorer/data/shared/2021/${FILE}`, new Set([206])]
  ]);
});
