import fc from 'fast-check';

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
      expect(index.matching(read).map(({ at }) => at)).toEqual(
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
