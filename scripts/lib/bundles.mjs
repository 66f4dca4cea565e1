// What esbuild bundles: the command line for Node, and the list of what the browser bundle holds.
import { join } from 'node:path';

import { CLI, ROOT } from './project.mjs';

/** The command line's entry point; worker threads run the same bundle again. */
export const CLI_ENTRY = join(ROOT, 'src', 'cli', 'main.ts');

/** esbuild's options for the command line. */
export function cliOptions({ development = false } = {}) {
  return {
    absWorkingDir: ROOT,
    entryPoints: [CLI_ENTRY],
    outfile: CLI,
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
