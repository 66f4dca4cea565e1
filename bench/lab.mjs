/* global MutationObserver, document, requestAnimationFrame, window */
// How long people wait in a real JupyterLab: part `lab` of `npm run bench`.
import { basename, dirname } from 'node:path';

import { chromium } from '@playwright/test';

import { chromiumOptions } from '../scripts/lib/browser.mjs';
import {
  gzippedSize,
  labAddress,
  ownRequests,
  startLab,
  untilReady
} from '../scripts/lib/lab.mjs';
import { venvProgram } from '../scripts/lib/python.mjs';

/** Of the charts that a new view begins with, the one whose bar is clicked, and which of its bars. */
const CHART = 'Top packages';
const BAR = 2;

/** Nothing may happen for so long before what is on the screen counts as the last of it; milliseconds. */
const QUIET = 700;

/**
 * Measures what the extension adds to start-up, and how long people wait for charts.
 *
 * Each run has a page with an empty cache, so code is loaded and compiled in it. Times are from the
 * user's event to the frame with the charts.
 * @param file a Parquet file; its folder is the server's root
 * @returns bytes, and for each wait a list of milliseconds, one a run
 */
export async function measureLab(file, runs) {
  const server = await startLab({
    python: venvProgram('python'),
    root: dirname(file)
  });
  const browser = await chromium.launch(chromiumOptions());
  try {
    const all = [];
    for (let run = 0; run < runs; run++) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 }
      });
      all.push(
        await measureOnce(await context.newPage(), server, basename(file))
      );
      await context.close();
    }
    const list = name => all.map(run => run[name]);
    return {
      startup: all[0].startup,
      charts: all[0].charts,
      firstChart: list('firstChart'),
      allCharts: list('allCharts'),
      clickBar: list('clickBar'),
      removeChip: list('removeChip')
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function measureOnce(page, server, name) {
  const requests = [];
  page.on('request', request => requests.push(request.url()));
  await page.addInitScript(installWatch);
  await page.goto(labAddress(server));
  await untilReady(page);
  const file = page.locator('.jp-DirListing-item', { hasText: name }).first();
  await file.waitFor();
  const ours = ownRequests(requests);
  const startup = {
    files: ours.length,
    bytes: await gzippedSize(server, ours)
  };

  const opened = await timed(page, 'dblclick', () => file.dblclick());

  const card = page.getByRole('region', { name: CHART, exact: true });
  const bar = await card.locator('.bars .point path').nth(BAR).boundingBox();
  const clicked = await timed(page, 'pointerup', async () => {
    await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2, {
      steps: 3
    });
    await page.mouse.down();
    await page.mouse.up();
  });
  // The charts as they were, for what comes next.
  await timed(page, 'keydown', () => page.keyboard.press('Escape'));

  const chip = page.getByRole('button', { name: 'Remove Staff excluded' });
  const removed = await timed(page, 'pointerup', () => chip.click());
  return {
    startup,
    charts: await page.locator('.jp-Workload-card').count(),
    firstChart: opened.first,
    allCharts: opened.last,
    clickBar: clicked.last,
    removeChip: removed.last
  };
}

/** What the page sees of an action of the user: milliseconds from its event on. */
async function timed(page, event, act) {
  await page.evaluate(
    ([name, quiet]) => window.watchCharts(name, quiet),
    [event, QUIET]
  );
  await act();
  return page.evaluate(() => window.chartsDrawn);
}

/**
 * Runs in the page. `watchCharts` waits for an event, then for the charts to become busy and to be
 * drawn again; `chartsDrawn` resolves to when the first chart, and when all were drawn.
 */
function installWatch() {
  const isSettled = () =>
    document.querySelector('.jp-Workload-card') !== null &&
    document.querySelector(
      [
        '[aria-busy=true]',
        '.jp-mod-stale',
        '.jp-Workload-waiting',
        // What draws is still being loaded.
        '.jp-Workload-figure-host:empty',
        '.jp-Workload-figureBox:empty'
      ]
        .map(busy => `.jp-Workload ${busy}`)
        .join()
    ) === null;
  const hasChart = () =>
    document.querySelector(
      '.jp-Workload-card [role=application][aria-busy=false]'
    ) !== null;

  window.watchCharts = (event, quiet) => {
    window.chartsDrawn = new Promise((resolve, reject) => {
      let began;
      let first;
      let last;
      let wasBusy = false;
      let done;
      // After the frame that shows it.
      const painted = then =>
        requestAnimationFrame(() =>
          setTimeout(() => then(performance.now() - began))
        );
      const look = () => {
        if (began === undefined) {
          return;
        }
        if (first === undefined && hasChart()) {
          first = 0;
          painted(time => {
            first = time;
          });
        }
        if (!isSettled()) {
          wasBusy = true;
          clearTimeout(done);
          done = undefined;
        } else if (wasBusy && done === undefined) {
          painted(time => {
            last = time;
          });
          done = setTimeout(() => {
            observer.disconnect();
            resolve({ first, last });
          }, quiet);
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        attributeFilter: ['aria-busy', 'class']
      });
      document.addEventListener(
        event,
        ({ timeStamp }) => {
          began = timeStamp;
          setTimeout(() => {
            if (last === undefined) {
              reject(new Error(`No chart was drawn after ${event}.`));
            }
          }, 60_000);
        },
        { capture: true, once: true }
      );
    });
    // Whoever waits hears of a failure.
    window.chartsDrawn.catch(() => undefined);
  };
}
