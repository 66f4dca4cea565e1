import fc from 'fast-check';

import { ANALYSES } from '../../src/workload/analyses';
import type {
  AnalysisId,
  Filter,
  IPeriod,
  IQuery
} from '../../src/workload/query';
import { flags, number, question, text, times } from './tables';
import type { TestTable, Value } from './tables';

/** Small workloads, and questions about them. */

const DAY = 86_400_000;
const START = Date.UTC(2021, 0, 1);

interface IRecord {
  readonly user: string;
  readonly job: string;
  readonly system: string | null;
  readonly packages: readonly string[];
  readonly nodes: number | null;
  readonly place: string | null;
  readonly staff: boolean;
  readonly path: string | null;
}

// Later records know names, node counts and systems that earlier ones do not.
const record = (phase: number): fc.Arbitrary<IRecord> => {
  const some = <T>(...values: T[]) =>
    fc.constantFrom(...values.slice(0, 2 + phase));
  return fc.record({
    user: some('ann', 'bob', 'cy', 'dee', ''),
    job: some('1', '2', '3', '', '4'),
    system:
      phase < 2 ? fc.constant('cori') : fc.constantFrom('cori', 'edison', null),
    packages: fc.array(some('numpy', 'mkl', 'dask', 'zarr', 'abc'), {
      maxLength: 3
    }),
    nodes: some(8, 1, 4, null, 64),
    place: some('knl', 'gpu', null, 'haswell', ''),
    staff: fc.boolean(),
    path: some('/usr/common/p', '/opt/conda/p', null, '/x', '/y')
  });
};

export const GROUP = 4;
export const GROUPS = 4;
export const records = fc.tuple(
  ...Array.from({ length: GROUPS }, (_, phase) =>
    fc.array(record(phase), { minLength: GROUP, maxLength: GROUP })
  )
);

export function tableOf(
  groups: readonly IRecord[][],
  wide: boolean
): TestTable {
  const rows = groups.flat();
  return {
    username: text(...rows.map(r => r.user)),
    job_id: text(...rows.map(r => r.job)),
    system: text(...rows.map(r => r.system)),
    packages: text(
      ...rows.map((r): Value | Value[] =>
        wide ? [...r.packages] : (r.packages[0] ?? null)
      )
    ),
    num_nodes: number(...rows.map(r => r.nodes)),
    subsystem: text(...rows.map(r => r.place)),
    is_staff: flags(...rows.map(r => r.staff)),
    executable: text(...rows.map(r => r.path)),
    // A day a record, so that each row group has four days; off the quarters of an hour.
    timestamp: times(
      ...rows.map((_, i) => new Date(START + i * DAY + 610_000).toISOString())
    )
  };
}

const filter: fc.Arbitrary<Filter> = fc.constantFrom<Filter>(
  { field: 'user', op: 'any', values: ['ann', 'dee'] },
  { field: 'user', op: 'any', values: ['cy'], not: true },
  { field: 'package', op: 'any', values: ['numpy', 'zarr'] },
  { field: 'package', op: 'regexp', value: 'm|z', not: true },
  { field: 'package', op: 'job-has', values: ['dask'] },
  { field: 'package', op: 'job-has', values: ['zarr'], not: true },
  { field: 'nodes', op: 'range', from: '2', to: '60' },
  { field: 'subsystem', op: 'missing' },
  { field: 'environment', op: 'any', values: ['conda', 'other'] },
  { field: 'system', op: 'any', values: ['edison'] },
  { field: 'time', op: 'range', from: '2021-01-03', to: '2021-01-11' }
);

const day = (n: number, time: string) =>
  new Date(START + n * DAY).toISOString().slice(0, 10) + time;
const period: fc.Arbitrary<IPeriod> = fc
  .tuple(
    fc.nat({ max: GROUPS * GROUP }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom('both', 'from', 'to', 'none'),
    // Midnight, before a record of that day, at it, and after it.
    fc.constantFrom('', 'T00:05:00Z', 'T00:10:10Z', 'T00:10:11Z')
  )
  .map(([from, length, kind, time]) => ({
    from: kind === 'both' || kind === 'from' ? day(from, time) : null,
    to: kind === 'both' || kind === 'to' ? day(from + length, time) : null
  }));

export const query: fc.Arbitrary<IQuery> = fc
  .record({
    id: fc.constantFrom<AnalysisId>(
      'users',
      'partition-shares',
      'module-share',
      'mkl-share',
      'top-packages',
      'job-sizes',
      'package-job-size',
      'package-correlation',
      'package-affinity',
      'package-trend'
    ),
    choice: fc.nat({ max: 9 }),
    filters: fc.array(filter, { maxLength: 2 }),
    period,
    staff: fc.boolean(),
    top: fc.constantFrom(null, 1, 2),
    bins: fc.constantFrom<IQuery['bins']>('log2', null, [2, 5]),
    by: fc.constantFrom<IQuery['by']>('day', 'month'),
    zone: fc.constantFrom('UTC', 'America/Los_Angeles')
  })
  .map(({ id, choice, filters, staff, top, bins, by, ...rest }) => {
    const { distincts, options } = ANALYSES[id];
    // The table has no column of processes.
    const countable = distincts.filter(distinct => distinct !== 'process');
    return question(id, {
      ...rest,
      filters,
      defaults: staff ? ['is_staff'] : [],
      distinct: countable[choice % countable.length],
      ...(options.top
        ? { top, other: top !== null && options.other === true }
        : {}),
      ...(options.bins === undefined ? {} : { bins }),
      ...(options.by ? { by } : {}),
      ...(options.package ? { package: 'numpy' } : {})
    });
  });
