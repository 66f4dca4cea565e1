import { BOARD, test } from './explorer-test';
import { expect } from './fixtures';

test.describe('included records', () => {
  test('are chosen by typing, with completion', async ({ explorer }) => {
    const { page, root } = explorer;
    const before = await explorer.headline();
    await root.getByRole('button', { name: '+ filter' }).click();
    await page.keyboard.type('parti');
    await page.getByRole('option', { name: /^subsystem/ }).click();
    await page.getByRole('option', { name: /^knl\s*[\d,]+$/ }).click();
    await expect(explorer.chip('partition knl')).toContainText('−');
    const knl = await explorer.headline();
    expect(knl.job).toBeLessThan(before.job);
    // Partitions counts every job in one partition here, so all that is left is that one.
    await explorer.enlarge('Partitions', 'Table');
    expect((await explorer.rows()).map(([name]) => name)).toEqual(['knl']);
  });

  test('can be turned round, set aside, removed, and brought back', async ({
    explorer
  }) => {
    const { root } = explorer;
    const all = await explorer.headline();
    await explorer.filter('subsystem=knl');
    const knl = await explorer.headline();
    const chip = (text: string) =>
      explorer.chip(text).getByRole('button').first();
    await chip('partition knl').click();
    await explorer.choose('Exclude these instead');
    const rest = await explorer.headline();
    expect(rest.job + knl.job).toBe(all.job);
    await chip('partition not knl').click();
    await explorer.choose('Set aside');
    expect(await explorer.headline()).toEqual(all);
    await chip('partition not knl').focus();
    await explorer.page.keyboard.press('Delete');
    await expect(explorer.chip('knl')).toHaveCount(0);
    await root.getByRole('button', { name: 'Remove Staff excluded' }).click();
    const staff = await explorer.headline();
    expect(staff.user).toBeGreaterThan(all.user);
    await root.getByRole('button', { name: '+ Staff excluded' }).click();
    expect(await explorer.headline()).toEqual(all);
  });

  test('say what is wrong with a condition', async ({ explorer }) => {
    await explorer.filter('subsystem');
    await expect(explorer.root.getByRole('alert')).toContainText(
      'is not a condition'
    );
    await explorer.page.keyboard.press('Escape');
    await explorer.page.keyboard.press('Escape');
    await expect(
      explorer.root.getByRole('button', { name: '+ filter' })
    ).toBeFocused();
    await explorer.filter('colour=red');
    await expect(explorer.root.getByRole('alert')).toContainText(
      'There is no column “colour”.'
    );
  });

  test('follow undo and redo', async ({ explorer }) => {
    const { page, root } = explorer;
    const all = await explorer.headline();
    await explorer.filter('subsystem=knl');
    const knl = await explorer.headline();
    await page.keyboard.press('Control+z');
    expect(await explorer.headline()).toEqual(all);
    await page.keyboard.press('Control+Shift+z');
    expect(await explorer.headline()).toEqual(knl);
    await root.getByRole('button', { name: 'Undo' }).click();
    expect(await explorer.headline()).toEqual(all);
  });

  test('that come to nothing name the condition to blame', async ({
    explorer
  }) => {
    const all = await explorer.headline();
    await explorer.filter('account=nobody');
    await explorer.filter('subsystem=knl');
    await expect(explorer.root).toContainText('No records are left');
    await explorer.root
      .getByRole('button', { name: /^account nobody \([\d,]+ records\)$/ })
      .click();
    await expect(explorer.chip('nobody')).toHaveCount(0);
    expect((await explorer.headline()).job).toBeLessThan(all.job);
  });
});

test.describe('the period', () => {
  test('is stepped through and chosen by name', async ({ explorer }) => {
    const { root } = explorer;
    const all = await explorer.headline();
    await root.getByRole('button', { name: 'Previous month' }).click();
    await expect(root.locator('.jp-Workload-headline')).toContainText(
      'May 2021'
    );
    await root.getByRole('button', { name: 'Previous month' }).click();
    await expect(root.locator('.jp-Workload-headline')).toContainText(
      'Apr 2021'
    );
    const april = await explorer.headline();
    expect(april.job).toBeLessThan(all.job);
    await root.getByRole('button', { name: 'Apr 2021' }).click();
    await explorer.choose('Last quarter: Q2 2021');
    expect((await explorer.headline()).job).toBeGreaterThan(april.job);
    await root.getByRole('button', { name: 'Q2 2021' }).click();
    await explorer.choose('All time');
    expect(await explorer.headline()).toEqual(all);
  });

  test('is brushed by mouse and by keys', async ({ explorer }) => {
    const { page, root } = explorer;
    const all = await explorer.headline();
    const brush = root.locator('.jp-Workload-sparkline');
    const box = await brush.boundingBox();
    if (!box) {
      throw new Error('There is no brush.');
    }
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
    await page.mouse.up();
    const part = await explorer.headline();
    expect(part.job).toBeLessThan(all.job);
    const first = root.getByRole('slider', { name: 'First day of the period' });
    const day = await first.getAttribute('aria-valuetext');
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await expect(first).not.toHaveAttribute('aria-valuetext', day ?? '');
    expect((await explorer.headline()).job).toBeLessThan(part.job);
    await expect(first).toBeFocused();
    await brush.dblclick();
    expect(await explorer.headline()).toEqual(all);
  });
});

test.describe('a click in a chart', () => {
  test('filters all others, and shows as a chip', async ({ explorer }) => {
    const { page } = explorer;
    const all = await explorer.headline();
    const bars = explorer.card('Top packages').locator('.bars .point');
    const count = await bars.count();
    await explorer.press(explorer.bar('Top packages', 1));
    await expect(explorer.chips()).toHaveCount(3);
    const one = await explorer.headline();
    expect(one.job).toBeLessThan(all.job);
    // The chart that was clicked keeps all its bars.
    expect(await bars.count()).toBe(count);
    await explorer.press(explorer.bar('Top packages', 2), 'Shift');
    await expect(explorer.chips().nth(2)).toContainText(' or ');
    expect((await explorer.headline()).job).toBeGreaterThan(one.job);
    await page.keyboard.press('Escape');
    await expect(explorer.chips()).toHaveCount(2);
    expect(await explorer.headline()).toEqual(all);
    await explorer.press(explorer.bar('Partitions', 0), 'Alt');
    await expect(explorer.chip('partition not')).toBeVisible();
    expect((await explorer.headline()).job).toBeLessThan(all.job);
    await page.keyboard.press('Control+z');
    await expect(explorer.chips()).toHaveCount(2);
    expect(await explorer.headline()).toEqual(all);
  });

  test('hits what is under the pointer, however quickly it comes', async ({
    explorer
  }) => {
    const names = explorer.card('Top packages').locator('.ytick text');
    for (const place of [4, 0, 9]) {
      const name = (await names.nth(place).textContent()) ?? '';
      await explorer.press(explorer.bar('Top packages', place));
      await expect(explorer.chips().nth(2)).toContainText(`jobs with ${name}`);
    }
  });

  test('on a point in time chooses its package and period', async ({
    explorer
  }) => {
    const card = explorer.card('Packages over time');
    const line = card.locator('.scatterlayer .trace').first();
    await explorer.press(line.locator('.point').nth(1));
    await expect(explorer.chip('Feb 2021')).toBeVisible();
    await expect(explorer.chip('jobs with')).toBeVisible();
    await explorer.answered();
    // The chart itself keeps its months, with a band behind the chosen one; the others show that one alone.
    await expect(card.locator('.shapelayer path')).toHaveCount(1);
    await expect(explorer.root.locator('.jp-Workload-headline')).toContainText(
      'Feb 2021'
    );
    const caption = explorer.card('Job sizes').locator('.jp-Workload-caption');
    await expect(caption).toContainText('· Feb 2021 ·');
    await expect(caption).not.toContainText('May 2021');
  });

  test('does the same by keys, in the drawing and in the table', async ({
    explorer
  }) => {
    const { page } = explorer;
    const chart = explorer.chart('Top packages');
    await chart.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const chip = explorer.chips().nth(2);
    await expect(chip).toContainText('jobs with');
    const byKeys = await chip.textContent();
    await expect(chart).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(explorer.chips()).toHaveCount(2);
    await explorer.enlarge('Top packages', 'Table');
    await explorer.root.locator('tr[data-row="1"]').focus();
    await page.keyboard.press('Enter');
    await expect(chip).toContainText('jobs with');
    expect(await chip.textContent()).toBe(byKeys);
    await expect(explorer.root.locator('tr[data-row="1"]')).toHaveAttribute(
      'aria-selected',
      'true'
    );
  });

  test('on a name beside the matrix opens that package', async ({
    explorer
  }) => {
    const { page } = explorer;
    const matrix = explorer.card('Packages used together');
    await matrix.scrollIntoViewIfNeeded();
    const label = matrix.locator('.ytick text').first();
    const name = await label.textContent();
    const box = await label.boundingBox();
    if (!box) {
      throw new Error('The label is not in sight.');
    }
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect(
      explorer.root.getByRole('heading', { name: `Used together with ${name}` })
    ).toBeVisible();
    await explorer.answered();
    await page.keyboard.press('Escape');
    expect(await explorer.titles()).toEqual([
      ...BOARD,
      `Used together with ${name}`
    ]);
  });
});
