import fc from 'fast-check';

import {
  countBits,
  countDistinct,
  countRecords,
  NONE
} from '../../../src/engine/kernels/distinct';
import {
  FIRST_UNIT,
  GROUPS,
  PACKAGE_CODES,
  packagesOf,
  partOf,
  rows,
  UNITS
} from './parts';
import type { ITestRow } from './parts';

const SEED = { seed: 20210107, numRuns: 200 };

/** Index of each package code: some are no package, or no group of the question. */
const indices = fc.array(fc.constantFrom(NONE, 0, 1, 2, 3), {
  minLength: PACKAGE_CODES,
  maxLength: PACKAGE_CODES
});
const PACKAGES = 4;
/** Words of the bit table: all groups in one pass, some, one at a time. */
const words = fc.constantFrom(2 ** 26, 7, 3, 1);
const classes = fc.array(fc.constantFrom(NONE, 0, 1, 2), {
  minLength: UNITS,
  maxLength: UNITS
});

function chosenUnits(segments: readonly ITestRow[][]): ITestRow[] {
  return segments
    .flat()
    .filter(row => row.chosen && row.group !== null && row.unit >= FIRST_UNIT);
}

describe('countDistinct', () => {
  it.each([
    ['of one package a row', false],
    ['of lists, with repetitions', true]
  ])(
    'counts units by group and package %s, in any number of passes',
    (_, lists) => {
      fc.assert(
        fc.property(
          fc.array(rows, { maxLength: 3 }),
          indices,
          words,
          fc.boolean(),
          (segments, index, mostWords, grouped) => {
            const sets = Array.from(
              { length: GROUPS * PACKAGES },
              () => new Set<number>()
            );
            for (const row of chosenUnits(
              segments.map(s =>
                grouped ? s : s.map(r => ({ ...r, group: 0 }))
              )
            )) {
              for (const code of packagesOf(row, lists)) {
                if (index[code] !== NONE) {
                  sets[(row.group ?? 0) * PACKAGES + index[code]].add(row.unit);
                }
              }
            }
            const groups = grouped ? GROUPS : 1;
            const counts = countDistinct(
              () =>
                segments.map(s => ({
                  ...partOf(s, lists),
                  ...(grouped ? {} : { groups: null })
                })),
              {
                groups,
                packageIndex: Uint32Array.from(index),
                packages: PACKAGES,
                units: UNITS,
                first: FIRST_UNIT,
                counts: null,
                unitClasses: null
              },
              mostWords
            );
            expect([...counts]).toEqual(
              sets.slice(0, groups * PACKAGES).map(set => set.size)
            );
          }
        ),
        SEED
      );
    }
  );

  it('counts units by group alone, and all of them', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 3 }),
        words,
        (segments, mostWords) => {
          const sets = Array.from({ length: GROUPS }, () => new Set<number>());
          chosenUnits(segments).forEach(row =>
            sets[row.group ?? 0].add(row.unit)
          );
          const spec = {
            packageIndex: null,
            packages: 1,
            units: UNITS,
            first: FIRST_UNIT,
            counts: null,
            unitClasses: null
          };
          const parts = () =>
            segments.map(s => ({ ...partOf(s, false), packages: null }));
          expect([
            ...countDistinct(parts, { ...spec, groups: GROUPS }, mostWords)
          ]).toEqual(sets.map(set => set.size));
          const everyone = new Set(
            segments
              .flat()
              .filter(r => r.chosen && r.unit >= FIRST_UNIT)
              .map(r => r.unit)
          );
          const all = () => parts().map(part => ({ ...part, groups: null }));
          expect([
            ...countDistinct(all, { ...spec, groups: 1 }, mostWords)
          ]).toEqual([everyone.size]);
        }
      ),
      SEED
    );
  });

  it('splits groups by a class of the unit', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 3 }),
        indices,
        classes,
        words,
        (segments, index, classOf, mostWords) => {
          const sets = Array.from(
            { length: GROUPS * PACKAGES * 3 },
            () => new Set<number>()
          );
          for (const row of chosenUnits(segments)) {
            for (const code of row.packages) {
              const own = classOf[row.unit];
              if (index[code] !== NONE && own !== NONE) {
                sets[((row.group ?? 0) * PACKAGES + index[code]) * 3 + own].add(
                  row.unit
                );
              }
            }
          }
          const counts = countDistinct(
            () => segments.map(s => partOf(s, true)),
            {
              groups: GROUPS,
              packageIndex: Uint32Array.from(index),
              packages: PACKAGES,
              units: UNITS,
              first: FIRST_UNIT,
              counts: null,
              unitClasses: { of: Uint32Array.from(classOf), count: 3 }
            },
            mostWords
          );
          expect([...counts]).toEqual(sets.map(set => set.size));
        }
      ),
      SEED
    );
  });

  it('counts nothing where there is no package, no unit or no row', () => {
    const spec = {
      groups: 2,
      packageIndex: new Uint32Array(2).fill(NONE),
      packages: 0,
      units: 2,
      first: FIRST_UNIT,
      counts: null,
      unitClasses: null
    };
    expect([...countDistinct(() => [partOf([], true)], spec)]).toEqual([]);
    expect([
      ...countDistinct(() => [], {
        ...spec,
        packageIndex: null,
        packages: 1,
        units: 0
      })
    ]).toEqual([0, 0]);
  });
});

describe('countRecords', () => {
  it.each([
    ['of one package a row', false],
    ['of lists', true]
  ])('counts rows once for each package %s, by their weight', (_, lists) => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 3 }),
        indices,
        fc.boolean(),
        (segments, index, weighted) => {
          const expected = new Array<number>(GROUPS * PACKAGES).fill(0);
          for (const row of segments.flat()) {
            const groups = new Set(
              packagesOf(row, lists).map(code => index[code])
            );
            groups.delete(NONE);
            for (const own of row.chosen && row.group !== null ? groups : []) {
              expected[(row.group ?? 0) * PACKAGES + own] += weighted
                ? row.weight
                : 1;
            }
          }
          const counts = countRecords(
            () =>
              segments.map(s => ({
                ...partOf(s, lists),
                ...(weighted ? {} : { weights: null })
              })),
            {
              groups: GROUPS,
              packageIndex: Uint32Array.from(index),
              packages: PACKAGES
            }
          );
          expect([...counts]).toEqual(expected);
        }
      ),
      SEED
    );
  });

  it('counts rows by group where package is no key', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 3 }), segments => {
        const expected = new Array<number>(GROUPS).fill(0);
        for (const row of segments.flat()) {
          if (row.chosen && row.group !== null) {
            expected[row.group] += row.weight;
          }
        }
        const counts = countRecords(
          () => segments.map(s => ({ ...partOf(s, true), packages: null })),
          { groups: GROUPS, packageIndex: null, packages: 1 }
        );
        expect([...counts]).toEqual(expected);
      }),
      SEED
    );
  });
});

describe('countBits', () => {
  it('counts set bits between two words', () => {
    fc.assert(
      fc.property(
        fc.uint32Array({ maxLength: 20 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 20 }),
        (bits, a, b) => {
          const [from, to] = [
            Math.min(a, b, bits.length),
            Math.min(Math.max(a, b), bits.length)
          ];
          const ones = [...bits.subarray(from, to)]
            .map(word => word.toString(2).replaceAll('0', '').length)
            .reduce((sum, n) => sum + n, 0);
          expect(countBits(bits, from, to)).toBe(ones);
        }
      ),
      SEED
    );
    expect(countBits(Uint32Array.of(0xffffffff, 0x80000001), 0, 2)).toBe(34);
  });
});
