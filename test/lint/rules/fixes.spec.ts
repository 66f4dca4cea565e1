import fc from 'fast-check';

import { applyFix } from '../../../src/lint/apply-fix';
import type { IFinding } from '../../../src/lint/finding';
import { cellsOf, check, notebookOf, short } from './notebooks';

const SOURCES = [
  'import math',
  'import math, json\nx = json.dumps(1)',
  'from math import pi, e\nprint(pi)',
  'import cudf',
  'import json # for rows',
  'print(math.pi)',
  'print(json.dumps(pi))',
  'x = 1',
  'x = 1\nlimit = "a"',
  'limit = [x]',
  'print(x, limit)',
  'def f():\n    return x',
  'print(f())',
  'x += 1',
  'del x',
  'open("a.csv", "w").write("")',
  'print(open("a.csv").read())',
  'print(open("b.csv").read())',
  'try:\n    import math\nexcept ImportError:\n    math = None',
  '# nothing'
];

const TAGS = [
  ['upstream'],
  ['downstream'],
  ['shared'],
  ['parameters'],
  ['upstream', 'shared'],
  ['parameters', 'downstream'],
  ['downsteam'],
  []
];

const notebook = fc
  .array(
    fc.record({
      source: fc.constantFrom(...SOURCES),
      tags: fc.constantFrom(...TAGS)
    }),
    { minLength: 2, maxLength: 8 }
  )
  .map(cells => notebookOf({ cells }));

/** Once a cell has the role that was meant, what is wrong with it shows. */
const REVEALING = ['role-unknown', 'role-conflict'];

function keyOf({ cell, rule, name }: IFinding): string {
  return JSON.stringify([cell, rule, name]);
}

it('settles what it is offered for, and makes no new error', () => {
  let tried = 0;
  fc.assert(
    fc.property(notebook, before => {
      const { findings } = check(before);
      const errors = findings.filter(({ severity }) => severity === 'error');
      for (const finding of findings) {
        if (!finding.fix) {
          continue;
        }
        tried++;
        const after = applyFix(before, finding.fix);
        const insertedAt = finding.fix.insert?.[0]?.before ?? Infinity;
        const left = check(after).findings.map(each => ({
          ...each,
          cell: each.cell - (each.cell > insertedAt ? 1 : 0)
        }));
        expect(left.map(keyOf)).not.toContain(keyOf(finding));
        if (!REVEALING.includes(finding.rule)) {
          // A name that is missing may be so for another reason then.
          const placeOf = ({ cell, name }: IFinding) => `${cell} ${name}`;
          const known = new Set(errors.map(placeOf));
          const added = left.filter(
            each => each.severity === 'error' && !known.has(placeOf(each))
          );
          expect([finding.rule, finding.fix.title, short(added)]).toEqual([
            finding.rule,
            finding.fix.title,
            []
          ]);
        }
      }
    }),
    { numRuns: 500, seed: 20261121 }
  );
  expect(tried).toBeGreaterThan(500);
});

/** Titles of the fixes for a notebook that is written with `cellsOf`. */
function titles(...lines: readonly string[]): readonly string[] {
  return check(notebookOf({ cells: cellsOf(...lines) })).findings.flatMap(
    ({ fix }) => (fix ? [fix.title] : [])
  );
}

it.each([
  [
    'functions',
    ['s: import math', 'u: @f⏎def area(r, n=2):⏎    return math.pi * r ** n'],
    true
  ],
  ['functions and literals', ['u: n = 2⏎def area(r):⏎    return r ** n'], true],
  ['what is called', ['u: def area(r):⏎    return r⏎area(2)'], false],
  [
    'a default that is computed',
    ['u: def area(r=sum([1])):⏎    return r'],
    false
  ],
  [
    'names that only one run has',
    ['u: n = [i for i in "a"]', 'u: def area(r):⏎    return r * n'],
    false
  ],
  [
    'heavy packages',
    ['u: def area(r):⏎    import cupy⏎    return cupy.pi * r'],
    false
  ],
  ['files', ['u: def area(r):⏎    return open("raw.csv").read()'], false]
])('shares a cell of functions where they work: %s', (_, cells, isOffered) => {
  const offered = titles(...cells, 'd: print(area(1))');
  expect(offered.includes(`Tag cell ${cells.length} shared`)).toBe(isOffered);
});

it.each<[string, string[], string | undefined]>([
  [
    'a folder of modules is named before',
    ['u: import sys⏎sys.path.insert(0, "src")⏎import mylocal'],
    undefined
  ],
  [
    'a folder of modules is named by a cell before',
    ['u: import sys⏎sys.path.insert(0, "src")', 'u: import mylocal'],
    undefined
  ],
  ['it is installed before', ['u: %pip install foo⏎import foo'], undefined],
  [
    'a variable of the environment is set before',
    [
      's: import os',
      'u: os.environ["POLARS_MAX_THREADS"] = "8"⏎import polars as pl⏎print(1)'
    ],
    undefined
  ],
  [
    'a variable of the environment is set between',
    [
      's: import os',
      'u: os.environ["POLARS_MAX_THREADS"] = "8"',
      'u: import polars as pl⏎print(1)'
    ],
    'Move the import to a new shared cell'
  ],
  [
    'a variable of the environment is set below the imports of the other',
    [
      's: import os⏎os.environ["POLARS_MAX_THREADS"] = "8"',
      'u: import polars as pl⏎print(1)'
    ],
    'Move the import to a new shared cell'
  ],
  [
    'it is told how to draw before',
    [
      'u: import matplotlib⏎matplotlib.use("Agg")⏎import matplotlib.pyplot as plt'
    ],
    undefined
  ],
  [
    'a program of the shell runs between',
    ['s: import os', 'u: %%bash⏎make', 'u: import polars as pl⏎print(1)'],
    'Move the import to a new shared cell'
  ],
  [
    'texts, literals and functions stand before',
    [
      's: import os',
      'm: Now',
      'u: # so⏎"""Reduce."""⏎n = 2⏎def f():⏎    print(n)⏎import polars as pl⏎print(1)'
    ],
    'Move the import to the shared cell 1'
  ],
  [
    'it is of the standard library',
    ['s: import os', 'u: rows = open("a").read()', 'u: print(1)⏎import json'],
    'Move the import to the shared cell 1'
  ],
  [
    'modules of ones own are imported beside it',
    ['u: import helpers_gpu⏎import json'],
    'Move the import to a new shared cell'
  ],
  [
    'libraries are imported beside it',
    ['u: import pandas as pd⏎import json'],
    'Tag cell 1 shared'
  ]
])('moves an import where it finds the same: %s', (_, cells, expected) => {
  const last = cells[cells.length - 1];
  const used = last.includes('polars')
    ? 'pl'
    : last.includes('pyplot')
      ? 'plt'
      : /mylocal|foo|json/.exec(last)?.[0];
  const all = cellsOf(...cells, `d: print(${used})`);
  const found = check(notebookOf({ cells: all })).findings.filter(
    ({ rule }) => rule === 'import-upstream-only'
  );
  expect(found.map(({ fix }) => fix?.title)).toEqual([expected]);
});

it.each([
  ['n: !sbatch reduce.sh', 'd: print(1)'],
  ['n: out = !squeue', 'd: print(1)'],
  ['n: %%bash⏎sbatch reduce.sh', 'd: print(1)'],
  ['s: import subprocess', 'n: subprocess.run(["srun", "a"])', 'd: print(1)'],
  ['s: import os', 'n: os.system("srun a")', 'd: print(1)'],
  [
    's: import pandas as pd',
    'n: pd.read_parquet("/raw/*.parquet").to_csv("a.csv")'
  ]
])(
  'offers no role for the dashboard to what looks heavy: %s %s',
  (...cells) => {
    expect(
      titles(...cells).filter(title => title.startsWith('Tag it'))
    ).toEqual([]);
  }
);

it.each<[string, string, string[], string?]>([
  [
    's: import re⏎import os',
    'd: import os⏎print(os)',
    ['import re⏎import os', 'print(os)']
  ],
  ['s: import os', 'd: print(os)⏎import os', ['import os', 'print(os)']],
  [
    's: import re⏎re',
    'u: import os⏎x = [os]',
    ['import re⏎import os⏎re', 'x = [os]'],
    'd: os'
  ],
  ['s: x = 1', 'd: print(1)⏎np', ['x = 1', 'import numpy as np⏎print(1)⏎np']]
])('keeps how lines end: %s, %s', (one, other, expected, more = '') => {
  const crlf = [one, other, more].map(line => line.replaceAll('⏎', '\r⏎'));
  const before = notebookOf({ cells: cellsOf(...crlf) });
  const fix = check(before).findings.find(each => each.fix)?.fix;
  const after = fix ? applyFix(before, fix).cells : [];
  expect(after.slice(0, 2).map(({ source }) => source)).toEqual(
    expected.map(source => source.replaceAll('⏎', '\r\n'))
  );
});

it('leaves no empty cell behind', () => {
  const [{ fix, message }] = check(
    notebookOf({ cells: cellsOf('s: import os', 'd: import os') })
  ).findings;
  expect(fix).toBeUndefined();
  expect(message).toContain('Delete this cell');
});
