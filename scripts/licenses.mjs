// Lists the licences of everything that is bundled into what we ship.
//
//   npm run licenses               writes THIRD_PARTY_LICENSES
//   npm run licenses -- --check    fails where it is not what it should be
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import { browserOptions, cliOptions } from './lib/bundles.mjs';
import { ROOT, Stop, main } from './lib/project.mjs';

const FILE = join(ROOT, 'THIRD_PARTY_LICENSES');

/** Licences under which others' work may be shipped with ours. */
const ALLOWED =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|Unlicense|CC0-1\.0|Zlib)( (OR|AND) [\w.-]+)*\)?$/;

/**
 * Packages inside of bundles that plotly.js publishes, of which npm installs none: stand-ins for
 * Node's own modules. All are under the MIT licence.
 */
const INSIDE_PLOTLY = new Set(
  `assert available-typed-arrays base64-js buffer call-bind call-bind-apply-helpers define-data-property
  define-properties dunder-proto es-define-property es-object-atoms for-each get-intrinsic get-proto gopd
  has-property-descriptors has-symbols has-tostringtag is-arguments is-callable is-generator-function is-nan
  is-typed-array math-intrinsics object-is object-keys object.assign set-function-length stream-browserify
  stream-parser util which-typed-array`.split(/\s+/)
);

/**
 * What JupyterLab's builder adds to the browser's bundle: loaders of styles, a stand-in for Node's
 * `process`, and React's `jsx-runtime`, which JupyterLab does not share as it does React.
 */
const BY_BUILDER = ['css-loader', 'process', 'react', 'style-loader'];

/** The folder of the package that a file below node_modules belongs to. */
function packageOf(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** Names of packages in a bundle that plotly.js publishes, as its readable twin tells. */
function insidePlotly(bundle) {
  const readable = readFileSync(
    join(ROOT, bundle.replace(/\.min\.js$/, '.js')),
    'utf8'
  );
  return new Set(
    [
      ...readable.matchAll(
        /^\s*\/\/ node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm
      )
    ].map(match => match[1])
  );
}

function describe(folder) {
  const manifest = JSON.parse(
    readFileSync(join(ROOT, folder, 'package.json'), 'utf8')
  );
  const texts = readdirSync(join(ROOT, folder))
    .filter(name => /^(licen[cs]e|notice|copying)/i.test(name))
    .sort()
    .map(name => readFileSync(join(ROOT, folder, name), 'utf8').trim());
  return {
    name: manifest.name,
    version: manifest.version,
    licence:
      typeof manifest.license === 'string'
        ? manifest.license
        : (manifest.license?.type ?? manifest.licenses?.[0]?.type ?? 'unknown'),
    text: texts
      .join('\n\n')
      .replace(/\r\n/g, '\n')
      .replace(/[ \t]+$/gm, '')
  };
}

/** The packages of which code is shipped. */
async function bundled() {
  const inputs = new Set();
  for (const options of [cliOptions(), browserOptions()]) {
    const { metafile } = await build({
      ...options,
      write: false,
      metafile: true
    });
    Object.keys(metafile.inputs).forEach(path => inputs.add(path));
  }
  const folders = new Set(BY_BUILDER.map(name => `node_modules/${name}`));
  const inside = [];
  for (const path of inputs) {
    const folder = packageOf(path);
    if (folder === undefined) {
      continue;
    }
    folders.add(folder);
    if (/plotly\.js\/dist\/plotly-?[\w-]*(\.min)?\.js$/.test(path)) {
      for (const name of insidePlotly(path)) {
        const place = [
          `node_modules/plotly.js/node_modules/${name}`,
          `node_modules/${name}`
        ].find(candidate => existsSync(join(ROOT, candidate, 'package.json')));
        if (INSIDE_PLOTLY.has(name)) {
          inside.push({
            name,
            version: '',
            licence: 'MIT',
            text: '(part of a bundle published by plotly.js)'
          });
        } else if (place !== undefined) {
          folders.add(place);
        } else {
          throw new Stop(
            `${path} holds ${name}, of which no licence is known: see scripts/licenses.mjs.`
          );
        }
      }
    }
  }
  const order = ({ name, version }) => `${name}@${version}`;
  const found = [...[...folders].map(describe), ...inside].sort((a, b) =>
    order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0
  );
  return found.filter(
    (item, i) => i === 0 || order(item) !== order(found[i - 1])
  );
}

async function list() {
  const packages = await bundled();
  const refused = packages.filter(({ licence }) => !ALLOWED.test(licence));
  if (refused.length > 0) {
    throw new Stop(
      `Not to be shipped: ${refused.map(({ name, licence }) => `${name} (${licence})`).join(', ')}.`
    );
  }
  return [
    'Code of these packages is part of what Workload Explorer ships, each under its own licence.',
    'Written by "npm run licenses".',
    ...packages.map(({ name, version, licence, text }) =>
      [
        '',
        '='.repeat(80),
        `${name}${version && ` ${version}`} (${licence})`,
        '',
        text || `Licence: ${licence}`
      ].join('\n')
    ),
    ''
  ].join('\n');
}

main(async () => {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false } }
  });
  const text = await list();
  if (!values.check) {
    writeFileSync(FILE, text);
    return;
  }
  if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
    throw new Stop(
      'THIRD_PARTY_LICENSES is not what is bundled now. Run: npm run licenses'
    );
  }
});
