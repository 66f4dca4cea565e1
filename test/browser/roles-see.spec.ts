import type { Page } from '@playwright/test';

import { execute } from './explorer-page';
import { expect, test } from './fixtures';
import {
  RolesPage,
  WINDOWING_MODES,
  setWindowing,
  writeNotebook
} from './roles-see-page';
import type { ICellText } from './roles-see-page';

/** Roles of a long notebook's cells, again and again. */
const TAGS: readonly (readonly string[])[] = [
  ['upstream'],
  ['downstream'],
  ['shared'],
  [],
  ['upstream', 'downstream']
];
const ROLES = ['upstream', 'downstream', 'shared', 'none', 'conflict'];

/** A notebook of many cells, of different heights. */
function longNotebook(cells: number): ICellText[] {
  return Array.from({ length: cells }, (_, i) => ({
    source: Array.from(
      { length: 1 + (i % 4) },
      (__, line) => `value_${i}_${line} = ${line}`
    ).join('\n'),
    tags: TAGS[i % TAGS.length],
    prints: i % 7 === 0 ? [`printed by ${i}\n`.repeat(3)] : []
  }));
}

/** What JupyterLab exposes, as far as tests look into it. */
interface IExposed {
  jupyterapp: {
    shell: {
      currentWidget: {
        content: {
          widgets: readonly { node: HTMLElement; isHidden: boolean }[];
          activeCellIndex: number;
          scrollToItem(index: number, align: string): Promise<void>;
          moveCell(from: number, to: number): void;
        };
        context: { model: { toJSON(): { cells: unknown } } };
      };
    };
  };
}

/** The role that each cell shows, whether it is in the page or not; an empty text for none. */
function rolesShown(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { jupyterapp } = globalThis as unknown as IExposed;
    return jupyterapp.shell.currentWidget.content.widgets.map(
      ({ node }) => node.dataset.workloadRole ?? ''
    );
  });
}

function scrollTo(page: Page, index: number): Promise<void> {
  return page.evaluate(async at => {
    const { jupyterapp } = globalThis as unknown as IExposed;
    const { content } = jupyterapp.shell.currentWidget;
    await content.scrollToItem(at, 'center').catch(() => undefined);
  }, index);
}

/** The saved form of the notebook's cells, as they are now. */
function saved(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { jupyterapp } = globalThis as unknown as IExposed;
    const { cells } = jupyterapp.shell.currentWidget.context.model.toJSON();
    return JSON.stringify(cells);
  });
}

/** Where cells in view are, and what lies between them, pixels. */
function gaps(roles: RolesPage): Promise<number[]> {
  return roles.cells.evaluateAll(nodes => {
    const boxes = nodes
      .map(node => node.getBoundingClientRect())
      .filter(({ height }) => height > 0);
    return boxes
      .slice(1)
      .map((box, i) => Math.round(box.top - boxes[i].bottom));
  });
}

test.describe('roles at cells', () => {
  for (const mode of WINDOWING_MODES) {
    test(`stand at all of 500 cells, wherever one scrolls (${mode})`, async ({
      openLab,
      root,
      lab
    }) => {
      test.slow();
      await setWindowing(lab, mode);
      writeNotebook(root, `long-${mode}.ipynb`, longNotebook(500));
      const page = await openLab(`long-${mode}.ipynb`);
      const roles = new RolesPage(page);
      await roles.shown();
      await expect
        .poll(() => rolesShown(page))
        .toEqual(Array.from({ length: 500 }, (_, i) => ROLES[i % 5]));
      for (const index of [0, 251, 499, 120]) {
        const mark = roles.mark(index);
        // With `defer`, a cell comes into the page when there is nothing else to do.
        await expect(async () => {
          await scrollTo(page, index);
          await expect(mark).toBeVisible({ timeout: 3_000 });
        }).toPass({ timeout: 150_000 });
        await expect(mark).toHaveText(
          new RegExp(`^${'UDS?!'[index % 5].replace(/[?!]/, '\\$&')}`)
        );
        // Within the cell's own box, or it would be clipped.
        const isWithin = await mark.evaluate(node => {
          const inner = node.getBoundingClientRect();
          const outer = node.closest('.jp-Cell')!.getBoundingClientRect();
          return (
            inner.left >= outer.left &&
            inner.top >= outer.top &&
            inner.right <= outer.right &&
            inner.bottom <= outer.bottom
          );
        });
        expect(isWithin).toBe(true);
      }
    });
  }

  test('leave a notebook without roles as it is, and go without a trace', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'plain.ipynb', [
      { source: 'x = 1' },
      { source: '# Text', type: 'markdown' },
      { source: 'print(x)', prints: ['1\n'] }
    ]);
    const page = await openLab('plain.ipynb');
    const roles = new RolesPage(page);
    await expect(roles.cell(2).locator('.cm-content')).toBeVisible();
    const boxes = (): Promise<unknown> =>
      roles.notebook
        .locator('.jp-InputPrompt, .jp-InputArea-editor, .jp-OutputArea')
        .evaluateAll(nodes =>
          nodes.map(node => JSON.stringify(node.getBoundingClientRect()))
        );
    const before = await boxes();
    expect(await rolesShown(page)).toEqual(['', '', '']);
    await expect(roles.status).toHaveCount(0);

    await execute(page, 'workload-explorer:toggle-roles');
    await roles.shown();
    expect(await rolesShown(page)).toEqual(['none', '', 'none']);
    // Marks move nothing.
    expect(await boxes()).toEqual(before);
    await expect(roles.status).toHaveText(/^2 without role/);

    await execute(page, 'workload-explorer:toggle-roles');
    await expect(roles.notebook.locator('.jp-WorkloadRoles-mark')).toHaveCount(
      0
    );
    expect(await rolesShown(page)).toEqual(['', '', '']);
    await expect(roles.status).toHaveCount(0);
    expect(await boxes()).toEqual(before);
  });

  test('stand at collapsed cells, and beside outputs at the side', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'collapsed.ipynb', [
      {
        source: 'x = 1',
        tags: ['upstream'],
        metadata: { jupyter: { source_hidden: true } }
      },
      {
        source: 'print(x)',
        tags: ['downstream'],
        prints: ['1\n'],
        metadata: { jupyter: { source_hidden: true, outputs_hidden: true } }
      },
      { source: 'print(2)', tags: ['shared'], prints: ['2\n'] }
    ]);
    const page = await openLab('collapsed.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    for (const [index, letter] of ['U', 'D', 'S'].entries()) {
      await expect(roles.mark(index)).toBeVisible();
      await expect(roles.mark(index)).toContainText(letter);
      await expect(roles.mark(index)).toHaveAttribute('title', /cell/);
    }
    await execute(page, 'notebook:toggle-render-side-by-side-current');
    await expect(roles.notebook).toHaveClass(/jp-mod-sideBySide/);
    const left = await roles
      .mark(2)
      .evaluate(
        node =>
          node.getBoundingClientRect().left -
          node.closest('.jp-Cell')!.getBoundingClientRect().left
      );
    expect(left).toBe(0);
    await expect(roles.mark(2)).toBeVisible();
  });

  test('follow cells that are moved, and come with new ones', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'move.ipynb', [
      { source: 'x = 1', tags: ['upstream'] },
      { source: 'y = 1', tags: ['shared'] },
      { source: 'z = 1', tags: ['downstream'] }
    ]);
    const page = await openLab('move.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    await page.evaluate(() => {
      const { jupyterapp } = globalThis as unknown as IExposed;
      jupyterapp.shell.currentWidget.content.moveCell(0, 2);
    });
    await expect
      .poll(() => rolesShown(page))
      .toEqual(['shared', 'downstream', 'upstream']);
    await expect(roles.mark(2)).toHaveText(/^U/);
    await execute(page, 'notebook:undo-cell-action');
    await expect
      .poll(() => rolesShown(page))
      .toEqual(['upstream', 'shared', 'downstream']);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`can be read in the ${theme} theme`, async ({
      openLab,
      root,
      lab
    }) => {
      await setWindowing(lab, 'full');
      writeNotebook(root, 'theme.ipynb', longNotebook(5));
      const page = await openLab('theme.ipynb');
      const roles = new RolesPage(page);
      await roles.shown();
      if (theme === 'dark') {
        await roles.dark();
      }
      const contrasts = await roles.notebook.evaluate(node => {
        const pixel = document.createElement('canvas').getContext('2d', {
          willReadFrequently: true
        })!;
        /** Relative luminance as WCAG defines it. */
        const luminance = (color: string): number => {
          pixel.clearRect(0, 0, 1, 1);
          pixel.fillStyle = color;
          pixel.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...pixel.getImageData(0, 0, 1, 1).data].map(c => {
            const part = c / 255;
            return part <= 0.03928
              ? part / 12.92
              : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a: string, b: string): number => {
          const [low, high] = [luminance(a), luminance(b)].sort(
            (x, y) => x - y
          );
          return (high + 0.05) / (low + 0.05);
        };
        const ground = getComputedStyle(node).backgroundColor;
        return [...node.querySelectorAll('.jp-WorkloadRoles-mark')].map(
          mark => {
            const letter = getComputedStyle(mark.firstElementChild!);
            const own = letter.backgroundColor;
            const stripe = getComputedStyle(mark, '::before');
            const [color] = /rgba?\([^)]*\)/.exec(
              stripe.backgroundImage === 'none'
                ? stripe.backgroundColor
                : stripe.backgroundImage
            )!;
            return {
              letter: contrast(
                letter.color,
                own === 'rgba(0, 0, 0, 0)' ? ground : own
              ),
              stripe: contrast(color, ground)
            };
          }
        );
      });
      expect(contrasts).toHaveLength(5);
      for (const { letter, stripe } of contrasts) {
        expect(letter).toBeGreaterThanOrEqual(4.5);
        expect(stripe).toBeGreaterThanOrEqual(3);
      }
    });
  }
});

test.describe('showing only one machine’s cells', () => {
  for (const mode of WINDOWING_MODES) {
    test(`leaves no gaps, and writes nothing (${mode})`, async ({
      openLab,
      root,
      lab
    }) => {
      await setWindowing(lab, mode);
      writeNotebook(root, `only-${mode}.ipynb`, longNotebook(200));
      const page = await openLab(`only-${mode}.ipynb`);
      const roles = new RolesPage(page);
      await roles.shown();
      const before = await saved(page);
      await execute(page, 'workload-explorer:show-only', {
        shown: 'downstream'
      });
      const banner = page.locator('.jp-WorkloadRoles-shown');
      // Upstream cells, and those with two roles.
      await expect(banner).toContainText(
        'Showing only downstream cells (80 hidden).'
      );
      for (const index of [1, 198, 101]) {
        await scrollTo(page, index);
        await expect(roles.cell(index)).toBeVisible();
        await expect.poll(async () => Math.max(...(await gaps(roles)))).toBe(0);
        expect(Math.min(...(await gaps(roles)))).toBe(0);
        const shown = await roles.cells.evaluateAll(nodes =>
          nodes
            .filter(node => node.getBoundingClientRect().height > 0)
            .map(node => node.dataset.workloadRole)
        );
        expect(new Set(shown)).toEqual(
          new Set(['downstream', 'shared', 'none'])
        );
      }
      await banner.getByRole('button', { name: 'Show all' }).click();
      await expect(banner).toBeHidden();
      await scrollTo(page, 100);
      await expect(roles.cell(100)).toBeVisible();
      await scrollTo(page, 0);
      await expect(roles.cell(0)).toBeVisible();
      await expect.poll(async () => Math.max(...(await gaps(roles)))).toBe(0);
      expect((await saved(page)) === before).toBe(true);
    });
  }

  test('lets arrow keys pass over the others, and shows what is new', async ({
    openLab,
    root,
    lab
  }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'arrows.ipynb', longNotebook(12));
    const page = await openLab('arrows.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await execute(page, 'workload-explorer:show-only', { shown: 'downstream' });
    const active = roles.notebook.locator('.jp-Cell.jp-mod-active');
    const at = (): Promise<string | null> =>
      active.getAttribute('data-windowed-list-index');
    // The active cell was upstream: the next one in sight takes over.
    await expect.poll(at).toBe('1');
    await execute(page, 'notebook:move-cursor-down');
    await execute(page, 'notebook:move-cursor-down');
    await execute(page, 'notebook:move-cursor-down');
    await expect.poll(at).toBe('6');
    await execute(page, 'notebook:move-cursor-up');
    await expect.poll(at).toBe('3');

    // So does running, which goes on to the next cell.
    await page.keyboard.press('Shift+Enter');
    await expect.poll(at).toBe('6');
    await execute(page, 'notebook:move-cursor-up');
    await expect.poll(at).toBe('3');

    // A new one is in sight, whatever its role.
    await execute(page, 'notebook:insert-cell-below');
    await expect.poll(at).toBe('4');
    await execute(page, 'workload-explorer:set-role', { role: 'upstream' });
    await expect(roles.cell(4)).toHaveAttribute(
      'data-workload-role',
      'upstream'
    );
    await expect(roles.cell(4)).toBeVisible();

    await execute(page, 'workload-explorer:show-only', { shown: 'all' });
    await expect(roles.cell(0)).toBeVisible();
  });

  test('keeps what is folded folded', async ({ openLab, root, lab }) => {
    await setWindowing(lab, 'full');
    writeNotebook(root, 'folded.ipynb', [
      { source: '# One', type: 'markdown' },
      { source: 'x = 1', tags: ['upstream'] },
      { source: 'y = 1', tags: ['downstream'] },
      { source: '# Two', type: 'markdown' },
      { source: 'z = 1', tags: ['downstream'] }
    ]);
    const page = await openLab('folded.ipynb');
    const roles = new RolesPage(page);
    await roles.shown();
    await roles.cell(0).locator('.jp-InputPrompt').click();
    await execute(page, 'notebook:toggle-heading-collapse');
    await expect(roles.cell(2)).toBeHidden();
    await execute(page, 'workload-explorer:show-only', { shown: 'downstream' });
    await expect(page.locator('.jp-WorkloadRoles-shown')).toBeVisible();
    await expect(roles.cell(2)).toBeHidden();
    await execute(page, 'notebook:toggle-heading-collapse');
    await expect(roles.cell(2)).toBeVisible();
    await expect(roles.cell(1)).toBeHidden();
    await execute(page, 'notebook:toggle-heading-collapse');
    await execute(page, 'workload-explorer:show-only', { shown: 'all' });
    await expect(page.locator('.jp-WorkloadRoles-shown')).toBeHidden();
    await expect(roles.cell(1)).toBeHidden();
    await expect(roles.cell(2)).toBeHidden();
    await execute(page, 'notebook:toggle-heading-collapse');
    await expect(roles.cell(1)).toBeVisible();
  });
});
