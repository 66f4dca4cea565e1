// What esbuild bundles: the command line for Node, and the list of what the browser bundle holds.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { CLI, ROOT } from './project.mjs';

/** Entry points of the command line, by the name of their bundle. */
const ENTRIES = {
  'workload-explorer': 'src/cli/main.ts',
  // Started by the command line as a worker thread, found beside it.
  decoder: 'src/engine/node-decoder.ts'
};

/** The entry points that exist, by the name of their bundle. */
export function cliEntries() {
  return Object.fromEntries(
    Object.entries(ENTRIES)
      .map(([name, path]) => [name, join(ROOT, path)])
      .filter(([, path]) => existsSync(path))
  );
}

/** esbuild's options for the command line; undefined while there is none. */
export function cliOptions({ development = false } = {}) {
  const entryPoints = cliEntries();
  if (entryPoints['workload-explorer'] === undefined) {
    return undefined;
  }
  return {
    absWorkingDir: ROOT,
    entryPoints,
    outdir: dirname(CLI),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Some packages keep their ES module under "module", and their "main" cannot be bundled.
    mainFields: ['module', 'main'],
    minifySyntax: !development,
    sourcemap: development ? 'inline' : false,
    legalComments: 'none',
    banner: {
      // Dependencies that are not ES modules ask for Node's own modules by `require`.
      js: [
        '#!/usr/bin/env node',
        "import { createRequire as __createRequire } from 'node:module';",
        'const require = __createRequire(import.meta.url);'
      ].join('\n')
    },
    logLevel: 'warning'
  };
}
