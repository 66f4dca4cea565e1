import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ExplorerPage, execute } from './explorer-page';
import { test } from './explorer-test';
import { DEMO, expect } from './fixtures';

test.describe('a transform', () => {
  test('is typed with completion; the table follows', async ({ explorer }) => {
    const { page, root } = explorer;
    await explorer.enlarge('Top packages', 'Transform');
    const editor = root.getByRole('textbox', { name: /^Transform of/ });
    await editor.click();
    await page.keyboard.type('derive({share: d => d.us');
    await expect(
      page.locator('.cm-tooltip-autocomplete [aria-selected=true]')
    ).toContainText('users');
    // CodeMirror takes no key for an answer right after its list appears, so that nobody accepts what he has not seen.
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' / op.sum(d.users)}).slice(0, 3)');
    await expect.poll(async () => (await explorer.rows()).length).toBe(3);
    await expect(
      root.getByRole('columnheader', { name: 'Share' })
    ).toBeVisible();
    await expect(root.locator('.jp-Workload-badge')).toHaveText('transformed');
  });

  test('points at its error and keeps the last good table', async ({
    explorer
  }) => {
    const { page, root } = explorer;
    await explorer.enlarge('Top packages', 'Transform');
    await root.getByRole('textbox', { name: /^Transform of/ }).click();
    await page.keyboard.type('slice(0, 4)');
    await expect.poll(async () => (await explorer.rows()).length).toBe(4);
    await page.keyboard.type('.filter(d => d.uers > 1)');
    await expect(root.getByRole('alert')).toContainText('uers');
    await expect(root.locator('.cm-lintRange-error')).toHaveText('d.uers');
    expect(await explorer.rows()).toHaveLength(4);
    // Escape in the editor does not close the chart.
    await page.keyboard.press('Escape');
    await expect(root.getByRole('tab', { name: 'Transform' })).toBeVisible();
  });

  test('says that it takes all rows, and takes that back', async ({
    explorer
  }) => {
    const { page, root } = explorer;
    const shown = root.getByRole('combobox', { name: 'Show', exact: true });
    await explorer.enlarge('Top packages', 'Transform');
    await expect(shown).toHaveValue('20');
    await root.getByRole('textbox', { name: /^Transform of/ }).click();
    await page.keyboard.type("orderby('package')");
    await expect(root).toContainText('not only for the first 20');
    await expect(shown).toHaveValue('null');
    await root.getByRole('button', { name: 'First 20 only' }).click();
    await expect(shown).toHaveValue('20');
    await expect.poll(async () => (await explorer.rows()).length).toBe(20);
    await root.getByRole('button', { name: 'Undo' }).click();
    await expect(shown).toHaveValue('null');
    await root.getByRole('button', { name: 'Remove the transform' }).click();
    await expect(
      root.getByRole('checkbox', { name: /^all rows/ })
    ).toBeChecked();
  });

  test('is written by steps, and saved with the view', async ({
    openLab,
    root: folder
  }) => {
    const path = `${DEMO}/steps.workload.json`;
    const file = join(folder, path);
    writeFileSync(
      file,
      JSON.stringify({ version: 1, source: { paths: ['records.parquet'] } })
    );
    const page = await openLab(path);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    await explorer.enlarge('Top packages', 'Transform');
    const step = async (label: string) => {
      await explorer.root.getByRole('button', { name: 'Step' }).click();
      await explorer.choose(label);
    };
    await step('Share of the sum');
    await page.keyboard.press('Enter');
    await step('Top rows');
    await explorer.root
      .getByRole('spinbutton', { name: 'Number of rows' })
      .fill('2');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await explorer.rows()).length).toBe(2);
    const rows = await explorer.rows();
    await execute(page, 'docmanager:save');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toContain('slice(0, 2)');
    await page.reload();
    await explorer.drawn();
    await explorer.enlarge('Top packages', 'Table');
    expect(await explorer.rows()).toEqual(rows);
  });
});

test.describe('an export', () => {
  test('says what it counted, in each form', async ({ explorer }) => {
    await explorer.card('Top packages').focus();
    const caption = await explorer
      .card('Top packages')
      .locator('.jp-Workload-caption')
      .textContent();
    const png = await explorer.exportAs('PNG image');
    expect(png.name).toBe('top-packages.png');
    expect(png.bytes.subarray(0, 8).toString('latin1')).toBe(
      '\x89PNG\r\n\x1a\n'
    );
    const svg = (await explorer.exportAs('SVG image')).bytes.toString();
    expect(svg).toContain('<svg');
    expect(svg).toContain('Top packages');
    expect(svg).toContain('counted once for each package');
    const csv = (await explorer.exportAs('CSV table')).bytes.toString();
    expect(csv.split('\n')[0]).toBe('package,users');
    expect(csv.trim().split('\n')).toHaveLength(21);
    const json: unknown = JSON.parse(
      (
        await explorer.exportAs('JSON with caption and provenance')
      ).bytes.toString()
    );
    expect(json).toMatchObject({
      caption,
      columns: ['package', 'users'],
      provenance: {
        exact: true,
        partial: false,
        query: { analysis: 'top-packages', top: 20 }
      }
    });
  });
});
