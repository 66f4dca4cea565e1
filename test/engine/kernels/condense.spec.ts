import fc from 'fast-check';

import { condense } from '../../../src/engine/kernels/condense';
import { finish } from '../../../src/engine/kernels/steps';
import { PackageSets } from '../../../src/engine/kernels/package-sets';

const SEED = { seed: 20210119, numRuns: 300 };
const FIRST_JOB = 2;
const JOBS = 7;
const PACKAGES = 5;

interface IRow {
  readonly job: number;
  readonly package: number;
  /** Low and high ends of a column's codes, so that packed words and tuples overflow. */
  readonly high: readonly boolean[];
}

const sizes = fc.array(fc.constantFrom(2, 300, 70_000, 2 ** 22, 2 ** 31), {
  minLength: 0,
  maxLength: 5
});
const rows = fc.array(
  fc.record<IRow>({
    job: fc.nat({ max: JOBS - 1 }),
    package: fc.nat({ max: PACKAGES - 1 }),
    high: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })
  }),
  { maxLength: 30 }
);

const codesOf = ({ high }: IRow, own: readonly number[]) =>
  own.map((size, c) => (high[c] ? size - 1 : 0));

function condensedRows(
  parts: readonly (readonly IRow[])[],
  own: readonly number[],
  jobs = true
) {
  const steps = condense({
    parts: parts.map(part => ({
      rows: part.length,
      jobs: jobs ? Uint32Array.from(part, row => row.job) : null,
      packages: Uint16Array.from(part, row => row.package),
      columns: own.map((_, c) =>
        Uint32Array.from(part, row => codesOf(row, own)[c])
      )
    })),
    jobs: { first: FIRST_JOB, size: jobs ? JOBS : 0 },
    packages: PACKAGES,
    sizes: own,
    most: Infinity
  });
  const found = finish(steps);
  return (
    found &&
    Array.from({ length: found.rows }, (_, i) => ({
      codes: found.columns.map(codes => codes[i]),
      job: found.jobs[i],
      stands: found.jobCounts[found.jobs[i]],
      packages: [
        ...found.packages.subarray(found.offsets[i], found.offsets[i + 1])
      ],
      records: [
        ...found.records.subarray(found.offsets[i], found.offsets[i + 1])
      ]
    }))
  );
}

/** How often each text occurs, or how much it sums up to. */
function tally(found: readonly (readonly [string, number])[]) {
  const counts = new Map<string, number>();
  for (const [name, count] of found) {
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return Object.fromEntries([...counts].sort());
}

it('keeps the records of each package and each value of the columns', () => {
  fc.assert(
    fc.property(
      fc.array(rows, { maxLength: 3 }),
      sizes,
      fc.boolean(),
      (parts, own, jobs) => {
        expect(
          tally(
            condensedRows(parts, own, jobs)?.flatMap(row =>
              row.packages.map(
                (name, e) =>
                  [`${row.codes.join()}/${name}`, row.records[e]] as const
              )
            ) ?? []
          )
        ).toEqual(
          tally(
            parts
              .flat()
              .map(row => [`${codesOf(row, own).join()}/${row.package}`, 1])
          )
        );
      }
    ),
    SEED
  );
});

it('keeps the jobs of each choice of values, and their packages', () => {
  fc.assert(
    fc.property(
      fc.array(rows, { maxLength: 3 }),
      sizes,
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      (parts, own, wanted) => {
        const isChosen = (codes: readonly number[]) =>
          codes.every((code, c) => !wanted[c] || code > 0);
        const sets = new Map<number, Set<number>>();
        for (const row of parts.flat()) {
          if (row.job >= FIRST_JOB && isChosen(codesOf(row, own))) {
            sets.set(
              row.job,
              (sets.get(row.job) ?? new Set()).add(row.package)
            );
          }
        }
        const found = new Map<number, { stands: number; set: Set<number> }>();
        for (const row of condensedRows(parts, own) ?? []) {
          if (row.job >= FIRST_JOB && isChosen(row.codes)) {
            const known = found.get(row.job);
            found.set(row.job, {
              stands: row.stands,
              set: new Set([...(known?.set ?? []), ...row.packages])
            });
          }
        }
        const named = (set: Set<number>) => [...set].sort().join();
        expect(
          tally([...found.values()].map(job => [named(job.set), job.stands]))
        ).toEqual(tally([...sets.values()].map(set => [named(set), 1])));
      }
    ),
    SEED
  );
});

it('makes one row of all jobs alike', () => {
  const row = (job: number, name: number): IRow => ({
    job,
    package: name,
    high: []
  });
  expect(
    condensedRows(
      [
        [row(2, 1), row(3, 4), row(2, 4)],
        [row(3, 1), row(4, 1)]
      ],
      []
    )
  ).toEqual([
    { codes: [], job: 2, stands: 2, packages: [1, 4], records: [2, 2] },
    { codes: [], job: 3, stands: 1, packages: [1], records: [1] }
  ]);
});

it('gives up when lists would be longer than allowed', () => {
  const spec = {
    parts: [
      {
        rows: 2,
        jobs: Uint16Array.of(2, 2),
        packages: Uint16Array.of(1, 2),
        columns: []
      }
    ],
    jobs: { first: FIRST_JOB, size: 3 },
    packages: 3,
    sizes: []
  };
  expect(finish(condense({ ...spec, most: 1 }))).toBeNull();
  expect(finish(condense({ ...spec, most: 2 }))).toMatchObject({ rows: 1 });
});

it('says when there are too many sets of packages', () => {
  const sets = new PackageSets(2 ** 22);
  let set = 0;
  for (let code = 0; code < 10 && set >= 0; code++) {
    set = sets.add(set, code);
  }
  expect(set).toBe(-1);
});
