import type { Locator } from '@playwright/test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expectAccessible } from './accessibility';
import { execute } from './explorer-page';
import { expect, untilReady } from './fixtures';
import { CELLS, sets, test } from './preview-page';
import { writeNotebook } from './roles-see-page';

test.describe('the tab of a preview', () => {
  test('stays where it was while it is out of sight', async ({ preview }) => {
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    await preview.laidOut();
    await preview.place(500);
    await preview.move('tab-after');
    await preview.notebookTab.click();
    await expect(preview.root).toBeHidden();
    const first = preview.run();
    await preview.edit(1, sets('second'));
    await expect.poll(() => preview.run()).not.toBe(first);
    await expect(preview.frame.getByText('the second end')).toBeAttached();
    await preview.laidOut();
    await preview.tab.click();
    await expect.poll(() => preview.place()).toBe(500);
  });

  test('goes on when its tab is dragged, and runs anew where the browser empties it', async ({
    preview,
    running
  }) => {
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    const first = preview.run();
    await preview.laidOut();
    await preview.place(500);

    // Within the main area nothing is loaded again.
    const { page } = preview;
    const area = await page.locator('#jp-main-dock-panel').boundingBox();
    expect(area).not.toBeNull();
    const { x, y, width, height } = area!;
    await preview.tab.hover();
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height - 12, { steps: 12 });
    await expect(page.locator('.lm-DockPanel-overlay')).toBeVisible();
    await page.mouse.up();
    const below = async () =>
      ((await preview.root.boundingBox())?.y ?? 0) > y + height / 3;
    await expect.poll(below).toBe(true);
    expect(await preview.place()).toBe(500);
    expect(preview.run()).toBe(first);
    expect(await running()).toBe(1);

    // Elsewhere it is.
    for (const place of ['down', 'split-right'] as const) {
      const before = preview.run();
      await preview.move(place);
      await expect.poll(() => preview.run()).not.toBe(before);
      await expect(preview.ran).toContainText('3 cells ran in');
      await preview.laidOut();
      await expect.poll(() => preview.place()).toBe(500);
      await expect.poll(running).toBe(1);
    }

    // The reader may load it again, too.
    await preview.frame.locator('body').evaluate(() => location.reload());
    await expect(preview.frame.getByText('the first end')).toBeAttached();
    await preview.tab.click();
    await execute(page, 'application:close');
    await expect(preview.root).toHaveCount(0);
    await expect.poll(running).toBe(0);
  });

  test('comes back with its notebook, and only with that', async ({
    preview,
    running,
    root
  }) => {
    const { page } = preview;
    await preview.open();
    await expect(preview.ran).toContainText('3 cells ran in');
    const copy = join(root, 'report.preview.ipynb');

    /** JupyterLab keeps its layout some time after it has changed. */
    const reload = async (): Promise<void> => {
      await page.waitForTimeout(1500);
      await page.reload();
      await untilReady(page);
    };
    const place = await preview.root.boundingBox();
    await reload();
    await expect(preview.root).toHaveCount(1);
    expect(await preview.root.boundingBox()).toEqual(place);
    await expect(preview.ran).toContainText('3 cells ran in');
    await expect(preview.frame.getByText('the first end')).toBeAttached();
    await expect.poll(running).toBe(1);

    // Nothing runs for a preview that nobody sees.
    await preview.move('tab-after');
    await preview.notebookTab.click();
    await reload();
    await preview.roles.shown();
    await expect(preview.root).toHaveCount(1);
    await expect.poll(running).toBe(0);
    await expect(async () => {
      // JupyterLab brings the notebook to the front once more, late.
      await preview.open();
      await expect(preview.ran).toContainText('3 cells ran in', {
        timeout: 10_000
      });
    }).toPass();
    await expect(preview.root).toHaveCount(1);

    rmSync(join(root, 'report.ipynb'));
    expect(existsSync(copy)).toBe(true);
    await reload();
    await expect.poll(() => existsSync(copy)).toBe(false);
    await expect(preview.root).toHaveCount(0);
    writeNotebook(root, 'report.ipynb', CELLS);
    await reload();
    await expect(preview.root).toHaveCount(0);
  });

  test('can be used without a mouse, and by those who do not see it', async ({
    preview
  }) => {
    const { page } = preview;
    await preview.edit(4, 'def fail():\n    raise ValueError("no")\n\nfail()');
    await preview.open();
    await expect(preview.ran).toContainText('1 cell failed.');
    await expectAccessible(page, '.jp-WorkloadPreview [aria-label="Preview"]');
    await expectAccessible(page, '.jp-WorkloadPreview-ran');
    const region = page.getByRole('region', { name: 'Dashboard of report' });
    await expect(region).toBeFocused();

    // On to the page, and to what ran.
    const focused = () =>
      page.evaluate(() => document.activeElement?.tagName.toLowerCase());
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('iframe');
    const jump = preview.ran.getByRole('button', { name: 'Cell 5' });
    await jump.focus();
    await page.keyboard.press('Enter');
    await expect(preview.roles.cell(4)).toBeFocused();
    await preview.open();
    await expect(region).toBeFocused();

    // Back to the tools.
    await page.keyboard.press('Shift+Tab');
    const again = preview.root.getByRole('button', {
      name: 'Compile and run again'
    });
    await expect(again).toBeFocused();
    await expect(again).not.toHaveAttribute('aria-pressed', /./);
    const first = preview.run();
    await page.keyboard.press('Enter');
    await expect.poll(() => preview.run()).not.toBe(first);
    await expect(again).toBeFocused();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
    }
    const tool = (name: string): Locator =>
      preview.root.getByRole('button', { name });
    await expect(tool('Hide what ran')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(preview.ran).toBeHidden();
    await expect(tool('Show what ran')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(preview.ran).toBeVisible();
  });
});
