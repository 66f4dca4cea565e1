// node_modules as the lockfile says.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT, Stop, run, say } from './project.mjs';

const STAMP = join(ROOT, 'node_modules', '.workload-lock');

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/** Runs `npm ci` unless what is installed is what the lockfile lists. */
export async function ensureNodeModules() {
  const hash = lockHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === hash) {
    return;
  }
  say('Installing npm packages (npm ci)');
  const npm = process.env.npm_execpath;
  const env = {
    ...process.env,
    // The system's browser is used.
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1'
  };
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const status = npm?.endsWith('.js')
    ? await run(process.execPath, [npm, ...args], { env })
    : await run('npm', args, { env, shell: process.platform === 'win32' });
  if (status !== 0) {
    throw new Stop(`npm ci failed (exit status ${status}).`);
  }
  writeFileSync(STAMP, `${hash}\n`);
}
