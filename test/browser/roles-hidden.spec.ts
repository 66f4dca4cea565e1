import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import { RolesPage, setWindowing, writeNotebook } from './roles-see-page';

test.describe('cells out of sight', () => {
  test('are left alone: selecting stops at them, a merge tells, and deleting all others can be undone', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'hidden.ipynb', [
      { source: 'a = 1', tags: ['downstream'] },
      { source: 'b = 1', tags: ['upstream'] },
      { source: 'c = 1', tags: ['downstream'] }
    ]);
    const page = await openLab('hidden.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await execute(page, 'workload-explorer:show-only', { shown: 'downstream' });
    await expect(roles.cell(1)).toBeHidden();

    await page.keyboard.press('Shift+ArrowDown');
    await expect(roles.cell(0)).toHaveClass(/jp-mod-active/);

    await execute(page, 'notebook:merge-cell-below');
    await expect(
      page.getByText('A cell that is hidden was merged')
    ).toBeVisible();
    await page.getByRole('button', { name: 'Undo Merge' }).click();
    await expect(roles.cells).toHaveCount(3);

    await execute(page, 'workload-explorer:show-only', { shown: 'all' });
    await execute(page, 'workload-explorer:show-only', { shown: 'downstream' });
    await expect(roles.cell(1)).toBeHidden();
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await execute(page, 'notebook:select-all');
    await page.keyboard.press('d');
    await page.keyboard.press('d');
    await expect(roles.cells).toHaveCount(1);
    await expect(roles.cell(0)).toBeVisible();
    await expect(page.locator('.jp-WorkloadRoles-shown')).toBeHidden();
    await page.keyboard.press('z');
    await expect(roles.cells).toHaveCount(3);
  });

  test('are told at the collapsed heading that hides them', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'heading.ipynb', [
      {
        source: '# One',
        type: 'markdown',
        metadata: { 'jp-MarkdownHeadingCollapsed': true }
      },
      { source: 'x = 1', tags: ['upstream'] },
      { source: 'y = 1' },
      { source: '# Two', type: 'markdown' },
      { source: 'print(x)', tags: ['downstream'] }
    ]);
    const page = await openLab('heading.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    await expect(roles.cell(2)).toBeHidden();
    await expect(roles.mark(0)).toHaveText('?✖');
    await expect(roles.mark(0)).toHaveAttribute(
      'title',
      'Hidden below this heading: 1 upstream · 1 without role.'
    );
    await roles.mark(0).locator('span').first().hover();
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await execute(page, 'notebook:toggle-heading-collapse');
    await expect(roles.cell(2)).toBeVisible();
    await expect(roles.mark(0)).toHaveCount(0);
  });
});
