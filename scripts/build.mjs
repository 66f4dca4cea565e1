// Builds all that is shipped: lib/ (npm), the prebuilt JupyterLab extension, the command line, and what runs in published pages.
//
//   npm run build                 everything, for production
//   npm run build -- --development   with source maps, quicker
//   npm run watch                 rebuilds on every change
//   npm run clean
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  CLI,
  LABEXTENSION,
  PACKAGE,
  ROOT,
  Stop,
  main,
  packageFile,
  run
} from './lib/project.mjs';
import { PAGES, cliOptions, pageOptions } from './lib/bundles.mjs';
import { buildStamp, STAMP } from './lib/stamp.mjs';

const TSC = packageFile('typescript/bin/tsc');
const BUILDER = packageFile('@jupyter/builder/lib/build-labextension.js');
const CORE = packageFile('@jupyterlab/core-meta/core.package.json');

/** Runs a Node script and stops the build when it fails. */
async function node(what, args) {
  console.log(`\n> ${what}`);
  const status = await run(process.execPath, args);
  if (status !== 0) {
    throw new Stop(`The build failed: ${what} (exit status ${status}).`);
  }
}

/** Bundles the command line into a single file. */
async function buildCli(development, watch) {
  const options = cliOptions({ development });
  console.log('\n> command line (esbuild)');
  const { build, context } = await import('esbuild');
  rmSync(dirname(CLI), { recursive: true, force: true });
  if (watch) {
    await (await context(options)).watch();
    return;
  }
  await build(options);
  chmodSync(CLI, 0o755);
}

/** What runs in published pages: ours, and Plotly. */
async function buildPages(development, watch) {
  console.log('\n> published pages (esbuild)');
  const { build, context } = await import('esbuild');
  const plotly = 'plotly-cartesian.min.js';
  for (const [page, folder] of Object.entries(PAGES)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(packageFile(`plotly.js/dist/${plotly}`), join(folder, plotly));
    const options = pageOptions(page, { development });
    await (watch ? (await context(options)).watch() : build(options));
  }
}

function clean() {
  for (const path of [
    join(ROOT, 'lib'),
    LABEXTENSION,
    dirname(CLI),
    ...Object.values(PAGES)
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
}

main(async () => {
  const { values } = parseArgs({
    options: {
      development: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false }
    }
  });
  if (values.clean) {
    clean();
    return;
  }
  if (!existsSync(TSC)) {
    throw new Stop('The dependencies are not installed. Run: npm ci');
  }
  const development = values.development || values.watch;
  const builder = [
    BUILDER,
    '--core-package-file',
    CORE,
    ...(development ? ['--development'] : [])
  ];
  mkdirSync(PACKAGE, { recursive: true });
  if (values.watch) {
    // A first pass, so that the bundler finds lib/ complete; errors in types do not end watching.
    await run(process.execPath, [TSC, '-p', 'tsconfig.build.json']);
    await buildCli(true, true);
    await buildPages(true, true);
    return Math.max(
      ...(await Promise.all([
        run(process.execPath, [
          TSC,
          '-p',
          'tsconfig.build.json',
          '--watch',
          '--preserveWatchOutput'
        ]),
        run(process.execPath, [...builder, '--watch', '.'])
      ]))
    );
  }
  // A file that was renamed or deleted must not live on in lib/.
  rmSync(join(ROOT, 'lib'), { recursive: true, force: true });
  const stamp = buildStamp();
  await buildCli(development, false);
  await buildPages(development, false);
  await node('lib/ (tsc)', [TSC, '-p', 'tsconfig.build.json']);
  await node('labextension (@jupyter/builder)', [...builder, '.']);
  writeFileSync(STAMP, `${stamp}\n`);
});
