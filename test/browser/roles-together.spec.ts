import type { BrowserContext, Page } from '@playwright/test';

import type { ILabServer } from '../../scripts/lib/lab.mjs';
import { labAddress, startLab, untilReady } from '../../scripts/lib/lab.mjs';
import { withCollaboration } from './collaboration';
import { expect, python, test } from './fixtures';
import { RolesPage, writeNotebook } from './roles-see-page';

/** Tags of each cell, by `+`, as a page's notebook has them. */
function tags(page: Page): Promise<string> {
  return page.evaluate(() => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JupyterLab's own object in the page
    const { shell } = (window as any).jupyterapp;
    return [...shell.currentWidget.content.model.cells]
      .map(cell => (cell.getMetadata('tags') ?? []).join('+'))
      .join(' ');
  });
}

/** Two people in one notebook, by JupyterLab's real-time collaboration. */
test.describe('two people', () => {
  let server: ILabServer;
  let others: BrowserContext;
  let ann: RolesPage;
  let bob: RolesPage;

  test.beforeEach(async ({ openLab, root, browser }) => {
    server = await startLab({
      python: python(),
      root,
      env: withCollaboration()
    });
    writeNotebook(root, 'together.ipynb', [
      { source: 'import json', tags: ['shared'] },
      { source: 'limit = 3', tags: ['upstream', 'mine'] },
      { source: 'print(limit)', tags: ['downstream'] }
    ]);
    ann = new RolesPage(await openLab('together.ipynb', server));
    others = await browser.newContext();
    const page = await others.newPage();
    await page.goto(labAddress(server, 'together.ipynb'));
    await untilReady(page);
    bob = new RolesPage(page);
    await ann.shown();
    await bob.shown();
  });

  test.afterEach(async () => {
    await others.close();
    await server.stop();
  });

  const both = async (expected: string): Promise<void> => {
    for (const { page } of [ann, bob]) {
      await expect.poll(() => tags(page)).toBe(expected);
    }
  };
  const at = (who: RolesPage, index: number): Promise<void> =>
    who.cell(index).locator('.jp-InputPrompt').click();

  test('see the same roles, and each one’s undo is their own', async () => {
    await both('shared upstream+mine downstream');
    // A new cell gets its role from whom it came, once.
    await at(ann, 1);
    await ann.page.keyboard.press('b');
    await both('shared upstream+mine upstream downstream');
    await expect(bob.mark(2)).toHaveText(/^U/);

    // As JupyterLab's own tag editor does it, at the other one's.
    await at(bob, 0);
    await bob.page.evaluate(() => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JupyterLab's own object in the page
      const { shell } = (window as any).jupyterapp;
      const [cell] = shell.currentWidget.content.model.cells;
      cell.setMetadata('tags', ['downstream']);
    });
    await both('downstream upstream+mine upstream downstream');
    await expect(ann.mark(0)).toHaveText(/^D/);

    await at(ann, 1);
    await ann.page.keyboard.press('z');
    await both('downstream upstream+mine downstream');
    await at(bob, 0);
    await bob.page.keyboard.press('z');
    await both('shared upstream+mine downstream');
  });

  test('find and fix a mix-up of the other', async () => {
    await expect(ann.mark(2)).toHaveText(/✖/);
    await expect(bob.mark(2)).toHaveText(/✖/);
    await bob.openPanel();
    await bob.panel.getByRole('button', { name: 'Tag cell 2 shared' }).click();
    await both('shared mine+shared downstream');
    await expect(ann.mark(2)).toHaveText('D');
    await at(bob, 1);
    await bob.page.keyboard.press('z');
    await both('shared upstream+mine downstream');
    await expect(ann.mark(2)).toHaveText(/✖/);
  });
});
