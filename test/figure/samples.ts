import { defaultQuestion } from '../../src/workload/analyses';
import type { ITable, Row } from '../../src/workload/answer';
import type { AnalysisId, IQuestion } from '../../src/workload/query';
import { DEFAULT_LOOK } from '../../src/workload/view';
import type { ILook } from '../../src/workload/view';

/** Answers as the engine gives them, small and large, with what is hard to draw in them. */

export const NAMES = Array.from(
  { length: 53 },
  (_, i) => `package-${String(i).padStart(2, '0')}`
);

export function packages(count: number, other: number | null = null): ITable {
  const rows: Row[] = NAMES.slice(0, count).map((name, i) => ({
    package: name,
    users: Math.round(1790 / (1 + i / 4))
  }));
  return {
    columns: ['package', 'users'],
    rows:
      other === null
        ? rows
        : [...rows, { package: null, users: other, other: true }]
  };
}

export function sizes(): ITable {
  return {
    columns: ['num_nodes', 'jobs'],
    rows: Array.from({ length: 60 }, (_, i) => ({
      num_nodes: i < 20 ? i + 1 : 20 + (i - 19) ** 2,
      jobs: Math.ceil(50000 / (i + 1) ** 2)
    }))
  };
}

export function sizeGrid(count: number, other = false): ITable {
  const rows: Row[] = NAMES.slice(0, count).flatMap((name, i) =>
    [0, 1, 2, 5, 9].map(k => ({
      package: name,
      nodes_from: 2 ** k,
      nodes_to: 2 ** (k + 1) - 1,
      jobs: 1000 - 10 * i - 50 * k
    }))
  );
  return {
    columns: ['package', 'nodes_from', 'nodes_to', 'jobs'],
    rows: other
      ? [
          ...rows,
          {
            package: null,
            nodes_from: 1,
            nodes_to: 1,
            jobs: 99999,
            other: true
          }
        ]
      : rows
  };
}

/** Pairs of packages; every seventh is of one kind and correlates, and the last one is in every job. */
export function pairs(count: number): ITable {
  const names = NAMES.slice(0, count);
  const rows: Row[] = [];
  names.forEach((package_a, i) => {
    names.slice(i + 1).forEach((package_b, k) => {
      const j = i + 1 + k;
      const alike = i % 7 === j % 7;
      rows.push({
        package_a,
        package_b,
        r: j === count - 1 ? null : alike ? 0.7 : ((i * j) % 5) / 20 - 0.1,
        jobs_a: 1000 - i,
        jobs_b: 1000 - j,
        jobs_both: alike ? 600 : 20
      });
    });
  });
  return {
    columns: ['package_a', 'package_b', 'r', 'jobs_a', 'jobs_b', 'jobs_both'],
    rows
  };
}

export function overTime(
  periods: readonly string[],
  count: number,
  other = false
): ITable {
  return {
    columns: ['period', 'package', 'users'],
    rows: periods.flatMap((period, t) => [
      ...NAMES.slice(0, count)
        .map((name, i): Row => ({
          period,
          package: name,
          users: 100 * (count - i) + 3 * t
        }))
        // A package without users in a period has no row.
        .filter((_, i) => (i + t) % 5 !== 4),
      ...(other
        ? [{ period, package: null, users: 777, other: true } satisfies Row]
        : [])
    ])
  };
}

export const PARTITIONS: ITable = {
  columns: ['subsystem', 'jobs', 'share'],
  rows: [
    { subsystem: 'haswell', jobs: 8412, share: 0.8412 },
    { subsystem: 'knl', jobs: 1413, share: 0.1413 },
    { subsystem: null, jobs: 175, share: 0.0175 }
  ]
};

export const ENVIRONMENTS: ITable = {
  columns: ['environment', 'users', 'jobs', 'user_share', 'job_share'],
  rows: [
    {
      environment: 'center module',
      users: 63,
      jobs: 50,
      user_share: 0.63,
      job_share: 0.05
    },
    {
      environment: 'conda',
      users: 54,
      jobs: 690,
      user_share: 0.54,
      job_share: null
    }
  ]
};

export const AFFINITY: ITable = {
  columns: ['package', 'r', 'jobs', 'jobs_both'],
  rows: [
    { package: 'numpy', r: 0.81, jobs: 900, jobs_both: 800 },
    { package: 'dask', r: -0.2, jobs: 90, jobs_both: 8 },
    { package: 'os', r: null, jobs: 1000, jobs_both: 800 }
  ]
};

export function question(
  analysis: AnalysisId,
  change: Partial<IQuestion> = {}
): IQuestion {
  return { ...defaultQuestion(analysis), ...change };
}

export function look(change: Partial<ILook> = {}): ILook {
  return { ...DEFAULT_LOOK, ...change };
}

/** Every kind of figure. */
export const CASES: readonly (readonly [string, ITable, IQuestion, ILook])[] = [
  [
    'users',
    { columns: ['users'], rows: [{ users: 2448 }] },
    question('users'),
    look()
  ],
  ['bars', packages(20), question('top-packages'), look()],
  ['bars, log', packages(20), question('top-packages'), look({ log: true })],
  [
    'bars with others',
    packages(8, 9000),
    question('top-packages', { top: 8, other: true }),
    look()
  ],
  ['many bars', packages(53), question('top-packages'), look()],
  ['partitions', PARTITIONS, question('partition-shares'), look()],
  ['environments', ENVIRONMENTS, question('module-share'), look()],
  ['sizes', sizes(), question('job-sizes'), look({ log: true })],
  [
    'sizes by users',
    {
      columns: ['num_nodes', 'users'],
      rows: sizes().rows.map(row => ({
        num_nodes: row.num_nodes,
        users: row.jobs
      }))
    },
    question('job-sizes', { distinct: 'user' }),
    look()
  ],
  [
    'sizes in classes',
    {
      columns: ['nodes_from', 'nodes_to', 'jobs'],
      rows: [
        { nodes_from: 1, nodes_to: 1, jobs: 170488 },
        { nodes_from: 2, nodes_to: 32, jobs: 8555 },
        { nodes_from: 33, nodes_to: null, jobs: 53 }
      ]
    },
    question('job-sizes', { bins: [1, 2, 33] }),
    look()
  ],
  [
    'grid',
    sizeGrid(15, true),
    question('package-job-size', { top: 15, other: true }),
    look()
  ],
  [
    'large grid',
    sizeGrid(53),
    question('package-job-size'),
    look({ order: 'name', log: true })
  ],
  ['pairs', pairs(53), question('package-correlation'), look()],
  [
    'few pairs',
    pairs(5),
    question('package-correlation'),
    look({ order: 'value' })
  ],
  [
    'affinity',
    AFFINITY,
    question('package-affinity', { package: 'mpi4py' }),
    look()
  ],
  [
    'trend',
    overTime(['2021-01', '2021-02', '2021-04'], 6, true),
    question('package-trend'),
    look()
  ],
  [
    'trend of many, log',
    overTime(['2020-Q4', '2021-Q1'], 53),
    question('package-trend', { by: 'quarter' }),
    look({ log: true })
  ],
  [
    'trend by day',
    overTime(
      Array.from({ length: 90 }, (_, i) =>
        new Date(Date.UTC(2021, 0, i + 1)).toISOString().slice(0, 10)
      ),
      3
    ),
    question('package-trend', { by: 'day' }),
    look()
  ],
  [
    'transformed',
    {
      columns: ['letter', 'share'],
      rows: [
        { letter: 'a', share: 0.5 },
        { letter: 'b', share: null }
      ]
    },
    question('top-packages'),
    look()
  ],
  [
    'transformed over time',
    {
      columns: ['period', 'total'],
      rows: [
        { period: '2021-01', total: 5 },
        { period: '2021-03', total: 7 }
      ]
    },
    question('package-trend'),
    look()
  ],
  [
    'transformed to numbers',
    {
      columns: ['n', 'm'],
      rows: [
        { n: 1, m: -5 },
        { n: 2, m: 7 }
      ]
    },
    question('package-trend'),
    look()
  ],
  [
    'transformed to one row',
    { columns: ['n', 'share'], rows: [{ n: 1234, share: 0.1 }] },
    question('job-sizes'),
    look()
  ],
  [
    'nothing to draw',
    { columns: ['package'], rows: [{ package: 'a' }] },
    question('top-packages'),
    look()
  ],
  [
    'no rows',
    { columns: ['package', 'users'], rows: [] },
    question('top-packages'),
    look()
  ],
  [
    'no pairs',
    { ...pairs(0), rows: [] },
    question('package-correlation'),
    look()
  ],
  [
    'no grid',
    { ...sizeGrid(0), rows: [] },
    question('package-job-size'),
    look()
  ],
  [
    'no trend',
    { ...overTime([], 0), rows: [] },
    question('package-trend'),
    look()
  ],
  [
    'no sizes',
    { columns: ['num_nodes', 'jobs'], rows: [] },
    question('job-sizes'),
    look()
  ]
];
