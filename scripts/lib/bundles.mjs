// What esbuild bundles: the command line for Node, what runs in published pages, and the list of what the browser bundle holds.
import { join } from 'node:path';

import {
  CLI,
  PAGE,
  ROOT,
  TEMPLATE_STATIC,
  filesBelow,
  manifest
} from './project.mjs';

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

/** esbuild's options for what runs in published pages, static and live; Plotly stands beside each as it is published. */
export function pageOptions(page, { development = false } = {}) {
  return {
    absWorkingDir: ROOT,
    entryPoints: [
      {
        in: join(ROOT, 'src', 'dashboard', `${page}-page`, 'page.ts'),
        out: 'page'
      }
    ],
    outdir: PAGES[page],
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    // It stands in a page, as UTF-8 or not, and no text of it may end the script element.
    charset: 'ascii',
    minify: !development,
    legalComments: 'none',
    logLevel: 'warning'
  };
}

/** Folders of what runs in published pages. */
export const PAGES = { static: PAGE, live: TEMPLATE_STATIC };

/** Packages that JupyterLab brings, so that they are not bundled. */
function sharedByJupyterLab() {
  return Object.entries(manifest.jupyterlab.sharedPackages)
    .filter(([, options]) => options !== false && options.bundled === false)
    .map(([name]) => name);
}

/**
 * esbuild's options to see what the browser's bundle is made of, without writing anything.
 *
 * The extension is bundled by Rspack; both follow the same imports, but for workers, which
 * esbuild has to be told.
 */
export function browserOptions() {
  const workers = filesBelow(join(ROOT, 'src')).filter(path =>
    /\.worker\.ts$/.test(path)
  );
  return {
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'src', 'index.ts'), ...workers],
    outdir: join(ROOT, 'unused'),
    write: false,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: sharedByJupyterLab(),
    loader: { '.svg': 'text' },
    logLevel: 'error'
  };
}
