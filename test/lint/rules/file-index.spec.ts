import fc from 'fast-check';

import { globText } from '../../../src/lint/flow/patterns';
import { touches } from '../../../src/lint/flow/paths';
import type { IResolvedFile } from '../../../src/lint/flow/run-flow';
import { FileIndex } from '../../../src/lint/rules/file-index';
import { findings } from './notebooks';

const piece = fc.constantFrom('a', 'b', '/', '/', '.', '..', 'ab', '*', '?');
const text = fc.array(piece, { maxLength: 6 }).map(parts => parts.join(''));
const pattern = fc.oneof(
  text.map(known => [known]),
  fc.array(fc.option(text, { freq: 2 }), { minLength: 1, maxLength: 3 })
);

function fileOf(path: IResolvedFile['path'], i: number): IResolvedFile {
  return {
    cell: i,
    range: { from: 0, to: 1 },
    via: null,
    access: i % 3 === 0 ? 'read' : 'write',
    path,
    by: 'open',
    certainty: 'certain',
    guarded: false
  };
}

it('finds what comparing each with each finds', () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), text, (paths, read) => {
      const files = paths.map(fileOf);
      const isTaken = ({ access }: IResolvedFile) => access === 'write';
      const index = new FileIndex(files, isTaken);
      expect(
        index.matching({ start: null, rest: read }).map(({ at }) => at)
      ).toEqual(
        files.flatMap((file, at) =>
          isTaken(file) &&
          file.path.some(each => each !== null) &&
          touches(file.path, read)
            ? [at]
            : []
        )
      );
    }),
    { numRuns: 2000, seed: 4 }
  );
});

it('tells of many files as of few', () => {
  const numbers = Array.from({ length: 400 }, (_, i) => i);
  const lines = [
    ...numbers.map(i => `u: open("out/part_${i}.csv", "w")`),
    ...numbers.map(i => `d: open("out/part_${i + 2}.csv").read()`)
  ];
  expect(findings(...lines, 'd: open("out/prt_1.csv")')).toEqual([
    '798 file-not-written error out/part_400.csv',
    '799 file-not-written error out/part_401.csv',
    '800 file-name-differs warning out/prt_1.csv'
  ]);
});

it('compares few of many paths that are partly known', () => {
  const most = 1000;
  const numbers = Array.from({ length: most }, (_, i) => i);
  const shapes: readonly ((i: number) => IResolvedFile['path'])[] = [
    i => ['out/', null, `_${i}.csv`],
    i => [`out/${i}_`, null, '.csv'],
    i => [`out/${i}/`, null],
    i => [null, `/part_${i}.csv`],
    i => [`out/x_*_${i}.csv`],
    i => ['out/', null, `/${i}.csv`]
  ];
  for (const shape of shapes) {
    const index = new FileIndex(numbers.map(shape).map(fileOf), () => true);
    for (const i of numbers) {
      const rest = globText(shape(i)).replaceAll('*', 'x');
      expect(
        index.matching({ start: null, rest }).some(({ at }) => at === i)
      ).toBe(true);
    }
    expect(index.compared).toBeLessThan(20 * most);
  }
});

it('finds few of many paths that begin with the same unknown', () => {
  const start = { key: 'a', text: '$A', isText: true, isAbsolute: false };
  const other = { ...start, key: 'b' };
  const most = 1000;
  const numbers = Array.from({ length: most }, (_, i) => i);
  const files = numbers.map((i): IResolvedFile =>
    fileOf([i % 2 === 0 ? start : other, '/', null, `_${i}.csv`], i)
  );
  const index = new FileIndex(files, () => true);
  for (const i of numbers) {
    const path = { start, rest: `/x_${i}.csv` };
    expect(index.matching(path).map(({ at }) => at)).toContain(i);
    expect(index.same(path).map(({ at }) => at)).toEqual(
      i % 2 === 0 ? expect.arrayContaining([i]) : []
    );
  }
  expect(index.compared).toBeLessThan(20 * most);
});
