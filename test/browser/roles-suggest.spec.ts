import { expect, test } from './fixtures';
import { RolesPage, writeNotebook } from './roles-see-page';

/** Suggested roles are a preview, and then what the user accepts. */
test.describe('suggested roles', () => {
  let roles: RolesPage;

  test.beforeEach(async ({ openLab, root }) => {
    writeNotebook(root, 'untagged.ipynb', [
      { source: '# Users', type: 'markdown' },
      { source: 'import pandas as pd' },
      { source: 'import cudf\nraw = cudf.read_parquet("/raw/a.parquet")' },
      { source: 'raw.users.to_frame().to_parquet("users.parquet")' },
      {
        source: 'pd.read_parquet("users.parquet").plot()',
        tags: ['mine']
      },
      { source: 'something_else()' }
    ]);
    roles = new RolesPage(await openLab('untagged.ipynb'));
    await expect(roles.cells).toHaveCount(6);
    await roles.openPanel();
    await roles.panel.getByRole('button', { name: 'Suggest roles…' }).click();
  });

  test('are shown with reasons, changed, accepted and undone', async () => {
    const { page, panel, notebook } = roles;
    const preview = panel.getByRole('region', { name: 'Suggested roles' });
    const lines = preview.getByRole('listitem');
    await expect(lines).toHaveCount(5);
    await expect(lines.nth(0)).toContainText('It only imports.');
    await expect(lines.nth(1)).toContainText(
      'It uses cudf, which needs GPUs or a cluster.'
    );
    await expect(lines.nth(3)).toContainText(
      'It reads users.parquet, which this notebook writes.'
    );
    await expect(lines.nth(4)).toContainText('Nothing in it tells');
    // Nothing is written, and nothing marked.
    await expect(notebook.locator('[data-workload-role]')).toHaveCount(0);
    await expect(page.locator('.jp-NotebookPanel .jp-mod-dirty')).toHaveCount(
      0
    );

    await lines
      .nth(4)
      .getByRole('button', { name: /^No suggestion/ })
      .click();
    await expect(lines).toHaveCount(4);
    await preview
      .getByRole('combobox', { name: 'Role of Cell 4' })
      .selectOption('shared');
    await lines
      .nth(2)
      .getByRole('button', { name: 'Accept for Cell 4' })
      .click();
    await expect(roles.mark(3)).toHaveText('S');
    await expect(roles.mark(1)).toHaveText(/^\?/);

    await preview.getByRole('button', { name: 'Accept all' }).click();
    await expect(preview).toHaveCount(0);
    await expect(roles.mark(1)).toHaveText('S');
    await expect(roles.mark(2)).toHaveText(/^U/);
    await expect(roles.mark(4)).toHaveText(/^D/);
    await expect(roles.mark(5)).toHaveText(/^\?/);

    // All that was accepted together is one step.
    await roles.cell(1).locator('.jp-InputPrompt').click();
    await page.keyboard.press('z');
    await expect(roles.mark(1)).toHaveText(/^\?/);
    await expect(roles.mark(3)).toHaveText('S');
  });
});
