import { findings } from '../rules/notebooks';

/** Cells, as `cellsOf` reads them, and what is found. */
type Case = readonly [cells: readonly string[], found: readonly string[]];

const UP = 'name-upstream-only error';
const DOWN = 'name-downstream-only error';
const UNDEFINED = 'name-undefined error';
const ORDER = 'order error';

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'names of the other run': [
    [['u: x = 1', 'd: x'], [`1 ${UP} x`]],
    [['u: x = 1', 's: x'], [`1 ${UP} x`]],
    [['d: x = 1', 'u: x'], [`1 ${DOWN} x`]],
    [['d: x = 1', 's: x'], [`1 ${DOWN} x`]],
    [['u: x = 1', 'd: x = 2', 's: x'], []],
    [
      ['c: x = 1', 'd: x'],
      ['0 role-conflict error', `1 ${UP} x`]
    ],
    // Where it is needed first, the cell above is the one that was meant.
    [['u: x = 1', 'd: x', 'd: x = 2'], [`1 ${UP} x`]],
    [['d: x', 'u: x = 1', 'd: x = 2'], [`0 ${ORDER} x`]]
  ],
  'cells without a role run everywhere': [
    [['n: x = 1', 'd: x'], ['0 role-missing error']],
    [['u: x = 1', 'n: x'], ['1 role-missing error']],
    [
      ['u: x = 1', 'n: y'],
      ['1 role-missing error', `1 ${UNDEFINED} y`]
    ]
  ],
  'bodies run when they are called': [
    [['s: def f():⏎    return x', 's: x = 1', 'd: f()'], []],
    [['s: def f():⏎    return x', 'd: f()', 's: x = 1'], [`1 ${ORDER} x`]],
    [['s: def f():⏎    return x', 'u: x = 1', 'd: f()'], [`2 ${UP} x`]],
    [['s: def f():⏎    return x', 'u: x = 1', 'u: f()'], []],
    [
      [
        's: def f():⏎    return g()',
        's: def g():⏎    return x',
        'u: x = 1',
        'd: f()'
      ],
      [`3 ${UP} x`]
    ],
    [['s: def f(n):⏎    return f(n - 1) if n else 0', 'd: f(3)'], []],
    [['s: f = lambda: x', 'u: x = 1', 'd: f()'], [`2 ${UP} x`]],
    [['s: def f():⏎    global x⏎    x = 1', 'd: f()', 'd: x'], []],
    [['s: def f():⏎    global x⏎    x = 1', 'u: f()', 'd: x'], [`2 ${UP} x`]],
    [
      ['s: def f():⏎    return x', 'u: x = 1', 'd: list(map(f, [1]))'],
      [`2 ${UP} x`]
    ]
  ],
  'functions that are handed over': [
    [
      [
        'u: x = 1',
        's: from ipywidgets import interact',
        'd: @interact(n=3)⏎def f(n):⏎    return x + n'
      ],
      [`2 ${UP} x`]
    ],
    [
      ['s: def f():⏎    return x', 'd: sorted([], key=f)', 's: x = 1'],
      ['1 order info x']
    ],
    [
      [
        's: def f():⏎    return x⏎def g():⏎    return 1',
        'u: x = 1',
        'd: sorted([1], key=f if len("a") else g)'
      ],
      ['2 name-upstream-only info x']
    ]
  ],
  classes: [
    [
      [
        's: class A:⏎    def __init__(self):⏎        self.y = x',
        'u: x = 1',
        'd: A()'
      ],
      [`2 ${UP} x`]
    ],
    [
      [
        's: class A:⏎    def m(self):⏎        return x',
        'u: x = 1',
        'd: a = A()⏎a.m()'
      ],
      [`2 ${UP} x`]
    ],
    [['s: class A:⏎    y = x', 'u: x = 1'], [`0 ${UP} x`]]
  ],
  'branches and loops': [
    [
      ['u: x = 1', 'd: print(x) if len("a") else 0'],
      ['1 name-upstream-only info x']
    ],
    [['u: x = 1', 'd: for i in range(3):⏎    print(x)'], [`1 ${UP} x`]],
    [['u: x = 1', 'd: [x for i in range(3)]'], [`1 ${UP} x`]],
    [['u: x = 1', 'd: if len("a"):⏎    x⏎else:⏎    x + 1'], [`1 ${UP} x`]],
    [
      ['s: if len("a"):⏎    x = 1', 'd: x', 'd: x'],
      ['1 name-undefined info x']
    ],
    [['s: if len("a"):⏎    x = 1⏎else:⏎    x = 2', 'd: x'], []],
    [['s: if len("a"):⏎    x = 1⏎else:⏎    raise ValueError', 'd: x'], []],
    [['s: for i in input():⏎    x = 1', 'd: x'], ['1 name-undefined info x']],
    [['s: while True:⏎    x = 1⏎    if x:⏎        break', 'd: x'], []]
  ],
  'what is provided for': [
    [['d: try:⏎    x⏎except NameError:⏎    x = 1⏎print(x)'], []],
    [['d: if "x" not in globals():⏎    x = 1⏎print(x)'], []],
    [
      [
        's: try:⏎    import cupy as xp⏎except ImportError:⏎    import numpy as xp',
        'd: xp.zeros(3)'
      ],
      []
    ]
  ],
  'what is taken away': [
    [['s: x = 1⏎del x', 'd: x'], [`1 ${UNDEFINED} x`]],
    [['s: x = 1', 'd: del x', 'd: x'], [`2 ${UNDEFINED} x`]],
    [
      ['d: try:⏎    1⏎except ValueError as e:⏎    pass⏎print(e)'],
      [`0 ${UNDEFINED} e`]
    ]
  ],
  'what nobody can list': [
    [['s: from somewhere import *', 'd: x'], ['1 name-undefined info x']],
    [
      ['s: from somewhere import *', 'u: x = 1', 'd: x'],
      ['2 name-upstream-only info x']
    ],
    [['d: %run other.py', 'd: x'], ['1 name-undefined info x']],
    [
      ['d: x = = 1', 'd: x'],
      ['0 unparsed warning', '1 name-undefined info x']
    ]
  ],
  'what is there anyway': [
    [
      ['d: print(__name__, __doc__, In, Out, get_ipython())⏎display(_)⏎exit'],
      []
    ],
    [['d: print(__file__)'], [`0 ${UNDEFINED} __file__`]]
  ]
};

describe.each(Object.keys(CASES))('%s', group => {
  it.each(CASES[group].map(([cells, found]) => ({ cells, found })))(
    '$cells',
    ({ cells, found }) => {
      expect(findings(...cells)).toEqual(found);
    }
  );
});
