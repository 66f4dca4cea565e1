import fc from 'fast-check';

import { NotebookChecker } from '../../../src/lint/check';
import type { ICell, INotebook } from '../../../src/lint/notebook';
import { DEFAULT_ROLE_POLICY } from '../../../src/workload/role-policy';
import { english } from '../../../src/workload/translator';

const SOURCES = [
  'x = 1',
  'y = x',
  'print(x, y)',
  'def f():\n    return x + g()',
  'def g():\n    global y\n    y = z\n    return y',
  'f()',
  'del x',
  'import math',
  'import math as x',
  'print(math.pi)',
  'from somewhere import *',
  'if len("a") > 1:\n    x = 2\nelse:\n    z = 3',
  'for i in range(3):\n    z = i\nprint(z)',
  'try:\n    x = z\nexcept ValueError:\n    y = 1',
  'class A:\n    def m(self):\n        return z\na = A()',
  'a.m()',
  'z = [x]\nz.append(y)',
  'p = f"out-{x}.csv"\nopen(p).read()',
  'open("out-1.csv", "w").write("")',
  'x = "1"',
  'x += 1',
  '# nothing'
];

const cell = fc.record({
  source: fc.constantFrom(...SOURCES),
  tags: fc.constantFrom(['upstream'], ['downstream'], ['shared'], [])
});

const edit = fc.record({
  at: fc.nat({ max: 11 }),
  kind: fc.constantFrom('replace', 'insert', 'remove', 'tag'),
  cell
});

function notebookOf(
  cells: readonly Pick<ICell, 'source' | 'tags'>[]
): INotebook {
  return {
    path: null,
    cells: cells.map(each => ({ ...each, id: null, type: 'code' }))
  };
}

function check(checker: NotebookChecker, notebook: INotebook): unknown {
  return checker.check(notebook, {
    policy: DEFAULT_ROLE_POLICY,
    trans: english,
    exists: () => false
  });
}

it('finds after each edit what a check of the whole notebook finds', () => {
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: 2, maxLength: 10 }),
      fc.array(edit, { minLength: 1, maxLength: 12 }),
      (first, edits) => {
        const cells = [...first];
        const checker = new NotebookChecker();
        check(checker, notebookOf(cells));
        for (const { at, kind, cell: next } of edits) {
          const i = at % (cells.length + 1);
          const old = cells.at(i);
          if (kind === 'insert' || !old) {
            cells.splice(i, 0, next);
          } else if (kind === 'remove') {
            cells.splice(i, 1);
          } else {
            cells[i] = kind === 'tag' ? { ...old, tags: next.tags } : next;
          }
          const notebook = notebookOf(cells);
          expect(check(checker, notebook)).toEqual(
            check(new NotebookChecker(), notebook)
          );
        }
      }
    ),
    { numRuns: 300, seed: 20261120 }
  );
});
