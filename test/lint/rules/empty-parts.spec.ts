import { findings } from './notebooks';

const CELLS = [
  's: import os⏎from pathlib import Path⏎base = ""⏎deep = "a"',
  'u: open("b.t", "w").write("")⏎open("a/b.t", "w").write("")'
];

it.each([
  'os.path.join("", "b.t")',
  'os.path.join(base, "b.t")',
  'os.path.join(base, base, "b.t")',
  'os.path.join(base, deep, "b.t")',
  'os.path.join(deep, base, "b.t")',
  'Path(base) / "b.t"',
  'Path(base, "b.t")',
  'Path(deep) / base / "b.t"'
])('a path has no part that is empty: %s', path => {
  expect(findings(...CELLS, `d: print(open(${path}).read())`)).toEqual([]);
});

it('texts that are no paths keep their slash', () => {
  expect(findings(...CELLS, 'd: print(open(base + "/b.t").read())')).toEqual([
    '2 file-name-differs warning /b.t'
  ]);
});
