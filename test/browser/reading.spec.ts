import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { DATA, ExplorerPage, execute } from './explorer-page';
import { test } from './explorer-test';
import { DEMO, expect } from './fixtures';

test.describe('reading', () => {
  /** Hold back the bytes of the data until told otherwise. */
  async function slow(page: Page): Promise<() => void> {
    let release = () => undefined as void;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.route('**/files/**', async route => {
      await released;
      await route.continue().catch(() => undefined);
    });
    return release;
  }

  test('can be stopped and gone on with', async ({ openLab, page }) => {
    await openLab();
    const release = await slow(page);
    await execute(page, 'docmanager:open', { path: DATA });
    const explorer = new ExplorerPage(page);
    await explorer.root.getByRole('button', { name: 'Cancel' }).click();
    await expect(explorer.root).toContainText('Reading was stopped');
    release();
    await explorer.root.getByRole('button', { name: 'Go on' }).click();
    await explorer.drawn();
    expect((await explorer.headline()).job).toBeGreaterThan(0);
  });

  test('goes on by itself when the server is back', async ({ explorer }) => {
    const { page, root } = explorer;
    const { job } = await explorer.headline();
    let isDown = true;
    await page.route('**/files/**', route =>
      isDown ? route.abort() : route.continue()
    );
    // A column that nothing has asked for yet.
    await explorer.filter('qos~.');
    await expect(root).toContainText('the server does not answer');
    await expect(root).toContainText('Trying again');
    isDown = false;
    await explorer.answered();
    await expect(root).not.toContainText('the server does not answer');
    expect((await explorer.headline()).job).toBe(job);
  });

  test('offers to reload a file that has changed', async ({
    openLab,
    root: folder
  }) => {
    const path = `${DEMO}/changing.parquet`;
    const file = join(folder, path);
    const bytes = readFileSync(join(folder, DATA));
    writeFileSync(file, bytes);
    const page = await openLab(path);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    const { job } = await explorer.headline();
    writeFileSync(
      file,
      Buffer.concat([Buffer.from('PAR1'), bytes.subarray(4), bytes])
    );
    await explorer.filter('qos~.');
    await expect(explorer.root).toContainText(
      'has changed since it was opened'
    );
    writeFileSync(file, bytes);
    await explorer.root.getByRole('button', { name: 'Reload' }).click();
    await explorer.drawn();
    await expect(explorer.root).not.toContainText('has changed since');
    expect((await explorer.headline()).job).toBe(job);
  });

  for (const [what, make, message] of [
    [
      'is no Parquet',
      () => Buffer.from('{"not": "parquet"}\n'.repeat(100)),
      'Parquet'
    ],
    [
      'is cut off',
      (whole: Buffer) => whole.subarray(0, whole.length / 2),
      'truncated'
    ],
    ['is empty', () => Buffer.alloc(0), 'Parquet']
  ] as const) {
    test(`says of a file that it ${what}`, async ({
      openLab,
      root: folder
    }) => {
      const path = `${DEMO}/broken.parquet`;
      writeFileSync(join(folder, path), make(readFileSync(join(folder, DATA))));
      const explorer = new ExplorerPage(await openLab(path));
      const alert = explorer.root.getByRole('alert');
      await expect(alert).toContainText(message);
      await alert.getByRole('button', { name: 'Open another source' }).click();
      await explorer.root
        .getByRole('combobox', { name: /^Path of a Parquet file/ })
        .fill(DATA);
      await explorer.page.keyboard.press('Enter');
      await explorer.drawn();
    });
  }

  test('maps a column where an analysis misses one', async ({ explorer }) => {
    const { root } = explorer;
    await root.getByRole('button', { name: /^fields/ }).click();
    await root
      .getByRole('combobox', { name: 'Column for number of nodes' })
      .selectOption({ label: 'none' });
    const card = explorer.card('Job sizes');
    await expect(card.getByRole('alert')).toContainText('nodes');
    await card
      .getByRole('combobox', { name: 'Column for number of nodes' })
      .selectOption({ label: 'num_nodes' });
    await expect(card.locator('.main-svg').first()).toBeVisible();
    await expect(card.getByRole('alert')).toHaveCount(0);
  });
});
