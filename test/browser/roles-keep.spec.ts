import type { Page } from '@playwright/test';

import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import { RolesPage, setSettings, writeNotebook } from './roles-see-page';

const CELLS = [
  { source: 'a = 1\nb = 2', tags: ['upstream'] },
  { source: 'c = 3', tags: ['downstream', 'mine'] },
  { source: 'd = 4', tags: ['downstream'] }
];

/** The letters of the code cells; empty cells without a role have none. */
function letters(roles: RolesPage): Promise<string> {
  return roles.notebook
    .locator('.jp-CodeCell .jp-WorkloadRoles-mark')
    .allTextContents()
    .then(all => all.map(text => text.trim().charAt(0)).join(''));
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
  }
}

test.describe('roles are kept', () => {
  let roles: RolesPage;

  test.beforeEach(async ({ openLab, root }) => {
    writeNotebook(root, 'keep.ipynb', CELLS);
    roles = new RolesPage(await openLab('keep.ipynb'));
    await roles.shown();
    await expect.poll(() => letters(roles)).toBe('UDD');
  });

  /**
   * Go to a cell, in command mode. Also after a cell was inserted: JupyterLab sometimes leaves the focus where it was, also without this
   * extension, and then does nothing with the next key but move it.
   */
  const at = (index: number): Promise<void> =>
    roles.cell(index).locator('.jp-InputPrompt').click();

  test('where cells are inserted, by keys and by running', async () => {
    const { page } = roles;
    await at(1);
    await press(page, 'a');
    await expect.poll(() => letters(roles)).toBe('UDDD');
    await at(0);
    await press(page, 'b');
    await expect.poll(() => letters(roles)).toBe('UUDDD');
    // The cell and its role are one step.
    await at(1);
    await press(page, 'z');
    await expect.poll(() => letters(roles)).toBe('UDDD');
    await at(1);
    await press(page, 'Shift+z');
    await expect.poll(() => letters(roles)).toBe('UUDDD');
    await expect(page.getByText('Python 3 (ipykernel) | Idle')).toBeVisible();
    await at(0);
    await press(page, 'Alt+Enter');
    await expect.poll(() => letters(roles)).toBe('UUUDDD');
    // At the end, running adds a cell, too.
    await at(5);
    await press(page, 'Shift+Enter');
    await expect.poll(() => letters(roles)).toBe('UUUDDDD');
  });

  test('where cells are pasted, split, moved and turned into text and back', async () => {
    const { page } = roles;
    await at(0);
    await press(page, 'c');
    await at(2);
    await press(page, 'v');
    await expect.poll(() => letters(roles)).toBe('UDDU');

    await roles.cell(0).locator('.cm-line').nth(1).click();
    await press(page, 'Home', 'Control+Shift+Minus');
    await expect.poll(() => letters(roles)).toBe('UUDDU');

    await at(4);
    await press(page, 'Control+Shift+ArrowUp');
    await expect.poll(() => letters(roles)).toBe('UUDUD');

    await at(3);
    await press(page, 'm');
    await expect.poll(() => letters(roles)).toBe('UUDD');
    await press(page, 'Escape', 'y');
    await expect.poll(() => letters(roles)).toBe('UUDUD');
  });

  test('and a merge of different roles warns, and can be undone from there', async () => {
    const { page } = roles;
    await at(0);
    await press(page, 'Shift+j', 'Shift+m');
    await expect.poll(() => letters(roles)).toBe('DD');
    const warning = page.getByText(
      'Cells of different roles were merged (Upstream, Downstream). The merged cell counts as: Downstream.'
    );
    await expect(warning).toBeVisible();
    await page.getByRole('button', { name: 'Undo Merge' }).click();
    await expect.poll(() => letters(roles)).toBe('UDD');
    await expect(warning).toBeHidden();
  });

  test('and what JupyterLab’s own tag editor does can be undone', async () => {
    const { page } = roles;
    await at(1);
    await page.getByRole('tab', { name: 'Property Inspector' }).click();
    await page.getByText('Common Tools', { exact: true }).click();
    const tag = (name: string) =>
      page.locator('.jp-CellTags-Tag', { hasText: name }).first();
    await expect(tag('downstream')).toHaveClass(/jp-CellTags-Applied/);
    await tag('upstream').click();
    await expect.poll(() => letters(roles)).toBe('U!D');
    await tag('downstream').click();
    await expect.poll(() => letters(roles)).toBe('UUD');
    await at(1);
    await press(page, 'z');
    await expect.poll(() => letters(roles)).toBe('U!D');
    await press(page, 'z');
    await expect.poll(() => letters(roles)).toBe('UDD');
    // The editor shows it, too.
    await expect(tag('downstream')).toHaveClass(/jp-CellTags-Applied/);
    await expect(tag('mine')).toHaveClass(/jp-CellTags-Applied/);
  });
});

test('a new cell’s role is asked for where the user wants that', async ({
  openLab,
  root,
  lab
}) => {
  const plugin = 'jupyterlab-workload-explorer:roles';
  await setSettings(lab, plugin, { newCells: 'ask' });
  writeNotebook(root, 'ask.ipynb', CELLS);
  const page = await openLab('ask.ipynb');
  const roles = new RolesPage(page);
  await roles.shown();
  await roles.cell(0).locator('.jp-InputPrompt').click();
  await press(page, 'b');
  await expect(roles.cells).toHaveCount(4);
  expect(await letters(roles)).toBe('UDD');
  const question = page.getByText('Which role has the new cell?');
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: 'Shared' }).click();
  await expect.poll(() => letters(roles)).toBe('USDD');
  await expect(question).toBeHidden();
  await setSettings(lab, plugin, {});
});

test('a cell dragged from another notebook keeps its role, or takes its neighbor’s', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'from.ipynb', [
    { source: 'own = 1', tags: ['shared'] },
    { source: 'none = 2' }
  ]);
  writeNotebook(root, 'into.ipynb', CELLS);
  const page = await openLab('into.ipynb');
  await new RolesPage(page).shown();
  await execute(page, 'docmanager:open', {
    path: 'from.ipynb',
    options: { mode: 'split-left' }
  });
  const notebook = (first: string) =>
    page.locator('.jp-Notebook', { hasText: first });
  const from = notebook('none = 2');
  const into = notebook('c = 3');
  const letters = () =>
    into
      .locator('.jp-CodeCell .jp-WorkloadRoles-mark')
      .allTextContents()
      .then(all => all.map(text => text.trim().charAt(0)).join(''));
  await expect.poll(letters).toBe('UDD');

  for (const [index, expected] of [
    [0, 'USDD'],
    [1, 'USSDD']
  ] as const) {
    const prompt = from.locator('.jp-InputPrompt').nth(index);
    await expect(prompt).toBeVisible();
    await prompt.click();
    const target = into.locator('.jp-Cell', { hasText: 'c = 3' });
    const end = (await target.boundingBox())!;
    await prompt.hover();
    await page.mouse.down();
    await page.mouse.move(end.x + 40, end.y + 2, { steps: 10 });
    await page.mouse.up();
    await expect.poll(letters).toBe(expected);
  }
});
