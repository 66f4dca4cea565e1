import { openIndices } from '../../src/elasticsearch/index-source';
import { Planner } from '../../src/elasticsearch/planner';
import type { Filter } from '../../src/workload/query';
import { flags, number, question, text, times } from '../engine/tables';
import type { Mapping } from '../../src/workload/fields';
import { fakeServer, rejection } from './fakes';
import type { FakeFields } from './fakes';
import { serverOf } from './workloads';

const TABLE = {
  username: text('ann', 'bob'),
  job_id: text('1', '2'),
  subservice: text('numpy', 'dask'),
  tools: text(['a', 'b'], 'c'),
  num_nodes: number(1, 64),
  qos: text('debug', null),
  executable: text('/p', '/q'),
  is_staff: flags(true, false),
  is_compute: flags(true, true),
  event_timestamp: times('2021-01-01T00:00:00Z', '2021-02-01T00:00:00Z')
};
const ANN: Filter = { field: 'user', op: 'any', values: ['ann'] };
const IS_ANN = { terms: { username: ['ann'] } };

async function setUp({ pushDown = true } = {}) {
  const server = serverOf(TABLE);
  const source = await openIndices(server.client());
  server.calls.length = 0;
  return { server, planner: new Planner(source, pushDown) };
}

const names = ({
  needs
}: {
  needs: readonly { name: string; form: string }[];
}) =>
  needs
    .map(({ name, form }) => (form === 'codes' ? name : `${name} in s`))
    .sort();

describe('Planner.answer', () => {
  it('finds out once whether a column holds lists, for all who ask together', async () => {
    const { planner, server } = await setUp();
    const mapping = { package: ['tools'] };
    const plans = await Promise.all(
      ['top-packages' as const, 'package-job-size' as const].map(analysis =>
        planner.answer(question(analysis, { mapping }))
      )
    );
    expect(plans.map(({ byDocument }) => byDocument)).toEqual([true, true]);
    await planner.answer(question('top-packages', { mapping }));
    expect(server.bodies).toHaveLength(1);
  });

  it('asks for the columns of a question and no others', async () => {
    const { planner, server } = await setUp();
    const plan = await planner.answer(question('job-sizes'));
    expect(names(plan)).toEqual(['job_id', 'num_nodes']);
    expect(plan).toMatchObject({ condition: null, byDocument: false });
    expect(names(await planner.answer(question('package-trend')))).toEqual([
      'event_timestamp in s',
      'subservice',
      'username'
    ]);
    expect(server.calls).toEqual([]);
  });

  it('lets the server apply the conditions that it can', async () => {
    const { planner } = await setUp();
    const plan = await planner.answer(
      question('job-sizes', {
        filters: [
          ANN,
          { field: 'qos', op: 'glob', value: 'd*' },
          { field: 'qos', op: 'missing', not: true },
          { ...ANN, values: ['bob'], disabled: true }
        ],
        defaults: ['is_staff', 'is_compute']
      })
    );
    const { filter } = Object(plan.condition).bool;
    // Not the negated one: a normalized field could exclude more by it.
    expect(filter).toHaveLength(3);
    expect(filter).toContainEqual(IS_ANN);
    expect(JSON.stringify(filter)).toContain('"is_staff"');
    expect(JSON.stringify(filter)).toContain('"is_compute"');
    expect(JSON.stringify(filter)).not.toContain('bob');
    // What it filters is tried here once more.
    expect(names(plan)).toEqual([
      'is_compute',
      'is_staff',
      'job_id',
      'num_nodes',
      'qos',
      'username'
    ]);
  });

  it('fetches for all conditions where further questions are likely', async () => {
    const { planner } = await setUp({ pushDown: false });
    const plan = await planner.answer(
      question('job-sizes', { filters: [ANN] })
    );
    expect(plan.condition).toBeNull();
  });

  it('pushes nothing down where one question counts two populations', async () => {
    const { planner } = await setUp();
    const plan = await planner.answer(
      question('module-share', { filters: [ANN] })
    );
    expect(plan.condition).toBeNull();
  });

  it('goes by document where a column holds lists', async () => {
    const { planner, server } = await setUp();
    const query = question('top-packages', { mapping: { package: ['tools'] } });
    expect((await planner.answer(query)).byDocument).toBe(true);
    // Found out once.
    await planner.answer(query);
    expect(server.calls).toHaveLength(1);
    planner.makeLists(['subservice', 'nowhere']);
    const other = await planner.answer(question('mkl-share'));
    expect(other.byDocument).toBe(true);
  });

  it('asks nothing more when it is called off', async () => {
    const { planner, server } = await setUp();
    const query = question('top-packages', { mapping: { package: ['tools'] } });
    const stop = new AbortController();
    server.fault = () => new Promise(() => stop.abort());
    for (const plan of [
      planner.answer(query, stop.signal),
      planner.overview(query, stop.signal),
      planner.values('package', query, stop.signal)
    ]) {
      expect(await rejection(plan)).toMatchObject({ name: 'AbortError' });
    }
  });

  it('finds out again when that failed', async () => {
    const { planner, server } = await setUp();
    const query = question('top-packages', { mapping: { package: ['tools'] } });
    server.fault = () => ({ status: 403, text: '' });
    expect(await rejection(planner.answer(query))).toMatchObject({
      kind: 'denied'
    });
    server.fault = () => null;
    expect((await planner.answer(query)).byDocument).toBe(true);
  });

  it.each([
    [question('job-sizes', { mapping: { nodes: [] } }), 'missing-column'],
    [
      question('job-sizes', { mapping: { nodes: ['nowhere'] } }),
      'missing-column'
    ],
    [
      question('users', {
        filters: [{ field: 'user', op: 'regexp', value: '(' }]
      }),
      'query'
    ]
  ])('refuses what cannot be answered', async (query, code) => {
    const { planner } = await setUp();
    expect(await rejection(planner.answer(query))).toMatchObject({ code });
  });
});

describe('a column that is missing', () => {
  const sentence = async (
    fields: FakeFields,
    mapping: Mapping = {},
    lists: readonly string[] = []
  ) => {
    const server = fakeServer(fields, []);
    const planner = new Planner(await openIndices(server.client()), true);
    planner.makeLists(lists);
    return rejection(planner.answer(question('users', { mapping })));
  };

  it('is told why it is, where it seems to be there', async () => {
    const missing = { code: 'missing-column', field: 'user' };
    const job = { job_id: 'keyword' };
    expect(await sentence({ ...job, 'data.username': 'text' })).toMatchObject({
      ...missing,
      message: expect.stringMatching(/^“data.username” .* full text/)
    });
    expect(
      await sentence(
        { ...job, u: { type: 'keyword', stored: false } },
        { user: ['u'] }
      )
    ).toMatchObject({
      ...missing,
      message: expect.stringMatching(/^“u” .*doc_values/)
    });
    expect(
      await sentence({ ...job, username: 'keyword' }, {}, ['username'])
    ).toMatchObject({
      ...missing,
      message: expect.stringMatching(/^“username” .* several values/)
    });
    expect(await sentence(job)).toMatchObject({
      ...missing,
      message: expect.stringMatching(/^No column/)
    });
  });
});

describe('Planner', () => {
  it('plans the head of a board, and values of fields', async () => {
    const { planner } = await setUp();
    const query = question('users', { filters: [ANN] });
    const overview = await planner.overview(query);
    expect(names(overview)).toEqual([
      'event_timestamp in s',
      'job_id',
      'subservice',
      'username'
    ]);
    // The days of a board are of all users.
    expect(overview.condition).toBeNull();
    expect(names(await planner.values('user', query))).toEqual(['username']);
    expect(names(await planner.values('qos', query))).toEqual(['qos']);
    expect(names(await planner.values('environment', query))).toEqual([
      'executable'
    ]);
  });

  it('knows what is usual', async () => {
    const { planner } = await setUp();
    const mapping = planner.mapping(question('users'));
    expect(names({ needs: planner.usual(mapping) })).toEqual([
      'event_timestamp in s',
      'is_compute',
      'is_staff',
      'job_id',
      'num_nodes',
      'qos',
      'subservice',
      'username'
    ]);
  });
});
