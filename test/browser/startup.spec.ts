import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { gzippedSize, ownRequests } from '../../scripts/lib/lab.mjs';
import { LABEXTENSION, filesBelow } from '../../scripts/lib/project.mjs';
import { ExplorerPage } from './explorer-page';
import { DEMO, expect, test } from './fixtures';

/** Most that the extension may add to JupyterLab's start, gzipped. */
const MOST_BYTES = 33_000;

/** What is loaded on first use, and a text that is in the minified code of each, and in no other file. */
const LATER = {
  Plotly: 'js-plotly-plot',
  YAML: 'Excessive alias count',
  arquero: 'Unrecognized column',
  engine: 'new Worker('
};

/** Which of `LATER` are in scripts. */
function among(texts: readonly string[]): string[] {
  return Object.entries(LATER)
    .filter(([, mark]) => texts.some(text => text.includes(mark)))
    .map(([name]) => name);
}

test('adds little to the start of JupyterLab, and asks for nothing', async ({
  openLab,
  lab,
  page,
  watch
}) => {
  /** Which of `LATER` have been asked for. */
  const loaded = async () =>
    among(
      await Promise.all(
        ownRequests(watch.requests)
          .filter(url => url.includes('/static/'))
          .map(async url => (await page.request.get(url)).text())
      )
    );

  await openLab(DEMO);
  const file = page.locator('.jp-DirListing-item', {
    hasText: 'records.parquet'
  });
  await expect(file).toBeVisible();
  // What would be asked for a little later counts as well.
  await page.waitForLoadState('networkidle');
  const ours = ownRequests(watch.requests);
  ours.forEach(url =>
    expect(url).toContain(
      '/lab/extensions/jupyterlab-workload-explorer/static/'
    )
  );
  expect(ours.length).toBeGreaterThan(0);
  const bytes = await gzippedSize(lab, ours);
  console.log(`${ours.length} files, ${bytes} bytes gzipped`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(await loaded()).toEqual([]);

  await file.dblclick();
  await new ExplorerPage(page).drawn();
  // arquero waits for the first transform.
  expect(await loaded()).toEqual(['Plotly', 'engine']);
  const built = filesBelow(join(LABEXTENSION, 'static'));
  expect(among(built.map(path => readFileSync(path, 'utf8')))).toEqual(
    Object.keys(LATER)
  );
});
