/** The check of roles in Node, as its worker runs it: prints milliseconds and bytes as JSON. Usage: node --expose-gc check.mjs FILE */
import { readFileSync } from 'node:fs';

import { NotebookChecker } from '../src/lint/check';
import type { INotebook } from '../src/lint/notebook';
import { DEFAULT_ROLE_POLICY } from '../src/workload/role-policy';
import { english } from '../src/workload/translator';

const KEYS = 100;

interface INotebookFile {
  readonly cells: readonly {
    readonly id: string;
    readonly source: string;
    readonly metadata: { readonly tags: readonly string[] };
  }[];
}

/** Bytes of the heap that are in use. */
function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const file = JSON.parse(readFileSync(process.argv[2], 'utf8')) as INotebookFile;
const notebook: INotebook = {
  path: null,
  cells: file.cells.map(({ id, source, metadata }) => ({
    id,
    type: 'code',
    source,
    tags: metadata.tags
  }))
};
const options = { policy: DEFAULT_ROLE_POLICY, trans: english };

const before = heap();
const checker = new NotebookChecker();
let began = performance.now();
let { findings } = checker.check(notebook, options);
const first = performance.now() - began;
const memory = heap() - before;

// One more letter in the second cell each time.
const times: number[] = [];
for (let key = 0; key < KEYS; key++) {
  const cells = notebook.cells.map((cell, i) =>
    i === 1
      ? { ...cell, source: `${cell.source}\n${'n'.repeat(key + 1)}` }
      : cell
  );
  began = performance.now();
  ({ findings } = checker.check({ ...notebook, cells }, options));
  times.push(performance.now() - began);
}
times.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    first,
    keystroke: times[KEYS >> 1],
    memory,
    findings: findings.length
  })}\n`
);
