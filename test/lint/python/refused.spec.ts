import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import { steps } from './render';

/** Where it is that Python refuses something, and why. */
function told(source: string): readonly string[] {
  return analyzeCell(source).unparsed.map(
    ({ from, to, reason }) => `${source.slice(from, to)}: ${reason}`
  );
}

describe('what Python refuses though its grammar allows it', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['return 5', 'return 5: “return” stands outside of a function'],
    ['class A:\n    return', 'return: “return” stands outside of a function'],
    ['if x:\n    break', 'break: “break” stands outside of a loop'],
    [
      'for x in y:\n    pass\nelse:\n    continue',
      'continue: “continue” stands outside of a loop'
    ],
    [
      'for x in y:\n    def f():\n        break',
      'break: “break” stands outside of a loop'
    ],
    ...[
      'f() = 1',
      'a, f() = 1',
      'f() += 1',
      'del f()',
      'for f() in x: pass',
      'x = f() = 2'
    ].map(
      source =>
        [
          source,
          'f(): what stands there is no name, attribute or item that could be bound'
        ] as const
    ),
    [
      '1 = x',
      '1: what stands there is no name, attribute or item that could be bound'
    ],
    [
      'a + 1 = x',
      'a + 1: what stands there is no name, attribute or item that could be bound'
    ],
    ['(a, b) += 1', '(a, b) += 1: a list or tuple cannot be changed so'],
    ['f(a=1, 2)', '2: an argument without a name follows one that has a name'],
    ['f(**a, *b)', 'b: an argument without a name follows one that has a name'],
    ['f(a=1, a=2)', '2: the argument “a” is given twice'],
    ['*a = 1', '*a = 1: “*” stands outside of a list or tuple'],
    ['def f(a, *, a=1): pass', 'a: there are two parameters “a”'],
    ['lambda a, a: 1', 'a: there are two parameters “a”'],
    [
      'def f():\n    await x',
      'await x: “await” stands in a function that is not “async”'
    ],
    [
      'def f():\n    async with x: pass',
      'async with x: pass: “async” stands in a function that is not “async”'
    ],
    ['nonlocal q', 'nonlocal q: “nonlocal” stands outside of a function'],
    ['x = 0777', '0777: a whole number begins with 0'],
    [
      'def f():\n    x = 1\n    global x',
      'global x: “global x” stands below what uses it'
    ],
    [
      'def f(x):\n    global x',
      'global x: “global x” stands below what uses it'
    ],
    [
      'def f():\n    from os import *',
      'from os import *: “import *” stands in a function or class'
    ],
    ['b"é"', 'b"é": bytes have letters other than those of ASCII'],
    ['x = "a" b"b"', '"a" b"b": bytes and texts are put together'],
    [
      'try:\n    x = 1\ny = 2',
      'try:\n    x = 1: “try” has no “except” and no “finally”'
    ],
    [
      'if x:\n        a = 1\n    b = 2',
      'b = 2: its indentation is that of no line above it'
    ],
    ['x = 1\n    y = 2', 'y = 2: it is indented more than the line above it'],
    ['if x:\n    # no', 'if x:: nothing stands below it']
  ];
  it.each(cases)('%j', (source, expected) => {
    expect(told(source)).toEqual([expected]);
  });

  it.each([
    'await x\nasync with a: pass\n[i async for i in x]',
    'async def f():\n    async for x in y:\n        await x\n        continue',
    'for x in y:\n    while True and f():\n        break\n    else:\n        break',
    '*a, = b\n[a, *b] = c\n(a) = (b) = 1\n(a.b)[0] += f()(x=1).y',
    'f(a=1, *b, **c, d=2)\nf(*a, 1, b=2)\nf(x for x in y)\nf(a := 1, 2)',
    'class A(B, metaclass=C): x = lambda self, *a, **k: (yield)',
    'x = 00 + 0_0 + 0x1F + 0o17 + 0b1 + 01.5 + 09e1 + 01j',
    'def f(x=x):\n    g(y=1)\n    global y\n    y = lambda z: z\n    global z',
    'def f():\n    def g():\n        nonlocal x\n        return x\n    x = 1',
    'b"a" rb"\\xe9"\nu"é" f"{x}" "é"',
    'try: pass\nfinally: pass\ntry:\n    pass\nexcept* E: pass',
    'del a, (b, c[0]), [d.e]',
    '    x = 1\n    if x:\n      y = 2\n    z = 3\nq = 4',
    'if x:\n\ty = 1\n\tif y:\n\t    z = 1',
    'if x:\n    !ls\n    %pwd\n    y = !ls\nelse:\n    z = 1',
    'if x: pass\nelif y:\n  # a\n   z = (1,\n 2)\nelse: a = 1; b = 2',
    'x = """\n  a\n""" \\\n     + y\nwith (a as b,\n  c as d):\n    pass',
    'match x:\n    case A(b=1, c=d) | -1:\n        pass\n    case [a, *b]: pass',
    '%%time\nx = 1',
    '%%timeit\nfor i in x:\n    break'
  ])('lets be %j', source => {
    expect(told(source)).toEqual([]);
  });

  it('goes on behind what leads nowhere', () => {
    expect(steps('return q\nz = 3')).toBe('q =z"3"');
    expect(steps('if x:\n    break\nelse:\n    raise e\nz = 3')).toBe(
      'x if( | e raise) =z"3"'
    );
  });
});
