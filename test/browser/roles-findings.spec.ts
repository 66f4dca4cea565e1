import { expectAccessible } from './accessibility';
import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import { RolesPage, setWindowing, writeNotebook } from './roles-see-page';
import type { ICellText } from './roles-see-page';

/** A notebook that is in order, and one keystroke from not being so. */
const CELLS: readonly ICellText[] = [
  { source: 'limit = 100', tags: ['upstream'] },
  { source: 'other = 1\nprint(other)', tags: ['downstream'] },
  { source: '## Results', type: 'markdown' },
  { source: 'print(1)', tags: ['downstream'] }
];

/** The same with a mix-up in its second cell. */
const MIXED = CELLS.map((cell, i) =>
  i === 1 ? { ...cell, source: 'print(limit)' } : cell
);

test.beforeEach(async ({ lab }) => {
  await setWindowing(lab, 'full');
});

test('a mix-up is shown while it is typed, and fixed by a click that can be undone', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'typed.ipynb', CELLS);
  const page = await openLab('typed.ipynb');
  const roles = new RolesPage(page);
  await roles.shown();
  await expect(roles.status).toHaveText('1 upstream · 2 downstream');

  await roles.cell(1).locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nprint(limit)');
  const underline = roles.cell(1).locator('.jp-WorkloadRoles-underline');
  await expect(underline).toHaveText('limit');
  await expect(roles.status).toHaveText('1 upstream · 2 downstream · 1 mix-up');
  await expect(roles.cell(1)).toHaveAttribute('data-workload-finding', 'error');

  // What is typed before it moves it along.
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('x = 1\n');
  await expect(underline).toHaveText('limit');

  await roles.checked();
  await underline.hover();
  const card = page.getByRole('dialog', { name: 'Finding' });
  await expect(card).toContainText('“limit”');
  await card.getByRole('button', { name: 'name-upstream-only' }).click();
  await expect(card).toContainText('Upstream cells do not run');
  await card.locator('.jp-WorkloadRoles-fix').click();
  await expect(underline).toHaveCount(0);
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
  await expect(roles.status).toHaveText('2 downstream · 1 shared');

  await execute(page, 'notebook:undo-cell-action');
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'upstream');
  await expect(underline).toHaveText('limit');
});

test('findings are gone through, shown and fixed by keyboard', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'keys.ipynb', MIXED);
  const page = await openLab('keys.ipynb');
  const roles = new RolesPage(page);
  const card = page.getByRole('dialog', { name: 'Finding' });
  await expect(roles.status).toContainText('1 mix-up');
  await roles.cell(3).locator('.jp-InputPrompt').click();

  await page.keyboard.press('F8');
  await expect(card).toBeVisible();
  await expect(roles.cell(1)).toHaveClass(/jp-mod-active/);
  await expect(card.locator('button').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(roles.cell(1).locator('.cm-content')).toBeFocused();

  await page.keyboard.press('Control+F8');
  await expect(card.locator('button').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(card).toHaveCount(0);
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');

  await execute(page, 'notebook:undo-cell-action');
  await expect(roles.status).toContainText('1 mix-up');
  await roles.checked();
  await roles.cell(1).locator('.cm-content').click();
  await page.keyboard.press('Alt+F8');
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
});

test('a card at the pointer closes by Esc, which does nothing else, and with its fix', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'hover.ipynb', MIXED);
  const page = await openLab('hover.ipynb');
  const roles = new RolesPage(page);
  const card = page.getByRole('dialog', { name: 'Finding' });
  const underline = roles.cell(1).locator('.jp-WorkloadRoles-underline');
  const editor = roles.cell(1).locator('.cm-content');
  await expect(roles.status).toContainText('1 mix-up');
  await editor.click();
  await underline.hover();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(editor).toBeFocused();

  // With the keyboard in another cell, too.
  await roles.cell(3).locator('.jp-InputPrompt').click();
  await underline.hover();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);

  await roles.cell(3).locator('.jp-InputPrompt').hover();
  await underline.hover();
  await card.locator('.jp-WorkloadRoles-fix').click();
  await expect(card).toHaveCount(0);
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
  await execute(page, 'notebook:undo-cell-action');
  await expect(roles.status).toContainText('1 mix-up');
  await roles.checked();

  // Fixed by keys while it is open: the keyboard goes back to the cell.
  await roles.cell(3).locator('.jp-InputPrompt').click();
  await page.keyboard.press('F8');
  await expect(card.locator('button').first()).toBeFocused();
  await page.keyboard.press('Alt+F8');
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
  await expect(card).toHaveCount(0);
  await expect(editor).toBeFocused();
});

test('findings of a cell whose input is collapsed are told and passed', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'collapsed.ipynb', [
    ...MIXED.map((cell, i) =>
      i === 1
        ? { ...cell, metadata: { jupyter: { source_hidden: true } } }
        : cell
    ),
    { source: 'print(limit + 1)', tags: ['downstream'] }
  ]);
  const page = await openLab('collapsed.ipynb');
  const roles = new RolesPage(page);
  const card = page.getByRole('dialog', { name: 'Finding' });
  await expect(roles.status).toContainText('2 mix-ups');
  await roles.checked();
  await roles.cell(0).locator('.jp-InputPrompt').click();
  await page.keyboard.press('F8');
  await expect(roles.cell(1)).toHaveClass(/jp-mod-active/);
  await expect(
    page.locator('.Toastify__toast').filter({ hasText: '“limit”' })
  ).toBeVisible();
  await expect(card).toHaveCount(0);
  await page.keyboard.press('F8');
  await expect(roles.cell(4)).toHaveClass(/jp-mod-active/);
  await expect(card.locator('button').first()).toBeFocused();
});

test('the side panel lists cells and findings, fixes and allows', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'panel.ipynb', MIXED);
  const page = await openLab('panel.ipynb');
  const roles = new RolesPage(page);
  await roles.shown();
  await roles.status.click();
  const { panel } = roles;
  await expect(panel).toBeVisible();
  await expect(panel.getByRole('listbox', { name: 'Cells' })).toBeFocused();
  await expect(roles.rows).toHaveCount(4);
  await expect(roles.rows.nth(0)).toContainText('limit → 2');
  await expect(roles.rows.nth(1)).toContainText('limit ← 1');
  await expect(panel.getByText('Findings (1)')).toBeVisible();

  // A jump to the name.
  await panel.getByRole('button', { name: /^Cell 2 “limit”/ }).click();
  await expect(roles.cell(1)).toHaveClass(/jp-mod-active/);
  await expect(roles.cell(1).locator('.cm-content')).toBeFocused();

  // What the rule is about, and its page beside the notebook.
  await panel.getByRole('button', { name: 'name-upstream-only' }).click();
  await panel.getByRole('button', { name: 'Examples' }).click();
  const rulePage = page.locator('.jp-WorkloadRoles-page');
  await expect(
    rulePage.getByRole('heading', { name: 'Not found' })
  ).toBeAttached();
  await expect(rulePage.locator('pre').first()).toContainText(
    '# cell 1: upstream'
  );
  await execute(page, 'application:close');
  await expect(rulePage).toBeHidden();

  // Allowed with a reason.
  await panel.getByRole('button', { name: 'Allow…' }).click();
  const reason = panel.getByRole('textbox', { name: 'Why is it right here?' });
  await expect(reason).toBeFocused();
  await expect(
    panel.getByRole('button', { name: 'Allow', exact: true })
  ).toBeDisabled();
  await reason.fill('shown to staff only');
  await page.keyboard.press('Enter');
  await expect(roles.cell(1).locator('.cm-content')).toContainText(
    '# workload: allow name-upstream-only shown to staff only'
  );
  await expect(panel.getByText('Nothing found.')).toBeFocused();
  await expect(panel.getByText('Allowed (1)')).toBeVisible();
  await expect(panel.getByText('shown to staff only')).toBeVisible();

  await execute(page, 'notebook:undo-cell-action');
  await expect(panel.getByText('Findings (1)')).toBeVisible();
  await panel.locator('.jp-WorkloadRoles-fix').first().click();
  await expect(panel.getByText('Findings (0)')).toBeVisible();
  await expect(panel.getByText('Nothing found.')).toBeFocused();
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
});

test('cells are filtered, selected, given roles and moved in the panel, by keyboard', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'list.ipynb', CELLS);
  const page = await openLab('list.ipynb');
  const roles = new RolesPage(page);
  await roles.shown();
  await roles.openPanel();
  const { panel } = roles;
  const options = roles.rows;
  await expect(options).toHaveCount(4);

  await panel.getByRole('button', { name: /^Downstream, / }).click();
  await expect(options).toHaveCount(2);
  await panel.getByRole('button', { name: /^Downstream, / }).click();
  await panel.getByRole('searchbox').fill('limit');
  await expect(options).toHaveCount(1);
  await panel.getByRole('searchbox').fill('');
  await expect(options).toHaveCount(4);

  // Two cells by keyboard, and a role for both, undone at once.
  await panel.getByRole('listbox', { name: 'Cells' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(
    panel.getByRole('option', { selected: true }).and(roles.rows)
  ).toHaveCount(2);
  await panel
    .getByRole('group', { name: 'Role of the selected cells' })
    .getByRole('button', { name: 'Shared' })
    .click();
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'shared');
  await expect(roles.cell(1)).toHaveAttribute('data-workload-role', 'shared');
  await execute(page, 'notebook:undo-cell-action');
  await expect(roles.cell(0)).toHaveAttribute('data-workload-role', 'upstream');
  await expect(roles.cell(1)).toHaveAttribute(
    'data-workload-role',
    'downstream'
  );

  // Both move down by one; one undo.
  await panel.getByRole('listbox', { name: 'Cells' }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(options.nth(0)).toContainText('Results');
  await expect(options.nth(1)).toContainText('limit = 100');
  await expect(options.nth(2)).toContainText('other = 1');
  await execute(page, 'notebook:undo-cell-action');
  await expect(options.nth(0)).toContainText('limit = 100');

  // The same by dragging.
  await options.nth(3).dragTo(options.nth(0), {
    targetPosition: { x: 40, y: 2 }
  });
  await expect(options.nth(0)).toContainText('print(1)');
  await expect(options.nth(1)).toContainText('limit = 100');

  // Enter goes to the cell.
  await panel.getByRole('listbox', { name: 'Cells' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(roles.cell(3)).toHaveClass(/jp-mod-active/);
});

test('the panel says why there is nothing, and turns roles on', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'none.ipynb', [{ source: 'x = 1' }]);
  const page = await openLab();
  const roles = new RolesPage(page);
  await roles.openPanel();
  await expect(roles.panel).toContainText('Open a Python notebook');
  await execute(page, 'docmanager:open', { path: 'none.ipynb' });
  await expect(roles.panel).toContainText(
    'No cell of this notebook has a role'
  );
  await roles.panel.getByRole('button', { name: 'Turn on' }).click();
  await expect(roles.rows).toHaveCount(1);
  await expect(roles.status).toHaveText('1 without role');
});

test('the panel draws only the lines in sight of a long notebook', async ({
  openLab,
  root
}) => {
  writeNotebook(
    root,
    'thousands.ipynb',
    Array.from({ length: 2000 }, (_, i) => ({
      source: `value_${i} = ${i}`,
      tags: [['upstream', 'downstream'][i % 2]]
    }))
  );
  const page = await openLab('thousands.ipynb');
  const roles = new RolesPage(page);
  await roles.openPanel();
  const options = roles.rows;
  await expect(options.first()).toHaveAttribute('aria-setsize', '2000');
  expect(await options.count()).toBeLessThan(60);
  await roles.panel.getByRole('listbox', { name: 'Cells' }).focus();
  await page.keyboard.press('End');
  await expect(options.last()).toContainText('value_1999 = 1999');
  expect(await options.count()).toBeLessThan(60);
});

for (const theme of ['light', 'dark'] as const) {
  test(`all of it can be used by everybody in the ${theme} theme`, async ({
    openLab,
    root
  }) => {
    writeNotebook(root, 'axe.ipynb', [
      ...MIXED,
      { source: 'y = 1' },
      { source: 'z = 1', tags: ['upstream', 'shared'] }
    ]);
    const page = await openLab('axe.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    if (theme === 'dark') {
      await roles.dark();
    }
    await roles.openPanel();
    await execute(page, 'workload-explorer:suggest-roles');
    const suggested = roles.panel.getByRole('region', {
      name: 'Suggested roles'
    });
    await expect(suggested).toBeVisible();
    await expectAccessible(page, '.jp-WorkloadRoles-suggest');
    await suggested.getByRole('button', { name: 'Discard' }).click();
    await execute(page, 'workload-explorer:show-only', { shown: 'downstream' });
    await expect(roles.status).toContainText('1 mix-up');
    await roles.checked();
    await roles.cell(1).locator('.cm-content').click();
    await roles.cell(1).locator('.jp-WorkloadRoles-underline').hover();
    await expect(page.getByRole('dialog', { name: 'Finding' })).toBeVisible();
    for (const part of [
      '.jp-WorkloadRoles-tooltip',
      '.jp-WorkloadRoles-shown',
      '.jp-WorkloadRoles-mark',
      '.jp-WorkloadRoles-panel',
      '.jp-WorkloadRoles-status'
    ]) {
      await expectAccessible(page, part);
    }
  });
}
