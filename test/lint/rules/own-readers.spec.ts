import { findings } from './notebooks';

it.each([
  ['s: def open(name):⏎    return name', 'd: print(open("b.csv"))'],
  ['s: open = str', 'd: print(open("b.csv"))'],
  [
    's: class Reader:⏎    def read_parquet(self, path):⏎        return path',
    'd: print(Reader().read_parquet("b.parquet"))'
  ],
  [
    's: class Reader:⏎    def read_parquet(self, path):⏎        return path⏎reader = Reader()',
    'd: print(reader.read_parquet("b.parquet"))'
  ],
  ['d: import builtins⏎builtins.K = 1⏎print(K)'],
  ['d: import builtins as b⏎b.K = 1', 'd: print(K)'],
  [
    's: import os',
    'u: open("a.csv", "w").write("")⏎os.symlink("a.csv", "b.csv")',
    'd: print(open("b.csv").read())'
  ],
  [
    's: from pathlib import Path',
    'u: open("a.csv", "w").write("")⏎Path("b.csv").symlink_to("a.csv")⏎Path("c.csv").hardlink_to("a.csv")',
    'd: print(open("b.csv").read(), open("c.csv").read())'
  ],
  ['d: code = input()⏎exec(code, globals())⏎print(x)'],
  [
    's: _A__y = 2⏎__z__ = 3⏎class A:⏎    def f(self):⏎        return __y, __z__, __',
    'd: print(A().f())'
  ],
  [
    's: class _A:⏎    __k = 1⏎    m = __k⏎    def __g(self):⏎        self.__n = 2⏎        return self.__n⏎    def f(self):⏎        return self.__g()',
    'd: print(_A().f(), _A()._A__g())'
  ],
  ['s: __y = 2⏎class __:⏎    k = __y', 'd: print(__.k)']
])('knows what is of the notebook itself: %s %s', (...cells) => {
  expect(findings(...cells).filter(each => each.includes(' error '))).toEqual(
    []
  );
});

it.each<[string[], string]>([
  [
    ['s: from gzip import open', 'd: print(open("b.gz"))'],
    '1 file-not-written error b.gz'
  ],
  [
    [
      's: import pandas as pd⏎class Reader:⏎    def read_parquet(self, path):⏎        return pd.read_parquet(path)',
      'd: print(Reader().read_parquet("b.parquet"))'
    ],
    '1 file-not-written error b.parquet'
  ],
  [
    ['u: import builtins⏎builtins.K = 1', 'd: print(K)'],
    '1 name-upstream-only error K'
  ],
  [['d: code = input()⏎exec(code, {})⏎print(x)'], '0 name-undefined error x'],
  [
    [
      's: import os',
      'u: os.symlink("a.csv", "b.csv")',
      'd: print(open("a.csv").read())'
    ],
    '2 file-not-written error a.csv'
  ],
  [
    [
      's: __y = 2⏎class A:⏎    def f(self):⏎        return __y',
      'd: print(A().f())'
    ],
    '1 name-undefined error _A__y'
  ],
  [
    [
      'u: _A__y = 2',
      's: class A:⏎    def f(self):⏎        return __y',
      'd: print(A().f())'
    ],
    '2 name-upstream-only error _A__y'
  ],
  [
    [
      'u: rows = 2',
      's: class A:⏎    def __g(self):⏎        return rows⏎    def f(self):⏎        return self.__g()',
      'd: print(A().f())'
    ],
    '2 name-upstream-only error rows'
  ]
])('still tells of what is missing: %s', (cells, expected) => {
  expect(findings(...cells)).toEqual([expected]);
});
