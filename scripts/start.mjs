// Opens JupyterLab on the explorer with demo data; on a fresh machine it sets up all that this needs.
//
//   npm start                             opens a browser
//   npm start -- --no-browser --port 8899
//
// Other arguments go to JupyterLab.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { ensureNodeModules } from './lib/node-modules.mjs';
import { CLI, ROOT, Stop, main, run, say } from './lib/project.mjs';
import { ensureVenv, findPython, venvProgram } from './lib/python.mjs';
import { isBuilt } from './lib/stamp.mjs';

/** The folder that JupyterLab shows. */
const DEMO = join(ROOT, '.demo');

/** The demo data, below it, and how they are made; another recipe makes them anew. */
const DATA = 'import-records';
const ROWS = 1_000_000;
const SEED = 1;
const RECIPE = `rows ${ROWS}, seed ${SEED}`;

/** The view that opens, below the demo folder, and where it is copied from. */
const VIEW = 'demo.workload.json';
const VIEW_SOURCE = join(ROOT, 'scripts', 'demo', VIEW);

const MINIMUM_NODE = 20;

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MINIMUM_NODE) {
    throw new Stop(
      `Node.js ${MINIMUM_NODE} or newer is needed; this is ${process.versions.node}. See https://nodejs.org.`
    );
  }
}

/** Writes the demo data once; what was stopped halfway is made anew. */
async function ensureDemo() {
  mkdirSync(DEMO, { recursive: true });
  const folder = join(DEMO, DATA);
  const recipe = join(folder, '.recipe');
  if (!existsSync(recipe) || readFileSync(recipe, 'utf8') !== RECIPE) {
    say(`Writing demo data: ${ROWS.toLocaleString('en')} rows`);
    const making = `${folder}.making`;
    rmSync(making, { recursive: true, force: true });
    const status = await run(process.execPath, [
      CLI,
      'sample',
      '--rows',
      String(ROWS),
      '--seed',
      String(SEED),
      '--out',
      making
    ]);
    if (status !== 0) {
      throw new Stop(`The demo data were not written (exit status ${status}).`);
    }
    writeFileSync(join(making, '.recipe'), RECIPE);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  }
  // What the user has made of the view stays.
  const view = join(DEMO, VIEW);
  if (!existsSync(view) && existsSync(VIEW_SOURCE)) {
    copyFileSync(VIEW_SOURCE, view);
  }
  return existsSync(view) ? VIEW : DATA;
}

/** Our own option and those that JupyterLab gets; both `--port N` and `--port=N`. */
function parse(args) {
  const rest = [];
  let port;
  for (let i = 0; i < args.length; i++) {
    const [name, value] = args[i].split(/=(.*)/s, 2);
    if (name === '--port') {
      port = Number(value ?? args[++i]);
    } else {
      rest.push(args[i]);
    }
  }
  if (
    port !== undefined &&
    !(Number.isInteger(port) && port > 0 && port < 65536)
  ) {
    throw new Stop('--port is a number from 1 to 65535.');
  }
  return { port, rest };
}

/** Whether a port can be listened at; 0 asks for any, and the answer is the one given. */
async function tryPort(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.on('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}

main(async () => {
  const { port: wanted, rest } = parse(process.argv.slice(2));
  checkNode();
  findPython();
  // Said before anything slow is done.
  if (wanted !== undefined && (await tryPort(wanted)) === undefined) {
    throw new Stop(`Port ${wanted} is in use. Choose another one with --port.`);
  }
  await ensureNodeModules();
  await ensureVenv('start');
  if (!isBuilt()) {
    say('Building');
    const status = await run(process.execPath, ['scripts/build.mjs']);
    if (status !== 0) {
      return status;
    }
  }
  const opened = await ensureDemo();
  const port = wanted ?? (await tryPort(0));
  const isRoot = process.getuid?.() === 0;
  say(`Starting JupyterLab on port ${port}; Ctrl-C ends it`);
  // Ctrl-C reaches JupyterLab too, which asks before it ends; we end after it.
  process.on('SIGINT', () => undefined);
  return run(venvProgram('python'), [
    '-m',
    'jupyterlab',
    `--ServerApp.root_dir=${DEMO}`,
    // What is open in the user's own JupyterLab has no place here.
    `--LabApp.workspaces_dir=${join(DEMO, '.workspaces')}`,
    `--port=${port}`,
    '--ServerApp.port_retries=0',
    `--LabApp.default_url=/lab/tree/${opened}`,
    ...(isRoot && !rest.includes('--allow-root') ? ['--allow-root'] : []),
    ...rest
  ]);
});
