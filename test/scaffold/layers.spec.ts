import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The names of the rules that each text breaks as the content of the file. */
function lintTexts(files: { file: string; text: string }[]): string[][] {
  const output = execFileSync(
    process.execPath,
    [join(ROOT, 'test', 'support', 'lint-text.mjs')],
    { cwd: ROOT, input: JSON.stringify(files), encoding: 'utf8' }
  );
  return JSON.parse(output) as string[][];
}

const DOWNWARD = 'map/downward';
const PURE = 'map/pure';

/** File, what stands in it, the one rule that it breaks (or none). */
const CASES: [file: string, text: string, rule: string | null][] = [
  // Dependencies point down the map only.
  ['src/workload/x.ts', "import '../engine/index';", DOWNWARD],
  ['src/engine/parquet/x.ts', "import '../../transform/run';", DOWNWARD],
  ['src/engine/parquet/x.ts', "import '../../workload/query';", null],
  ['src/engine/x.ts', "export * from '../figure/chart';", DOWNWARD],
  ['src/engine/x.ts', "void import('../explorer/plugin');", DOWNWARD],
  ['src/engine/x.ts', "export type { A } from '../explorer/a';", DOWNWARD],
  ['src/engine/x.ts', "export type A = import('../explorer/a').A;", DOWNWARD],
  [
    'src/engine/x.ts',
    "export const w = new Worker(new URL('../explorer/w.js', import.meta.url));",
    DOWNWARD
  ],
  [
    'src/engine/x.ts',
    "export const w = new Worker(new URL('./w.js', import.meta.url));",
    null
  ],
  ['src/explorer/panel/x.ts', "import '../../cli/main';", DOWNWARD],
  ['src/explorer/panel/x.ts', "import '../document/y';", null],
  ['src/cli/x.ts', "import '../transform/run';", null],
  ['src/cli/x.ts', "import '../dashboard/compile';", null],
  ['src/dashboard/x.ts', "import '../roles/plugin';", null],
  ['src/dashboard/x.ts', "import '../explorer/plugin';", DOWNWARD],
  ['src/surprise/x.ts', 'export {};', DOWNWARD],
  ['src/tokens.ts', "export type { A } from './explorer/a';", null],
  ['src/tokens.ts', "import './explorer/a';", DOWNWARD],
  // Pure code knows neither JupyterLab nor the page.
  ['src/workload/x.ts', "import '@jupyterlab/notebook';", PURE],
  ['src/transform/x.ts', "import '@lumino/widgets';", PURE],
  ['src/figure/x.ts', "import 'react';", PURE],
  ['src/figure/plotly-widget.ts', "import '@lumino/widgets';", null],
  ['src/explorer/x.ts', "import '@lumino/widgets';", null],
  ['src/dashboard/compile.ts', "import '@jupyterlab/notebook';", PURE],
  ['src/dashboard/plugin.ts', "import '@jupyterlab/notebook';", null],
  ['src/dashboard/preview/x.ts', "import '@jupyterlab/notebook';", null],
  ['src/workload/x.ts', 'void document.title;', PURE],
  ['src/cli/x.ts', 'void window.innerWidth;', PURE],
  ['src/figure/x.ts', 'export type E = HTMLElement;', PURE],
  [
    'src/figure/x.ts',
    'export const f = (e: unknown) => e instanceof Element;',
    PURE
  ],
  ['src/figure/x.ts', "export const document = 'a';", null],
  ['src/engine/x.ts', 'void document.title;', PURE],
  ['src/engine/x.ts', "postMessage('ready');", null],
  ['src/workload/x.ts', "postMessage('ready');", PURE],
  ['src/workload/x.ts', "void new URL('http://a.test/').href;", null]
];

describe('the import rules', () => {
  const broken = lintTexts(CASES.map(([file, text]) => ({ file, text })));

  it.each(CASES.map((row, i) => [...row, i] as const))(
    'in %s: %s → %s',
    (_file, _text, rule, i) => {
      expect(broken[i]).toEqual(rule === null ? [] : [rule]);
    }
  );
});
