import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { createIndex, loadDocuments } from '../services/documents.mjs';
import { ask } from '../services/elasticsearch.mjs';
import { expectAccessible } from './accessibility';
import { contexts, searches, slowDown } from './elasticsearch-node';
import { DOCUMENTS, FILE, INDEX, test } from './elasticsearch-test';
import { ExplorerPage, execute } from './explorer-page';
import { expect, labAddress, untilReady } from './fixtures';

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

test('cancel and closing the panel end what Elasticsearch does for it', async ({
  start,
  page,
  served
}) => {
  const { server } = served;
  const running = () => searches(server);
  const kept = () => contexts(server);
  await expect.poll(running).toBe(0);
  const before = await kept();
  const normal = await slowDown(page);
  await start.getByRole('combobox').fill(`elasticsearch:mods/${INDEX}`);
  await page.keyboard.press('Enter');
  const explorer = new ExplorerPage(page);
  await expect.poll(running).toBeGreaterThan(0);
  expect(await kept()).toBeGreaterThan(before);

  await explorer.root
    .locator('.jp-Workload-progress')
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect.poll(running).toBe(0);

  // The point in time was not lost by it.
  await normal();
  await explorer.root.getByRole('button', { name: 'Go on' }).click();
  await explorer.drawn();
  expect(await kept()).toBeGreaterThan(before);
  await execute(page, 'application:close');
  await expect(explorer.root).toHaveCount(0);
  await expect.poll(kept).toBeLessThanOrEqual(before);

  // Closed in the middle of a search.
  await slowDown(page);
  await execute(page, 'workload-explorer:open', {
    paths: [`elasticsearch:mods/${INDEX}`]
  });
  await expect.poll(running).toBeGreaterThan(0);
  await execute(page, 'application:close');
  await expect(explorer.root).toHaveCount(0);
  await expect.poll(running).toBe(0);
  await expect.poll(kept).toBeLessThanOrEqual(before);
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
  await secrets.quiet(page);
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

  // A view of it is kept.
  const view = join(served.lab.root, 'mods.workload.json');
  const saving = execute(page, 'workload-explorer:save-view-as');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('mods.workload.json');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await saving;
  await expect.poll(() => existsSync(view)).toBe(true);
  // What the check of secrets reads after each test: the view, the dataset with its manifest, the job with its log.
  const files = [
    ...secrets.checkFolder(served.lab.root),
    ...secrets.checkFolder(served.kept)
  ];
  for (const kind of [
    /workload\.json$/,
    /manifest/,
    /gather\/.*\.json$/,
    /\.log$/
  ]) {
    expect(files.filter(file => kind.test(file))).not.toEqual([]);
  }
  expect(readFileSync(view, 'utf8')).toContain(`elasticsearch:mods/${INDEX}`);

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
