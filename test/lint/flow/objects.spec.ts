import { cellsOf, check, notebookOf, short } from '../rules/notebooks';

/** What is found of files, of cells beside which `raw.csv` lies. */
function found(...lines: readonly string[]): readonly string[] {
  const notebook = notebookOf({ cells: cellsOf(...lines) });
  return short(
    check(notebook, ['raw.csv']).findings.filter(({ rule }) =>
      ['file-not-written', 'file-name-differs'].includes(rule)
    )
  );
}

/** Cells in which `EXPRESSION` is “gone.csv”. */
const HOLDERS: readonly (readonly [
  what: string,
  made: string,
  expression: string
])[] = [
  ['a class', 'class Out:⏎    out = "gone.csv"', 'Out.out'],
  [
    'a class of other texts',
    'class Out:⏎    d = "gone"⏎    out = d + ".csv"',
    'Out.out'
  ],
  ['an object', 'class Out:⏎    out = "gone.csv"⏎p = Out()', 'p.out'],
  [
    'a dataclass',
    'from dataclasses import dataclass⏎@dataclass⏎class Out:⏎    out: str = "gone.csv"⏎p = Out()',
    'p.out'
  ],
  [
    'what a dataclass is given',
    'import dataclasses⏎@dataclasses.dataclass(frozen=True)⏎class Out:⏎    a: str⏎    out: str = "raw.csv"⏎p = Out("a", out="gone.csv")',
    'p.out'
  ],
  [
    'what a dataclass is given in its place',
    'from dataclasses import dataclass⏎@dataclass⏎class Out:⏎    a: str⏎    out: str = "raw.csv"⏎p = Out("a", "gone.csv")',
    'p.out'
  ],
  [
    'a namespace',
    'from types import SimpleNamespace⏎p = SimpleNamespace(out="gone.csv")',
    'p.out'
  ],
  ['a dict', 'p = {"out": "gone.csv", "n": 3}', 'p["out"]'],
  ['a dict by its method', 'p = {"out": "gone.csv"}', 'p.get("out")'],
  ['a dict of numbers', 'p = {2: "gone.csv"}', 'p[2]'],
  ['a dict of keywords', 'p = dict(out="gone.csv")', "p['out']"],
  ['a list', 'p = ["a.csv", "gone.csv"]', 'p[1]'],
  ['the end of a list', 'p = ["a.csv", "gone.csv"]', 'p[-1]'],
  ['a tuple', 'p = "a.csv", "gone.csv"', 'p[1]'],
  ['a part that is unpacked', 'a, p = "a.csv", "gone.csv"', 'p'],
  ['a part in brackets', '[a, p] = ["a.csv", "gone.csv"]', 'p'],
  ['another name', 'q = {"out": "gone.csv"}⏎p = q', 'p["out"]'],
  ['a name of a part', 'q = {"out": "gone.csv"}⏎p = q["out"]', 'p'],
  ['an f-string', 'q = {"d": "gone"}', 'f"{q[\'d\']}.csv"'],
  ['one that is set', 'p = {"a": "b"}⏎p["out"] = "gone.csv"', 'p["out"]'],
  [
    'one that is set anew',
    'p = {"out": "b"}⏎p["out"] = "gone.csv"',
    'p["out"]'
  ],
  [
    'an attribute that is set',
    'class Out:⏎    out = "b"⏎Out.out = "gone.csv"',
    'Out.out'
  ],
  [
    'an attribute of its object that is set',
    'class Out:⏎    out = "b"⏎p = Out()⏎q = Out()⏎q.out = "c"⏎p.out = "gone.csv"',
    'p.out'
  ],
  [
    'an attribute of its class that is set later',
    'class Out:⏎    out = "b"⏎p = Out()⏎Out.out = "gone.csv"',
    'p.out'
  ],
  [
    'one that is set by another name',
    'p = {"out": "b"}⏎q = p⏎q["out"] = "gone.csv"',
    'p["out"]'
  ],
  [
    'one that is shown',
    'p = {"out": "gone.csv"}⏎print(p, len(p))⏎p',
    'p["out"]'
  ],
  [
    'one that is gone through',
    'p = {"out": "gone.csv"}⏎for x in p: print(x)',
    'p["out"]'
  ],
  ['what a function gives', 'def p(n):⏎    return f"{n}.csv"', 'p("gone")'],
  [
    'what a function gives by name',
    'def p(*, n):⏎    return f"{n}.csv"',
    'p(n="gone")'
  ],
  ['a default', 'def p(n="gone"):⏎    return n + ".csv"', 'p()'],
  [
    'what a function puts together',
    'D = "gone"⏎def p(n):⏎    """A path."""⏎    name = f"{D}{n}"⏎    return name',
    'p(".csv")'
  ],
  [
    'what a function of a function gives',
    'def q(n):⏎    return f"{n}.csv"⏎def p(n):⏎    return q(n)',
    'p("gone")'
  ],
  ['a lambda', 'p = lambda n: f"{n}.csv"', 'p("gone")'],
  [
    'what a function keeps',
    'from functools import lru_cache⏎@lru_cache(maxsize=None)⏎def p(n):⏎    return f"{n}.csv"',
    'p("gone")'
  ],
  [
    'a path that a function gives',
    'from pathlib import Path⏎D = Path("gone.csv")⏎def p(n):⏎    return D / ".." / n',
    'p("gone.csv")'
  ]
];

describe('texts in objects', () => {
  it.each(HOLDERS)('are known: %s', (_what, made, expression) => {
    const at = 1;
    const told = `${at} file-not-written error gone.csv`;
    const [finding, ...others] = found(`s: ${made}`, `d: open(${expression})`);
    expect(others).toEqual([]);
    expect(finding.replace('gone.csv/../', '')).toBe(told);
    expect(
      found(
        `s: ${made}`,
        `u: open(${expression}, "w")`,
        `d: open(${expression})`
      )
    ).toEqual([]);
    expect(
      found(`s: ${made}`, 'u: open("gone.csv", "w")', `d: open(${expression})`)
    ).toEqual([]);
  });

  it.each<readonly [why: string, made: string, expression: string]>([
    ['set to what nobody knows', 'p = {"out": "a"}⏎p["out"] = x()', 'p["out"]'],
    [
      'set under what nobody knows',
      'p = {"out": "a"}⏎p[x()] = "raw.csv"',
      'p["out"]'
    ],
    [
      'set in some cases',
      'p = {"out": "a"}⏎if x():⏎    p["out"] = "raw.csv"',
      'p["out"]'
    ],
    [
      'set in a loop',
      'p = {"out": "a"}⏎for i in [1, 2]:⏎    p["out"] = p["out"] + "a"',
      'p["out"]'
    ],
    ['updated', 'p = {"out": "a"}⏎p.update(out="raw.csv")', 'p["out"]'],
    ['added to', 'p = ["a"]⏎p.insert(0, "raw.csv")', 'p[0]'],
    ['augmented', 'p = {"out": "a"}⏎p |= {"out": "raw.csv"}', 'p["out"]'],
    ['deleted', 'p = {"out": "a"}⏎del p["out"]', 'p["out"]'],
    [
      'changed by another name',
      'p = {"out": "a"}⏎q = p⏎q["out"] = x()',
      'p["out"]'
    ],
    [
      'one or the other',
      'p = {"out": "a"}⏎if x():⏎    p = {"out": "raw.csv"}',
      'p["out"]'
    ],
    [
      'changed as one or the other',
      'p = {"out": "a"}⏎q = {"out": "b"}⏎r = p⏎if x():⏎    r = q⏎r["out"] = "raw.csv"',
      'p["out"]'
    ],
    [
      'handed over',
      'p = {"out": "a"}⏎def f(d):⏎    d["out"] = "raw.csv"⏎f(p)',
      'p["out"]'
    ],
    [
      'put away',
      'p = {"out": "a"}⏎q = [p]⏎q[0]["out"] = "raw.csv"',
      'p["out"]'
    ],
    [
      'changed by a function',
      'p = {"out": "a"}⏎def f():⏎    p["out"] = x()⏎f()',
      'p["out"]'
    ],
    ['spread', 'q = {"out": "raw.csv"}⏎p = {"out": "a", **q}', 'p["out"]'],
    ['spread in a list', 'q = ["raw.csv"]⏎p = [*q, "a"]', 'p[0]'],
    ['unpacked with a rest', 'a, *p = "x", "y", "z"', 'p[0]'],
    [
      'set by setattr',
      'class Out:⏎    out = "a"⏎setattr(Out, "out", "raw.csv")',
      'Out.out'
    ],
    [
      'of a class that inherits',
      'from m import B⏎class Out(B):⏎    out = "a"',
      'Out.out'
    ],
    [
      'of a class with a metaclass',
      'from m import M⏎class Out(metaclass=M):⏎    out = "a"',
      'Out.out'
    ],
    [
      'of a decorated class',
      'from m import d⏎@d⏎class Out:⏎    out = "a"',
      'Out.out'
    ],
    [
      'of an object with methods',
      'class Out:⏎    out = "a"⏎    def __init__(self):⏎        self.out = "raw.csv"⏎p = Out()',
      'p.out'
    ],
    [
      'of an object that is given anything',
      'from dataclasses import dataclass⏎@dataclass⏎class Out:⏎    out: str = "a"⏎p = Out(*x())',
      'p.out'
    ],
    [
      'set in some cases in a class',
      'class Out:⏎    out = "a"⏎    if x():⏎        out = "raw.csv"',
      'Out.out'
    ],
    [
      'given one by one',
      'def p(n):⏎    yield "raw.csv"⏎    return "a"',
      'next(p(1))'
    ],
    ['awaited', 'async def p(n):⏎    return "raw.csv"', 'await p(1)'],
    [
      'given by a decorator',
      'from m import d⏎@d⏎def p(n):⏎    return "a"',
      'p(1)'
    ],
    [
      'given by a parameter of all',
      'def p(*n):⏎    return n[0]',
      'p("raw.csv")'
    ],
    [
      'bound in some cases in a function',
      'def p(n):⏎    if x():⏎        n = "raw.csv"⏎    return n',
      'p("a")'
    ],
    ['given by itself', 'def p(n):⏎    return p(n + "a")', 'p("a")']
  ])('are not known: %s', (_why, made, expression) => {
    expect(
      found(`s: def x(): return 1⏎${made}`, `d: open(${expression})`)
    ).toEqual([]);
  });

  it('are told though another file is asked for', () => {
    const read = (asked: string) =>
      found(`d: import os⏎if ${asked}:⏎    open("data/gone.csv")`);
    expect(read('os.path.exists("other.csv")')).toEqual([
      '0 file-not-written info data/gone.csv'
    ]);
    expect(read('os.path.exists("data/gone.csv")')).toEqual([]);
    expect(read('os.path.isdir("data")')).toEqual([]);
    expect(read('os.path.exists(x())')).toEqual([]);
    expect(
      found(
        's: from pathlib import Path⏎P = Path("data")',
        'd: if (P / "gone.csv").is_file():⏎    open(P / "gone.csv")',
        'd: if not P.exists() or (P / "other.csv").exists():⏎    open("gone.csv")'
      )
    ).toEqual(['2 file-not-written info gone.csv']);
  });

  it('may be what any of several returns gives', () => {
    const made =
      's: def p(n):⏎    if n:⏎        return f"{n}.csv"⏎    return "old.csv"';
    expect(found(made, 'd: open(p("gone"))')).toEqual([
      '1 file-not-written info gone.csv',
      '1 file-not-written info old.csv'
    ]);
    expect(
      found(made, 'u: open(p("gone"), "w")', 'd: open("gone.csv")')
    ).toEqual([]);
    // Another return, which nobody can tell, may give another one.
    expect(
      found(made, 'u: open(p("gone"), "w")', 'd: open("new.csv")')
    ).toEqual(['2 file-not-written info new.csv']);
  });

  it('are as the cells before left them', () => {
    const made = 's: PATHS = {"out": "a.csv"}';
    expect(
      found(
        made,
        'u: PATHS["out"] = "b.csv"⏎open(PATHS["out"], "w")',
        'd: open(PATHS["out"])'
      )
    ).toEqual(['2 file-not-written error a.csv']);
    expect(
      found(
        made,
        's: PATHS["out"] = "b.csv"',
        'u: open("b.csv", "w")',
        'd: open(PATHS["out"])'
      )
    ).toEqual([]);
    expect(
      found(made, 'd: open(PATHS["out"])', 's: PATHS["out"] = "raw.csv"')
    ).toEqual(['1 file-not-written error a.csv']);
  });
});
