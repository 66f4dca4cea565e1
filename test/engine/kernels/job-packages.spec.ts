import fc from 'fast-check';

import { NONE } from '../../../src/engine/kernels/distinct';
import { jobPackages } from '../../../src/engine/kernels/job-packages';
import {
  FIRST_UNIT,
  PACKAGE_CODES,
  packagesOf,
  partOf,
  rows,
  UNITS
} from './parts';
import type { ITestRow } from './parts';

const SEED = { seed: 20210108, numRuns: 200 };
const PACKAGES = 40;

/** Index of each package code. */
const indices = fc
  .uniqueArray(fc.nat({ max: PACKAGES - 1 }), {
    minLength: PACKAGE_CODES,
    maxLength: PACKAGE_CODES
  })
  .map(index => index.map((own, code) => (code < 2 ? NONE : own)));
const classes = fc.array(fc.constantFrom(NONE, 0, 1, 2), {
  minLength: UNITS,
  maxLength: UNITS
});

function setsOf(
  segments: readonly ITestRow[][],
  index: readonly number[],
  lists: boolean
): Map<number, Set<number>> {
  const sets = new Map<number, Set<number>>();
  for (const row of segments.flat()) {
    for (const code of packagesOf(row, lists)) {
      if (row.chosen && row.unit >= FIRST_UNIT && index[code] !== NONE) {
        sets.set(row.unit, (sets.get(row.unit) ?? new Set()).add(index[code]));
      }
    }
  }
  return sets;
}

describe.each([
  ['sets', undefined],
  ['sorted lists', 0]
])('package sets as %s', (_, mostSteps) => {
  function build(
    segments: readonly ITestRow[][],
    index: readonly number[],
    lists: boolean
  ) {
    return jobPackages(
      () =>
        segments.map(s => {
          const { mask, units, packages } = partOf(s, lists);
          return { mask, jobs: units, ...packages };
        }),
      { first: FIRST_UNIT, size: UNITS, counts: null },
      Uint32Array.from(index),
      PACKAGES,
      mostSteps
    );
  }

  it('counts the jobs of each package by class', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 3 }),
        indices,
        classes,
        fc.boolean(),
        (segments, index, classOf, lists) => {
          const expected = new Array<number>(PACKAGES * 3).fill(0);
          for (const [job, set] of setsOf(segments, index, lists)) {
            for (const own of classOf[job] === NONE ? [] : set) {
              expected[own * 3 + classOf[job]]++;
            }
          }
          const sets = build(segments, index, lists);
          expect(sets.packages).toBe(PACKAGES);
          expect([...sets.countByClass(Uint32Array.from(classOf), 3)]).toEqual(
            expected
          );
        }
      ),
      SEED
    );
  });

  it('counts the jobs of each two packages, the lower one first', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 3 }),
        indices,
        fc.boolean(),
        (segments, index, lists) => {
          const expected = new Array<number>(PACKAGES * PACKAGES).fill(0);
          for (const set of setsOf(segments, index, lists).values()) {
            for (const a of set) {
              for (const b of set) {
                expected[a * PACKAGES + b] += Number(a <= b);
              }
            }
          }
          expect([...build(segments, index, lists).countPairs()]).toEqual(
            expected
          );
        }
      ),
      SEED
    );
  });

  it('knows no package where there is none', () => {
    const sets = jobPackages(
      () => [],
      { first: FIRST_UNIT, size: 2, counts: null },
      new Uint32Array(2).fill(NONE),
      0,
      mostSteps
    );
    expect([...sets.countPairs()]).toEqual([]);
    expect([...sets.countByClass(new Uint32Array(2), 1)]).toEqual([]);
  });
});
