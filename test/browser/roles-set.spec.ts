import type { Page } from '@playwright/test';

import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import { RolesPage, writeNotebook } from './roles-see-page';

/** A notebook with a role of each kind, and code that has none yet; each cell says that it ran. */
const CELLS = [
  { source: 'print("a")', tags: ['shared'] },
  { source: '# Reduce', type: 'markdown' },
  { source: 'print("b")', tags: ['upstream', 'keep'] },
  { source: 'print("c")' },
  { source: '## Details', type: 'markdown' },
  { source: 'print("d")' },
  { source: '# Draw', type: 'markdown' },
  { source: 'print("e")', tags: ['downstream'] }
] as const;

interface IExposed {
  jupyterapp: {
    shell: {
      currentWidget: {
        content: { selectedCells: readonly { model: { id: string } }[] };
        context: {
          model: {
            toJSON(): {
              cells: {
                metadata: { tags?: string[] };
                execution_count?: number | null;
              }[];
            };
          };
        };
      };
    };
  };
}

/** The tags of all cells, as they would be saved. */
function tags(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { jupyterapp } = globalThis as unknown as IExposed;
    return jupyterapp.shell.currentWidget.context.model
      .toJSON()
      .cells.map(({ metadata }) => metadata.tags?.join('+') ?? '-')
      .join(' ');
  });
}

const BEFORE = 'shared - upstream+keep - - - - downstream';

test.describe('a role is set', () => {
  let roles: RolesPage;

  test.beforeEach(async ({ openLab, root }) => {
    writeNotebook(root, 'set.ipynb', CELLS);
    roles = new RolesPage(await openLab('set.ipynb'));
    await roles.shown();
    expect(await tags(roles.page)).toBe(BEFORE);
  });

  /** The only change is that of one cell; `z` takes it back. */
  async function expectSet(after: string): Promise<void> {
    const { page } = roles;
    await expect.poll(() => tags(page)).toBe(after);
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await page.keyboard.press('z');
    await expect.poll(() => tags(page)).toBe(BEFORE);
  }

  test('by the button of the cell’s toolbar', async () => {
    const { page } = roles;
    await roles.cell(3).locator('.jp-InputPrompt').click();
    const button = roles.cell(3).locator('.jp-WorkloadRoles-button button');
    await expect(button).toHaveText('?');
    await button.click();
    const menu = page.locator('.lm-Menu');
    await expect(
      menu.locator('.lm-mod-toggled').getByText('Remove Role from Cell')
    ).toBeVisible();
    await menu.getByText('Make Cell Upstream').click();
    await expect(button).toHaveText('U');
    await expect(button).toBeFocused();
    await expect(roles.mark(3)).toHaveText(/^U/);
    await expectSet('shared - upstream+keep upstream - - - downstream');
  });

  test('by the context menu, and other tags stay', async () => {
    const { page } = roles;
    await roles.cell(2).locator('.jp-InputPrompt').click({ button: 'right' });
    await page.getByText('Cell Role', { exact: true }).hover();
    await page.getByText('Make Cells Downstream').click();
    await expectSet('shared - keep+downstream - - - - downstream');
  });

  test('by keys, for all cells that are selected', async () => {
    const { page } = roles;
    await roles.cell(2).locator('.jp-InputPrompt').click();
    for (const key of ['Shift+J', 'Shift+J', 'Shift+J', 't', 'd']) {
      await page.keyboard.press(key);
    }
    await expect(roles.mark(5)).toHaveText(/^D/);
    await expectSet(
      'shared - keep+downstream downstream - downstream - downstream'
    );
  });

  test('and taken away by keys', async () => {
    await roles.cell(2).locator('.jp-InputPrompt').click();
    await roles.page.keyboard.press('t');
    await roles.page.keyboard.press('n');
    await expect(roles.mark(2)).toHaveText(/^\?/);
    await expectSet('shared - keep - - - - downstream');
  });

  test('by the command palette', async () => {
    const { page } = roles;
    await roles.cell(5).locator('.jp-InputPrompt').click();
    await page.keyboard.press('Control+Shift+c');
    await page.keyboard.type('Make Cells Shared');
    await expect(
      page.locator('.lm-CommandPalette-item.lm-mod-active')
    ).toContainText('Make Cells Shared');
    await page.keyboard.press('Enter');
    await expectSet('shared - upstream+keep - - shared - downstream');
  });

  test('for a section, up to the next heading of its level', async () => {
    const { page } = roles;
    await roles.cell(1).click();
    await page.keyboard.press('t');
    await page.keyboard.press('Shift+U');
    await expectSet('shared - upstream+keep upstream - upstream - downstream');
  });

  test('for all code that lacks one, selected by that', async () => {
    const { page } = roles;
    await execute(page, 'workload-explorer:select-role', { role: 'none' });
    await page.keyboard.press('t');
    await page.keyboard.press('u');
    await expectSet('shared - upstream+keep upstream - upstream - downstream');
  });

  test('and what one machine runs is run, in order', async () => {
    const { page } = roles;
    await expect(page.getByText('Python 3 (ipykernel) | Idle')).toBeVisible();
    await execute(page, 'workload-explorer:run-role', { role: 'downstream' });
    const counts = (): Promise<(number | null | undefined)[]> =>
      page.evaluate(() => {
        const { jupyterapp } = globalThis as unknown as IExposed;
        return jupyterapp.shell.currentWidget.context.model
          .toJSON()
          .cells.map(cell => cell.execution_count);
      });
    await expect
      .poll(counts)
      .toEqual([1, undefined, null, null, undefined, null, undefined, 2]);
    await expect(
      page.getByText('2 code cells were left out: they have no role, or two.')
    ).toBeVisible();
  });
});

test('roles are turned on and off for a notebook, which stays as it is', async ({
  openLab,
  root
}) => {
  writeNotebook(root, 'plain.ipynb', [{ source: 'x = 1' }]);
  const page = await openLab('plain.ipynb');
  const roles = new RolesPage(page);
  await roles.cell(0).locator('.jp-InputPrompt').click();
  await expect(roles.cell(0).locator('.jp-cell-toolbar')).toBeVisible();
  await expect(roles.mark(0)).toHaveCount(0);
  await expect(roles.cell(0).locator('.jp-WorkloadRoles-button')).toBeHidden();
  await execute(page, 'workload-explorer:toggle-roles');
  await expect(roles.mark(0)).toHaveText(/^\?/);
  await expect(roles.cell(0).locator('.jp-WorkloadRoles-button')).toBeVisible();
  await execute(page, 'workload-explorer:toggle-roles');
  await expect(roles.mark(0)).toHaveCount(0);
  expect(await tags(page)).toBe('-');
});
