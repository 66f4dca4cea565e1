import { steps } from './render';

/** Source, and what it does, in the short form of `render.ts`. */
type Case = readonly [string, string];

describe('names of a cell', () => {
  describe('names of functions', () => {
    const cases: readonly Case[] = [
      [
        `def f():
    x = 1
    return x + y`,
        `=f:function{y return}`
      ],
      [`def f(x=d, *a, k: T = e, **kw) -> R: pass`, `d e T R =f:function{}`],
      [
        `from __future__ import annotations
def f(x: T) -> R: pass
v: V = 1`,
        `=annotations:import[from __future__ import annotations] =f:function{} =v"1"`
      ],
      [
        `def f():
    def g(a=(x := 1)): pass
    h = lambda b=(y := 1): b
    return x + y`,
        `=f:function{return}`
      ],
      [`x: T`, `T`],
      [
        `def f():
    v: T = 1
    w: U
    return w`,
        `=f:function{return}`
      ],
      [
        `def outer():
    a = 1
    def inner():
        nonlocal a
        a = b
    inner()`,
        `=outer:function{b}`
      ],
      [
        `def f():
    def g(): return w
    xs.map(g)`,
        `=f:function{if(w | ) xs.map()}`
      ],
      [
        `def f():
    def unused(): return w`,
        `=f:function{}`
      ],
      [
        `def f():
    if a:
        def g(): return b
    else:
        def g(): return c
    return g()`,
        `=f:function{a if(b | ) if(c | ) return}`
      ],
      [
        `def f():
    def g():
        if a: return
        b
    g()
    c`,
        `=f:function{a if( | ) if(b | ) c}`
      ],
      [
        `def f():
    global n
    n = 1
    del n`,
        `=f:function{=n"1" del:n}`
      ],
      [
        `@dec
@mod.dec(arg)
def f(): return g()`,
        `dec() arg→ mod.dec() =f:function{g() return} f→`
      ],
      [
        `@a[0].b(1)
@c
def f(): pass`,
        `a() c() =f:function{} f→`
      ],
      [
        `def f(a):
    return lambda: a + t`,
        `=f:function{if(t | ) return}`
      ],
      [`def f[T: bound](x: T) -> T: return x`, `=f:function{return}`],
      [`async def f(): return await g(x)`, `=f:function{x→ g() return}`],
      [
        `def f():
    import heavy
    return heavy.x`,
        `=f:function{local[import heavy] return}`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('names of classes', () => {
    const cases: readonly Case[] = [
      [
        `class A:
    a = 1
    b = [a for _ in range(3)]
    c = [q for q in a]
    def m(self, d=a): return a`,
        `range() loop+(a) =A:class{class() m{a return}}`
      ],
      [
        `class A(B, metaclass=M):
    def __init__(self): self.x = helper()
    @property
    def p(self): return other`,
        `B M property() =A:class{class(B) __init__{helper()} p{other return}}`
      ],
      [
        `class A:
    x = x
    y = x`,
        `x =A:class{class() }`
      ],
      [
        `class A:
    class B:
        def m(self): return u`,
        `=A:class{class() B{if(u | )}}`
      ],
      [`class C[T](Base[T]): y: T`, `Base =C:class{class(Base) }`],
      [
        `def f():
    class Local:
        def m(self): return u
    return Local()`,
        `=f:function{if(u | ) return}`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('names of comprehensions and lambdas', () => {
    const cases: readonly Case[] = [
      [
        `[(y := f(x)) for x in xs]
print(y, x)`,
        `xs→ loop(f() =y~f) y x print()`
      ],
      [
        `def f():
    any((hit := x) for x in xs)
    return hit`,
        `=f:function{xs→ any() return}`
      ],
      [
        `{k: v for k, v in zip(ks, vs) if k not in skip}`,
        `ks→ vs→ zip() loop(skip)`
      ],
      [`[b for a in as_ for b in a if b if c]`, `as_→ loop(loop(if(c | )))`],
      [`[f(x) for x in [1, 2]]`, `loop+(f())`],
      [`sorted(xs, key=lambda r: r[k])`, `xs→ loop(k) sorted()`],
      [`late = lambda a, b=c: a + d`, `c =late{d}`],
      [
        `d = {'f': lambda: late, 'g': g}`,
        `g =d<["f"]=? ["g"]=\${g}>{if(late | ) g→?}`
      ],
      [`f(a for a in b)`, `b→ f()`],
      [`g = (f(x) for x in xs)`, `xs→ =g{loop(f())}`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('values', () => {
    const cases: readonly Case[] = [
      [
        `h = functools.partial(f, x)`,
        `f→ x→ functools.partial() =h~f,x,functools`
      ],
      [
        `g = f
a = A(b)`,
        `f =g~f b→ A() =a~A`
      ],
      [`x = 1; y = x`, `=x"1" x =y~x`],
      [
        `p = Path('a') / 'b'
q = f'{p}/c'`,
        `Path() =p"a/b" p =q"\${p}/c"`
      ],
      [`(a, [b, *c]), d.e, f[0] = v`, `v =a~v =b~v =c~v d.e mut:d f mut:f`],
      [`a = b = c`, `c =a~c =b~c`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('statements', () => {
    const cases: readonly Case[] = [
      [
        `for x in xs:
    if x: continue
    y = x
else:
    z = 1`,
        `xs→ loop(=x:for~xs x if(continue | ) x =y~x | =z"1")`
      ],
      [`for i in range(3): k = i`, `range() loop+(=i:for~range i =k~i)`],
      [
        `while True:
    x = next(it)
    if not x: break`,
        `loop+(it→ next() =x~next x if(break | ))`
      ],
      [`while cond(): x = 1`, `cond() loop(=x"1" cond())`],
      [
        `try:
    risky
except (KeyError, NameError) as e:
    print(e)
else:
    ok
finally:
    done`,
        `try(risky? | KeyError NameError =e:except e print() del:e else ok finally done)`
      ],
      [
        `try:
    df
except NameError:
    df = load()`,
        `try(df? | NameError load() =df~load)`
      ],
      [
        `try:
    import cudf as xd
except Exception:
    raise`,
        `try(=xd:import[import cudf as xd] | Exception raise)`
      ],
      [
        `try:
    import cudf as xd
except ImportError:
    xd = None`,
        `try(=xd:import[import cudf as xd?] | ImportError =xd)`
      ],
      [
        `with contextlib.suppress(ImportError):
    import fast`,
        `ImportError→ contextlib.suppress() try(=fast:import[import fast?] | )`
      ],
      [
        `with open_it(p) as (a, b), lock as c.d: pass`,
        `p→ open_it() =a:with~open_it =b:with~open_it lock() c.d mut:c`
      ],
      [
        `async with session() as s:
    async for row in s: await row.get(k)`,
        `session() =s:with~session s→ loop(=row:for~s k→ row.get())`
      ],
      [
        `match cmd.split():
    case [Action.GO, direction] if direction in dirs: go(direction)
    case {'k': v, **rest}: v, rest
    case Point(x=0, y=yy) | (Point() as yy): yy
    case str(s): s
    case _: other`,
        `cmd.split() Action.GO if(=direction:match direction dirs direction→ go() | if(=v:match =rest:match v rest | Point Point if(=yy:match =yy:match yy | str if(=s:match s | other))))`
      ],
      [
        `match a:
    case {}: b
    case []: c
    case (): d
    case {X.Y: z}: z`,
        `a if(b | if(c | if(d | X if(=z:match z | ))))`
      ],
      [`assert a, b`, `a if(b raise | )`],
      [
        `raise E(a) from b
print(c)`,
        `a→ E() b raise c print()`
      ],
      [
        `import sys
sys.exit()`,
        `=sys:import[import sys] sys.exit() raise`
      ],
      [
        `x += y
x.a += 1
x[i] -= j`,
        `x y =x:augmented~x x.a mut:x x i j mut:x`
      ],
      [`del a, b[0], (c, d.e)`, `del:a b mut:b del:c d.e mut:d`],
      [`type X[T] = list[T, z]`, `=X:type{list z}`],
      [
        `import a.b, c.d as e
from .. import x
from .m import (p as q,)`,
        `=a:import[import a.b] =e:import[import c.d as e] =x:import[from .. import x] =q:import[from .m import p as q]`
      ],
      [
        `from os.path import *`,
        `=abspath:import =altsep:import =basename:import =commonpath:import =commonprefix:import =curdir:import =defpath:import =devnull:import =dirname:import =exists:import =expanduser:import =expandvars:import =extsep:import =getatime:import =getctime:import =getmtime:import =getsize:import =isabs:import =isdir:import =isfile:import =islink:import =ismount:import =join:import =lexists:import =normcase:import =normpath:import =pardir:import =pathsep:import =realpath:import =relpath:import =samefile:import =sameopenfile:import =samestat:import =sep:import =split:import =splitdrive:import =splitext:import =supports_unicode_filenames:import unknown:star-import:os.path(isdevdrive,isjunction,splitroot)`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('conditions', () => {
    const cases: readonly Case[] = [
      [`if __name__ == '__main__': main()`, `__name__ main()`],
      [`if TYPE_CHECKING: import heavy`, `TYPE_CHECKING`],
      [
        `if not TYPE_CHECKING: a
else: b`,
        `TYPE_CHECKING a`
      ],
      [
        `if 0: a
elif None: b
else: c`,
        `c`
      ],
      [
        `if 'x' in globals(): use(x)
else: x`,
        `globals() if(x→? use() | x)`
      ],
      [
        `if 'df' not in locals():
    df = 1`,
        `locals() =df"1"`
      ],
      [`a and b or c`, `a if(b | ) if(c | )`],
      [`not a and b`, `a if(b | )`],
      [`x if y else z`, `y if(x | z)`],
      [`True or x`, ``]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('expressions', () => {
    const cases: readonly Case[] = [
      [
        `l.append(1); df.drop(x, inplace=True); d['k'].update(z); setattr(o, 'a', 1)`,
        `l.append() mut:l x→ df.drop() mut:df d() z→ mut:d o→ setattr() mut:o`
      ],
      [`f'{a!r:>{w}} {b=} {f"{c}"}'`, `a w b c`],
      [`f'\\{a} {{b}}' rf'$\\alpha_{i}$' f'\\N{DASH}{j}'`, `a i j`],
      [`print(f"{d["k"]:{'>'}{w}}")`, `d w print()`],
      [`f(x)(y)[z](w)`, `x→ f() y→ z w→`],
      [`f(*a, **b, k=c)`, `a→ b→ c→ f()`],
      [`print(x := 3)`, `=x"3" print()`],
      [`_, Out[3], __, _5`, `out:_ out:Out out:__ out:_5`],
      [`for _ in xs: _`, `xs→ loop(=_:for~xs _)`],
      [
        `exec(code)
globals()['x'] = 1
globals().update(a=1)`,
        `code→ exec() unknown:exec(*) write<?>by:! globals() =x"1" globals() unknown:exec(a)`
      ],
      [
        `get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().run_line_magic('run', 'x.py')`,
        `get_ipython() get_ipython() unknown:magic(*) write<?>by:!`
      ],
      [`print`, `print`],
      [`ﬁ = 1`, `=fi"1"`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });
});
