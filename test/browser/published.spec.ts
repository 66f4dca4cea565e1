import { PromiseDelegate } from '@lumino/coreutils';
import type { Locator, Page } from '@playwright/test';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expectAccessible } from './accessibility';
import { expect, test } from './fixtures';
import {
  type IPublishedExample,
  cleanEnvironment,
  publishExample,
  serveBundle
} from './published-example';

/** Bars of a chart as Plotly has them, from top to bottom. */
async function bars(
  chart: Locator
): Promise<{ types: string[]; names: string[]; numbers: number[] }> {
  return chart.evaluate(node => {
    const plot = node.closest('.js-plotly-plot') ?? node;
    const { _fullData: traces } = plot as unknown as {
      _fullData: { type: string; x: number[]; y: string[] }[];
    };
    return {
      types: traces.map(({ type }) => type),
      names: [...traces[0].y].reverse(),
      numbers: [...traces[0].x].reverse()
    };
  });
}

/** What a page complains of: its policy, errors, and what it cannot load. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) {
      found.push(message.text());
    }
  });
  page.on('pageerror', error => found.push(error.message));
  return found;
}

test.describe('a published dashboard', () => {
  let example: IPublishedExample;

  test.beforeAll(() => {
    test.setTimeout(240_000);
    example = publishExample();
  });

  test.afterAll(() => {
    rmSync(example.folder, { recursive: true, force: true });
  });

  test('is a page that opens from a disk, offline, and can be chosen in', async ({
    page,
    context,
    watch
  }) => {
    watch.allowServer('file:///');
    await context.setOffline(true);
    const found = complaints(page);
    await page.goto(pathToFileURL(join(example.out, 'dashboard.html')).href);
    const [first, second] = await page.locator('figure').all();
    const top = first.locator('.plot');
    await expect(top.locator('.barlayer .point')).toHaveCount(15);
    await expect(second.locator('.scatterlayer .trace')).toHaveCount(6);
    const all = await bars(top);
    expect(all.types).toEqual(['bar']);
    expect(all.numbers).toEqual([...all.numbers].sort((a, b) => b - a));

    const month = first.getByLabel('Month');
    await expect(month.locator('option').first()).toHaveText('all of the time');
    await month.selectOption('2021-03');
    await expect
      .poll(async () => (await bars(top)).numbers[0])
      .toBeLessThan(all.numbers[0]);
    // A package that fewer than five people used in a month has no number in any.
    expect(Math.min(...(await bars(top)).numbers)).toBeGreaterThanOrEqual(5);
    await first.getByLabel('Show').selectOption('top 10');
    await expect(top.locator('.barlayer .point')).toHaveCount(10);
    await month.selectOption('all of the time');
    await first.getByLabel('Show').selectOption('top 25');
    // Every bar has its name.
    await expect(top.locator('.yaxislayer-above .ytick')).toHaveCount(25);
    await first.getByLabel('Sort by').selectOption('package');
    await expect
      .poll(async () => (await bars(top)).names.slice(0, 2))
      .toEqual(
        [...(await bars(top)).names]
          .sort(new Intl.Collator('en', { numeric: true }).compare)
          .slice(0, 2)
      );
    await second.getByLabel('Show').focus();
    await page.keyboard.press('ArrowDown');
    await expect(second.locator('.scatterlayer .trace')).toHaveCount(3);
    expect(found).toEqual([]);
    await expectAccessible(page, 'body');
    const size = readFileSync(join(example.out, 'dashboard.html')).length;
    expect(size).toBeLessThan(6_000_000);
  });

  test('runs from its archive in an environment of nothing but its requirements', async ({
    page,
    watch
  }) => {
    test.setTimeout(420_000);
    const unpacked = join(example.folder, 'packages');
    const programs = cleanEnvironment(example, unpacked);
    const home = join(example.folder, 'home');
    mkdirSync(home);
    const served = await serveBundle(unpacked, programs, home);
    // Whoever else is asked for something is reported.
    watch.allowServer(served.url);
    // Charts come before Voilà's own scripts, which may take their time.
    const scripts = new PromiseDelegate<void>();
    await page.route('**/voila/static/voila.js', async route => {
      await scripts.promise;
      await route.continue();
    });
    try {
      await page.goto(served.url, { waitUntil: 'commit' });
      const [top, months] = [0, 1].map(chart =>
        page.locator('.workload-plot').nth(chart)
      );
      await expect(top.locator('.barlayer .point')).toHaveCount(15);
      await expect(months.locator('.scatterlayer .trace')).toHaveCount(6);
      // Voilà lays the page out anew then; readers stay where they are.
      await page.evaluate(() => window.scrollTo(0, 200));
      scripts.resolve();
      await expect
        .poll(() =>
          page
            .locator('.lm-Widget#rendered_cells')
            .evaluateAll(found => found.map(cells => cells.scrollTop))
        )
        .toEqual([200]);
      await expect(page.locator('footer')).toHaveText(
        /^Published on \d{4}-\d\d-\d\d \(.* ago\)$/
      );
      await expect(page.getByRole('progressbar')).toHaveCount(0);
      await expect(page).toHaveTitle('python-packages');
      await expect(
        page.getByRole('figure', { name: 'People who used each package' })
      ).toBeVisible();
      await expectAccessible(page, 'body');
      await expect(
        page.getByRole('heading', { name: 'Python packages on the machine' })
      ).toBeVisible();
      await expect(page.getByText('suppress_small')).toHaveCount(0);
      const { types } = await bars(page.locator('.js-plotly-plot').first());
      expect(types).toEqual(['bar']);
      await page.screenshot({
        path: test.info().outputPath('published.png'),
        fullPage: true
      });
    } finally {
      await page.goto('about:blank');
      await served.stop();
    }
  });
});
