import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { venvProgram } from '../../scripts/lib/python.mjs';
import { ANALYSES } from '../../src/workload/analyses';
import { ANALYSIS_IDS } from '../../src/workload/query';
import type { Filter, IQuery } from '../../src/workload/query';
import type { ICountBy } from '../../src/elasticsearch/esql';
import { frequentLook } from '../../src/elasticsearch/frequent-look';
import type { ISearchBody } from '../../src/elasticsearch/protocol';
import { flags, number, question, text, times } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { FakeServer, refusal } from './fake-server';
import { fakeIndex, opened } from './fakes';
import { openEngine, serverOf } from './workloads';

/** What the server half refuses of some bodies; its place in the list, and why. */
function refusals(
  searches: readonly unknown[],
  counts: readonly ICountBy[] = []
): { at: string; message: string }[] {
  const found = execFileSync(venvProgram('python'), ['-c', CHECK], {
    cwd: join(__dirname, '../..'),
    input: JSON.stringify({ searches, counts }),
    encoding: 'utf8'
  });
  return JSON.parse(found);
}

const CHECK = `
import json, sys
from jupyterlab_workload_explorer.elasticsearch.bodies import check_query, check_search, parse_body
from jupyterlab_workload_explorer.elasticsearch.esql import count_by
from jupyterlab_workload_explorer.elasticsearch.refusal import Refusal

given = json.load(sys.stdin)
found = []
def attempt(at, act):
    try:
        act()
    except Refusal as refusal:
        found.append({"at": at, "message": str(refusal)})
for i, body in enumerate(given["searches"]):
    raw = json.dumps({**body, "pit": {"id": "handle-of-a-point"}}).encode()
    attempt(f"search {i}", lambda: check_search(parse_body(raw)))
for i, count in enumerate(given["counts"]):
    attempt(f"count {i}", lambda: (count_by("records", count["by"], count["limit"]), check_query(count["filter"])))
json.dump(found, sys.stdout)
`;

const TABLE: TestTable = {
  username: text('ann', 'ann', 'bob', 'cy'),
  job_id: text('1', '1', '2', ''),
  process_id: number(1, 2, 3, null),
  subservice: text('numpy', 'dask', 'mkl', 'numpy'),
  tools: text(['numpy', 'dask'], ['mkl'], null, ['numpy']),
  qos: text(['debug', 'regular'], 'debug', null, 'regular'),
  subsystem: text('knl', 'knl', 'gpu', null),
  num_nodes: number(4, 4, 1, null),
  executable: text('/usr/common/p', '/opt/conda/p', '/x', null),
  is_shifter: flags(false, true, null, false),
  is_staff: flags(true, false, false, null),
  is_compute: flags(true, true, false, true),
  event_timestamp: times(
    '2021-01-01T00:00:00Z',
    '2021-02-01T00:00:00Z',
    '2021-03-01T00:00:00Z',
    null
  ),
  'strange name: “x” \u{1f4be}': text('a', 'b', null, 'c')
};

const FILTERS: readonly Filter[] = [
  { field: 'user', op: 'any', values: ['ann', ''] },
  { field: 'user', op: 'any', values: ['ann'], not: true },
  { field: 'nodes', op: 'any', values: ['4', '64'] },
  { field: 'is_staff', op: 'any', values: ['false'] },
  { field: 'subsystem', op: 'missing' },
  { field: 'subsystem', op: 'missing', not: true },
  { field: 'strange name: “x” \u{1f4be}', op: 'any', values: ['a'] },
  { field: 'package', op: 'job-has', values: ['dask'] },
  { field: 'executable', op: 'glob', value: '/usr/*' },
  {
    field: 'user',
    op: 'any',
    values: Array.from({ length: 1000 }, (_, i) => `user ${i}`)
  }
];

/** All analyses with all that is counted, and each kind of condition. */
function questions(): IQuery[] {
  const all = ANALYSIS_IDS.flatMap(id =>
    ANALYSES[id].distincts.map(distinct =>
      question(id, {
        distinct,
        of: id === 'user-share' ? 10 : null,
        package: id === 'package-affinity' ? 'numpy' : null
      })
    )
  );
  const [first] = all;
  return [
    ...all,
    ...all.map(query => ({
      ...query,
      mapping: { package: ['tools'], job: ['job_id', 'username'] }
    })),
    ...FILTERS.map(filter => ({ ...first, filters: [filter] })),
    {
      ...first,
      filters: FILTERS.slice(0, 6),
      defaults: ['is_staff', 'is_compute'],
      period: { from: '2021-01-01', to: '2021-02-15' },
      zone: 'America/Argentina/Buenos_Aires'
    },
    question('package-trend', { by: 'quarter', zone: 'Etc/GMT+8' }),
    question('job-sizes', { bins: 'log2' }),
    question('package-job-size', { bins: [1, 2, 300] }),
    question('job-sizes', { mapping: { subsystem: ['qos'] } })
  ];
}

/** Ask everything there is to ask of a server. */
async function askAll(server: FakeServer): Promise<void> {
  for (const anticipate of [true, false]) {
    const engine = await openEngine(server, { anticipate });
    // Who anticipates asks for the same columns whatever the condition.
    for (const query of questions().slice(0, anticipate ? 12 : undefined)) {
      // Some cannot be answered; here only requests count.
      await engine.answer(query).catch(() => undefined);
      await engine.estimate(query).catch(() => undefined);
      if (anticipate || query.filters.length > 0) {
        await engine.overview(query).catch(() => undefined);
      }
    }
    await engine.values('user', question('users'));
    await engine.values('environment', question('users'));
    server.restart();
    await engine.answer(
      question('users', { mapping: { user: ['executable'] } })
    );
    await engine.close();
  }
}

const unique = (bodies: readonly ISearchBody[]) => [
  ...new Map(bodies.map(body => [JSON.stringify(body), body])).values()
];

const countsOf = (server: FakeServer) =>
  server.calls.flatMap(call => (call.call === 'count-by' ? [call.count] : []));

describe('the gateway’s closed schema', () => {
  it('lets through whatever is asked about one index', async () => {
    const server = serverOf(TABLE);
    const { records } = server.indices;
    records.documents = records.documents.map((document, i) =>
      i === 0 ? { ...document, _ignored: ['username'] } : document
    );
    const { point, columns } = await opened(server);
    for (const name of ['username', 'num_nodes']) {
      const column = columns.get(name);
      if (column) {
        await frequentLook(point, column, 'num_nodes');
      }
    }
    await askAll(server);
    const bodies = unique(server.bodies);
    const kinds = [
      'composite',
      '"after"',
      'docvalue_fields',
      '"sum"',
      'cardinality',
      'calendar_interval',
      'fixed_interval',
      '"range":{"field"',
      'value_count',
      '"filters"',
      'must_not',
      'exists',
      '"_source":true',
      '"min"'
    ];
    const text = JSON.stringify(bodies);
    // Pages follow on each other only where there is much.
    const seen = kinds.filter(kind => text.includes(kind));
    expect(seen).toEqual(kinds.filter(kind => kind !== '"after"'));
    expect(countsOf(server).length).toBeGreaterThan(0);
    expect(refusals(bodies, countsOf(server))).toEqual([]);
  }, 60_000);

  it('lets through later pages', async () => {
    const jobs = Array.from({ length: 7000 }, (_, i) => ({ job_id: `${i}` }));
    const wide = jobs.map(job => ({ ...job, packages: ['a', 'b'] }));
    for (const documents of [jobs, wide]) {
      const server = new FakeServer({
        records: fakeIndex(
          { job_id: 'keyword', packages: 'keyword', num_nodes: 'long' },
          documents
        )
      });
      const engine = await openEngine(server);
      let left = 1;
      server.fault = call =>
        call.call === 'search' &&
        (call.body.sort ?? call.body.aggs?.tuples) &&
        left-- > 0
          ? refusal(400, 'too_many_buckets_exception')
          : null;
      await engine.answer(
        question(documents === wide ? 'top-packages' : 'job-sizes', {
          distinct: documents === wide ? 'job+package' : 'job'
        })
      );
      await engine.close();
      const text = JSON.stringify(server.bodies);
      expect(text.includes('"after"') || text.includes('search_after')).toBe(
        true
      );
      expect(refusals(unique(server.bodies))).toEqual([]);
    }
  }, 60_000);

  it('lets through what is asked where indices differ', async () => {
    const document = { username: 'ann', event_timestamp: 1e12, job_id: 1 };
    const server = new FakeServer({
      'mods-2021.01': fakeIndex(
        { username: 'keyword', job_id: 'long', event_timestamp: 'date' },
        [document]
      ),
      'mods-2021.02': fakeIndex(
        { username: 'keyword', job_id: 'keyword', event_timestamp: 'date' },
        [{ ...document, job_id: '1' }]
      )
    });
    const engine = await openEngine(server);
    await engine.answer(question('users', { defaults: [] }));
    await engine.overview(question('users'));
    await engine.close();
    expect(JSON.stringify(server.bodies)).toContain('"_index"');
    expect(refusals(unique(server.bodies))).toEqual([]);
  });

  it('refuses others, so that this can fail', () => {
    const body = { size: 0, track_total_hits: false };
    expect(
      refusals(
        [body, { ...body, runtime_mappings: {} }],
        [{ by: ['count'], filter: { match_all: {} }, limit: 10 }]
      ).map(({ at }) => at)
    ).toEqual(['search 1', 'count 0']);
  });
});
