import fc from 'fast-check';

import { quickLook } from '../../src/elasticsearch/quick-look';
import type {
  IQuickAnswer,
  IQuickLook
} from '../../src/elasticsearch/quick-look';
import { openIndices } from '../../src/elasticsearch/index-source';
import { filtersOf } from '../../src/engine/answers';
import { answerColumns } from '../../src/workload/analyses';
import { mergeMapping } from '../../src/workload/fields';
import type { AnalysisId, IQuery } from '../../src/workload/query';
import {
  flags,
  indexOf,
  number,
  question,
  text,
  times,
  workloadOf
} from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { answerTable } from '../../src/engine/answers';
import { serverOf } from './workloads';

const SEED = { seed: 20210110, numRuns: 150 };
const QUICK: readonly AnalysisId[] = [
  'users',
  'user-share',
  'partition-shares',
  'top-packages',
  'job-sizes',
  'package-job-size',
  'package-trend'
];

/** Jobs have one number of nodes each, or none: an estimate knows records only. */
const NODES: Readonly<Record<string, number | null>> = {
  '0': null,
  '1': 1,
  '2': 2,
  '3': 8,
  '4': 16,
  '5': 32,
  '6': 0,
  '': 4
};

const table: fc.Arbitrary<TestTable> = fc
  .array(
    fc.record({
      user: fc.constantFrom('ann', 'bob', 'cy', 'dee', '', null),
      job: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '', null),
      name: fc.constantFrom('numpy', 'dask', 'mkl', 'zarr', '', null),
      place: fc.constantFrom('knl', 'gpu', 'haswell', '', null),
      system: fc.constantFrom('cori', 'edison', '', null),
      staff: fc.boolean(),
      day: fc.option(fc.nat({ max: 90 }), { freq: 9 })
    }),
    { minLength: 1, maxLength: 30 }
  )
  .chain(rows =>
    fc
      .constantFrom('none', 'one', 'several')
      .map(systems => ({ rows, systems }))
  )
  .map(({ rows, systems }) => ({
    ...(systems === 'none'
      ? {}
      : {
          system: text(
            ...rows.map(row => (systems === 'one' ? 'cori' : row.system))
          )
        }),
    username: text(...rows.map(row => row.user)),
    job_id: text(...rows.map(row => row.job)),
    subservice: text(...rows.map(row => row.name)),
    subsystem: text(...rows.map(row => row.place)),
    num_nodes: number(...rows.map(row => NODES[row.job ?? ''])),
    is_staff: flags(...rows.map(row => row.staff)),
    event_timestamp: times(
      ...rows.map(({ day }) =>
        day === null ? null : new Date(Date.UTC(2021, 0, 1 + day)).toISOString()
      )
    )
  }));

const query: fc.Arbitrary<IQuery> = fc
  .record({
    id: fc.constantFrom(...QUICK),
    byRecord: fc.boolean(),
    top: fc.constantFrom(null, 1, 2),
    bins: fc.constantFrom<IQuery['bins']>('log2', null, [2, 5]),
    by: fc.constantFrom<IQuery['by']>('day', 'month', 'quarter', 'year'),
    staff: fc.boolean(),
    period: fc.constantFrom(
      { from: null, to: null },
      { from: '2021-01-05', to: '2021-02-20' }
    )
  })
  .map(({ id, byRecord, top, bins, by, staff, period }) =>
    question(id, {
      period,
      defaults: staff ? ['is_staff'] : [],
      of: id === 'user-share' ? 10 : null,
      ...(id.startsWith('user') ? {} : byRecord ? { distinct: 'record' } : {}),
      ...(id === 'top-packages' || id === 'package-trend' ? { top } : {}),
      ...(id === 'job-sizes' || id === 'package-job-size' ? { bins } : {}),
      ...(id === 'package-trend' ? { by } : {})
    })
  );

async function lookAt(
  all: TestTable,
  asked: IQuery
): Promise<{ look: IQuickLook | null; read: () => Promise<IQuickAnswer> }> {
  const server = serverOf(all);
  const { info, columns, point } = await openIndices(server.client());
  const mapping = mergeMapping(info.mapping, asked.mapping);
  const applicable = (['is_staff', 'is_compute'] as const).filter(
    field => mapping[field]
  );
  const look = quickLook(
    asked,
    filtersOf(asked, { mapping, applicable }),
    columns,
    mapping,
    info
  );
  return {
    look,
    read: async () => {
      if (!look) {
        throw new Error('there is no quick look');
      }
      return look.read(await point.search(look.body, 'test'));
    }
  };
}

function exactly(all: TestTable, asked: IQuery) {
  const workload = workloadOf(indexOf(all), asked.mapping);
  const { segments } = workload.index.dataset;
  workload.prepare(segments, ['user', 'job']);
  return answerTable(asked, workload.on(segments, asked, true));
}

const SMALL: TestTable = {
  username: text('ann', 'bob'),
  job_id: text('1', ''),
  subservice: text('numpy', 'dask'),
  num_nodes: number(1, 64),
  subsystem: text('knl', null),
  event_timestamp: times('2021-01-01T00:00:00Z', '2021-02-01T00:00:00Z')
};

describe('quickLook', () => {
  it('would be exact if sketches were, for all it estimates', async () => {
    const seen = new Set<AnalysisId>();
    await fc.assert(
      fc.asyncProperty(table, query, async (all, asked) => {
        const { read } = await lookAt(all, asked);
        const found = await read();
        const exact = exactly(all, asked);
        expect(found.table.columns).toEqual(answerColumns(asked));
        expect(found.table.rows).toEqual(exact.table.rows);
        expect(found.counted.length).toBe(1);
        expect(answerColumns(asked)).toContain(found.counted[0]);
        const isSized =
          asked.analysis.endsWith('job-size') || asked.analysis === 'job-sizes';
        if (isSized && asked.distinct === 'record') {
          // A record counts with the nodes of its job.
          expect(found.estimate.error).toBeNull();
        } else {
          expect(found.estimate.error).toBeGreaterThanOrEqual(0);
          expect(found.estimate.error).toBeLessThan(0.03);
          expect(found.estimate.of).toBe(isSized ? 'all' : 'value');
        }
        seen.add(asked.analysis);
      }),
      SEED
    );
    expect([...seen].sort()).toEqual([...QUICK].sort());
  });

  it('says that it cannot tell how far it is off where there are many systems', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `system${i}`);
    const all: TestTable = {
      job_id: text(...many.map(() => '1')),
      system: text(...many),
      num_nodes: number(...many.map(() => 1))
    };
    const { read } = await lookAt(all, question('job-sizes'));
    expect((await read()).estimate.error).toBeNull();
  });

  it('tells no jobs apart whose key has further columns', async () => {
    const asked = question('job-sizes', {
      mapping: { job: ['job_id', 'username'] }
    });
    expect((await lookAt(SMALL, asked)).look).toBeNull();
  });

  it('asks one thing in one request', async () => {
    const { look } = await lookAt(
      SMALL,
      question('package-job-size', { bins: [1, 8], distinct: 'job+package' })
    );
    const units = {
      units: { cardinality: { field: 'job_id', precision_threshold: 3000 } }
    };
    const nodes = {
      range: {
        field: 'num_nodes',
        ranges: [
          { from: 1, to: 8, key: '0' },
          { from: 8, key: '1' }
        ]
      },
      aggs: units
    };
    const outside = {
      filter: { bool: { must_not: [{ range: { num_nodes: { gte: 1 } } }] } },
      aggs: units
    };
    expect(look?.body).toEqual({
      size: 0,
      track_total_hits: true,
      query: { bool: { must_not: [{ terms: { job_id: [''] } }] } },
      aggs: {
        ...units,
        package: {
          terms: { field: 'subservice', size: 1000, shard_size: 2000 },
          aggs: {
            ...units,
            nodes,
            no_nodes: outside
          }
        },
        nodes,
        no_nodes: outside
      }
    });
  });

  it('tells how many jobs are counted with several numbers of nodes', async () => {
    // One job of four has documents that disagree; the larger number is taken.
    const all: TestTable = {
      job_id: text('1', '1', '2', '3', '4'),
      num_nodes: number(1, 2, 1, 2, 4)
    };
    const asked = question('job-sizes');
    const { read } = await lookAt(all, asked);
    const { estimate, table: found } = await read();
    const exact = exactly(all, asked).table.rows;
    expect(exact).not.toEqual(found.rows);
    expect(estimate.of).toBe('all');
    expect(estimate.error).toBeGreaterThanOrEqual(1 / 4);
    expect(estimate.error).toBeLessThan(1 / 4 + 0.02);
  });

  it('tells that a job has several numbers of nodes in documents of different packages', async () => {
    const all: TestTable = {
      job_id: text('1', '1', '2', '3', '4'),
      subservice: text('numpy', 'dask', 'numpy', 'dask', 'dask'),
      num_nodes: number(1, 8, 1, 2, 4)
    };
    const { read } = await lookAt(all, question('package-job-size'));
    expect((await read()).estimate.error).toBeGreaterThanOrEqual(1 / 4);
  });

  it('says how far it is off where shards do not tell of all names, and that it is not known where names may be missing', async () => {
    const bucket = (key: string, users: number, documents: number) => ({
      key,
      doc_count: documents,
      units: { value: users }
    });
    const errorOf = async (
      top: number | null,
      other: number,
      bound: number
    ) => {
      const { look } = await lookAt(SMALL, question('top-packages', { top }));
      return look?.read({
        aggregations: {
          units: { value: 900 },
          package: {
            sum_other_doc_count: other,
            doc_count_error_upper_bound: bound,
            buckets: [
              bucket('a', 500, 9000),
              bucket('b', 400, 600),
              bucket('c', 9, 100)
            ]
          }
        }
      }).estimate.error;
    };
    expect(await errorOf(null, 0, 0)).toBeCloseTo(0.0163);
    expect(await errorOf(2, 0, 4)).toBeCloseTo(0.0163 + 4 / 400);
    // Of what is missing none has more than 104 documents, so the first two are the first two.
    expect(await errorOf(2, 50, 4)).toBeCloseTo(0.0163 + 4 / 400);
    expect(await errorOf(3, 50, 4)).toBeNull();
    expect(await errorOf(null, 50, 0)).toBeNull();
    expect(await errorOf(2, 50, -1)).toBeNull();
  });

  it('reads digits of sums beyond a double, and answers that lack parts', async () => {
    const { look } = await lookAt(SMALL, question('users'));
    expect(
      look?.read({ aggregations: { units: { value: 12 } } }).table.rows
    ).toEqual([{ users: 12 }]);
    expect(look?.read({ hits: {} }).table.rows).toEqual([{ users: 0 }]);
  });

  it.each<[string, IQuery]>([
    ['correlations', question('package-correlation')],
    ['packages of one job', question('mkl-share')],
    ['interpreters', question('module-share')],
    [
      'patterns',
      question('users', {
        filters: [{ field: 'user', op: 'regexp', value: 'a' }]
      })
    ],
    [
      'conditions on a job’s packages',
      question('users', {
        filters: [{ field: 'package', op: 'job-has', values: ['dask'] }]
      })
    ],
    [
      'keys of several columns',
      question('job-sizes', { mapping: { job: ['job_id', 'username'] } })
    ],
    [
      'weights',
      question('top-packages', {
        distinct: 'record',
        mapping: { count: ['num_nodes'] }
      })
    ],
    ['a role that is not mapped', question('users', { mapping: { user: [] } })],
    [
      'a period of texts',
      question('users', {
        mapping: { time: ['subsystem'] },
        period: { from: '2021-01-01', to: null }
      })
    ]
  ])('has none for %s', async (_, asked) => {
    expect((await lookAt(SMALL, asked)).look).toBeNull();
  });

  it('leaves what is empty out of jobs and names', async () => {
    const { read } = await lookAt(SMALL, question('job-sizes'));
    expect((await read()).table.rows).toEqual([{ num_nodes: 1, jobs: 1 }]);
    expect((await read()).population.jobs).toBe(1);
  });
});
