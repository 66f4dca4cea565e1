import { execute } from './explorer-page';
import { BOARD, test } from './explorer-test';
import { expect } from './fixtures';

test.describe('the board', () => {
  test('is rearranged by keys, by menu and by mouse', async ({ explorer }) => {
    const { page } = explorer;
    await explorer.card('Job sizes').focus();
    await page.keyboard.press('Alt+Shift+ArrowLeft');
    expect((await explorer.titles()).slice(0, 2)).toEqual([
      'Job sizes',
      'Top packages'
    ]);
    await expect(explorer.card('Job sizes')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(explorer.card('Top packages')).toBeFocused();
    await explorer.cardMenu('Top packages', 'Move earlier');
    expect((await explorer.titles()).slice(0, 2)).toEqual(BOARD.slice(0, 2));
    await explorer
      .card('Top packages')
      .locator('h3')
      .dragTo(explorer.card('Packages over time').locator('h3'));
    await expect.poll(() => explorer.titles()).not.toEqual(BOARD);
    await page.keyboard.press('Control+z');
    await expect.poll(() => explorer.titles()).toEqual(BOARD);
  });

  test('takes new charts, copies and changes of a chart', async ({
    explorer
  }) => {
    const { root } = explorer;
    await root.getByRole('button', { name: 'Analysis' }).click();
    await explorer.choose('Share of users');
    await expect(explorer.card('Share of users')).toBeFocused();
    await explorer.card('Share of users').getByRole('spinbutton').fill('8000');
    await explorer.page.keyboard.press('Enter');
    const { user } = await explorer.headline();
    await expect(explorer.card('Share of users')).toContainText(
      `${user.toLocaleString('en-US')} of 8,000 users`
    );
    await explorer.cardMenu('Top packages', 'Show', 'top 5');
    await expect(
      explorer.card('Top packages').locator('.bars .point')
    ).toHaveCount(5);
    await explorer.cardMenu('Top packages', 'All others as one');
    await expect(
      explorer.card('Top packages').locator('.bars .point')
    ).toHaveCount(6);
    await explorer.cardMenu('Top packages', 'Duplicate');
    await expect(explorer.card('Top packages')).toHaveCount(2);
    await root.getByRole('button', { name: 'Undo' }).click();
    await explorer.cardMenu('Top packages', 'Remove');
    await expect(explorer.card('Top packages')).toHaveCount(0);
    await expect(explorer.card('Job sizes')).toBeFocused();
  });

  test('says and changes what is counted', async ({ explorer }) => {
    const { root } = explorer;
    await explorer.card('Top packages').focus();
    const count = root.getByRole('region', { name: 'Count' });
    await expect(count).toContainText('once for each package');
    await count
      .getByRole('combobox', { name: 'What is counted' })
      .selectOption({ label: 'jobs' });
    await expect(
      explorer.card('Top packages').locator('.jp-Workload-caption')
    ).toContainText('Jobs, counted once for each package');
  });

  test('becomes one column beside a drawer in a narrow pane', async ({
    explorer
  }) => {
    const { page, root } = explorer;
    await execute(page, 'application:toggle-left-area');
    await page.setViewportSize({ width: 640, height: 900 });
    const side = root.getByRole('complementary');
    await expect(side).toBeHidden();
    const [first, second] = await Promise.all(
      BOARD.slice(0, 2).map(title => explorer.card(title).boundingBox())
    );
    expect(second?.x).toBe(first?.x);
    await root
      .getByRole('button', { name: 'Source, filters and period' })
      .click();
    await expect(side).toBeVisible();
    await explorer.filter('subsystem=knl');
    await page.keyboard.press('Escape');
    await expect(side).toBeHidden();
    await expect(
      explorer.card('Top packages').locator('.jp-Workload-caption')
    ).toContainText('partition knl');
  });
});
