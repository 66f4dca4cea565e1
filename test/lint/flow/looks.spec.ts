import { findings } from '../rules/notebooks';

/** Cells, as `cellsOf` reads them, and what is found. */
type Case = readonly [cells: readonly string[], found: readonly string[]];

const UP = 'name-upstream-only error';
const UP_INFO = 'name-upstream-only info';

const MADE = [
  'u: x = 1',
  's: import inspect⏎class A:⏎    def __init__(self):⏎        self.v = x⏎    def m(self):⏎        return x⏎class B:⏎    def m(self):⏎        return x⏎b = B()⏎def f():⏎    return x'
];
/** Making the object `b` may run any of its methods. */
const MADE_FOUND = `1 ${UP_INFO} x`;

const MODULE_CASES: Readonly<Record<string, readonly Case[]>> = {
  'functions and classes that are looked at': [
    [['d: print(isinstance(3, A), issubclass(A, object))'], []],
    [['d: print(A, f)'], []],
    [['d: id(f), callable(f), type(f), repr(f), str(A), hasattr(A, "m")'], []],
    [['d: help(f)'], []],
    [['d: inspect.signature(f)'], []],
    [['d: from inspect import getsource as code⏎code(f)'], []],
    // A method that is only read may be called later.
    [['d: b.m'], [`2 ${UP_INFO} x`]],
    [['d: kept = [b.m]'], [`2 ${UP_INFO} x`]]
  ],
  'what is handed over is called': [
    [['d: list(map(f, [1]))'], [`2 ${UP} x`]],
    [['d: sorted([1], key=f)'], [`2 ${UP} x`]],
    [['d: list(map(b.m, [1]))'], [`2 ${UP} x`]],
    [['d: print(f())'], [`2 ${UP} x`]],
    [['d: print(A())'], [`2 ${UP} x`]],
    // Of one's own functions nobody knows what they do with it.
    [['d: def show(g):⏎    print(g())⏎show(f)'], [`2 ${UP} x`]],
    [['d: def help(g):⏎    g()⏎help(f)'], [`2 ${UP} x`]]
  ]
};

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'names in the texts of query and eval': [
    [
      ['u: limit = 1', 's: df = lib()', 'd: df.query("a > @limit")'],
      [`2 ${UP} limit`]
    ],
    [
      [
        'u: limit = 1',
        's: df = lib()',
        'd: df.eval("b = a + @limit.x").head()'
      ],
      [`2 ${UP} limit`]
    ],
    [
      ['u: limit = 1', 's: df = lib()', 'd: df.query(expr="a > @limit")'],
      [`2 ${UP} limit`]
    ],
    [
      [
        'u: limit = 1',
        's: df = lib()',
        'd: def f(limit):⏎    return df.query("a > @limit")⏎f(2)'
      ],
      []
    ],
    [
      [
        'u: limit = 1',
        's: df = lib()',
        'd: df.query("a == \'@limit\' and `@limit` and x@limit")',
        'd: df.query("SELECT @limit")',
        'd: df.query("a > @limit", local_dict={"limit": 2})'
      ],
      []
    ]
  ],
  'what making a class calls': [
    [
      [
        'u: K = 1',
        's: class B:⏎    def __init_subclass__(cls, **given):⏎        cls.k = K',
        'd: class C(B):⏎    pass'
      ],
      [`2 ${UP} K`]
    ],
    [
      [
        'u: K = 1',
        's: class M(type):⏎    def __init__(cls, *given):⏎        cls.k = K',
        'd: class C(metaclass=M):⏎    pass'
      ],
      [`2 ${UP} K`]
    ],
    // Its own comes to run with a subclass only.
    [
      [
        'u: K = 1',
        'd: class B:⏎    def __init_subclass__(cls, **given):⏎        cls.k = K'
      ],
      []
    ],
    [
      [
        'u: K = 1',
        's: class B:⏎    def m(self):⏎        return K',
        'd: class C(B, key=B):⏎    pass'
      ],
      []
    ]
  ],
  'the else of a try for modules that may not be there': [
    [
      [
        'd: try:⏎    import cudf⏎except ImportError:⏎    cudf = None⏎else:⏎    import cupy'
      ],
      ['0 import-heavy info cupy']
    ],
    [
      [
        'u: n = 1',
        'd: try:⏎    import cudf⏎except ImportError:⏎    cudf = None⏎else:⏎    print(n)'
      ],
      [`1 ${UP_INFO} n`]
    ],
    [
      [
        'u: n = 1',
        'd: try:⏎    a = int("3")⏎except ValueError:⏎    pass⏎else:⏎    print(n)'
      ],
      [`1 ${UP} n`]
    ],
    [
      [
        'u: n = 1',
        'd: try:⏎    import cudf⏎except ImportError:⏎    cudf = None⏎print(n)'
      ],
      [`1 ${UP} n`]
    ]
  ],
  'folders that nobody knows': [
    [
      [
        's: from pathlib import Path⏎def root():⏎    print()⏎    return "."',
        'u: (Path(root()) / "a.t").write_text("")⏎open(f"{root()}/b.t", "w")',
        'd: open("a.t")⏎open("b.t")'
      ],
      []
    ],
    [
      [
        's: from pathlib import Path⏎class W:⏎    def __init__(self, out="."):⏎        self.out = Path(out)⏎    def save(self, name):⏎        (self.out / f"{name}.t").write_text("")',
        'u: W().save("a")',
        'd: open("a.t")'
      ],
      []
    ],
    [
      [
        's: def root():⏎    print()⏎    return "."',
        'u: open(f"{root()}/a.t", "w")',
        'd: open("b.t")⏎open("ba.t")'
      ],
      ['2 file-not-written error b.t', '2 file-not-written error ba.t']
    ],
    // What the machine tells is a place of its own.
    [
      [
        's: import os',
        'u: open(os.environ["X"] + "/a.t", "w")',
        'd: open("a.t")'
      ],
      ['2 file-not-written error a.t']
    ]
  ]
};

describe('functions and classes', () => {
  for (const [what, cases] of Object.entries(MODULE_CASES)) {
    it.each(cases)(`${what}: %j`, (cells, found) => {
      expect(findings(...MADE, ...cells)).toEqual([MADE_FOUND, ...found]);
    });
  }
  for (const [what, cases] of Object.entries(CASES)) {
    it.each(cases)(`${what}: %j`, (cells, found) => {
      expect(
        findings(...cells).filter(each => !each.endsWith('error lib'))
      ).toEqual(found);
    });
  }
});
