import fc from 'fast-check';

import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import type { Step } from '../../../src/lint/python/facts';
import { steps } from './render';

fc.configureGlobal({ seed: 4, numRuns: 500 });

describe('a bracket that is not closed', () => {
  /** Source, what is unparsed of it, and the steps. */
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      'df = pd.read_csv("a"\nx = 1\nprint(x)',
      ['df = pd.read_csv("a"'],
      'unknown:unparsed(df,pd,a) =x"1" x print()'
    ],
    [
      'print(x\nprint(y)\ny',
      ['print(x'],
      'unknown:unparsed(print,x) y print() y'
    ],
    [
      'a = f(1\nb = [g(2)\nc = {f(3)\nd = 4',
      ['a = f(1', 'b = [g(2)', 'c = {f(3)'],
      'unknown:unparsed(a,f) unknown:unparsed(b,g) unknown:unparsed(c,f) =d"4"'
    ],
    // What may be a keyword argument is not taken for an assignment.
    ['f(\nx = 1\ny = 2', ['f(\nx = 1'], 'unknown:unparsed(f,x) =y"2"'],
    [
      'f(a,\nx=1,\ny=2\nz = 3',
      ['f(a,\nx=1,\ny=2'],
      'unknown:unparsed(f,a,x,y) =z"3"'
    ],
    ['f([a,\nx=1\n', ['f([a,\nx=1'], 'unknown:unparsed(f,a,x)'],
    ['(lambda a,\nx=1', ['(lambda a,\nx=1'], 'unknown:unparsed(a,x)'],
    // What cannot be one is.
    ['a = [\nx = 1', ['a = ['], 'unknown:unparsed(a) =x"1"'],
    ['a = (b,\nx = 1', ['a = (b,'], 'unknown:unparsed(a,b) =x"1"'],
    ['f(a +\nx = 1', ['f(a +'], 'unknown:unparsed(f,a) =x"1"'],
    [
      'f(a,\nx.b = 1\ny[0] = 2',
      ['f(a,'],
      'unknown:unparsed(f,a) x.b mut:x y mut:y'
    ],
    ['f(a,\nx += 1', ['f(a,'], 'unknown:unparsed(f,a) x =x:augmented~x'],
    // Blocks.
    [
      'def f():\n    x = g(1\n    y = h\n    return y\nz = 3',
      ['x = g(1'],
      '=f:function{h return} =z"3"'
    ],
    [
      'if a:\n    x = f(1\nelse:\n    z = 4\ny = 2',
      ['x = f(1'],
      'a if(unknown:unparsed(x,f) | =z"4") =y"2"'
    ],
    [
      'try:\n    x = f(1\nexcept E:\n    z = 4',
      ['x = f(1'],
      'try(unknown:unparsed(x,f) | E =z"4")'
    ],
    [
      'if f(a:\n    x = 1\nelse:\n    z = 4\ny = 2',
      ['if f(a:\n    x = 1\nelse:\n    z = 4'],
      'unknown:unparsed(f,a,x,z) =y"2"'
    ],
    [
      'x = f(1\nfor i in y:\n    i',
      ['x = f(1'],
      'unknown:unparsed(x,f) y→ loop(=i:for~y i)'
    ],
    [
      'x = f(a,\n@b\n@c\ndef d(): pass',
      ['x = f(a,'],
      'unknown:unparsed(x,f,a) b() c() =d:function{} d→'
    ],
    [
      'x = (a,\nfrom . import b',
      ['x = (a,'],
      'unknown:unparsed(x,a) =b:import[from . import b]'
    ],
    // IPython's own lines.
    [
      'x = f(1\n%run -i a.py\ny',
      ['x = f(1'],
      'unknown:unparsed(x,f) unknown:magic(*) write<?>by:! y'
    ],
    [
      'x = f(1\n%cd data\n!ls {z}\ny',
      ['x = f(1'],
      'unknown:unparsed(x,f) cd<data> z? y'
    ],
    // Texts of several lines are no statements.
    [
      'x = f"""{a\ny = 1\n"""\nz',
      ['x = f"""{a\ny = 1\n"""'],
      'unknown:unparsed(x,f,a,y) z'
    ],
    [
      'x = f"""{a\nit\'s\ny = 1"""\nz',
      ['x = f"""{a\nit\'s\ny = 1"""'],
      'unknown:unparsed(x,f,a,it,s,y) z'
    ],
    // Another bracket closes it, or none does.
    [
      'if p:\n    x = f([a)\n    y = 1',
      ['x = f([a)'],
      'p if(unknown:unparsed(x,f,a) =y"1" | )'
    ],
    [
      'x = f(g([a),\nb=1,\nc=2)\ny = 1',
      ['x = f(g([a),\nb=1,\nc=2)'],
      'unknown:unparsed(x,f,g,a,b,c) =y"1"'
    ],
    ['x = f(a]\ny = 1', ['x = f(a]'], 'unknown:unparsed(x,f,a) =y"1"'],
    [
      'x = f(a],\nb=1\n)\ny = 1',
      ['x = f(a],\nb=1\n)'],
      'unknown:unparsed(x,f,a,b) =y"1"'
    ],
    // A text swallows it, or stands in it.
    ['x = f("a)\ny = 1', ['x = f("a)'], 'unknown:unparsed(x,f,a) =y"1"'],
    [
      'x = f("a,\nb=1)\ny = 1',
      ['x = f("a,\nb=1)'],
      'unknown:unparsed(x,f,a,b) =y"1"'
    ],
    // Line ends, comments and allowances.
    ['x = f(1\r\ny = 2 # c\r\nz', ['x = f(1'], 'unknown:unparsed(x,f) =y"2" z']
  ];

  it.each(cases)('%j', (source, expected, rendered) => {
    const { unparsed } = analyzeCell(source);
    expect(unparsed.map(one => source.slice(one.from, one.to))).toEqual(
      expected
    );
    expect(steps(source)).toBe(rendered);
  });

  it('leaves comments below it alone, each once', () => {
    const source =
      'x = f(1\n# workload: allow order why\ny = 2 # b\n# workload: allow order too';
    expect(analyzeCell(source).allowances.map(({ reason }) => reason)).toEqual([
      'why',
      'too'
    ]);
  });
});

describe('legal lines that look like statements within brackets', () => {
  it.each([
    'x = (\na\n@ b\n% c\n- d\n)',
    'x = (yield\nfrom y)',
    'x = {a if b\nelse c: d}',
    'x = [\na\nfor a in b\nif a\n]',
    'x = [a async\nfor a in b]',
    'x = (a\nnot in b)',
    'x = (a\nis not b)',
    'x = f(\na = 1,\nb = 2,\n)',
    'def f(\na: int = 1,\nb: str = "c"\n): pass',
    'x = f(\n"a"\nf"b{c}"\n"d"\n)',
    'x = [\na,\nb\n]',
    'x = (a\n(b)\n[c])',
    'f"""{a\n!r}"""',
    'f"""{a\n}\nb = 1\nimport c"""',
    'x = """\nimport a\n"""',
    'x = f(import_\n, class_=1)',
    'from a import (b\nas c)'
  ])('%j', source => {
    expect(analyzeCell(source).unparsed).toEqual([]);
  });
});

/** Statements with brackets, some over several lines; `█` is the indentation of the block that they stand in. */
const BRACKETED = [
  'a = f(b)',
  'a = [b, c]',
  'a, b = (c, {d: e})',
  'a = f(b, c=[1, 2], d=(3))',
  'a = {"k": [b], **c}',
  'a = f"{b}" + g(f"{c[0]}")',
  'a.b = f(c)(d)',
  'a[b] = c',
  'a += (b)',
  'print(a)',
  'a.b(c).d(e)',
  'f()',
  'a = [b for b in c(d) if (b)]',
  'a = f(\n█    b,\n█    c=1,\n█)',
  'a = [\n█    b,\n█    (c, d)\n█]',
  'a = f(\n█b=1,\n█c=[2],\n█)',
  'a = f(b,\n█      c)',
  'a = f(g([b]),\n█b=1,\n█c=2)',
  'a = f(\n█    {"b": [c]},\n█)',
  'from m import (a, b)',
  'from m import (\n█    a,\n█    b as c\n█)',
  'del (a)',
  'a = lambda b: (b, c)',
  'assert f(a), (b)',
  'with f(a) as b: c(b)',
  'for a in f(b): c',
  'if f(a): b = c(d)',
  'def f(a, b=(1)): return g(a)',
  'class A(B): b = f()'
];

/** Statements of all kinds, with a sure begin. */
const FOLLOWING = [
  'import m',
  'from m import n',
  'import m.n as o',
  'def h(x):\n█    y = x\n█    return y + w',
  'async def h():\n█    await w()',
  'class C(w):\n█    x = v',
  '@w(1)\n█def h(): pass',
  'del h',
  'with w(v) as u:\n█    t = u',
  'while w:\n█    break',
  'try:\n█    u = v\n█except W:\n█    u = w',
  'raise w',
  'assert w',
  'pass',
  'global h',
  'u.v = w',
  'u[v] = w',
  'u += v',
  'for u in v:\n█    w(u)',
  'if u:\n█    v = w\n█else:\n█    v = t'
];

/** Statements that could go on with an expression, or be keyword arguments, if a comma or bracket stood before. */
const UNSURE = [
  'u = v',
  'u = v = w',
  'u, v = w',
  'u: v = w',
  'w(u)',
  'w.u(v)[0]',
  'u',
  '"text"',
  'not u',
  'lambda: u',
  '(u, v)',
  '-u'
];

/** Blocks to stand in. */
const BLOCKS = ['', 'if p:\n', 'def q(p):\n', 'for p in r:\n'];

interface ICell {
  readonly before: readonly string[];
  readonly bracketed: string;
  readonly after: readonly string[];
  readonly block: string;
  /** Which of its closing brackets is missing. */
  readonly missing: number;
}

const anything = fc.constantFrom(...BRACKETED, ...FOLLOWING, ...UNSURE);

function cellsWith(
  after: fc.Arbitrary<readonly string[]>
): fc.Arbitrary<ICell> {
  return fc.record({
    before: fc.array(anything, { maxLength: 3 }),
    bracketed: fc.constantFrom(...BRACKETED),
    after,
    block: fc.constantFrom(...BLOCKS),
    missing: fc.nat()
  });
}

const CLOSING = /[)\]}]/g;

/** A cell, the same with a bracket missing, and with `gap` for the statement that lacks it. */
function written({ before, bracketed, after, block, missing }: ICell): {
  readonly whole: string;
  readonly broken: string;
  readonly without: string;
  readonly statement: string;
} {
  const indent = block === '' ? '' : '    ';
  const text = (statement: string): string =>
    block +
    [...before, statement, ...after]
      .map(one => indent + one.replaceAll('█', indent))
      .join('\n') +
    '\nlast = end';
  const places = [...bracketed.matchAll(CLOSING)].map(({ index }) => index);
  const at = places[missing % places.length];
  const cut = bracketed.slice(0, at) + bracketed.slice(at + 1);
  return {
    whole: text(bracketed),
    broken: text(cut),
    without: text('gap'),
    statement: cut.replaceAll('█', indent).trimEnd()
  };
}

/** Everything that is bound, deleted, changed or read, wherever. */
function* changes(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if ('kind' in value && 'name' in value) {
    const { kind, name } = value;
    if (
      typeof kind === 'string' &&
      ['bind', 'delete', 'mutate', 'use'].includes(kind)
    ) {
      yield `${kind} ${String(name)}`;
    }
  }
  for (const part of Object.values(value)) {
    yield* changes(part);
  }
}

function unknownNames(list: readonly Step[]): ReadonlySet<string> {
  const names = new Set<string>();
  JSON.stringify(list, (_, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'why' in value &&
      'names' in value &&
      Array.isArray(value.names)
    ) {
      value.names.forEach(name => names.add(String(name)));
    }
    return value;
  });
  return names;
}

describe('a cell of which one closing bracket is missing', () => {
  it('is known but for that statement, when sure statements follow', () => {
    fc.assert(
      fc.property(
        cellsWith(
          fc
            .tuple(
              fc.constantFrom(...FOLLOWING),
              fc.array(anything, { maxLength: 3 })
            )
            .map(([first, rest]) => [first, ...rest])
        ),
        cell => {
          // In a function, what the statement names may be local to it.
          fc.pre(!cell.block.startsWith('def'));
          const { broken, without, statement } = written(cell);
          const { unparsed } = analyzeCell(broken);
          expect(
            unparsed.map(({ from, to }) => broken.slice(from, to))
          ).toEqual([statement]);
          expect(
            steps(broken).replace(/unknown:unparsed\([^)]*\)/, 'gap')
          ).toBe(steps(without));
        }
      )
    );
  });

  it('has nothing that it has not when it is whole', () => {
    fc.assert(
      fc.property(cellsWith(fc.array(anything, { maxLength: 4 })), cell => {
        const { whole, broken } = written(cell);
        const left = [...changes(analyzeCell(whole).steps)];
        for (const change of changes(analyzeCell(broken).steps)) {
          const at = left.indexOf(change);
          expect([change, at >= 0]).toEqual([change, true]);
          left.splice(at, 1);
        }
      })
    );
  });

  it('may bind what the statement binds, and is always told', () => {
    fc.assert(
      fc.property(cellsWith(fc.array(anything, { maxLength: 4 })), cell => {
        const { whole, without, broken } = written(cell);
        const facts = analyzeCell(broken);
        expect(facts.unparsed.length).toBeGreaterThan(0);
        const others = [...changes(analyzeCell(without).steps)];
        const own = [...changes(analyzeCell(whole).steps)].filter(change => {
          const at = others.indexOf(change);
          others.splice(at, at < 0 ? 0 : 1);
          return at < 0 && change.startsWith('bind');
        });
        const possible = unknownNames(facts.steps);
        expect(
          own.map(change => change.slice(5)).filter(name => !possible.has(name))
        ).toEqual([]);
      })
    );
  });
});
