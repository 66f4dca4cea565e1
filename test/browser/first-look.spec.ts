import { expectAccessible } from './accessibility';
import { execute } from './explorer-page';
import { BOARD, test } from './explorer-test';
import { expect } from './fixtures';

test.describe('the first look', () => {
  test('shows figures, not a form', async ({ explorer }) => {
    expect(await explorer.titles()).toEqual(BOARD);
    const { user, job, package: packages } = await explorer.headline();
    expect(user).toBeGreaterThan(100);
    expect(job).toBeGreaterThan(user);
    expect(packages).toBeGreaterThan(40);
    for (const title of BOARD) {
      await expect(
        explorer.card(title).locator('.jp-Workload-caption')
      ).toContainText(/staff excluded.*exact$/);
    }
    await expect(explorer.root).toContainText('Limits: imported is not used');
  });

  test('draws each chart as what it is', async ({ explorer }) => {
    const types = await explorer.root
      .locator('.jp-Workload-card')
      .evaluateAll(cards =>
        cards.map(card => {
          const plot = card.querySelector<
            Element & { _fullData?: { type: string }[] }
          >('.jp-Workload-plot');
          return plot?._fullData?.[0].type ?? 'number';
        })
      );
    expect(types).toEqual([
      'bar',
      'bar',
      'scatter',
      'heatmap',
      'heatmap',
      'bar',
      'bar',
      'number'
    ]);
  });

  test('restyles its charts with the theme', async ({ explorer }) => {
    const color = () =>
      explorer
        .card('Top packages')
        .locator('.ytick text')
        .first()
        .evaluate(node => getComputedStyle(node).fill);
    const light = await color();
    await execute(explorer.page, 'apputils:change-theme', {
      theme: 'JupyterLab Dark'
    });
    await expect.poll(color).not.toBe(light);
    await execute(explorer.page, 'apputils:change-theme', {
      theme: 'JupyterLab Light'
    });
    await expect.poll(color).toBe(light);
  });
});

test.describe('accessibility', () => {
  for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
    test(`has no serious fault in ${theme}`, async ({ explorer }) => {
      const { page, root } = explorer;
      await execute(page, 'apputils:change-theme', { theme });
      await explorer.press(explorer.bar('Top packages', 1));
      await explorer.answered();
      await expectAccessible(page, '.jp-Workload');
      await root.getByRole('button', { name: /^fields/ }).click();
      await root.getByRole('button', { name: '+ filter' }).click();
      await expect(
        root.locator('.jp-Workload-suggestion').first()
      ).toBeVisible();
      await expectAccessible(page, '.jp-Workload');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await explorer.enlarge('Top packages');
      for (const tab of ['Chart', 'Table', 'Transform', 'Provenance']) {
        await root.getByRole('tab', { name: tab }).click();
        await explorer.answered();
        await expectAccessible(page, '.jp-Workload');
      }
      await root.getByRole('button', { name: 'Open', exact: true }).click();
      await expectAccessible(page, '.jp-Workload');
      await execute(page, 'apputils:change-theme', {
        theme: 'JupyterLab Light'
      });
    });
  }
});
