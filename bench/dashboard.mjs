/* global MutationObserver, document, requestAnimationFrame, window */
// How long readers of a dashboard wait for its first chart: part `dashboard` of `npm run bench`.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from '@playwright/test';

import { chromiumOptions } from '../scripts/lib/browser.mjs';
import { freePort, untilAnswers } from '../scripts/lib/lab.mjs';
import { CLI, PAGE, ROOT, cacheFolder, say } from '../scripts/lib/project.mjs';
import { venvProgram } from '../scripts/lib/python.mjs';

const EXAMPLE = 'python-packages';

/** As start scripts of what is published. */
const VOILA =
  'exec voila "$@" --no-browser --Voila.ip=127.0.0.1 --port="$PORT"';

/** Seconds for a pool of heated kernels to fill again. */
const HEAT = 4;

/** A chart of Plotly, and a picture that has come. */
const CHART = '.js-plotly-plot .main-svg .barlayer .point';
const PICTURE = 'img[src^="data:image/png"]';

/**
 * Measures the example of both halves: as it is published, as the study describes its dashboards, and pages that show nothing.
 * @param file records in Parquet
 * @returns for each way, a list of milliseconds from the address to the first chart, one a run
 */
export async function measureDashboard(file, runs) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-dashboard-'));
  const servers = [];
  const browser = await chromium.launch(chromiumOptions());
  try {
    const out = publish(folder, file);
    const programs = environment(join(out, 'requirements.txt'));
    const study = writeNotebook(folder, 'study', STUDY);
    const empty = writeNotebook(folder, 'empty', EMPTY);
    const floor = join(folder, 'floor.html');
    writeFileSync(floor, floorPage());
    const serve = async (folder, program, ...args) => {
      const server = await startServer(programs, folder, program, args);
      servers.push(server);
      return server.url;
    };
    const voila = (notebook, ...args) =>
      serve(folder, 'sh', '-c', VOILA, 'sh', notebook, ...args);
    const published = (...args) => serve(out, './start.sh', ...args);
    const upstream = '--TagRemovePreprocessor.remove_cell_tags=upstream';
    const ways = {
      empty: [await voila(empty), 'h1'],
      live: [await published(), CHART],
      preheated: [await published('--preheat_kernel=True'), CHART],
      study: [await voila(study, upstream), PICTURE],
      static: [pathToFileURL(join(out, 'dashboard.html')).href, CHART],
      staticFloor: [pathToFileURL(floor).href, '.js-plotly-plot .main-svg']
    };
    const times = Object.fromEntries(Object.keys(ways).map(name => [name, []]));
    // The first of each warms up the disk's cache.
    for (let run = 0; run <= runs; run++) {
      say(`dashboard: run ${run} of ${runs}`);
      // In turn, so that what else the machine does touches all alike.
      for (const [name, [url, shown]] of Object.entries(ways)) {
        await new Promise(resolve => setTimeout(resolve, HEAT * 1000));
        const time = await untilShown(browser, url, shown);
        if (run > 0) {
          times[name].push(time);
        }
      }
    }
    return times;
  } finally {
    await browser.close();
    servers.forEach(({ stop }) => stop());
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Print it as the README has it. */
export function printDashboard(times, median) {
  const of = name => median(times[name]) / 1000;
  const above = name => of(name) - of('empty');
  const rows = [
    ['empty Voilà page', of('empty'), ''],
    ['published, in Voilà', of('live'), above('live')],
    ['… with a preheated kernel', of('preheated'), above('preheated')],
    ['as the study has it', of('study'), above('study')],
    ['static page', of('static'), ''],
    ['page with an empty chart', of('staticFloor'), '']
  ];
  console.log('\n| | first chart, s | above an empty page, s |\n|---|---|---|');
  rows.forEach(([name, all, more]) => {
    const shown = more === '' ? '' : more.toFixed(2);
    console.log(`| ${name} | ${all.toFixed(2)} | ${shown} |`);
  });
  console.log(
    `\nabove the floor: ${(above('live') / above('study')).toFixed(2)} of the study's; static: ${(of('static') / of('staticFloor')).toFixed(2)} of its floor`
  );
}

/** Run and publish the example on these records; gives the folder of what is published. */
function publish(folder, file) {
  const notebook = `${EXAMPLE}.ipynb`;
  copyFileSync(join(ROOT, 'examples', notebook), join(folder, notebook));
  mkdirSync(join(folder, 'import-records'));
  copyFileSync(file, join(folder, 'import-records', 'records.parquet'));
  const options = {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, WORKLOAD_EXPLORER_PYTHON: venvProgram('python') }
  };
  const execute = ['-m', 'nbconvert', '--to', 'notebook', '--execute'];
  execFileSync(
    venvProgram('python'),
    [...execute, '--inplace', notebook],
    options
  );
  const out = join(folder, 'published');
  execFileSync(
    process.execPath,
    [CLI, 'publish', notebook, '--out', out, '--page'],
    options
  );
  return out;
}

/** An environment with what was published, and what the study draws with; made once. */
function environment(requirements) {
  const key = createHash('sha256')
    .update(readFileSync(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), 'bench', `dashboard-${key}`);
  const complete = join(folder, '.complete');
  if (!existsSync(complete)) {
    say('an environment of what is published, with pandas and seaborn');
    rmSync(folder, { recursive: true, force: true });
    execFileSync(venvProgram('python'), ['-m', 'venv', folder]);
    execFileSync(
      join(folder, 'bin', 'python'),
      ['-m', 'pip', 'install', '-q', '-r', requirements, 'pandas', 'seaborn'],
      { stdio: 'inherit' }
    );
    writeFileSync(complete, '');
  }
  return join(folder, 'bin');
}

/** The same content as studies describe it: one notebook of both halves with tags, pandas and seaborn. */
const STUDY = [
  ['markdown', '# Python packages on the machine'],
  ['upstream', 'raise SystemExit("upstream")'],
  [
    'downstream',
    [
      'import matplotlib.pyplot as plt',
      'import pandas as pd',
      'import seaborn as sns',
      '',
      'sns.set_theme()',
      'reduced = pd.read_parquet("reduced/packages-by-month.parquet")',
      'overall = reduced[reduced["month"].isna()].head(15)'
    ].join('\n')
  ],
  [
    'downstream',
    [
      'fig, ax = plt.subplots(figsize=(10, 6))',
      'sns.barplot(overall, x="users", y="package", ax=ax)',
      'ax.set_title("People who used each package")',
      'plt.show()'
    ].join('\n')
  ],
  [
    'downstream',
    [
      'shown = reduced[reduced["package"].isin(overall["package"][:6])].dropna(subset="month")',
      'fig, ax = plt.subplots(figsize=(10, 5))',
      'sns.lineplot(shown, x="month", y="users", hue="package", marker="o", ax=ax)',
      'plt.show()'
    ].join('\n')
  ]
];

const EMPTY = [['markdown', '# Nothing']];

function writeNotebook(folder, name, cells) {
  const path = join(folder, `${name}.ipynb`);
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3 (ipykernel)',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: cells.map(([kind, source], index) =>
      kind === 'markdown'
        ? { id: `c${index}`, cell_type: kind, metadata: {}, source }
        : {
            id: `c${index}`,
            cell_type: 'code',
            metadata: { tags: [kind] },
            source,
            execution_count: null,
            outputs: []
          }
    )
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}

/** A page with the same Plotly, and a chart without anything in it. */
function floorPage() {
  const plotly = readFileSync(join(PAGE, 'plotly-cartesian.min.js'), 'utf8');
  return `<!DOCTYPE html><meta charset="utf-8"><div id="chart"></div><script>${plotly}</script><script>Plotly.newPlot('chart', [])</script>`;
}

async function startServer(programs, cwd, program, args) {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'bench-voila-'));
  const child = spawn(program, args, {
    cwd,
    // A group of its own, so that kernels end with it.
    detached: true,
    stdio: 'ignore',
    env: { PATH: `${programs}:/usr/bin:/bin`, HOME: home, PORT: String(port) }
  });
  const url = `http://127.0.0.1:${port}/`;
  await untilAnswers(`${url}voila/static/voila.js`, child);
  return {
    url,
    stop: () => {
      process.kill(-child.pid, 'SIGKILL');
      rmSync(home, { recursive: true, force: true, maxRetries: 20 });
    }
  };
}

/** Milliseconds from asking for a page to the frame that shows something, with an empty cache. */
async function untilShown(browser, url, selector) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(installWatch, selector);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.shownAt > 0, null, {
      timeout: 60_000
    });
    return await page.evaluate(() => window.shownAt);
  } finally {
    await context.close();
  }
}

/** Runs in the page, before anything of it. */
function installWatch(selector) {
  const look = () => {
    const found = document.querySelector(selector);
    if (found && found.getBoundingClientRect().height > 0) {
      observer.disconnect();
      // After the frame that shows it.
      requestAnimationFrame(() =>
        setTimeout(() => {
          window.shownAt = performance.now();
        })
      );
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, {
    childList: true,
    subtree: true,
    attributes: true
  });
}
