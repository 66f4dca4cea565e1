import fc from 'fast-check';

import { packageDimension, Population } from '../../src/engine/population';
import { boundsOf, filterColumns } from '../../src/engine/selection';
import type { MappedWorkload } from '../../src/engine/mapped-workload';
import { WorkloadIndex } from '../../src/engine/workload-index';
import type { Mapping } from '../../src/workload/fields';
import type { Filter, IPeriod } from '../../src/workload/query';
import {
  datasetOf,
  flags,
  indexOf,
  number,
  secondsChunk,
  text,
  times,
  workloadOf
} from './tables';
import type { TestTable, Value } from './tables';

const SEED = { seed: 20210111, numRuns: 400 };
const ALWAYS: IPeriod = { from: null, to: null };

function populationOf(
  workload: MappedWorkload,
  filters: readonly Filter[],
  period = ALWAYS,
  zone = 'UTC'
): Population {
  const { segments } = workload.index.dataset;
  workload.prepare(segments, workload.mapping.job ? ['job', 'user'] : ['user']);
  return new Population(workload, segments, { filters, period, zone });
}

/** Numbers of the rows that are chosen. */
function chosen(
  table: TestTable,
  filters: readonly Filter[],
  { period = ALWAYS, zone = 'UTC', cuts = [] as number[] } = {}
): number[] {
  const workload = workloadOf(indexOf(table, cuts));
  const { selection, segments } = populationOf(workload, filters, period, zone);
  return segments
    .flatMap(segment => [...selection.mask(segment)])
    .flatMap((bit, row) => (bit === 1 ? [row] : []));
}

const any = (field: string, ...values: string[]): Filter => ({
  field,
  op: 'any',
  values
});
const has = (...values: string[]): Filter => ({
  field: 'package',
  op: 'job-has',
  values
});
const not = (filter: Filter): Filter => ({ ...filter, not: true });

interface IUse {
  readonly row: number;
  readonly user: string | null;
  readonly job: string | null;
  readonly package: string | null;
  readonly nodes: number | null;
  readonly staff: boolean | null;
}

/** Whether one record of one package passes a condition, by the definitions. */
function holds(filter: Filter, use: IUse): boolean {
  const value = {
    user: use.user,
    package: use.package,
    nodes: use.nodes,
    is_staff: use.staff
  }[filter.field];
  const positive = () => {
    switch (filter.op) {
      case 'any':
        return value !== null && filter.values.includes(String(value));
      case 'missing':
        return value === null;
      case 'prefix':
        return value !== null && String(value).startsWith(filter.value);
      case 'regexp':
        return (
          value !== null && new RegExp(filter.value, 'u').test(String(value))
        );
      case 'range':
        return (
          typeof value === 'number' &&
          value >= Number(filter.from ?? -Infinity) &&
          value < Number(filter.to ?? Infinity)
        );
      default:
        throw new Error(filter.op);
    }
  };
  return positive() !== (filter.not === true);
}

/** Records of one package each that are chosen, `job-has` last. */
function choose(uses: readonly IUse[], filters: readonly Filter[]): IUse[] {
  const plain = filters.filter(filter => filter.op !== 'job-has');
  const base = uses.filter(use => plain.every(filter => holds(filter, use)));
  return base.filter(use =>
    filters.every(filter => {
      if (filter.op !== 'job-has') {
        return true;
      }
      const found =
        use.job !== null &&
        use.job !== '' &&
        base.some(
          other =>
            other.job === use.job &&
            other.package !== null &&
            filter.values.includes(other.package)
        );
      return found !== (filter.not === true);
    })
  );
}

const name = fc.constantFrom('numpy', 'scipy', 'dask', null);
const filter: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.oneof(
      fc.record({
        field: fc.constantFrom('user', 'package'),
        op: fc.constant('any' as const),
        values: fc.uniqueArray(
          fc.constantFrom('ann', 'bob', 'numpy', 'scipy', 'dask'),
          { maxLength: 3 }
        )
      }),
      fc.record({
        field: fc.constantFrom('user', 'package', 'nodes', 'is_staff'),
        op: fc.constant('missing' as const)
      }),
      fc.record({
        field: fc.constantFrom('user', 'package'),
        op: fc.constantFrom('prefix' as const, 'regexp' as const),
        value: fc.constantFrom('a', 'n', 's')
      }),
      fc.record({
        field: fc.constant('nodes'),
        op: fc.constant('range' as const),
        from: fc.constantFrom('1', '2'),
        to: fc.constantFrom('2', '5')
      }),
      fc.constant(any('is_staff', 'false')),
      fc
        .uniqueArray(fc.constantFrom('numpy', 'scipy', 'dask', 'absent'), {
          minLength: 1,
          maxLength: 2
        })
        .map(values => has(...values))
    ),
    fc.boolean()
  )
  .map(([own, negated]) => (negated ? not(own) : own));

describe('a selection', () => {
  const rows = fc.array(
    fc.record({
      user: fc.constantFrom('ann', 'bob', 'cy', null),
      job: fc.constantFrom('1', '2', '3', '', null),
      nodes: fc.constantFrom(1, 2, 4, null),
      staff: fc.constantFrom(true, false, null),
      packages: fc.array(name, { maxLength: 4 })
    }),
    { minLength: 1, maxLength: 14 }
  );

  it('chooses elements of lists as it chooses records of the long shape', () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(filter, { maxLength: 3 }),
        fc.nat({ max: 13 }),
        (records, filters, cut) => {
          const cuts = cut > 0 && cut < records.length ? [cut] : [];
          const uses = records.flatMap((record, row): IUse[] =>
            (record.packages.length > 0 ? record.packages : [null]).map(
              own => ({
                ...record,
                row,
                package: own
              })
            )
          );
          const wide: TestTable = {
            username: text(...records.map(r => r.user)),
            job_id: text(...records.map(r => r.job)),
            num_nodes: number(...records.map(r => r.nodes)),
            is_staff: flags(...records.map(r => r.staff)),
            packages: text(...records.map((r): Value[] => [...r.packages]))
          };
          const expected = choose(uses, filters);
          expect(chosen(wide, filters, { cuts })).toEqual([
            ...new Set(expected.map(use => use.row))
          ]);
          const long: TestTable = {
            username: text(...uses.map(r => r.user)),
            job_id: text(...uses.map(r => r.job)),
            num_nodes: number(...uses.map(r => r.nodes)),
            is_staff: flags(...uses.map(r => r.staff)),
            subservice: text(...uses.map(r => r.package))
          };
          expect(chosen(long, filters, { cuts })).toEqual(
            expected.map(use => uses.indexOf(use))
          );
          // The packages of what is chosen are the same as well.
          const [inWide, inLong] = [wide, long].map(table => {
            const population = populationOf(
              workloadOf(indexOf(table, cuts)),
              filters
            );
            const dimension = packageDimension(population);
            return Object.fromEntries(
              [...population.count('user', [dimension])].flatMap((count, i) =>
                count > 0 ? [[dimension.label(i)[0], count]] : []
              )
            );
          });
          expect(inWide).toEqual(inLong);
        }
      ),
      SEED
    );
  });

  it('looks at the packages that all other conditions choose of a job', () => {
    const table: TestTable = {
      job_id: text('1', '1', '2', '2', '', null),
      username: text('ann', 'bob', 'ann', 'ann', 'ann', 'ann'),
      subservice: text('numpy', 'dask', 'numpy', 'scipy', 'numpy', 'numpy')
    };
    expect(chosen(table, [has('dask')])).toEqual([0, 1]);
    expect(chosen(table, [has('dask'), any('user', 'ann')])).toEqual([]);
    expect(chosen(table, [not(has('dask'))])).toEqual([2, 3, 4, 5]);
    expect(chosen(table, [not(has('dask')), any('user', 'ann')])).toEqual([
      0, 2, 3, 4, 5
    ]);
    expect(chosen(table, [has('dask', 'scipy')])).toEqual([0, 1, 2, 3]);
    expect(chosen(table, [has('numpy'), has('scipy')])).toEqual([2, 3]);
    expect(chosen(table, [has('numpy'), not(has('scipy'))])).toEqual([0, 1]);
    expect(chosen(table, [has('absent')])).toEqual([]);
    expect(chosen(table, [not(has('absent'))])).toEqual([0, 1, 2, 3, 4, 5]);
    // An empty package is no package.
    expect(
      chosen({ ...table, subservice: text('', '', 'a', 'a', '', '') }, [
        has('')
      ])
    ).toEqual([]);
  });

  it('chooses rows by the elements of a list that is not the packages', () => {
    const table: TestTable = {
      username: text('ann', 'bob', 'cy', 'dee'),
      packages: text(['numpy'], ['mkl'], ['scipy', 'numpy'], []),
      libraries: text(['mkl', 'hdf5'], ['hdf5'], [], ['mkl'])
    };
    expect(chosen(table, [any('libraries', 'mkl')])).toEqual([0, 3]);
    expect(chosen(table, [not(any('libraries', 'mkl'))])).toEqual([1, 2]);
    expect(
      chosen(table, [{ field: 'libraries', op: 'regexp', value: '^h' }])
    ).toEqual([0, 1]);
    expect(chosen(table, [{ field: 'libraries', op: 'missing' }])).toEqual([2]);
    expect(
      chosen(table, [{ field: 'libraries', op: 'missing', not: true }])
    ).toEqual([0, 1, 3]);
    const population = populationOf(workloadOf(indexOf(table)), [
      any('libraries', 'mkl')
    ]);
    const packages = packageDimension(population);
    expect(
      [...population.count('user', [packages])].map((n, i) => [
        packages.label(i)[0],
        n
      ])
    ).toEqual([
      ['numpy', 1],
      ['mkl', 0],
      ['scipy', 0]
    ]);
  });

  it('tells environments by path and container', () => {
    const table: TestTable = {
      executable: text(
        '/usr/common/software/python',
        '/home/a/.conda/envs/x/bin/python',
        '/usr/bin/python',
        null
      ),
      is_shifter: flags(false, false, true, null)
    };
    expect(chosen(table, [any('environment', 'conda', 'container')])).toEqual([
      1, 2
    ]);
    expect(chosen(table, [not(any('environment', 'conda'))])).toEqual([
      0, 2, 3
    ]);
    expect(
      chosen(table, [{ field: 'environment', op: 'prefix', value: 'oth' }])
    ).toEqual([3]);
    // A column of that name is what it says.
    expect(
      chosen({ ...table, environment: text('a', 'b', 'a', null) }, [
        any('environment', 'a')
      ])
    ).toEqual([0, 2]);
  });

  it('needs a job to look at packages of the same job, and a time to choose a period', () => {
    expect(() => chosen({ subservice: text('numpy') }, [has('numpy')])).toThrow(
      'No column is mapped as “job”, so packages of the same job cannot be looked at. Map one, or remove that condition.'
    );
    expect(() =>
      chosen({ username: text('ann') }, [], {
        period: { from: '2021-01-01', to: null }
      })
    ).toThrow(
      'No column is mapped as “time”, so records cannot be chosen by period. Map one, or clear the period.'
    );
  });
});

describe('a period', () => {
  const instants = [
    '2020-12-31T23:59:59Z',
    '2021-01-01T00:00:00Z',
    '2021-01-31T23:59:59.999Z',
    '2021-02-01T00:00:00Z',
    null
  ];

  function chosenTimes(
    wide: boolean,
    period: IPeriod,
    filters: Filter[] = [],
    zone = 'UTC'
  ): number[] {
    const table = {
      timestamp: times(...instants),
      username: text(...instants.map(() => 'ann'))
    };
    const index = new WorkloadIndex(datasetOf(table));
    const [segment] = index.dataset.segments;
    index.add(
      segment,
      'timestamp',
      secondsChunk(
        instants.map(t => (t === null ? null : Date.parse(t))),
        wide
      )
    );
    const { selection } = populationOf(
      workloadOf(index, { user: [] }),
      filters,
      period,
      zone
    );
    return [...selection.mask(segment)].flatMap((bit, row) =>
      bit === 1 ? [row] : []
    );
  }

  it.each([
    ['32 bits', false],
    ['floats', true]
  ])('is half-open, and holds no record without a time, in %s', (_, wide) => {
    expect(chosenTimes(wide, { from: '2021-01-01', to: '2021-02-01' })).toEqual(
      [1, 2]
    );
    expect(chosenTimes(wide, { from: '2021-01-01', to: null })).toEqual([
      1, 2, 3
    ]);
    expect(chosenTimes(wide, { from: null, to: '2021-01-01' })).toEqual([0]);
    expect(chosenTimes(wide, { from: null, to: '9999-01-01' })).toEqual([
      0, 1, 2, 3
    ]);
    expect(chosenTimes(wide, ALWAYS)).toEqual([0, 1, 2, 3, 4]);
    expect(
      chosenTimes(
        wide,
        { from: '2021-01-01', to: '2021-02-01' },
        [],
        'Asia/Tokyo'
      )
    ).toEqual([0, 1]);
  });

  it.each([
    ['32 bits', false],
    ['floats', true]
  ])('can be said by conditions too, in %s', (_, wide) => {
    const range: Filter = {
      field: 'time',
      op: 'range',
      from: '2021-01-01',
      to: '2021-02-01'
    };
    expect(chosenTimes(wide, ALWAYS, [range])).toEqual([1, 2]);
    expect(chosenTimes(wide, ALWAYS, [not(range)])).toEqual([0, 3, 4]);
    expect(
      chosenTimes(wide, ALWAYS, [
        { field: 'timestamp', op: 'range', from: '2021-02-01' }
      ])
    ).toEqual([3]);
    expect(
      chosenTimes(wide, ALWAYS, [{ field: 'time', op: 'missing' }])
    ).toEqual([4]);
    expect(
      chosenTimes(wide, ALWAYS, [{ field: 'time', op: 'missing', not: true }])
    ).toEqual([0, 1, 2, 3]);
    const instant = any('time', '2021-01-01', '2021-02-01T09:00:00+09:00');
    expect(chosenTimes(wide, ALWAYS, [instant])).toEqual([1, 3]);
    expect(chosenTimes(wide, ALWAYS, [not(instant)])).toEqual([0, 2, 4]);
    expect(() =>
      chosenTimes(wide, ALWAYS, [
        { field: 'time', op: 'prefix', value: '2021' }
      ])
    ).toThrow('“time” is a time: choose it by period, by >= and <, or by =.');
  });

  it('takes the sentinel of 32 bits for a time where times are floats', () => {
    const index = new WorkloadIndex(datasetOf({ time: times(null, null) }));
    const [segment] = index.dataset.segments;
    index.add(segment, 'time', {
      ...secondsChunk([0, 0]),
      seconds: Float64Array.of(-(2 ** 31), NaN)
    });
    const mask = (filter: Filter) => [
      ...populationOf(workloadOf(index), [filter]).selection.mask(segment)
    ];
    expect(mask({ field: 'time', op: 'missing' })).toEqual([0, 1]);
    expect(mask({ field: 'time', op: 'range', to: '1902-01-01' })).toEqual([
      1, 0
    ]);
    expect(mask(any('time', '1901-12-13T20:45:52Z'))).toEqual([1, 0]);
  });
});

describe('boundsOf', () => {
  it('reads a period in its zone', () => {
    expect(boundsOf(ALWAYS, 'UTC')).toEqual({ from: -Infinity, to: Infinity });
    expect(
      boundsOf({ from: '1970-01-01', to: '1970-01-02T00:00:00Z' }, 'Asia/Tokyo')
    ).toEqual({
      from: -9 * 3600,
      to: 86400
    });
    expect(() => boundsOf({ from: 'soon', to: null }, 'UTC')).toThrow(
      '“soon” is not a date.'
    );
  });
});

describe('filterColumns', () => {
  const columns = new Set(['uid', 'exe', 'shifter', 'qos']);
  const mapping: Mapping = {
    user: ['uid'],
    executable: ['exe'],
    is_container: ['shifter']
  };
  const of = (field: string, over = mapping, known = columns) =>
    filterColumns(any(field, 'x'), over, column => known.has(column));

  it('are those of a role, or the column itself', () => {
    expect(of('user')).toEqual(['uid']);
    expect(of('uid')).toEqual(['uid']);
    expect(of('qos')).toEqual(['qos']);
    expect(of('environment')).toEqual(['exe', 'shifter']);
    expect(
      of('environment', mapping, new Set([...columns, 'environment']))
    ).toEqual(['environment']);
  });

  it('says what to map, or that there is no such column', () => {
    expect(() => of('nodes')).toThrow(
      'No column is mapped as “nodes”, which a condition asks for. Map one, or remove the condition.'
    );
    expect(() => of('colour')).toThrow(
      'There is no column “colour”, which a condition asks for. Remove the condition, or name another column.'
    );
    expect(() =>
      of('environment', { ...mapping, executable: undefined })
    ).toThrow(
      'No column is mapped as “executable”, from which the environment is told.'
    );
  });
});
