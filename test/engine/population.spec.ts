import fc from 'fast-check';

import {
  calendarDimension,
  nodesDimension,
  valueDimension
} from '../../src/engine/dimensions';
import type { Dimension } from '../../src/engine/dimensions';
import type { MappedWorkload } from '../../src/engine/mapped-workload';
import {
  packageDimension,
  Population,
  sizeOf
} from '../../src/engine/population';
import { WorkloadIndex } from '../../src/engine/workload-index';
import type { Distinct, Filter, IPeriod } from '../../src/workload/query';
import {
  answerFrom,
  codedChunk,
  datasetOf,
  flags,
  indexOf,
  number,
  question,
  secondsChunk,
  text,
  times,
  workloadOf
} from './tables';
import type { TestTable, Value } from './tables';

const SEED = { seed: 20210106, numRuns: 80 };

/** All records of a table, or those that filters choose. */
function populationOf(
  workload: MappedWorkload,
  filters: readonly Filter[] = [],
  period: { from: string | null; to: string | null } = { from: null, to: null }
): Population {
  const { segments } = workload.index.dataset;
  workload.prepare(
    segments,
    (['user', 'job', 'process'] as const).filter(u => workload.mapping[u])
  );
  return new Population(workload, segments, { filters, period, zone: 'UTC' });
}

/** Counts by the labels of their groups, zeros left out. */
function labelled(
  counts: Float64Array,
  dimensions: readonly Dimension[]
): Record<string, number> {
  expect(counts.length).toBe(sizeOf(dimensions));
  const result: Record<string, number> = {};
  counts.forEach((count, i) => {
    const labels: string[] = [];
    for (let d = dimensions.length - 1, rest = i; d >= 0; d--) {
      labels.unshift(
        JSON.stringify(dimensions[d].label(rest % dimensions[d].size))
      );
      rest = Math.floor(rest / dimensions[d].size);
    }
    if (count > 0) {
      // A group must not come twice under one name.
      expect(result).not.toHaveProperty([labels.join()]);
      result[labels.join()] = count;
    }
  });
  return result;
}

interface IRecord {
  readonly user: string | null;
  readonly job: string | null;
  readonly packages: readonly (string | null)[];
  readonly nodes: number | null;
  readonly place: string | null;
  readonly month: number | null;
}

const record: fc.Arbitrary<IRecord> = fc.record({
  user: fc.constantFrom('ann', 'bob', 'cy', '', null),
  job: fc.constantFrom('1', '2', '3', '4', '', null),
  packages: fc.array(fc.constantFrom('numpy', 'scipy', 'dask', '', null), {
    maxLength: 4
  }),
  nodes: fc.constantFrom(1, 2, 3, 8, null),
  place: fc.constantFrom('gpu', 'knl', '', null),
  month: fc.constantFrom(0, 1, 2, null)
});

function tableOf(records: readonly IRecord[], wide: boolean): TestTable {
  const rows = wide
    ? records
    : records.map(r => ({ ...r, packages: r.packages.slice(0, 1) }));
  return {
    username: text(...rows.map(r => r.user)),
    job_id: text(...rows.map(r => r.job)),
    num_nodes: number(...rows.map(r => r.nodes)),
    subsystem: text(...rows.map(r => r.place)),
    timestamp: times(
      ...rows.map(r =>
        r.month === null ? null : `2021-0${r.month + 1}-15T00:00:00Z`
      )
    ),
    packages: text(
      ...rows.map((r): Value | Value[] =>
        wide ? [...r.packages] : (r.packages[0] ?? null)
      )
    ),
    is_staff: flags(...rows.map(() => false))
  };
}

/** Distinct units by groups of records, the plain way. */
function naive(
  records: readonly IRecord[],
  distinct: Distinct,
  keys: readonly string[]
): Record<string, number> {
  const sizes = new Map<string, number>();
  for (const { job, nodes } of records) {
    if (job && nodes !== null) {
      sizes.set(job, Math.max(nodes, sizes.get(job) ?? 0));
    }
  }
  const found = new Map<string, Set<unknown>>();
  records.forEach((r, row) => {
    const names = [...new Set(r.packages)].filter(name => name);
    for (const name of keys.includes('package') ? names : [null]) {
      const label = keys.map(key => {
        switch (key) {
          case 'package':
            return name;
          case 'nodes':
            return (r.job ? sizes.get(r.job) : r.nodes) ?? null;
          case 'month':
            return r.month === null ? null : `2021-0${r.month + 1}`;
          default:
            return r.place;
        }
      });
      const id = label.map(cell => JSON.stringify([cell])).join();
      const unit = { job: r.job || null, user: r.user, record: row }[
        distinct.split('+')[0]
      ];
      const pairs = distinct.endsWith('+package')
        ? names.map(own => JSON.stringify([unit, own]))
        : [unit];
      for (const pair of unit === null || unit === undefined ? [] : pairs) {
        found.set(id, (found.get(id) ?? new Set()).add(pair));
      }
    }
  });
  return Object.fromEntries([...found].map(([id, units]) => [id, units.size]));
}

describe('Population.count', () => {
  const KEYS = [
    [],
    ['package'],
    ['nodes'],
    ['place'],
    ['month'],
    ['package', 'nodes'],
    ['nodes', 'package'],
    ['month', 'package'],
    ['package', 'month', 'nodes'],
    ['nodes', 'place', 'package']
  ];

  it.each([
    ['long', false],
    ['wide', true]
  ])('counts units as sets do, in the %s shape', (_, wide) => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 30 }),
        fc.constantFrom<Distinct>('record', 'user', 'job'),
        fc.constantFrom(...KEYS),
        fc.uniqueArray(fc.integer({ min: 1, max: 29 }), { maxLength: 3 }),
        (all, distinct, keys, cuts) => {
          const records = wide
            ? all
            : all.map(r => ({ ...r, packages: r.packages.slice(0, 1) }));
          const workload = workloadOf(
            indexOf(
              tableOf(records, wide),
              cuts.filter(cut => cut < all.length).sort((a, b) => a - b)
            )
          );
          const population = populationOf(workload);
          const dimensions = keys.map(key => {
            switch (key) {
              case 'package':
                return packageDimension(population);
              case 'nodes':
                return nodesDimension(population, null);
              case 'month':
                return calendarDimension(population, 'month', 'UTC');
              default:
                return valueDimension(population, workload.column('subsystem'));
            }
          });
          expect(
            labelled(population.count(distinct, dimensions), dimensions)
          ).toEqual(naive(records, distinct, keys));
        }
      ),
      SEED
    );
  });

  it('counts pairs by any key', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.constantFrom<Distinct>('job+package', 'user+package'),
        fc.constantFrom([], ['place'], ['month']),
        (records, distinct, keys) => {
          const workload = workloadOf(indexOf(tableOf(records, true)));
          const population = populationOf(workload);
          const dimensions = keys.map(key =>
            key === 'place'
              ? valueDimension(population, workload.column('subsystem'))
              : calendarDimension(population, 'month', 'UTC')
          );
          expect(
            labelled(population.count(distinct, dimensions), dimensions)
          ).toEqual(naive(records, distinct, keys));
          if (keys.length === 0) {
            expect(population.total(distinct)).toBe(
              naive(records, distinct, keys)[''] ?? 0
            );
          }
        }
      ),
      SEED
    );
  });

  it('adds weights of records only, a missing or unreadable one being 1', () => {
    const table: TestTable = {
      username: text('ann', 'ann', 'bob', 'bob'),
      subservice: text('numpy', 'numpy', 'numpy', 'scipy'),
      count: number(2, 0.5, null, NaN)
    };
    const population = populationOf(workloadOf(indexOf(table)));
    expect(population.total('record')).toBe(4.5);
    expect(population.total('user')).toBe(2);
    const packages = packageDimension(population);
    expect(
      labelled(population.count('record', [packages]), [packages])
    ).toEqual({
      '["numpy"]': 3.5,
      '["scipy"]': 1
    });
  });

  it('counts nothing in nothing', () => {
    const empty: TestTable = {
      username: text(),
      job_id: text(),
      subservice: text(),
      num_nodes: number(),
      timestamp: times()
    };
    const population = populationOf(workloadOf(indexOf(empty)));
    const packages = packageDimension(population);
    const nodes = nodesDimension(population, 'log2');
    const months = calendarDimension(population, 'month', 'UTC');
    for (const distinct of ['record', 'user', 'job', 'job+package'] as const) {
      expect(population.total(distinct)).toBe(0);
      for (const keys of [
        [packages],
        [nodes],
        [months, packages],
        [packages, nodes]
      ]) {
        expect(
          [...population.count(distinct, keys)].every(count => count === 0)
        ).toBe(true);
      }
    }
    expect(population.nodeCounts().differing).toBe(0);
  });
});

describe('Population.nodeCounts', () => {
  it('counts jobs whose chosen records disagree, unknown counts left out', () => {
    const table: TestTable = {
      job_id: text('1', '1', '2', '2', '3', '3', '4', '', ''),
      num_nodes: number(1, 4, 2, 2, null, 8, null, 1, 2),
      username: text(
        'ann',
        'bob',
        'ann',
        'ann',
        'ann',
        'ann',
        'ann',
        'ann',
        'ann'
      )
    };
    expect(
      populationOf(workloadOf(indexOf(table, [1]))).nodeCounts().differing
    ).toBe(1);
    const [filter]: Filter[] = [{ field: 'user', op: 'any', values: ['ann'] }];
    expect(
      populationOf(workloadOf(indexOf(table, [1])), [filter]).nodeCounts()
        .differing
    ).toBe(0);
  });
});

describe('MappedWorkload.span', () => {
  const spanOf = (
    workload: MappedWorkload,
    period: IPeriod = { from: null, to: null }
  ) => workload.span(workload.index.dataset.segments, { period, zone: 'UTC' });
  const table: TestTable = {
    timestamp: times('2021-01-01T00:00:05Z', '2021-03-01T00:00:00Z', null)
  };

  const seconds = (iso: string) => Date.parse(iso) / 1000;
  const all = {
    from: seconds('2021-01-01T00:00:05Z'),
    to: seconds('2021-03-01')
  };

  it.each<[string, IPeriod, { from: number; to: number }]>([
    ['all rows', { from: null, to: null }, all],
    [
      'a row at its first second',
      { from: '2021-01-01T00:00:05Z', to: null },
      all
    ],
    [
      'no row at its end, and none that it lies before',
      { from: '2021-01-01', to: '2021-03-01' },
      { from: all.from, to: all.from }
    ],
    [
      'rows after its beginning',
      { from: '2021-02-01', to: null },
      { from: all.to, to: all.to }
    ]
  ])('is that of rows within the period: %s', (_, period, expected) => {
    for (const cuts of [[], [1], [1, 2]]) {
      expect(spanOf(workloadOf(indexOf(table, cuts)), period)).toEqual(
        expected
      );
    }
  });

  it('follows the period', () => {
    const workload = workloadOf(indexOf(table));
    const until = (to: string) => spanOf(workload, { from: null, to });
    expect(until('2021-02-01')).toEqual({ from: all.from, to: all.from });
    expect(until('2021-04-01')).toEqual(all);
    expect(until('2021-03-01')).toEqual({ from: all.from, to: all.from });
    expect(until('2021-01-01')).toBeNull();
  });

  it('is none when all rows lie outside', () => {
    const workload = workloadOf(indexOf(table));
    expect(spanOf(workload, { from: '2022-01-01', to: null })).toBeNull();
    expect(
      spanOf(workload, { from: '2021-01-02', to: '2021-02-02' })
    ).toBeNull();
    expect(spanOf(workload, { from: null, to: '2020-01-01' })).toBeNull();
  });
});

describe('a population that is kept while other segments arrive', () => {
  const table: TestTable = {
    job_id: text('1', '1', '2', '3', '3', '4'),
    username: text('ann', 'ann', 'bob', 'cy', 'cy', 'dee'),
    subservice: text('numpy', 'scipy', 'numpy', 'dask', 'zarr', 'dask'),
    num_nodes: number(8, 8, 1, 4, 4, 2),
    timestamp: times(
      '2021-01-01T00:00:00Z',
      '2021-01-02T00:00:00Z',
      '2021-01-03T00:00:00Z',
      '2021-02-01T00:00:00Z',
      '2021-02-02T00:00:00Z',
      '2021-02-03T00:00:00Z'
    )
  };
  const period = { from: '2021-01-01', to: '2021-02-01' };

  function arrive(index: WorkloadIndex, segment: number): void {
    const own = index.dataset.segments[segment];
    for (const [name, { type, values }] of Object.entries(table)) {
      const part = values.slice(segment * 3, segment * 3 + 3);
      index.add(own, name, codedChunk(type, part));
      if (name === 'timestamp') {
        index.add(own, name, secondsChunk(part.map(value => Number(value))));
      }
    }
  }

  it('is made anew when a system of another segment tells jobs apart', () => {
    const systems: TestTable = {
      ...table,
      // Codes of the first segment's jobs are not those of its pairs of job and system.
      job_id: text('2', '3', '1', '1', '1', '2'),
      system: text('cori', 'cori', 'cori', 'edison', 'cori', 'edison')
    };
    const index = indexOf(systems, [3]);
    const workload = workloadOf(index);
    const [first, second] = index.dataset.segments;
    const query = question('job-sizes', { period, distinct: 'user' });
    const before = answerFrom(workload, query, [first]);
    expect(before).toEqual([
      { num_nodes: 1, users: 1 },
      { num_nodes: 8, users: 1 }
    ]);
    answerFrom(workload, question('job-sizes'), [second, first]);
    expect(answerFrom(workload, query, [first])).toEqual(before);
  });

  it.each([
    question('job-sizes', { period }),
    question('job-sizes', { period, distinct: 'user' }),
    question('job-sizes', { period, bins: 'log2' }),
    question('package-job-size', { period }),
    question('package-job-size', { period, top: 1, other: true }),
    question('package-correlation', { period }),
    question('package-affinity', { period, package: 'numpy' }),
    question('top-packages', { period, distinct: 'job+package' }),
    question('package-trend', { period }),
    question('partition-shares', {
      period,
      mapping: { subsystem: ['subservice'] }
    })
  ])(
    'answers $analysis the same afterwards ($distinct, $bins, $top)',
    query => {
      const index = new WorkloadIndex(datasetOf(table, [3]));
      const workload = workloadOf(index, query.mapping);
      arrive(index, 0);
      const inside = index.dataset.segments.slice(0, 1);
      const before = answerFrom(workload, query, inside);
      expect(before.length).toBeGreaterThan(0);
      // Dictionaries grow by another question's segment, with node counts between and packages after the known ones.
      arrive(index, 1);
      expect(answerFrom(workload, query, inside)).toEqual(before);
    }
  );
});
