import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import { lex } from '../../../src/lint/python/lexer';
import { mend } from '../../../src/lint/python/mend';
import { parseTree } from '../../../src/lint/python/tree';
import { steps } from './render';

/** Legal Python for which the grammar alone has error nodes, or a tree that says something else; and what it does. */
const GAPS: readonly (readonly [string, string])[] = [
  ['with (a as b, c as d,): b', 'a() =b:with c() =d:with b'],
  ['with (\n  a as b,  # one\n  c as d\n): b', 'a() =b:with c() =d:with b'],
  ['with (a, b): c', 'a b c'],
  ['with a as b.c, d as e[f]: g', 'a() b.c mut:b d() e f mut:e g'],
  ['with a as (b, *c): d', 'a() =b:with =c:with d'],
  ['@a[0].b(1)\ndef f(): pass', 'a() =f:function{}'],
  ['@(x := y)\nclass A: pass', 'y =x~y =A:class{class() }'],
  ['x[*y]', 'x y'],
  ['x[a, *y] = z', 'z x a y mut:x'],
  ['def f(*a: *T): pass', 'T =f:function{}'],
  ['def f[T = int](): pass', '=f:function{}'],
  ['class A[T: (a, b) = c, *U = d, **V]: pass', '=A:class{class() }'],
  ['type A[T = b] = list[T]', '=A:type{list}'],
  ["t'{a} {b!r:{c}}'", 'a b c'],
  ["rt'\\d{a}'", 'a'],
  ['f"{a:=5}"', 'a'],
  ['f"{a!r:^{w}.{p}}"', 'a w p'],
  ['f"{ {k: v}[a]!r}"', 'k v a'],
  ['f"{x:{\'a\'}}"', 'x'],
  ['f"""{\n  a  # comment\n}"""', 'a'],
  ['f"{a["b"]}{c[\'d\']}"', 'a c'],
  ["f'{(lambda v: v + w)(1)}'", 'w'],
  ["f'{a:%H:%M}' f'{{}}'", 'a'],
  ["rf'\\{a}' f'\\{b}' f'\\N{DASH}'", 'a b'],
  ["f'{a=}' f'{b = !r}'", 'a b'],
  ['lambda a, /, b=c, *, d,: e', 'c if(e | )'],
  ['lambda *, a: b', 'if(b | )'],
  ['try: a\nexcept B, C: d', 'try(a | B C d)'],
  ['try: a\nexcept* (B, C) as e: d', 'try(a | B C =e:except d del:e)'],
  ['for x in *a, b: c', 'a→ b→ loop+(=x:for~a,b c)'],
  ['[x for x, *y in z]', 'z→'],
  ['{a := b, c}', 'b =a~b c'],
  ['x = (yield)', '=x'],
  ['print = log', 'log =print~log'],
  ['map(print, xs)', 'print→ xs→ map()'],
  ['print, x = y', 'y =print~y =x~y'],
  ['match x, *y:\n case a: a', 'x y =a:match a'],
  ['match x if y else z:\n case a: a', 'x y z =a:match a'],
  ['match not x:\n case a: a', 'x =a:match a'],
  ['match a is not b:\n case c: c', 'a b =c:match c'],
  [
    // Too long to be read as a call and as a subject side by side.
    `match (${'x, '.repeat(300)}y):\n case a: a`,
    `${'x '.repeat(300)}y =a:match a`
  ],
  ['match(x)', 'x→ match()'],
  ['match[x]: int = y', 'y match x mut:match int'],
  ['match = case = type = x', 'x =match~x =case~x =type~x'],
  ['type(x)', 'x type()'],
  ['match x:\n case A(): a\n case B.C(): b', 'x A if(a | B.C if(b | ))'],
  ['match x:\n case {A.B: c, "d": e}: c', 'x A if(=c:match =e:match c | )'],
  ['match x:\n case "a" "b" | -1 | 1 + 2j: c', 'x if(c | )'],
  ['match x:\n case a if b := c: b', 'x if(=a:match c =b~c b | )'],
  ['not a in b', 'a b'],
  ['not a or b', 'a if(b | )'],
  ['x = 1.\ny = 1.e5', '=x =y'],
  ['x = 1_000 + 0xFF_F + 1_0j', '=x'],
  ['if a:\n  b\n\fc', 'a if(b | ) c'],
  ['if a:\n    b \\\n\\\n  + c\nd', 'a if(b c | ) d'],
  ['if a:\r\n\tb\r\n\r\nc = "x\\\r\ny"\r\nd', 'a if(b | ) =c"xy" d'],
  ['if a:\n        b\n\tc', 'a if(b c | )'],
  ['await a\nasync with b as c: pass', 'a b() =c:with'],
  ['x = [i async for i in a]', 'a→ =x'],
  ['return_ = a; return_', 'a =return_~a return_'],
  ['naïve = 変数', '変数 =naïve~変数'],
  ['def f(a, /, b, *, c): pass', '=f:function{}'],
  ['x = *a, b', 'a b =x~a,b'],
  ['a: int', 'int'],
  ['del (a), [b]', 'del:a del:b'],
  ['x if (y) else z', 'y if(x | z)'],
  ['a = b if c else d', 'c if(b | d) =a~b,d']
];

describe('legal Python that the grammar does not know', () => {
  it.each(GAPS)('%j', (source, expected) => {
    const facts = analyzeCell(source);
    expect(facts.unparsed).toEqual([]);
    expect(steps(source)).toBe(expected);
  });

  it('is mended without a change of length', () => {
    for (const [source] of GAPS) {
      const lexed = lex(source);
      mend(lexed.chars, lexed.lines);
      const code = lexed.chars.join('');
      expect(code).toHaveLength(source.length);
      expect(parseTree(code).hasError).toBe(false);
    }
  });
});

describe('code that cannot be read', () => {
  /** Source, what is unparsed of it, and the steps. */
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['x = = 1\ny = 2', ['x = = 1'], 'unknown:unparsed(x) =y"2"'],
    ['a = 1\nb = (', ['b = ('], '=a"1" unknown:unparsed(b)'],
    [
      'f(a,\nimport os\nx = 1',
      ['f(a,'],
      'unknown:unparsed(f,a) =os:import[import os] =x"1"'
    ],
    ["x = 'abc\ny = 1", ["x = 'abc"], 'unknown:unparsed(x,abc) =y"1"'],
    ['x = a $ b\nc', ['x = a $ b'], 'unknown:unparsed(x,a,b) c'],
    ['x = )\nc', ['x = )'], 'unknown:unparsed(x) c'],
    ["print 'a'\nb", ["print 'a'"], 'unknown:unparsed(print) b'],
    ['a b; c\nd', ['a b; c'], 'unknown:unparsed(a,b,c) d'],
    ['if a: b c\nd', ['if a: b c'], 'unknown:unparsed(a,b,c) d'],
    [
      'def f(x) -> :\n    y = x\n    z = y\na',
      ['def f(x) -> :\n    y = x\n    z = y'],
      'unknown:unparsed(f,x,y,z) a'
    ],
    [
      'if a:\n    b = = c\n    d = 1\ne',
      ['b = = c'],
      'a if(unknown:unparsed(b,c) =d"1" | ) e'
    ],
    [
      'def f():\n    x = = 1\n    return y + x\nz',
      ['x = = 1'],
      '=f:function{y return} z'
    ]
  ];

  it.each(cases)('%j', (source, expected, rendered) => {
    const { unparsed } = analyzeCell(source);
    expect(unparsed.map(one => source.slice(one.from, one.to))).toEqual(
      expected
    );
    expect(steps(source)).toBe(rendered);
  });

  it('is all of a cell that is nested too deep', () => {
    const source = `if a:\n  b\n${'elif c:\n  d\n'.repeat(20_000)}`;
    const facts = analyzeCell(source);
    expect(facts.unparsed).toHaveLength(1);
    expect(facts.steps.map(step => step.kind)).toEqual(['unknown']);
  });
});
