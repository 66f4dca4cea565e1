import { findings } from '../rules/notebooks';

/** Cells, as `cellsOf` reads them, and what is found. */
type Case = readonly [cells: readonly string[], found: readonly string[]];

const UP = 'name-upstream-only error';
const UP_INFO = 'name-upstream-only info';
const UNDEFINED = 'name-undefined error';
const UNDEFINED_INFO = 'name-undefined info';

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'what follows a return that may come': [
    [
      ['d: def f(a):⏎    if a:⏎        return 1⏎    return missing', 'd: f(1)'],
      [`1 ${UNDEFINED_INFO} missing`]
    ],
    // The same, written with `else`.
    [
      [
        'd: def f(a):⏎    if a:⏎        return 1⏎    else:⏎        return missing',
        'd: f(1)'
      ],
      [`1 ${UNDEFINED_INFO} missing`]
    ],
    // What stands before is certain.
    [
      [
        'd: def f(a):⏎    missing⏎    if a:⏎        return 1⏎    return 2',
        'd: f(1)'
      ],
      [`1 ${UNDEFINED} missing`]
    ],
    // It fails either way.
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    if a:⏎        return df⏎    return df + 1',
        'd: f(1)'
      ],
      [`2 ${UP} df`]
    ],
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    if a > 2:⏎        return df⏎    if a > 1:⏎        return df + 1⏎    return df + 2',
        'd: f(1)'
      ],
      [`2 ${UP} df`]
    ],
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    if a > 2:⏎        return df⏎    if a > 1:⏎        return 1⏎    return df + 2',
        'd: f(1)'
      ],
      [`2 ${UP_INFO} df`]
    ],
    // It may leave from deeper within.
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    if a:⏎        df⏎        if a > 1:⏎            return 1⏎    return df',
        'd: f(1)'
      ],
      [`2 ${UP_INFO} df`]
    ],
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    for i in a:⏎        if i:⏎            return 1⏎    return df',
        'd: f([1])'
      ],
      [`2 ${UP_INFO} df`]
    ],
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    try:⏎        return int(a)⏎    except ValueError:⏎        pass⏎    return df',
        'd: f(1)'
      ],
      [`2 ${UP_INFO} df`]
    ],
    // It ends with the function.
    [
      [
        'u: df = 1',
        'd: def f(a):⏎    if a:⏎        return 1⏎    return 2',
        'd: f(1)⏎df'
      ],
      [`2 ${UP} df`]
    ],
    [
      [
        'd: def f(a):⏎    if a:⏎        return 1⏎    return missing⏎f(1)⏎missing'
      ],
      [`0 ${UNDEFINED} missing`]
    ]
  ],
  'what follows an exception': [
    // Whoever raises has no use for what follows.
    [
      [
        'd: def f(a):⏎    if not a:⏎        raise ValueError(a)⏎    return missing',
        'd: f(1)'
      ],
      [`1 ${UNDEFINED} missing`]
    ]
  ],
  'what follows a break or continue that may come': [
    [
      ['d: for i in [1, 2]:⏎    if i < 5:⏎        continue⏎    missing'],
      [`0 ${UNDEFINED_INFO} missing`]
    ],
    [
      ['d: for i in [1, 2]:⏎    if i < 5:⏎        break⏎    missing'],
      [`0 ${UNDEFINED_INFO} missing`]
    ],
    // It ends with the loop.
    [
      [
        'd: for i in [1, 2]:⏎    if i < 5:⏎        continue⏎    print(i)⏎missing'
      ],
      [`0 ${UNDEFINED} missing`]
    ],
    [
      ['d: for i in [1, 2]:⏎    if i < 5:⏎        break⏎else:⏎    missing'],
      [`0 ${UNDEFINED_INFO} missing`]
    ],
    [
      ['d: for i in [1, 2]:⏎    if i < 5:⏎        continue⏎else:⏎    missing'],
      [`0 ${UNDEFINED} missing`]
    ]
  ],
  'files and modules behind such': [
    [
      [
        'd: from pathlib import Path⏎def load(p):⏎    if not Path(p).exists():⏎        return None⏎    return Path(p).read_text()',
        'd: load("a.txt")'
      ],
      ['1 file-not-written info a.txt']
    ],
    [
      [
        'd: import os⏎for p in ["a.txt"]:⏎    if not os.path.exists("a.txt"):⏎        continue⏎    print(open("a.txt").read())'
      ],
      ['0 file-not-written info a.txt']
    ],
    [
      [
        'd: HAS_GPU = bool([])⏎def f():⏎    if not HAS_GPU:⏎        return 1⏎    import cudf⏎    return cudf',
        'd: f()'
      ],
      ['1 import-heavy info cudf']
    ],
    [['d: def f():⏎    import cudf', 'd: f()'], ['1 import-heavy error cudf']]
  ]
};

describe('exits', () => {
  for (const [what, cases] of Object.entries(CASES)) {
    it.each(cases)(`${what}: %j`, (cells, found) => {
      expect(findings(...cells)).toEqual(found);
    });
  }
});
