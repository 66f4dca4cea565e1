import { cellsOf, check, notebookOf, short } from '../rules/notebooks';

/** What is found of names, in short. */
function namesFound(...lines: readonly string[]): readonly string[] {
  return short(
    check(notebookOf({ cells: cellsOf(...lines) })).findings.filter(
      ({ rule }) =>
        ['name-undefined', 'name-upstream-only', 'order'].includes(rule)
    )
  );
}

/** A class with a method that reads a name that is not there. */
function withMethod(name: string, more = ''): string {
  return `s: class A:⏎    def ${name}(self, *a):⏎        return gone${more}`;
}

const PROPERTY = withMethod('v').replace('    def', '    @property⏎    def');

describe('methods that certainly run', () => {
  it.each<readonly [cell: string, use: string]>([
    [withMethod('__repr__'), 'print(A())'],
    [withMethod('__repr__'), 'a = A()⏎print(1, a)'],
    [withMethod('__repr__'), 'a = A()⏎str(a)'],
    [withMethod('__repr__'), 'a = A()⏎f"{a}"'],
    [withMethod('__repr__'), 'a = A()⏎f"{a!r:>3}"'],
    [withMethod('__str__'), 'a = A()⏎b = a⏎print(b)'],
    [withMethod('__add__'), 'A() + 1'],
    [withMethod('__radd__'), 'a = A()⏎1 + a'],
    [withMethod('__iadd__'), 'a = A()⏎a += 1'],
    [withMethod('__add__'), 'a = A()⏎a += 1'],
    [withMethod('__lt__'), 'a = A()⏎a < 3'],
    [withMethod('__len__'), 'a = A()⏎len(a)'],
    [withMethod('__len__'), 'a = A()⏎if a:⏎    pass'],
    [withMethod('__contains__'), 'a = A()⏎1 in a'],
    [withMethod('__iter__'), 'a = A()⏎1 not in a'],
    [withMethod('__iter__'), 'a = A()⏎for x in a:⏎    pass'],
    [withMethod('__iter__'), 'a = A()⏎[x for x in a]'],
    [withMethod('__iter__'), 'a = A()⏎sorted(a)'],
    [withMethod('__getitem__'), 'a = A()⏎a[0]'],
    [withMethod('__call__'), 'a = A()⏎a(1)'],
    [withMethod('__enter__'), 'a = A()⏎with a:⏎    pass'],
    [withMethod('__exit__'), 'with A() as a:⏎    pass'],
    [PROPERTY, 'a = A()⏎print(a.v)'],
    [withMethod('m', '⏎    def n(self):⏎        self.m()'), 'A().n()'],
    [withMethod('m', '⏎    def n(self):⏎        return self.m'), 'A().n()'],
    [withMethod('m', '⏎    def __init__(self):⏎        self.m()'), 'A()'],
    [withMethod('__str__', '⏎    def n(self):⏎        print(self)'), 'A().n()'],
    [
      withMethod('m', '⏎    @classmethod⏎    def n(cls):⏎        cls.m(1)'),
      'A.n()'
    ],
    [withMethod('m', '⏎class B(A):⏎    pass'), 'B().m()'],
    [
      withMethod('m', '⏎class B(A):⏎    def m(self):⏎        super().m()'),
      'B().m()'
    ],
    [
      's: class B:⏎    def run(self):⏎        self.m()⏎class A(B):⏎    def m(self):⏎        gone',
      'A().run()'
    ],
    ['s: def make():⏎    def f():⏎        gone⏎    return f', 'f = make()⏎f()']
  ])('%s | %s', (cell, use) => {
    expect(namesFound(cell, `d: ${use}`)).toEqual([
      '1 name-undefined error gone'
    ]);
  });

  it.each<readonly [cell: string, use: string]>([
    [withMethod('m'), 'print(A())'],
    [
      withMethod('__repr__', '⏎    def __str__(self):⏎        return ""'),
      'str(A())'
    ],
    [withMethod('__add__'), 'a = A()⏎a - 1'],
    [withMethod('__add__'), 'a = A⏎print(a)'],
    [withMethod('m', '⏎class B(A):⏎    def m(self): pass'), 'B().m()'],
    [
      withMethod(
        'm',
        '⏎    def n(self):⏎        self.m()⏎class B(A):⏎    def m(self): pass'
      ),
      'B().n()'
    ],
    [
      's: class A:⏎    @property⏎    def v(self): pass⏎    @v.setter⏎    def v(self, x):⏎        gone',
      'a = A()⏎print(a.v)'
    ],
    [withMethod('__iter__'), 'a = [A()]⏎for x in a:⏎    pass'],
    [withMethod('__len__'), 'a = A().table⏎len(a)']
  ])('no error: %s | %s', (cell, use) => {
    expect(
      namesFound(cell, `d: ${use}`).filter(each => each.includes('error'))
    ).toEqual([]);
  });

  it('runs what a decorator makes of a function, when that is called', () => {
    const wrap =
      's: def wrap(f):⏎    def run(*a):⏎        return f(*a) + gone⏎    return run⏎@wrap⏎def g(): pass';
    expect(namesFound(wrap, 'd: g()')).toEqual([
      '0 name-undefined info gone',
      '1 name-undefined error gone'
    ]);
  });

  it('goes by the class of the object, not by the one that defines the method', () => {
    const base = 's: class B:⏎    def run(self):⏎        self.m()';
    const one = 's: class C(B):⏎    def m(self):⏎        gone';
    const other = 's: class D(B):⏎    def m(self):⏎        pass';
    expect(namesFound(base, one, other, 'd: D().run()⏎C().run()')).toEqual([
      '3 name-undefined error gone'
    ]);
    expect(namesFound(base, one, other, 'd: D().run()')).toEqual([]);
  });
});

describe('del in the body of a class', () => {
  it('needs the name in that body', () => {
    expect(namesFound('s: x = 1', 's: class A:⏎    del x')).toEqual([
      '1 name-undefined error x'
    ]);
    expect(namesFound('s: class A:⏎    x = 1⏎    del x⏎    del x')).toEqual([
      '0 name-undefined info x'
    ]);
  });

  it('says nothing where the name is there, or its lack is caught', () => {
    expect(namesFound('s: class A:⏎    x = 1⏎    del x')).toEqual([]);
    expect(namesFound('s: class A:⏎    global y⏎    y = 1⏎    del y')).toEqual(
      []
    );
    expect(
      namesFound(
        's: class A:⏎    try:⏎        del x⏎    except NameError:⏎        pass'
      )
    ).toEqual([]);
  });
});

describe('a name of which it is asked whether it is there', () => {
  it('does not hide what follows the question', () => {
    expect(
      namesFound(
        's: import sys⏎if sys.argv:⏎    try:⏎        v8⏎    except NameError:⏎        pass⏎    gone'
      )
    ).toEqual(['0 name-undefined info gone']);
  });
});
