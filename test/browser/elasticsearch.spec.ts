import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Locator, Page, Response } from '@playwright/test';

import { type ILabServer, startLab } from '../../scripts/lib/lab.mjs';
import {
  createIndex,
  loadDocuments,
  loadParquet
} from '../services/documents.mjs';
import {
  type IElasticsearch,
  ask,
  startElasticsearch
} from '../services/elasticsearch.mjs';
import { type IFaultProxy, startFaultProxy } from '../services/fault-proxy.mjs';
import { expectAccessible } from './accessibility';
import { ExplorerPage, execute } from './explorer-page';
import {
  demoData,
  expect,
  labAddress,
  python,
  test as base,
  untilReady
} from './fixtures';

const INDEX = 'mods-2021';

/** So many that an estimate is there long before the exact answer. */
const ROWS = 120_000;
const DOCUMENTS = ROWS.toLocaleString('en');

/** The same records in a file, below the server's root. */
const FILE = 'many/records.parquet';

/** What no answer and no page may hold. */
const PASSWORD = 'testpass123';

interface IServed {
  readonly server: IElasticsearch;
  /** Before the server, for the connection `held`. */
  readonly proxy: IFaultProxy;
  readonly lab: ILabServer;
}

const test = base.extend<
  { secrets: Secrets; start: Locator },
  { served: IServed }
>({
  /** A JupyterLab with connections to an Elasticsearch with security that has the demo data. */
  served: [
    async ({ root }, use) => {
      const server = await startElasticsearch({ profile: 'es8-full' });
      const records = join(demoData(ROWS), 'records.parquet');
      mkdirSync(join(root, dirname(FILE)));
      copyFileSync(records, join(root, FILE));
      await loadParquet(server, INDEX, records);
      await ask(server, 'POST', '/_aliases', {
        actions: [{ add: { index: INDEX, alias: 'mods-all' } }]
      });
      const proxy = await startFaultProxy(server.url);
      const folder = mkdtempSync(join(tmpdir(), 'workload-secret-'));
      const secret = (name: string, text: string) => {
        const file = join(folder, name);
        writeFileSync(file, text, { mode: 0o600 });
        return { file };
      };
      const connection = (
        name: string,
        password: object,
        { url }: { readonly url: string } = server
      ) => ({
        name,
        description: `Records of ${name}`,
        urls: [url],
        authentication: { user: 'admin', password },
        indices: ['mods-*']
      });
      const lab = await startLab({
        python: python(),
        root,
        site: {
          version: 1,
          connections: [
            connection('mods', secret('right', PASSWORD)),
            connection('held', secret('held', PASSWORD), proxy),
            connection('wrong', secret('wrong', 'not-the-password')),
            connection('unset', { environment: 'WORKLOAD_TEST_NOT_SET' })
          ]
        }
      });
      await use({ server, proxy, lab });
      await lab.stop();
      await proxy.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 240_000 }
  ],

  secrets: async ({ page, served }, use) => {
    const secrets = new Secrets();
    secrets.watch(page);
    await use(secrets);
    await secrets.check(page);
    for (const secret of SECRETS) {
      expect(served.lab.log(), 'the log of the server').not.toContain(secret);
    }
  },

  /** The source picker of an empty panel. */
  start: async ({ openLab, served, secrets }, use) => {
    expect(secrets).toBeDefined();
    const page = await openLab(undefined, served.lab);
    await execute(page, 'workload-explorer:open');
    await use(page.locator('.jp-Workload-start:visible'));
  }
});

const SECRETS: readonly string[] = [
  PASSWORD,
  'not-the-password',
  Buffer.from(`admin:${PASSWORD}`).toString('base64')
];

/** Reads along everything that our server half answers. */
class Secrets {
  watch(page: Page): void {
    page.on('response', response => {
      if (response.url().includes('/workload-explorer/')) {
        this._reading.push(this._read(response));
      }
    });
  }

  /** Calls of Elasticsearch's gateway that were answered. */
  get calls(): readonly string[] {
    return this._calls;
  }

  async check(page: Page): Promise<void> {
    await Promise.all(this._reading);
    expect(this._calls).toContain('elasticsearch');
    const stored = await page.evaluate(() => ({
      html: document.documentElement.outerHTML,
      kept: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      cookies: document.cookie
    }));
    for (const secret of SECRETS) {
      for (const text of [...this._texts, ...Object.values(stored)]) {
        expect(text.includes(secret), `${secret} in ${text}`).toBe(false);
      }
    }
  }

  private async _read(response: Response): Promise<void> {
    const call = /workload-explorer\/([^?]*)/.exec(response.url())?.[1];
    this._calls.push(call ?? '');
    // An answer that was called off has no text.
    const text = await response.text().catch(() => '');
    this._texts.push(text, JSON.stringify(await response.allHeaders()));
  }

  private readonly _calls: string[] = [];
  private readonly _texts: string[] = [];
  private readonly _reading: Promise<void>[] = [];
}

/** Holds back the requests that load all of the records, so that what is before them can be seen. */
async function holdLoading(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route('**/elasticsearch/*/search', async route => {
    if ((route.request().postData() ?? '').includes('"composite"')) {
      await released;
    }
    // What was called off meanwhile goes nowhere.
    await route.continue().catch(() => undefined);
  });
  return release;
}

test('a connection is chosen, then an index, by pointer and keyboard', async ({
  start,
  page
}) => {
  const unset = start.getByRole('button', { name: /^unset/ });
  await expect(unset).toBeDisabled();
  await expect(unset).toHaveAttribute('title', /WORKLOAD_TEST_NOT_SET/);

  await start.getByRole('button', { name: /^wrong/ }).click();
  await expect(start.getByRole('alert')).toContainText(/user|password|login/i);

  await start.getByRole('button', { name: /^mods/ }).click();
  const list = start.getByRole('group', { name: 'Indices of mods' });
  const row = list.getByRole('listitem').filter({ hasText: INDEX });
  await expect(row).toContainText('index');
  await expect(row.getByRole('button')).toHaveAttribute(
    'title',
    new RegExp(`${DOCUMENTS} documents`)
  );
  await expect(
    list.getByRole('listitem').filter({ hasText: 'mods-all' })
  ).toContainText('alias');

  await page.keyboard.type('mods-*');
  await expect(list.getByRole('status')).toHaveText(
    `1 index · ${DOCUMENTS} documents`
  );
  await expectAccessible(page, '.jp-Workload-start');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('2021');
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  const explorer = new ExplorerPage(page);
  await explorer.drawn();
  const side = explorer.root.getByRole('complementary');
  await expect(side).toContainText(`${INDEX} · mods`);
  await expect(side).toContainText(/as of .*Reload/);
  await expect(side).toContainText(`${DOCUMENTS} documents`);
  await expect(page.locator('.lm-TabBar-tab.lm-mod-current')).toContainText([
    `${INDEX} · mods`
  ]);
});

test('paths are completed, and other paths beside an index are refused', async ({
  start,
  page
}) => {
  const field = start.getByRole('combobox');
  await field.click();
  await field.pressSequentially('elasticsearch:mo');
  await expect(start.getByRole('option')).toHaveText(['modsRecords of mods']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await field.pressSequentially('mods-2');
  await expect(start.getByRole('option')).toContainText([INDEX]);
  await field.fill(`demo/records.parquet, elasticsearch:mods/${INDEX}`);
  await page.keyboard.press('Enter');
  const explorer = new ExplorerPage(page);
  await expect(explorer.root.getByRole('alert')).toContainText(
    'Indices of Elasticsearch are read by themselves'
  );
});

test('a gather is cancelled, and goes on', async ({ start, page, served }) => {
  await start.getByRole('combobox').fill(`elasticsearch:held/${INDEX}`);
  await page.keyboard.press('Enter');
  const explorer = new ExplorerPage(page);
  await explorer.drawn();
  const side = explorer.root.getByRole('complementary');
  await served.proxy.hold({ path: '_search' });
  await side.getByRole('button', { name: 'Gather into Parquet…' }).click();
  await side
    .getByRole('form', { name: 'Gather into Parquet' })
    .getByRole('button', { name: 'Gather', exact: true })
    .click();
  const job = side
    .getByRole('list', { name: 'Gathering' })
    .getByRole('listitem')
    .filter({ hasText: 'held' });
  await expect(job.getByRole('progressbar')).toBeVisible();
  await job.getByRole('button', { name: 'Cancel' }).click();
  await served.proxy.clear();
  await expect(job).toContainText('Cancelled after');
  await job.getByRole('button', { name: 'Resume' }).click();
  await expect(job).toContainText(`Done: ${DOCUMENTS} documents`);
  await job.getByRole('button', { name: 'Dismiss' }).click();
  await expect(job).toHaveCount(0);
});

test('Reload takes a new point in time', async ({ start, page, served }) => {
  const { server } = served;
  const index = 'mods-growing';
  const document = {
    username: 'someone',
    subservice: 'numpy',
    '@timestamp': '2021-03-01T12:00:00Z'
  };
  await createIndex(server, index, {
    username: 'keyword',
    subservice: 'keyword',
    '@timestamp': 'date'
  });
  await loadDocuments(server, index, [document]);
  await start.getByRole('combobox').fill(`elasticsearch:mods/${index}`);
  await page.keyboard.press('Enter');
  const explorer = new ExplorerPage(page);
  await explorer.answered();
  const side = explorer.root.getByRole('complementary');
  await expect(side.getByText('1 document', { exact: true })).toBeVisible();
  await loadDocuments(server, index, [{ ...document, username: 'another' }]);
  await side.getByRole('button', { name: 'Reload' }).click();
  await expect(side.getByText('2 documents', { exact: true })).toBeVisible();
  await ask(server, 'DELETE', `/${index}`);
});

test('from the first look to the gathered dataset', async ({
  start,
  page,
  served,
  secrets,
  context
}) => {
  // The whole journey in one go.
  test.setTimeout(300_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  // Quick look.
  const release = await holdLoading(page);
  await start.getByRole('combobox').fill(`elasticsearch:mods/${INDEX}`);
  await page.keyboard.press('Enter');
  const explorer = new ExplorerPage(page);
  const status = explorer.root.locator('.jp-Workload-status');
  const top = explorer.card('Top packages');
  await expect(top.getByText(/^estimate ±\d+ %$/)).toBeVisible();
  await expect(top.getByText(/^estimate/).first()).toHaveAttribute(
    'title',
    /HyperLogLog.*95 of 100/
  );
  await expect(top.locator('.jp-Workload-caption')).toContainText(
    'estimate, ±'
  );
  await expect(explorer.bar('Top packages', 0)).toBeVisible();
  await expect(status).toContainText('estimated');

  // Cancel: the estimate stays, and says so.
  await explorer.root
    .locator('.jp-Workload-progress')
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect(explorer.root.getByRole('status')).toContainText([
    'What is marked as an estimate stays one until you go on'
  ]);
  await expect(top.getByText(/^estimate ±/)).toBeVisible();
  await expect(explorer.bar('Top packages', 0)).toBeVisible();

  // Exact, as from the same records in a file.
  release();
  await explorer.root.getByRole('button', { name: 'Go on' }).click();
  await explorer.drawn();
  await expect(status).toContainText('exact');
  await expect(explorer.root.getByText(/^estimate/)).toHaveCount(0);
  const figures = await explorer.headline();
  const captions = await explorer.root
    .locator('.jp-Workload-caption')
    .allTextContents();

  // A changed filter asks nothing of Elasticsearch.
  const before = secrets.calls.length;
  await explorer.chip('Staff excluded').getByRole('button').last().click();
  await expect(explorer.chip('Staff excluded')).toHaveCount(0);
  await explorer.answered();
  expect((await explorer.headline()).user).toBeGreaterThan(figures.user);
  expect(
    secrets.calls.slice(before).filter(call => /search|esql/.test(call))
  ).toEqual([]);
  await explorer.root.getByRole('button', { name: 'Undo' }).click();
  await explorer.answered();

  // Map.
  const side = explorer.root.getByRole('complementary');
  await side.getByRole('button', { name: /^fields/ }).click();
  await expect(side.getByLabel('Column for user')).toHaveValue('username');
  await side.getByText('A sample document').click();
  await expect(side.locator('pre')).toContainText('"username":');
  await side.getByRole('button', { name: 'Copy the sample document' }).click();
  await expect.poll(clipboard).toContain('"username":');
  await side.locator('[data-role="qos"] select').selectOption('context');
  await side.getByRole('button', { name: /^fields/ }).click();

  // Inspect.
  await side.getByRole('button', { name: 'Requests…' }).click();
  const requests = explorer.root.getByRole('region', { name: 'Requests' });
  await expect(requests).toContainText(/\d+ requests · /);
  const search = requests.getByRole('button', { name: /quick look/ }).first();
  await search.click();
  await expect(requests.locator('pre')).toContainText(/^POST \/.*_search\n\{/);
  await requests.getByRole('button', { name: /^Copy the request/ }).click();
  await expect.poll(clipboard).toMatch(/^POST \/.*_search\n\{/);
  await expectAccessible(page, '.jp-Workload-inspect');
  await requests.getByRole('button', { name: 'Copy all' }).click();
  await expect.poll(clipboard).toMatch(/_field_caps[^]*composite/);
  await page.keyboard.press('Escape');
  await expect(top).toBeVisible();

  // Gather; the page goes away meanwhile.
  await side.getByRole('button', { name: 'Gather into Parquet…' }).click();
  const form = side.getByRole('form', { name: 'Gather into Parquet' });
  await form.getByRole('combobox').fill('../outside');
  await form.getByRole('button', { name: 'Gather', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('leads out');
  await form.getByText(/of \d+ columns$/).click();
  await expectAccessible(page, '.jp-Workload-side');
  await form.getByRole('combobox').fill('gathered/mods');
  await form.getByRole('button', { name: 'Gather', exact: true }).click();
  await expect(side.getByRole('list', { name: 'Gathering' })).toContainText(
    'gathered/mods'
  );
  await page.goto('about:blank');
  await page.goto(labAddress(served.lab));
  await untilReady(page);
  await execute(page, 'workload-explorer:open', {
    paths: [`elasticsearch:mods/${INDEX}`]
  });
  await explorer.drawn();
  // What was chosen for this index before is chosen in a new view of it.
  await side.getByRole('button', { name: /^fields/ }).click();
  await expect(side.locator('[data-role="qos"] select')).toHaveValue('context');
  const job = side
    .getByRole('list', { name: 'Gathering' })
    .getByRole('listitem');
  await expect(job).toContainText(`Done: ${DOCUMENTS} documents`);

  // Open the result: the same answers.
  await job.getByRole('button', { name: 'Open gathered/mods' }).click();
  await expect(side.locator('.jp-Workload-source-name')).toHaveText('mods');
  await explorer.drawn();
  expect(await explorer.headline()).toEqual(figures);
  expect(
    await explorer.root.locator('.jp-Workload-caption').allTextContents()
  ).toEqual(captions);
  await execute(page, 'workload-explorer:open', { paths: [FILE] });
  await explorer.drawn();
  expect(await explorer.headline()).toEqual(figures);
});
