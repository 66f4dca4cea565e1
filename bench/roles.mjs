/* global document, requestAnimationFrame, window */
// What seeing and checking roles costs in a real JupyterLab: part `roles` of `npm run bench`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

import { chromiumOptions } from '../scripts/lib/browser.mjs';
import { labAddress, startLab, untilReady } from '../scripts/lib/lab.mjs';
import { venvProgram } from '../scripts/lib/python.mjs';

/** Keys typed in each measurement, and the pause between them in milliseconds: a quick typist's. */
const KEYS = 120;
const PAUSE = 60;

/** What is typed: half of it lets findings come and go. */
const TEXT = 'total = reduced_7 + offset_3 * undefined_name\n';

/**
 * Measures notebooks of each size with roles shown and checked, and with roles turned off.
 *
 * Each measurement has a page of its own. Times of the page's main thread are Chromium's own counts.
 * @param sizes numbers of cells
 * @param check checks a notebook's file in a process of its own, as the worker does
 * @returns for each size, a list with one entry a run for roles on, roles off and the check. Of the page: milliseconds until the notebook
 *   can be edited, milliseconds of the main thread a keystroke, megabytes of the heap
 */
export async function measureRoles(sizes, runs, check) {
  const root = mkdtempSync(join(tmpdir(), 'workload-roles-'));
  for (const size of sizes) {
    writeFileSync(
      join(root, `cells-${size}.ipynb`),
      JSON.stringify(notebook(size))
    );
  }
  const server = await startLab({ python: venvProgram('python'), root });
  const browser = await chromium.launch(chromiumOptions());
  try {
    const result = [];
    for (const size of sizes) {
      const row = { cells: size, on: [], off: [], check: [] };
      for (let run = 0; run < runs; run++) {
        // In turn, so that what else the machine does touches both alike.
        for (const state of ['on', 'off']) {
          const context = await browser.newContext({
            viewport: { width: 1280, height: 900 }
          });
          const page = await context.newPage();
          row[state].push(await measureOnce(page, server, size, state));
          await context.close();
        }
        row.check.push(check(join(root, `cells-${size}.ipynb`)));
      }
      result.push(row);
    }
    return result;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A notebook of cells that use one another's names, a third of each role. */
function notebook(size) {
  const roles = ['shared', 'upstream', 'downstream'];
  const cells = Array.from({ length: size }, (_, i) => {
    const role = roles[Math.min(2, Math.floor((i * 3) / size))];
    return {
      cell_type: 'code',
      execution_count: null,
      id: `cell-${i}`,
      metadata: { tags: [role] },
      outputs: [],
      source: [
        'import math',
        '',
        `offset_${i} = ${i}`,
        `def reduce_${i}(values, *, scale=1.0):`,
        '    """Sum of the squares, scaled."""',
        '    return scale * sum(math.sqrt(value) ** 2 for value in values)',
        '',
        `reduced_${i} = reduce_${i}([1, 2, 3], scale=offset_${i})`,
        ...(i % 3 === 1
          ? [`before_${i} = reduced_${i - 1} + offset_${i - 1}`]
          : [])
      ].join('\n')
    };
  });
  return {
    cells,
    metadata: {
      kernelspec: {
        display_name: 'Python 3',
        language: 'python',
        name: 'none'
      },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

/**
 * Waits until whatever is done after opening is done.
 *
 * JupyterLab adds the cells that are out of sight when it is idle, each at the cost of the styles of the whole page: a minute does for
 * some 1,000 cells, and with more of them it goes on while keys are typed, with roles and without.
 */
async function untilAllCellsAttached(page, size) {
  const cells = page.locator('.jp-Notebook .jp-Cell');
  const end = performance.now() + 60_000;
  while ((await cells.count()) < size && performance.now() < end) {
    await page.waitForTimeout(1000);
  }
  await page.waitForTimeout(3000);
}

async function measureOnce(page, server, size, state) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  await setSettings(server, { show: state === 'on' ? 'auto' : 'never' });
  await page.goto(labAddress(server));
  await untilReady(page);

  const opened = await page.evaluate(async path => {
    const began = performance.now();
    const { commands } = window.jupyterapp;
    const widget = await commands.execute('docmanager:open', {
      path,
      factory: 'Notebook',
      kernelPreference: { autoStartDefault: false, shouldStart: false }
    });
    await widget.context.ready;
    await widget.revealed;
    await new Promise(resolve =>
      requestAnimationFrame(() => setTimeout(resolve))
    );
    return performance.now() - began;
  }, `cells-${size}.ipynb`);
  if (state === 'on') {
    await page.locator('[data-workload-role]').first().waitFor();
  }
  await untilAllCellsAttached(page, size);

  const editor = page.locator('.jp-Notebook .jp-Cell .cm-content').nth(1);
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  const before = await taskMilliseconds(client);
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.type(TEXT[key % TEXT.length]);
    await page.waitForTimeout(PAUSE);
  }
  await page.waitForTimeout(1000);
  const typed = (await taskMilliseconds(client)) - before;

  const seen =
    state === 'on'
      ? await page.evaluate(
          () =>
            document.querySelector('.jp-Notebook [data-workload-finding]') !==
            null
        )
      : null;
  if (seen === false) {
    throw new Error('Nothing was found in what was typed.');
  }
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return { opened, keystroke: typed / KEYS, heap: usedSize / 1e6 };
}

/** Set the extension's settings for pages that are opened afterwards. */
async function setSettings({ url, token }, settings) {
  const answer = await fetch(
    `${url}lab/api/settings/jupyterlab-workload-explorer:roles`,
    {
      method: 'PUT',
      headers: {
        Authorization: `token ${token}`,
        'Content-Type': 'application/json'
      },
      body: JSON.stringify({ raw: JSON.stringify(settings) })
    }
  );
  if (!answer.ok) {
    throw new Error(`The settings cannot be set: ${answer.status}`);
  }
}

/** How long the main thread has worked so far. */
async function taskMilliseconds(client) {
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
}
