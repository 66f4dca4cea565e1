// Measures what the README's table says: `npm run bench`.
//
//   --rows N     rows of the long sample (10,000,000; in JupyterLab 1,000,000)
//   --runs N     runs of each engine, in turn; the median counts (5)
//   --only LIST  parts: engines,slow,linear,lab,roles,elasticsearch,dashboard (all)
//   --out FILE   also write all numbers as JSON
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import { chromiumOptions } from '../scripts/lib/browser.mjs';
import {
  CLI,
  ROOT,
  Stop,
  cacheFolder,
  main,
  run,
  say
} from '../scripts/lib/project.mjs';
import { ensureVenv, venvProgram } from '../scripts/lib/python.mjs';
import { isBuilt } from '../scripts/lib/stamp.mjs';
import { measureDashboard, printDashboard } from './dashboard.mjs';
import { measureElasticsearch, printElasticsearch } from './elasticsearch.mjs';
import { measureLab } from './lab.mjs';
import { measureRoles } from './roles.mjs';
import { serve } from './server.mjs';

const STUDY = [
  'top-packages',
  'job-sizes',
  'package-job-size',
  'package-correlation',
  'package-trend'
];
const OTHERS = ['duckdb', 'duckdb-table', 'polars', 'pandas'];
const CELLS = [50, 500, 5000];
const SLOW_LINE = { bitsPerSecond: 50e6, latency: 40 };
const PYTHON = venvProgram('python');
const FOLDER = join(cacheFolder(), 'bench');

main(async () => {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      runs: { type: 'string', default: '5' },
      only: {
        type: 'string',
        default: 'engines,slow,linear,lab,roles,elasticsearch,dashboard'
      },
      out: { type: 'string' }
    }
  });
  const parts = values.only.split(',');
  const rows = Number(values.rows ?? 1e7);
  const runs = Number(values.runs);
  mkdirSync(FOLDER, { recursive: true });
  const scripts = await bundle();
  const result = {
    date: new Date().toISOString().slice(0, 10),
    commit: capture('git', ['rev-parse', '--short', 'HEAD']).trim(),
    processor: `${cpus().length} × ${cpus()[0].model}`,
    rows,
    runs
  };
  if (parts.includes('engines')) {
    result.engines = {};
    for (const codec of ['snappy', 'zstd']) {
      result.engines[codec] = await engines(sample(rows, codec), runs, scripts);
      printEngines(codec, rows, result.engines[codec]);
    }
  }
  if (parts.includes('slow')) {
    result.slow = await inChromium(sample(rows, 'snappy'), scripts, {
      measure: 'first',
      line: SLOW_LINE
    });
    console.log(
      `\nSlow line (50 Mbit/s, 40 ms): ${JSON.stringify(result.slow)}`
    );
  }
  if (parts.includes('linear')) {
    result.linear = [];
    for (const size of [1e6, 1e7, 5e7]) {
      const file = sample(size, 'snappy');
      const run = await inChromium(file, scripts);
      result.linear.push({ rows: size, cold: run.cold, memory: run.memory });
      console.log(
        `${size} rows: cold ${run.cold.toFixed(0)} ms, ${(run.memory / 1e9).toFixed(2)} GB`
      );
    }
  }
  if (parts.includes('lab')) {
    const size = Number(values.rows ?? 1e6);
    say(`JupyterLab: ${size.toLocaleString('en')} rows, ${runs} runs`);
    await ensureVenv('test');
    await ensureBuilt();
    result.lab = {
      rows: size,
      ...(await measureLab(sample(size, 'snappy'), runs))
    };
    printLab(result.lab);
  }
  if (parts.includes('roles')) {
    say(`roles: notebooks of ${CELLS.join(', ')} cells, ${runs} runs`);
    await ensureVenv('test');
    await ensureBuilt();
    result.roles = await measureRoles(CELLS, runs, file =>
      json(process.execPath, ['--expose-gc', scripts.check, file])
    );
    printRoles(result.roles);
  }
  if (parts.includes('elasticsearch')) {
    const size = Number(values.rows ?? 1e6);
    say(`Elasticsearch: ${size.toLocaleString('en')} documents, ${runs} runs`);
    await ensureVenv('test');
    result.elasticsearch = await measureElasticsearch(
      sample(size, 'snappy'),
      runs,
      scripts.index
    );
    printElasticsearch(result.elasticsearch, median);
  }
  if (parts.includes('dashboard')) {
    say(`dashboard: ${runs} runs`);
    await ensureVenv('test');
    await ensureBuilt();
    result.dashboard = await measureDashboard(sample(1e5, 'snappy'), runs);
    printDashboard(result.dashboard, median);
  }
  if (values.out) {
    writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  }
});

/** The sample file, made once; zstd by DuckDB, so that not only our own writer is measured. */
function sample(rows, codec) {
  const folder = join(FOLDER, `long-${rows}`);
  const own = join(folder, 'records.parquet');
  if (!existsSync(own)) {
    say(`sample data: ${rows.toLocaleString('en')} rows`);
    capture(process.execPath, [
      CLI,
      'sample',
      '--rows',
      String(rows),
      '--out',
      folder,
      '--seed',
      '1'
    ]);
  }
  if (codec === 'snappy') {
    return own;
  }
  const other = join(folder, `records-${codec}.parquet`);
  if (!existsSync(other)) {
    say(`the same as ${codec}, by DuckDB`);
    capture(PYTHON, [
      '-c',
      `import duckdb; duckdb.execute("copy (from '${own}') to '${other}.part' (format parquet, compression ${codec})")`
    ]);
    renameSync(`${other}.part`, other);
  }
  return other;
}

/** Every engine in turn, `runs` times over, so that a slow spell of the machine meets all. */
async function engines(file, runs, scripts) {
  const measured = Object.fromEntries(
    ['chromium', 'node', ...OTHERS].map(name => [name, []])
  );
  for (let run = 1; run <= runs; run++) {
    say(`${basename(file)}: run ${run} of ${runs}`);
    measured.chromium.push(await inChromium(file, scripts));
    measured.node.push(json(process.execPath, [scripts.node, file]));
    for (const name of OTHERS) {
      measured[name].push(
        json(PYTHON, [join(ROOT, 'bench', 'engines.py'), name, file])
      );
    }
  }
  return Object.fromEntries(
    Object.entries(measured).map(([name, all]) => [
      name,
      {
        cold: median(all.map(run => run.cold)),
        first: all[0].first && median(all.map(run => run.first)),
        warm: Object.fromEntries(
          STUDY.map(question => [
            question,
            median(all.flatMap(run => run.warm[question]))
          ])
        ),
        memory: median(all.map(run => run.memory)),
        answers: all[0].answers
      }
    ])
  );
}

function printEngines(codec, rows, all) {
  console.log(
    `\n| ${codec}, ms | cold | first change | ${STUDY.join(' | ')} | five warm | memory | rows a GB |`
  );
  console.log(`|---|---|---|${STUDY.map(() => '---|').join('')}---|---|---|`);
  for (const [name, run] of Object.entries(all)) {
    const { cold, first, warm, memory, answers } = run;
    const times = STUDY.map(question => warm[question]);
    const total = times.reduce((sum, time) => sum + time, 0);
    console.log(
      `| ${[
        name,
        cold.toFixed(0),
        first?.toFixed(0) ?? '',
        ...times.map(time => time.toFixed(time < 10 ? 1 : 0)),
        total.toFixed(0),
        `${(memory / 1e9).toFixed(2)} GB`,
        `${(rows / 1e6 / (memory / 1e9)).toFixed(1)} million`
      ].join(' | ')} |`
    );
    if (JSON.stringify(answers) !== JSON.stringify(all.node.answers)) {
      throw new Stop(`${name} gives other answers: ${JSON.stringify(answers)}`);
    }
  }
}

function printLab({ rows, startup, charts, ...waits }) {
  const seconds = name => `${(median(waits[name]) / 1000).toFixed(2)} s`;
  console.log(
    [
      '',
      `| in JupyterLab, ${rows.toLocaleString('en')} rows, ${charts} charts | |`,
      '|---|---|',
      `| added to start-up, gzipped | ${(startup.bytes / 1000).toFixed(1)} kB |`,
      `| from opening the file to the first chart | ${seconds('firstChart')} |`,
      `| … to all charts | ${seconds('allCharts')} |`,
      `| from a click on a bar to all charts drawn again | ${seconds('clickBar')} |`,
      `| from removing “Staff excluded” to all charts drawn again | ${seconds('removeChip')} |`
    ].join('\n')
  );
}

function printRoles(all) {
  console.log(
    '\n| cells | opening, ms | without roles | keystroke on the page, ms | without roles | page heap, MB | without roles | first check, ms | check after a key, ms | its memory, MB |'
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const { cells, on, off, check } of all) {
    const of = (list, name) => median(list.map(run => run[name]));
    console.log(
      `| ${[
        cells,
        of(on, 'opened').toFixed(0),
        of(off, 'opened').toFixed(0),
        of(on, 'keystroke').toFixed(1),
        of(off, 'keystroke').toFixed(1),
        of(on, 'heap').toFixed(0),
        of(off, 'heap').toFixed(0),
        of(check, 'first').toFixed(0),
        of(check, 'keystroke').toFixed(1),
        (of(check, 'memory') / 1e6).toFixed(1)
      ].join(' | ')} |`
    );
  }
}

/** JupyterLab shows what was built. */
async function ensureBuilt() {
  if (
    !isBuilt() &&
    (await run(process.execPath, ['scripts/build.mjs'])) !== 0
  ) {
    throw new Stop('The build failed.');
  }
}

/** A fresh Chromium for each run. Memory is the highest resident size of the process of the page. */
async function inChromium(file, scripts, { measure = 'file', line } = {}) {
  const server = await serve({
    pages: scripts.pages,
    data: join(file, '..'),
    line
  });
  const profile = mkdtempSync(join(tmpdir(), 'bench-'));
  const { executablePath, args } = chromiumOptions();
  const page = new URLSearchParams({
    measure,
    name: basename(file),
    size: statSync(file).size
  });
  const browser = spawn(
    executablePath,
    [
      ...args,
      '--headless',
      '--no-sandbox',
      `--user-data-dir=${profile}`,
      `${server.url}/?${page}`
    ],
    // A process group, so that all its helpers end with it.
    { stdio: 'ignore', detached: true }
  );
  const ended = new Promise(resolve => browser.on('exit', resolve));
  try {
    const result = await Promise.race([
      server.result,
      ended.then(code => ({ error: `Chromium ended with status ${code}.` }))
    ]);
    if (result.error) {
      throw new Stop(result.error);
    }
    return { ...result, memory: rendererPeak() };
  } finally {
    process.kill(-browser.pid, 'SIGKILL');
    await ended;
    server.close();
    rmSync(profile, {
      recursive: true,
      force: true,
      maxRetries: 20,
      retryDelay: 100
    });
  }
}

/** Highest resident size among processes of this machine that render pages for our child processes. */
function rendererPeak() {
  let peak = 0;
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes('--type=renderer') && isOurs(pid)) {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        peak = Math.max(
          peak,
          Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024
        );
      }
    } catch {
      // The process ended while it was looked at.
    }
  }
  return peak;
}

function isOurs(pid) {
  for (let at = pid; Number(at) > 1;) {
    if (Number(at) === process.pid) {
      return true;
    }
    at = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${at}/status`, 'utf8'))[1];
  }
  return false;
}

/** This engine's code for Node and for the page. */
async function bundle() {
  const options = {
    absWorkingDir: ROOT,
    bundle: true,
    mainFields: ['module', 'main'],
    logLevel: 'warning'
  };
  const node = join(FOLDER, 'node.mjs');
  const check = join(FOLDER, 'check.mjs');
  const index = join(FOLDER, 'index.mjs');
  await build({
    ...options,
    entryPoints: {
      node: 'bench/node.ts',
      check: 'bench/check.ts',
      index: 'bench/index.ts'
    },
    platform: 'node',
    format: 'esm',
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as __c } from 'node:module'; const require = __c(import.meta.url);"
    }
  });
  const browser = await build({
    ...options,
    entryPoints: {
      browser: 'bench/browser.ts',
      'engine.worker': 'src/engine/engine.worker.ts',
      'decoder.worker': 'src/engine/decoder.worker.ts'
    },
    format: 'iife',
    outdir: '/',
    write: false,
    // Classic scripts have no import.meta; workers lie beside the page's script.
    define: { 'import.meta.url': 'self.location.href' }
  });
  const pages = {
    '/': '<!doctype html><meta charset="utf-8"><title>bench</title><script src="/browser.js"></script>'
  };
  for (const { path, text } of browser.outputFiles) {
    pages[path] = text;
  }
  return { node, check, index, pages };
}

function json(command, args) {
  return JSON.parse(capture(command, args));
}

function capture(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 28
  });
  if (status !== 0) {
    throw new Stop(`${command} ${args.join(' ')} failed:\n${stderr}`);
  }
  return stdout;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}
