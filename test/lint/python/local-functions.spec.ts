import { steps } from './render';

describe('functions within functions', () => {
  it.each([
    [
      'def f():\n def g(): return h()\n def h(): return x\n return g()',
      '=f:function{if(x | ) return}'
    ],
    [
      'def f():\n def g(): return x\n def h(): return g()\n return g()',
      '=f:function{x return}'
    ],
    [
      'def f():\n def g(): return x\n def h(): return g()\n xs.map(h)',
      '=f:function{if(x | ) xs.map()}'
    ],
    ['def f():\n g = lambda: x\n g(); g()', '=f:function{x}']
  ])('%j runs where it is called', (source, expected) => {
    expect(steps(source)).toBe(expected);
  });

  it.each([
    [
      'def f(df):\n m = Model(df)\n m.fit()',
      '=f:function{Model() Model.fit()}'
    ],
    ['def f():\n k = other\n k(1)', '=f:function{other other()}']
  ])('%j calls what a local name stands for', (source, expected) => {
    expect(steps(source)).toBe(expected);
  });

  it('are not told again and again', () => {
    const chain = Array.from({ length: 40 }, (_, i) =>
      i < 2
        ? ` def f${i}(): return x`
        : ` def f${i}(): return f${i - 1}() + f${i - 2}()`
    );
    const source = `def g():\n${chain.join('\n')}\n return f39()`;
    expect(steps(source).length).toBeLessThan(20_000);
  });
});
