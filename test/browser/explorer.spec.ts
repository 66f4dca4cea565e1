import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { expectAccessible } from './accessibility';
import { DATA, ExplorerPage, execute } from './explorer-page';
import { DEMO, expect, test as base } from './fixtures';

/** The board that a source opens with. */
const BOARD = [
  'Top packages',
  'Job sizes',
  'Packages over time',
  'Package × job size',
  'Packages used together',
  'Partitions',
  'Environments',
  'MKL use'
];

const test = base.extend<{ explorer: ExplorerPage }>({
  /** The demo data, open. */
  explorer: async ({ openLab }, use) => {
    const page = await openLab(DATA);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    await use(explorer);
  }
});

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

test.describe('a transform', () => {
  test('is typed with completion; the table follows', async ({ explorer }) => {
    const { page, root } = explorer;
    await explorer.enlarge('Top packages', 'Transform');
    const editor = root.getByRole('textbox', { name: /^Transform of/ });
    await editor.click();
    await page.keyboard.type('derive({share: d => d.us');
    await expect(
      page.locator('.cm-tooltip-autocomplete [aria-selected=true]')
    ).toContainText('users');
    // CodeMirror takes no key for an answer right after its list appears, so that nobody accepts what he has not seen.
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await page.keyboard.type(' / op.sum(d.users)}).slice(0, 3)');
    await expect.poll(async () => (await explorer.rows()).length).toBe(3);
    await expect(
      root.getByRole('columnheader', { name: 'Share' })
    ).toBeVisible();
    await expect(root.locator('.jp-Workload-badge')).toHaveText('transformed');
  });

  test('points at its error and keeps the last good table', async ({
    explorer
  }) => {
    const { page, root } = explorer;
    await explorer.enlarge('Top packages', 'Transform');
    await root.getByRole('textbox', { name: /^Transform of/ }).click();
    await page.keyboard.type('slice(0, 4)');
    await expect.poll(async () => (await explorer.rows()).length).toBe(4);
    await page.keyboard.type('.filter(d => d.uers > 1)');
    await expect(root.getByRole('alert')).toContainText('uers');
    await expect(root.locator('.cm-lintRange-error')).toHaveText('d.uers');
    expect(await explorer.rows()).toHaveLength(4);
    // Escape in the editor does not close the chart.
    await page.keyboard.press('Escape');
    await expect(root.getByRole('tab', { name: 'Transform' })).toBeVisible();
  });

  test('is written by steps, and saved with the view', async ({
    openLab,
    root: folder
  }) => {
    const path = `${DEMO}/steps.workload.json`;
    const file = join(folder, path);
    writeFileSync(
      file,
      JSON.stringify({ version: 1, source: { paths: ['records.parquet'] } })
    );
    const page = await openLab(path);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    await explorer.enlarge('Top packages', 'Transform');
    const step = async (label: string) => {
      await explorer.root.getByRole('button', { name: 'Step' }).click();
      await explorer.choose(label);
    };
    await step('Share of the sum');
    await page.keyboard.press('Enter');
    await step('Top rows');
    await explorer.root
      .getByRole('spinbutton', { name: 'Number of rows' })
      .fill('2');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await explorer.rows()).length).toBe(2);
    const rows = await explorer.rows();
    await execute(page, 'docmanager:save');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toContain('slice(0, 2)');
    await page.reload();
    await explorer.drawn();
    await explorer.enlarge('Top packages', 'Table');
    expect(await explorer.rows()).toEqual(rows);
  });
});

test.describe('an export', () => {
  test('says what it counted, in each form', async ({ explorer }) => {
    await explorer.card('Top packages').focus();
    const caption = await explorer
      .card('Top packages')
      .locator('.jp-Workload-caption')
      .textContent();
    const png = await explorer.exportAs('PNG image');
    expect(png.name).toBe('top-packages.png');
    expect(png.bytes.subarray(0, 8).toString('latin1')).toBe(
      '\x89PNG\r\n\x1a\n'
    );
    const svg = (await explorer.exportAs('SVG image')).bytes.toString();
    expect(svg).toContain('<svg');
    expect(svg).toContain('Top packages');
    expect(svg).toContain('counted once for each package');
    const csv = (await explorer.exportAs('CSV table')).bytes.toString();
    expect(csv.split('\n')[0]).toBe('package,users');
    expect(csv.trim().split('\n')).toHaveLength(21);
    const json: unknown = JSON.parse(
      (
        await explorer.exportAs('JSON with caption and provenance')
      ).bytes.toString()
    );
    expect(json).toMatchObject({
      caption,
      columns: ['package', 'users'],
      provenance: {
        exact: true,
        partial: false,
        query: { analysis: 'top-packages', top: 20 }
      }
    });
  });
});

test.describe('reading', () => {
  /** Hold back the bytes of the data until told otherwise. */
  async function slow(page: Page): Promise<() => void> {
    let release = () => undefined as void;
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    await page.route('**/files/**', async route => {
      await released;
      await route.continue().catch(() => undefined);
    });
    return release;
  }

  test('can be stopped and gone on with', async ({ openLab, page }) => {
    await openLab();
    const release = await slow(page);
    await execute(page, 'docmanager:open', { path: DATA });
    const explorer = new ExplorerPage(page);
    await explorer.root.getByRole('button', { name: 'Cancel' }).click();
    await expect(explorer.root).toContainText('Reading was stopped');
    release();
    await explorer.root.getByRole('button', { name: 'Continue' }).click();
    await explorer.drawn();
    expect((await explorer.headline()).job).toBeGreaterThan(0);
  });

  test('goes on by itself when the server is back', async ({ explorer }) => {
    const { page, root } = explorer;
    const { job } = await explorer.headline();
    let isDown = true;
    await page.route('**/files/**', route =>
      isDown ? route.abort() : route.continue()
    );
    // A column that nothing has asked for yet.
    await explorer.filter('qos~.');
    await expect(root).toContainText('the server does not answer');
    await expect(root).toContainText('Trying again');
    isDown = false;
    await explorer.answered();
    await expect(root).not.toContainText('the server does not answer');
    expect((await explorer.headline()).job).toBe(job);
  });

  test('offers to reload a file that has changed', async ({
    openLab,
    root: folder
  }) => {
    const path = `${DEMO}/changing.parquet`;
    const file = join(folder, path);
    const bytes = readFileSync(join(folder, DATA));
    writeFileSync(file, bytes);
    const page = await openLab(path);
    const explorer = new ExplorerPage(page);
    await explorer.drawn();
    const { job } = await explorer.headline();
    writeFileSync(
      file,
      Buffer.concat([Buffer.from('PAR1'), bytes.subarray(4), bytes])
    );
    await explorer.filter('qos~.');
    await expect(explorer.root).toContainText(
      'has changed since it was opened'
    );
    writeFileSync(file, bytes);
    await explorer.root.getByRole('button', { name: 'Reload' }).click();
    await explorer.drawn();
    await expect(explorer.root).not.toContainText('has changed since');
    expect((await explorer.headline()).job).toBe(job);
  });

  for (const [what, make, message] of [
    [
      'is no Parquet',
      () => Buffer.from('{"not": "parquet"}\n'.repeat(100)),
      'Parquet'
    ],
    [
      'is cut off',
      (whole: Buffer) => whole.subarray(0, whole.length / 2),
      'truncated'
    ],
    ['is empty', () => Buffer.alloc(0), 'Parquet']
  ] as const) {
    test(`says of a file that it ${what}`, async ({
      openLab,
      root: folder
    }) => {
      const path = `${DEMO}/broken.parquet`;
      writeFileSync(join(folder, path), make(readFileSync(join(folder, DATA))));
      const explorer = new ExplorerPage(await openLab(path));
      const alert = explorer.root.getByRole('alert');
      await expect(alert).toContainText(message);
      await alert.getByRole('button', { name: 'Open another source' }).click();
      await explorer.root
        .getByRole('combobox', { name: /^Path of a Parquet file/ })
        .fill(DATA);
      await explorer.page.keyboard.press('Enter');
      await explorer.drawn();
    });
  }

  test('maps a column where an analysis misses one', async ({ explorer }) => {
    const { root } = explorer;
    await root.getByRole('button', { name: /^fields/ }).click();
    await root
      .getByRole('combobox', { name: 'Column for number of nodes' })
      .selectOption({ label: 'none' });
    const card = explorer.card('Job sizes');
    await expect(card.getByRole('alert')).toContainText('nodes');
    await card
      .getByRole('combobox', { name: 'Column for number of nodes' })
      .selectOption({ label: 'num_nodes' });
    await expect(card.locator('.main-svg').first()).toBeVisible();
    await expect(card.getByRole('alert')).toHaveCount(0);
  });
});

test.describe('without a mouse', () => {
  test('one opens, filters, looks closer, and goes back', async ({
    openLab,
    page
  }) => {
    await openLab();
    const press = async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    };
    const focused = () => page.locator(':focus');
    /** Tab until something has the focus. */
    const tabTo = async (name: RegExp) => {
      for (let i = 0; i < 60; i++) {
        // Not by `:focus`: the calendar button of a date field has it within the field.
        const label = await page.evaluate(() => {
          const node = document.activeElement;
          return node?.getAttribute('aria-label') ?? node?.textContent ?? '';
        });
        if (name.test(label)) {
          return;
        }
        await press('Tab');
      }
      throw new Error(`Nothing in the tab order is called ${name}.`);
    };
    // JupyterLab's keys work some time after its launcher is there, which takes the focus once more.
    await expect(async () => {
      await press('Escape', 'Control+Shift+c');
      await page.keyboard.type('Workload Explorer');
      await expect(
        page.locator('.lm-CommandPalette-item.lm-mod-active')
      ).toContainText('Workload Explorer', { timeout: 2000 });
    }).toPass();
    await press('Enter');
    const explorer = new ExplorerPage(page);
    await expect(
      explorer.root.getByRole('heading', { name: 'Workload Explorer' })
    ).toBeVisible();
    await tabTo(/^Path of a Parquet file/);
    await page.keyboard.type(`${DEMO}/rec`);
    await expect(
      page.getByRole('option', { name: /records\.parquet/ })
    ).toBeVisible();
    await press('ArrowDown', 'Enter');
    await explorer.drawn();
    const all = await explorer.headline();

    await explorer.root.focus();
    await tabTo(/^\+ filter$/);
    await press('Enter');
    await page.keyboard.type('subsys');
    await expect(
      page.getByRole('option', { name: /^subsystem/ })
    ).toBeVisible();
    await press('ArrowDown', 'Enter');
    await page.keyboard.type('knl');
    await press('Enter');
    await expect(explorer.chip('partition knl')).toBeVisible();
    expect((await explorer.headline()).job).toBeLessThan(all.job);
    await expect(focused()).toHaveText('+ filter');

    await tabTo(/^Previous month$/);
    await press('Enter');
    await explorer.answered();
    await tabTo(/^Top packages/);
    await press('ArrowRight');
    await expect(explorer.card('Job sizes')).toBeFocused();
    // Past the card's two buttons to its drawing.
    await press('ArrowLeft', 'Tab', 'Tab', 'Tab', 'ArrowDown', 'Enter');
    await expect(explorer.chip('jobs with')).toBeVisible();
    await press('Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Enter');
    await expect(
      explorer.root.getByRole('tab', { name: 'Chart' })
    ).toBeFocused();
    await press('ArrowRight');
    await expect(
      explorer.root.getByRole('tab', { name: 'Table' })
    ).toBeFocused();
    await expect(explorer.root.getByRole('grid')).toBeVisible();
    // First back to all records, then to the board.
    await press('Escape');
    await expect(explorer.chip('jobs with')).toHaveCount(0);
    await press('Escape');
    await expect(explorer.card('Top packages')).toBeFocused();
    await press('Control+z', 'Control+z', 'Control+z', 'Control+z');
    await expect(explorer.chips()).toHaveCount(2);
    expect(await explorer.headline()).toEqual(all);
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
