import { EngineError } from '../../src/engine/engine';
import type { Filter } from '../../src/workload/query';
import { flags, number, question, rowsOf, text, times } from './tables';
import type { TestTable } from './tables';

const any = (field: string, ...values: string[]): Filter => ({
  field,
  op: 'any',
  values
});

/** Six records of four jobs by three users; one record is outside jobs, one user is staff. */
const TABLE: TestTable = {
  username: text('ann', 'ann', 'bob', 'bob', 'cy', 'cy'),
  job_id: text('1', '1', '2', '3', '4', ''),
  subservice: text('numpy', 'scipy', 'numpy', 'dask', 'numpy', 'scipy'),
  subsystem: text('haswell', 'haswell', 'knl', 'haswell', 'gpu', null),
  num_nodes: number(4, 4, 1, 2, 4, 1),
  is_staff: flags(false, false, false, false, true, true),
  is_compute: flags(true, true, true, true, true, false)
};

describe('users and user-share', () => {
  it('count distinct users of the population', () => {
    expect(rowsOf(TABLE, question('users'))).toEqual([{ users: 3 }]);
    expect(
      rowsOf(TABLE, question('users', { defaults: ['is_staff', 'is_compute'] }))
    ).toEqual([{ users: 2 }]);
    expect(rowsOf(TABLE, question('user-share', { of: 12 }))).toEqual([
      { users: 3, of: 12, share: 0.25 }
    ]);
  });

  it('have no share of an unknown number', () => {
    expect(rowsOf(TABLE, question('user-share'))).toEqual([
      { users: 3, of: null, share: null }
    ]);
  });
});

describe('the default population', () => {
  const staffed = question('users', { defaults: ['is_staff', 'is_compute'] });

  it('gives way to a filter on its field, by role or by column, and not to one that is disabled', () => {
    const answer = (filter: Filter) =>
      rowsOf(TABLE, { ...staffed, filters: [filter] });
    expect(answer(any('is_staff', 'true'))).toEqual([{ users: 1 }]);
    expect(answer(any('is_staff', 'true', 'false'))).toEqual([{ users: 3 }]);
    expect(answer({ ...any('is_staff', 'true'), disabled: true })).toEqual([
      { users: 2 }
    ]);
    const { is_staff, ...rest } = TABLE;
    expect(
      rowsOf(
        { ...rest, 'data.is_staff': is_staff },
        { ...staffed, filters: [any('data.is_staff', 'true')] }
      )
    ).toEqual([{ users: 1 }]);
  });

  it('leaves out what no column tells', () => {
    const { is_staff: _, ...rest } = TABLE;
    expect(rowsOf(rest, staffed)).toEqual([{ users: 3 }]);
  });

  it('chooses no record without a value', () => {
    expect(
      rowsOf(
        { ...TABLE, is_staff: flags(null, null, false, false, null, null) },
        staffed
      )
    ).toEqual([{ users: 1 }]);
  });
});

describe('partition-shares', () => {
  it('counts a job in each partition that it has a record in', () => {
    const table: TestTable = {
      job_id: text('1', '1', '2', '3', '3', ''),
      subsystem: text('knl', 'haswell', 'haswell', null, '', 'gpu')
    };
    expect(rowsOf(table, question('partition-shares'))).toEqual([
      { subsystem: 'haswell', jobs: 2, share: 2 / 3 },
      { subsystem: '', jobs: 1, share: 1 / 3 },
      { subsystem: 'knl', jobs: 1, share: 1 / 3 },
      { subsystem: null, jobs: 1, share: 1 / 3 }
    ]);
  });

  it('gathers the others as a union', () => {
    const table: TestTable = {
      job_id: text('1', '2', '3', '3', '4', '3'),
      subsystem: text('a', 'a', 'b', 'c', 'c', 'd')
    };
    const query = question('partition-shares', { top: 1, other: true });
    // Jobs 3 and 4: a sum would be four.
    expect(rowsOf(table, query)).toEqual([
      { subsystem: 'a', jobs: 2, share: 0.5 },
      { subsystem: null, jobs: 2, share: 0.5, other: true }
    ]);
    expect(rowsOf(table, { ...query, other: false })).toEqual([
      { subsystem: 'a', jobs: 2, share: 0.5 }
    ]);
    expect(rowsOf(table, { ...query, top: 4 })).toEqual(
      rowsOf(table, question('partition-shares'))
    );
  });

  it('counts users, processes and records too, by weight', () => {
    const table: TestTable = { ...TABLE, count: number(2, 1, 1, 1, 0.5, null) };
    expect(
      rowsOf(table, question('partition-shares', { distinct: 'record' }))
    ).toEqual([
      { subsystem: 'haswell', records: 4, share: 4 / 6.5 },
      { subsystem: 'knl', records: 1, share: 1 / 6.5 },
      { subsystem: null, records: 1, share: 1 / 6.5 },
      { subsystem: 'gpu', records: 0.5, share: 0.5 / 6.5 }
    ]);
    expect(
      rowsOf(table, question('partition-shares', { distinct: 'user' }))[0]
    ).toEqual({
      subsystem: 'haswell',
      users: 2,
      share: 2 / 3
    });
  });

  it('has no rows for an empty population', () => {
    expect(
      rowsOf(
        TABLE,
        question('partition-shares', { filters: [any('user', 'nobody')] })
      )
    ).toEqual([]);
  });
});

describe('module-share', () => {
  const table: TestTable = {
    username: text('ann', 'ann', 'bob', 'cy', 'dee'),
    job_id: text('1', '2', '3', '4', ''),
    executable: text(
      '/usr/common/p',
      '/home/.conda/p',
      '/usr/common/p',
      '/opt/conda/p',
      null
    ),
    is_shifter: flags(false, false, false, true, false),
    is_staff: flags(false, false, false, false, false),
    is_compute: flags(true, true, false, true, false)
  };

  it('counts users over all nodes and jobs over compute nodes', () => {
    expect(
      rowsOf(
        table,
        question('module-share', { defaults: ['is_staff', 'is_compute'] })
      )
    ).toEqual([
      {
        environment: 'center module',
        users: 2,
        jobs: 1,
        user_share: 0.5,
        job_share: 1 / 3
      },
      {
        environment: 'conda',
        users: 1,
        jobs: 1,
        user_share: 0.25,
        job_share: 1 / 3
      },
      {
        environment: 'container',
        users: 1,
        jobs: 1,
        user_share: 0.25,
        job_share: 1 / 3
      },
      {
        environment: 'other',
        users: 1,
        jobs: 0,
        user_share: 0.25,
        job_share: 0
      }
    ]);
  });

  it('counts jobs over all nodes where everything is asked for', () => {
    expect(rowsOf(table, question('module-share'))[0]).toMatchObject({
      jobs: 2,
      job_share: 0.5
    });
  });

  it('takes a column of that name as it is', () => {
    const own = { ...table, environment: text('b', 'a', 'b', null, null) };
    expect(
      rowsOf(own, question('module-share')).map(row => [
        row.environment,
        row.users,
        row.jobs
      ])
    ).toEqual([
      ['b', 2, 2],
      [null, 2, 1],
      ['a', 1, 1]
    ]);
  });

  it('has no share of nothing', () => {
    expect(
      rowsOf(
        table,
        question('module-share', {
          filters: [any('is_compute', 'no')],
          defaults: []
        })
      )
    ).toEqual([
      {
        environment: 'center module',
        users: 1,
        jobs: 1,
        user_share: 0.5,
        job_share: 1
      },
      { environment: 'other', users: 1, jobs: 0, user_share: 0.5, job_share: 0 }
    ]);
    expect(
      rowsOf(table, question('module-share', { filters: [any('user', 'dee')] }))
    ).toEqual([
      {
        environment: 'other',
        users: 1,
        jobs: 0,
        user_share: 1,
        job_share: null
      }
    ]);
  });
});

describe('mkl-share', () => {
  it('is of jobs with numpy, scipy, numexpr or sklearn', () => {
    const table: TestTable = {
      job_id: text('1', '1', '2', '3', '3', '4', '5', '', ''),
      subservice: text(
        'numpy',
        'mkl',
        'scipy',
        'mkl',
        'dask',
        'numexpr',
        'sklearn',
        'numpy',
        'mkl'
      )
    };
    expect(rowsOf(table, question('mkl-share'))).toEqual([
      { eligible_jobs: 4, mkl_jobs: 1, share: 0.25 }
    ]);
    expect(
      rowsOf(table, question('mkl-share', { filters: [any('job', '3')] }))
    ).toEqual([{ eligible_jobs: 0, mkl_jobs: 0, share: null }]);
  });

  it('looks at the packages that conditions choose', () => {
    const table: TestTable = {
      job_id: text('1', '1'),
      subservice: text('numpy', 'mkl'),
      version: text('1', '2')
    };
    expect(
      rowsOf(table, question('mkl-share', { filters: [any('version', '1')] }))
    ).toEqual([{ eligible_jobs: 1, mkl_jobs: 0, share: 0 }]);
  });
});

describe('top-packages', () => {
  it('sorts by count, ties by code point', () => {
    const table: TestTable = {
      username: text('ann', 'bob', 'ann', 'ann', 'ann', 'ann', 'ann'),
      subservice: text('numpy', 'numpy', 'zarr', 'Zarr', 'é', '💾', '\uffff')
    };
    expect(rowsOf(table, question('top-packages'))).toEqual([
      { package: 'numpy', users: 2 },
      { package: 'Zarr', users: 1 },
      { package: 'zarr', users: 1 },
      { package: 'é', users: 1 },
      { package: '\uffff', users: 1 },
      { package: '💾', users: 1 }
    ]);
  });

  it('leaves out empty packages, and keeps the N highest with the union of the others', () => {
    const table: TestTable = {
      username: text('ann', 'bob', 'cy', 'ann', 'bob', 'ann', 'dee', 'eve'),
      subservice: text(
        'numpy',
        'numpy',
        'numpy',
        'dask',
        'dask',
        'zarr',
        '',
        null
      )
    };
    expect(
      rowsOf(table, question('top-packages', { top: 1, other: true }))
    ).toEqual([
      { package: 'numpy', users: 3 },
      { package: null, users: 2, other: true }
    ]);
    expect(rowsOf(table, question('top-packages', { top: 2 }))).toEqual([
      { package: 'numpy', users: 3 },
      { package: 'dask', users: 2 }
    ]);
    expect(
      rowsOf(table, question('top-packages', { top: 3, other: true }))
    ).toHaveLength(3);
  });

  it.each([
    ['job+package', 'jobs', 2],
    ['job', 'jobs', 2],
    ['user', 'users', 2],
    ['record', 'records', 3]
  ] as const)('counts by %s in a column %s', (distinct, column, numpy) => {
    const table: TestTable = {
      username: text('ann', 'bob', 'bob', 'ann'),
      job_id: text('1', '1', '2', '2'),
      subservice: text('numpy', 'numpy', 'numpy', 'dask')
    };
    expect(rowsOf(table, question('top-packages', { distinct }))[0]).toEqual({
      package: 'numpy',
      [column]: numpy
    });
  });
});

describe('job-sizes', () => {
  const table: TestTable = {
    job_id: text('1', '1', '2', '3', '4', '5', ''),
    num_nodes: number(1, 8, 8, 1, null, 300, 8),
    username: text('ann', 'ann', 'bob', 'bob', 'bob', 'ann', 'cy')
  };

  it('takes the largest node count of a job, unknown ones last', () => {
    expect(rowsOf(table, question('job-sizes'))).toEqual([
      { num_nodes: 1, jobs: 1 },
      { num_nodes: 8, jobs: 2 },
      { num_nodes: 300, jobs: 1 },
      { num_nodes: null, jobs: 1 }
    ]);
  });

  it('has classes with two bounds', () => {
    expect(rowsOf(table, question('job-sizes', { bins: 'log2' }))).toEqual([
      { nodes_from: 1, nodes_to: 1, jobs: 1 },
      { nodes_from: 8, nodes_to: 15, jobs: 2 },
      { nodes_from: 256, nodes_to: 511, jobs: 1 },
      { nodes_from: null, nodes_to: null, jobs: 1 }
    ]);
    // What lies below the first bound is as if unknown.
    expect(rowsOf(table, question('job-sizes', { bins: [2, 33] }))).toEqual([
      { nodes_from: 2, nodes_to: 32, jobs: 2 },
      { nodes_from: 33, nodes_to: null, jobs: 1 },
      { nodes_from: null, nodes_to: null, jobs: 2 }
    ]);
  });

  it('counts users by the size of their jobs, and of records outside jobs', () => {
    expect(rowsOf(table, question('job-sizes', { distinct: 'user' }))).toEqual([
      { num_nodes: 1, users: 1 },
      { num_nodes: 8, users: 3 },
      { num_nodes: 300, users: 1 },
      { num_nodes: null, users: 1 }
    ]);
    expect(
      rowsOf(table, question('job-sizes', { distinct: 'record' }))
    ).toEqual([
      { num_nodes: 1, records: 1 },
      { num_nodes: 8, records: 4 },
      { num_nodes: 300, records: 1 },
      { num_nodes: null, records: 1 }
    ]);
  });

  it('counts records where there are no jobs', () => {
    const { job_id: _, ...rest } = table;
    expect(
      rowsOf(rest, question('job-sizes', { distinct: 'record' }))[0]
    ).toEqual({ num_nodes: 1, records: 2 });
  });
});

describe('package-job-size', () => {
  it('ascends by class, then sorts by count and name', () => {
    const table: TestTable = {
      job_id: text('1', '1', '2', '2', '3', '4', '4'),
      num_nodes: number(1, 1, 3, 2, 2, null, null),
      subservice: text('numpy', 'dask', 'numpy', 'scipy', 'numpy', 'numpy', '')
    };
    expect(rowsOf(table, question('package-job-size'))).toEqual([
      { package: 'dask', nodes_from: 1, nodes_to: 1, jobs: 1 },
      { package: 'numpy', nodes_from: 1, nodes_to: 1, jobs: 1 },
      { package: 'numpy', nodes_from: 2, nodes_to: 3, jobs: 2 },
      { package: 'scipy', nodes_from: 2, nodes_to: 3, jobs: 1 },
      { package: 'numpy', nodes_from: null, nodes_to: null, jobs: 1 }
    ]);
    expect(
      rowsOf(table, question('package-job-size', { bins: null }))[0]
    ).toEqual({
      package: 'dask',
      nodes_from: 1,
      nodes_to: 1,
      jobs: 1
    });
    expect(
      rowsOf(
        table,
        question('package-job-size', { top: 1, other: true, bins: [1] })
      )
    ).toEqual([
      { package: 'numpy', nodes_from: 1, nodes_to: null, jobs: 3 },
      { package: null, nodes_from: 1, nodes_to: null, jobs: 2, other: true },
      { package: 'numpy', nodes_from: null, nodes_to: null, jobs: 1 }
    ]);
  });
});

describe('package-correlation and package-affinity', () => {
  // Four jobs: numpy in 1, 2, 3; scipy in 1, 2; dask in 4; all in every: none. Job 5 has an empty package.
  const table: TestTable = {
    job_id: text('1', '1', '2', '2', '3', '4', '5', ''),
    subservice: text(
      'numpy',
      'scipy',
      'scipy',
      'numpy',
      'numpy',
      'dask',
      '',
      'zarr'
    )
  };
  const r = (n: number, a: number, b: number, both: number) =>
    (n * both - a * b) / Math.sqrt(a * (n - a) * b * (n - b));

  it('compares each two packages once, over all jobs, also those without any', () => {
    const rows = rowsOf(table, question('package-correlation'));
    expect(rows.map(({ r: _, ...row }) => row)).toEqual([
      {
        package_a: 'numpy',
        package_b: 'scipy',
        jobs_a: 3,
        jobs_b: 2,
        jobs_both: 2
      },
      {
        package_a: 'dask',
        package_b: 'scipy',
        jobs_a: 1,
        jobs_b: 2,
        jobs_both: 0
      },
      {
        package_a: 'dask',
        package_b: 'numpy',
        jobs_a: 1,
        jobs_b: 3,
        jobs_both: 0
      }
    ]);
    [r(5, 3, 2, 2), r(5, 1, 2, 0), r(5, 1, 3, 0)].forEach((expected, i) =>
      expect(rows[i].r).toBeCloseTo(expected, 14)
    );
    expect(rowsOf(table, question('package-correlation', { top: 1 }))).toEqual(
      rows.slice(0, 1)
    );
  });

  it('has no correlation without variance, and sorts it last', () => {
    const always: TestTable = {
      job_id: text('1', '1', '2', '1'),
      subservice: text('numpy', 'dask', 'numpy', 'zarr')
    };
    expect(rowsOf(always, question('package-correlation'))).toEqual([
      {
        package_a: 'dask',
        package_b: 'zarr',
        r: 1,
        jobs_a: 1,
        jobs_b: 1,
        jobs_both: 1
      },
      {
        package_a: 'dask',
        package_b: 'numpy',
        r: null,
        jobs_a: 1,
        jobs_b: 2,
        jobs_both: 1
      },
      {
        package_a: 'numpy',
        package_b: 'zarr',
        r: null,
        jobs_a: 2,
        jobs_b: 1,
        jobs_both: 1
      }
    ]);
  });

  it('sorts perfect pairs by name, however many jobs they have', () => {
    const job_id = [...Array(49).keys()].flatMap(job => [`${job}`, `${job}`]);
    const names = job_id.map((job, i) =>
      Number(job) % 7 === 0
        ? ['d', 'c'][i % 2]
        : Number(job) < 20
          ? ['b', 'a'][i % 2]
          : ''
    );
    const rows = rowsOf(
      { job_id: text(...job_id), subservice: text(...names) },
      question('package-correlation', { top: 2 })
    );
    expect(rows.map(row => [row.package_a, row.package_b, row.r])).toEqual([
      ['a', 'b', 1],
      ['c', 'd', 1]
    ]);
  });

  it('compares one package with all others', () => {
    const rows = rowsOf(
      table,
      question('package-affinity', { package: 'numpy' })
    );
    expect(rows.map(({ r: _, ...row }) => row)).toEqual([
      { package: 'scipy', jobs: 2, jobs_both: 2 },
      { package: 'dask', jobs: 1, jobs_both: 0 }
    ]);
    expect(rows[0].r).toBeCloseTo(r(5, 3, 2, 2), 14);
    expect(
      rowsOf(table, question('package-affinity', { package: 'scipy', top: 1 }))
    ).toHaveLength(1);
  });

  it('finds nothing for a package that no job has, and asks for one', () => {
    for (const name of ['absent', 'zarr', '', '007']) {
      expect(
        rowsOf(table, question('package-affinity', { package: name }))
      ).toEqual([]);
    }
    expect(() => rowsOf(table, question('package-affinity'))).toThrow(
      new EngineError(
        'query',
        'Name the package that is compared with all others.'
      )
    );
  });
});

describe('package-trend', () => {
  const table: TestTable = {
    username: text('ann', 'bob', 'ann', 'ann', 'cy', 'ann'),
    timestamp: times(
      '2021-01-31T23:30:00Z',
      '2021-01-15T00:00:00Z',
      '2021-02-01T00:00:00Z',
      '2021-04-01T00:00:00Z',
      null,
      '2021-01-01T00:00:00Z'
    ),
    subservice: text('numpy', 'numpy', 'numpy', 'dask', 'dask', 'dask')
  };

  it('sorts by period, then count, then name, records without a time last', () => {
    expect(rowsOf(table, question('package-trend'))).toEqual([
      { period: '2021-01', package: 'numpy', users: 2 },
      { period: '2021-01', package: 'dask', users: 1 },
      { period: '2021-02', package: 'numpy', users: 1 },
      { period: '2021-04', package: 'dask', users: 1 },
      { period: null, package: 'dask', users: 1 }
    ]);
  });

  it('cuts quarters, years and other zones', () => {
    const periods = (parts: Parameters<typeof question>[1]) => [
      ...new Set(
        rowsOf(table, question('package-trend', parts)).map(row => row.period)
      )
    ];
    expect(periods({ by: 'quarter' })).toEqual(['2021-Q1', '2021-Q2', null]);
    expect(periods({ by: 'year' })).toEqual(['2021', null]);
    expect(periods({ by: 'day' })).toEqual([
      '2021-01-01',
      '2021-01-15',
      '2021-01-31',
      '2021-02-01',
      '2021-04-01',
      null
    ]);
    expect(periods({ zone: 'America/Los_Angeles' })).toEqual([
      '2020-12',
      '2021-01',
      '2021-03',
      null
    ]);
  });

  it('ranks over all periods, and gathers others by period', () => {
    expect(
      rowsOf(
        table,
        question('package-trend', { top: 1, other: true, distinct: 'record' })
      )
    ).toEqual([
      { period: '2021-01', package: null, records: 2, other: true },
      { period: '2021-01', package: 'dask', records: 1 },
      { period: '2021-02', package: null, records: 1, other: true },
      { period: '2021-04', package: 'dask', records: 1 },
      { period: null, package: 'dask', records: 1 }
    ]);
  });
});
