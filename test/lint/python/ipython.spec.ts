import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import { steps } from './render';

/** Source, and what it does, in the short form of `render.ts`. */
type Case = readonly [string, string];

describe('IPython in a cell', () => {
  describe('line magics', () => {
    const cases: readonly Case[] = [
      [
        `%matplotlib inline
x = !ls {folder} $y
z = 3 % x`,
        `folder? y? =x:magic x =z~x`
      ],
      [
        `%timeit -n 10 -r3 g(y)
%time k = g(y)
%prun -s cumulative run(z)`,
        `y→ g() y→ g() =k~g z→ run()`
      ],
      [`%lprun -f foo.bar main(x)`, `foo x→ main()`],
      [`%time for i in xs: f(i)`, `xs→ loop(=i:for~xs i→ f())`],
      [`%run other.py`, `unknown:magic(*) write<?>by:!`],
      [
        `%store -r a b
%store -r
%store c`,
        `unknown:magic(a,b) unknown:magic(*) c`
      ],
      [
        `%load_ext autoreload
%autoreload 2`,
        ``
      ],
      [`%some_extension x`, `unknown:magic(*) write<?>by:!`],
      [`%xdel a`, `del:a`],
      [
        `if x:
    %cd ..
    !ls {f(p)}
    y = %sql select 1
else:
    obj.method?`,
        `x if(cd<..> f? p? =y:magic | )`
      ],
      [
        `!echo "it's" \\
  more {x}
y = 1`,
        `x? =y"1"`
      ],
      [
        `f?
??g
x.y??`,
        ``
      ],
      [`/f x`, `unknown:magic(*)`],
      [`df = %sql select "it's" from {table}`, `table? =df:magic`],
      [`a, b = !pwd`, `=a:magic =b:magic`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('what is no magic', () => {
    const cases: readonly Case[] = [
      [
        `s = """
%run x
!ls
"""`,
        `=s"
%run x
!ls
"`
      ],
      [
        `x = (a
  % b)`,
        `a b =x~a,b`
      ],
      [
        `y = x \\
  % z`,
        `x z =y~x,z`
      ],
      [`a != b`, `a b`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('cell magics', () => {
    const cases: readonly Case[] = [
      [
        `%%capture --no-stderr out
a = f(1)`,
        `f() =a~f =out:magic`
      ],
      [
        `
%%time
%%capture o
b = 2`,
        `=b"2" =o:magic`
      ],
      [
        `%%bash --out v --err=w
echo $x`,
        `=v:magic =w:magic`
      ],
      [
        `%%writefile -a out/{name}.py
import foo`,
        `name? write<out/\${name}.py>by:%%writefile`
      ],
      [`%%sql res << select`, `=res:magic`],
      [
        `%%R -i df,k -o out
x <- df`,
        `df k =out:magic write<?>by:!`
      ],
      [
        `%%timeit -n 3 setup()
q = f(x)`,
        `setup() x→ f()`
      ],
      [
        `%%timeit -n 3 k = 5
k + x`,
        `x`
      ],
      [
        `%%prun
q = f(x)`,
        `x→ f() =q~f`
      ],
      [
        `%%html
<b>it's</b>`,
        ``
      ],
      [
        `%%unheard of
x`,
        `unknown:magic(*) write<?>by:!`
      ],
      [
        `# a comment first
%%bash`,
        `unknown:magic(*) write<?>by:!`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('lines without a sign', () => {
    const cases: readonly Case[] = [
      [`pip install pandas`, ``],
      [`ls`, ``],
      [`time = 3`, `=time"3"`],
      [`cd ..`, `cd<..>`],
      [`cat in dogs`, `cat dogs`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('indented cells', () => {
    const cases: readonly Case[] = [
      [
        `    a = 1
    b = 2`,
        `=a"1" =b"2"`
      ],
      [
        `
  if x:
    y = """
  z"""
  w`,
        `x if(=y"
  z" | ) w`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('pasted sessions', () => {
    const cases: readonly Case[] = [
      [
        '>>> x = 1\n>>> if x:\n...     y = x\n...\n>>> y',
        '=x"1" x if(x =y~x | ) y'
      ],
      ['\n  >>> x\n  >>> y', 'x y'],
      [
        'In [1]: for i in a:\n   ...:     b\n   ...: \n\nIn [2]: c',
        'a→ loop(=i:for~a b) c'
      ],
      ['[ins] In [12]: a', 'a'],
      ['>>> a\nb', 'a b'],
      ['[a]\nb', 'a b'],
      ['x = """\n>>> a\n"""', '=x"\n>>> a\n"']
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
      expect(analyzeCell(source).unparsed).toEqual([]);
    });
  });
});
