// Places and small helpers that the scripts share.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Python package's folder. */
export const PACKAGE = join(ROOT, 'jupyterlab_workload_explorer');

/** Where the built extension is written. */
export const LABEXTENSION = join(PACKAGE, 'labextension');

/** The bundled command line. */
export const CLI = join(PACKAGE, 'cli', 'workload-explorer.mjs');

/** What runs in static pages. */
export const PAGE = join(PACKAGE, 'dashboard', 'static_page', 'scripts');

/** What pages of Voilà load from the template that dashboards are published with. */
export const TEMPLATE_STATIC = join(
  PACKAGE,
  'dashboard',
  'live_page',
  'template',
  'static'
);

/** package.json, parsed. */
export const manifest = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8')
);

/**
 * A folder outside the tree that outlives it: downloads, wheels, environments.
 * `WORKLOAD_CACHE` names another.
 */
export function cacheFolder() {
  if (process.env.WORKLOAD_CACHE) {
    return process.env.WORKLOAD_CACHE;
  }
  const base =
    process.env.XDG_CACHE_HOME ??
    (homedir() === '/' ? tmpdir() : join(homedir(), '.cache'));
  return join(base, 'workload-explorer');
}

/** The path of a package's own script, to be run by this Node. */
export function packageFile(path) {
  return join(ROOT, 'node_modules', ...path.split('/'));
}

/** Tells what is done next, before something slow. */
export function say(text) {
  console.log(`\n> ${text}`);
}

/** Says something went wrong in a way that the reader can act on, and ends. */
export class Stop extends Error {}

/**
 * Runs a command with its output on ours.
 * @returns its exit status; 127 when it could not be started, 1 when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      ...options
    });
    child.on('error', error => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    // Who ends us means what we have started.
    const end = () => child.kill('SIGTERM');
    process.on('SIGTERM', end);
    child.on('close', code => {
      process.off('SIGTERM', end);
      resolve(code ?? 1);
    });
  });
}

/** Runs a command and gives its standard output, or undefined when it failed. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    ...options
  });
  return result.status === 0 ? result.stdout : undefined;
}

/** Every file below a folder (or the file itself), as paths; nothing where it does not exist. */
export function filesBelow(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(
      entry => entry.isFile() && !entry.parentPath.includes('__pycache__')
    )
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs a script's main function, prints a `Stop` as a plain message. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) {
      throw error;
    }
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
