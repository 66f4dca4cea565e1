import { ExplorerPage } from './explorer-page';
import { test } from './explorer-test';
import { DEMO, expect } from './fixtures';

test.describe('without a mouse', () => {
  test('one opens, filters, looks closer, and goes back', async ({
    openLab,
    page
  }) => {
    await openLab();
    const press = async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    };
    const focused = () => page.locator(':focus');
    /** Tab until something has the focus. */
    const tabTo = async (name: RegExp) => {
      for (let i = 0; i < 60; i++) {
        // Not by `:focus`: the calendar button of a date field has it within the field.
        const label = await page.evaluate(() => {
          const node = document.activeElement;
          return node?.getAttribute('aria-label') ?? node?.textContent ?? '';
        });
        if (name.test(label)) {
          return;
        }
        await press('Tab');
      }
      throw new Error(`Nothing in the tab order is called ${name}.`);
    };
    // JupyterLab's keys work some time after its launcher is there, which takes the focus once more.
    await expect(async () => {
      await press('Escape', 'Control+Shift+c');
      await page.keyboard.type('Workload Explorer');
      await expect(
        page.locator('.lm-CommandPalette-item.lm-mod-active')
      ).toContainText('Workload Explorer', { timeout: 2000 });
    }).toPass();
    await press('Enter');
    const explorer = new ExplorerPage(page);
    await expect(
      explorer.root.getByRole('heading', { name: 'Workload Explorer' })
    ).toBeVisible();
    await tabTo(/^Path of a Parquet file/);
    await page.keyboard.type(`${DEMO}/rec`);
    await expect(
      page.getByRole('option', { name: /records\.parquet/ })
    ).toBeVisible();
    await press('ArrowDown', 'Enter');
    await explorer.drawn();
    const all = await explorer.headline();

    await explorer.root.focus();
    await tabTo(/^\+ filter$/);
    await press('Enter');
    await page.keyboard.type('subsys');
    await expect(
      page.getByRole('option', { name: /^subsystem/ })
    ).toBeVisible();
    await press('ArrowDown', 'Enter');
    await page.keyboard.type('knl');
    await press('Enter');
    await expect(explorer.chip('partition knl')).toBeVisible();
    expect((await explorer.headline()).job).toBeLessThan(all.job);
    await expect(focused()).toHaveText('+ filter');

    await tabTo(/^Previous month$/);
    await press('Enter');
    await explorer.answered();
    await tabTo(/^Top packages/);
    await press('ArrowRight');
    await expect(explorer.card('Job sizes')).toBeFocused();
    // Past the card's two buttons to its drawing.
    await press('ArrowLeft', 'Tab', 'Tab', 'Tab', 'ArrowDown', 'Enter');
    await expect(explorer.chip('jobs with')).toBeVisible();
    await press('Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Enter');
    await expect(
      explorer.root.getByRole('tab', { name: 'Chart' })
    ).toBeFocused();
    await press('ArrowRight');
    await expect(
      explorer.root.getByRole('tab', { name: 'Table' })
    ).toBeFocused();
    await expect(explorer.root.getByRole('grid')).toBeVisible();
    // First back to all records, then to the board.
    await press('Escape');
    await expect(explorer.chip('jobs with')).toHaveCount(0);
    await press('Escape');
    await expect(explorer.card('Top packages')).toBeFocused();
    await press('Control+z', 'Control+z', 'Control+z', 'Control+z');
    await expect(explorer.chips()).toHaveCount(2);
    expect(await explorer.headline()).toEqual(all);
  });
});
