// Runs every test, with all that they need, from a fresh clone.
//
//   npm test                            everything
//   npm test -- jest pytest             some of: lint, build, jest, pytest, browser
//   npm run prove                       the same with the large versions of tests; what it proved is
//                                       also written to test-results/proof.md, for the README
//
// The last line is the sum over all runners: N passed, N failed, N skipped.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ensureChromium } from './lib/browser.mjs';
import {
  elasticsearchCache,
  ensureElasticsearch
} from './lib/elasticsearch.mjs';
import { ensureNodeModules } from './lib/node-modules.mjs';
import {
  ROOT,
  Stop,
  capture,
  main,
  packageFile,
  run,
  say
} from './lib/project.mjs';
import { proofText } from './lib/proof.mjs';
import { VENV, ensureVenv, venvProgram } from './lib/python.mjs';
import { ensureStrace } from './lib/strace.mjs';
import {
  addTallies,
  jestTally,
  junitTally,
  playwrightTally,
  tally
} from './lib/tally.mjs';

/** Python's tests run the built command line, and the browser's the built extension. */
const NEED_BUILD = ['pytest', 'browser'];

/** Tests of these ask real Elasticsearch servers. */
const NEED_SERVICES = ['jest', 'pytest', 'browser'];

const RESULTS = join(ROOT, 'test-results');

/** A runner that died before it wrote its results has failed, whatever else it says. */
function resultOf(file, read, status) {
  const path = join(RESULTS, file);
  const counted = existsSync(path)
    ? read(readFileSync(path, 'utf8'))
    : tally({});
  const isCounted = counted.failed > 0 || (status === 0 && counted.passed > 0);
  return isCounted ? counted : addTallies([counted, tally({ failed: 1 })]);
}

/**
 * Variables for tests of real servers. Where these cannot be had, the tests that start one fail, each
 * with the reason, and the others run.
 */
async function serviceVariables() {
  say('Elasticsearch servers for tests');
  const { reason } = await ensureElasticsearch();
  if (reason !== undefined) {
    console.error(`The tests that need Elasticsearch cannot run. ${reason}`);
  }
  return {
    ES_CACHE: elasticsearchCache(),
    ...(reason === undefined ? {} : { WORKLOAD_SERVICES_REASON: reason })
  };
}

/** The runners in their order; each gives a tally. */
const RUNNERS = {
  async lint() {
    const { lint } = await import('./lint.mjs');
    const results = await lint();
    return tally({
      passed: results.filter(result => result.passed).length,
      failed: results.filter(result => !result.passed).length
    });
  },

  async build() {
    const { isBuilt } = await import('./lib/stamp.mjs');
    if (isBuilt()) {
      console.log('The build is that of these sources.');
      return tally({ passed: 1 });
    }
    const status = await run(process.execPath, ['scripts/build.mjs']);
    return tally(status === 0 ? { passed: 1 } : { failed: 1 });
  },

  async jest(env) {
    const status = await run(
      process.execPath,
      [
        packageFile('jest/bin/jest.js'),
        '--ci',
        '--json',
        `--outputFile=${join(RESULTS, 'jest.json')}`
      ],
      { env }
    );
    return resultOf('jest.json', jestTally, status);
  },

  async pytest(env) {
    const reason = await ensureStrace();
    if (reason !== undefined) {
      console.error(`The tests that trace system calls cannot run. ${reason}`);
    }
    const status = await run(
      venvProgram('python'),
      ['-m', 'pytest', `--junit-xml=${join(RESULTS, 'pytest.xml')}`],
      { env }
    );
    return resultOf('pytest.xml', junitTally, status);
  },

  async browser(env) {
    const { path, reason } = await ensureChromium();
    if (path === undefined) {
      console.error(`The browser tests cannot run. ${reason}`);
      return tally({ failed: 1 });
    }
    const status = await run(
      process.execPath,
      [packageFile('@playwright/test/cli.js'), 'test'],
      {
        env: {
          ...env,
          WORKLOAD_CHROMIUM: path,
          PLAYWRIGHT_JSON_OUTPUT_NAME: join(RESULTS, 'playwright.json')
        }
      }
    );
    return resultOf('playwright.json', playwrightTally, status);
  }
};

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { prove: { type: 'boolean', default: false } }
  });
  const unknown = positionals.filter(name => !(name in RUNNERS));
  if (unknown.length > 0) {
    throw new Stop(
      `There is no part ${unknown.join(', ')}; the parts are ${Object.keys(RUNNERS).join(', ')}.`
    );
  }
  const parts = Object.keys(RUNNERS).filter(
    name => positionals.length === 0 || positionals.includes(name)
  );
  const needsBuild = NEED_BUILD.some(name => parts.includes(name));
  if (needsBuild && !parts.includes('build')) {
    parts.unshift('build');
  }
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });

  await ensureNodeModules();
  await ensureVenv('test');
  const env = {
    ...process.env,
    ...(values.prove ? { WORKLOAD_PROVE: '1' } : {}),
    // The tests' own environment comes first for all that they start.
    PATH: [
      join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin'),
      process.env.PATH
    ].join(process.platform === 'win32' ? ';' : ':'),
    WORKLOAD_LAB_PYTHON: venvProgram('python'),
    ...(parts.some(name => NEED_SERVICES.includes(name))
      ? await serviceVariables()
      : {})
  };
  const results = [];
  for (const name of parts) {
    say(name);
    const isBuilt = results.every(
      ([part, { failed }]) => part !== 'build' || failed === 0
    );
    if (NEED_BUILD.includes(name) && !isBuilt) {
      console.error('Not run: the build has failed.');
      results.push([name, tally({ failed: 1 })]);
    } else {
      results.push([name, await RUNNERS[name](env)]);
    }
  }
  console.log('');
  for (const [name, { passed, failed, skipped }] of results) {
    console.log(
      `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`
    );
  }
  const total = addTallies(results.map(([, result]) => result));
  if (values.prove) {
    const text = proofText({
      results,
      total,
      sizes: JSON.parse(readFileSync(join(ROOT, 'test', 'sizes.json'), 'utf8')),
      date: new Date().toISOString().slice(0, 10),
      commit: capture('git', ['describe', '--always', '--dirty'])?.trim()
    });
    writeFileSync(join(RESULTS, 'proof.md'), text);
    console.log(`\n${text}`);
  }
  console.log(
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`
  );
  return total.failed === 0 ? 0 : 1;
});
