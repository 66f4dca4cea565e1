import type { IAnswer } from '../../src/workload/answer';
import { EngineError } from '../../src/engine/engine';
import type { ServerCall } from '../../src/elasticsearch/search-client';
import { number, question, text, times } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { json, refusal } from './fake-server';
import type { FakeServer } from './fake-server';
import { fakeServer, gate, rejection, until } from './fakes';
import { openEngine, serverOf } from './workloads';

const SIZES = question('job-sizes');

describe('estimates of ElasticEngine', () => {
  // As many as are worth it.
  const MANY = 100_000;
  const JOBS = 500;
  const many: TestTable = {
    username: text(...Array.from({ length: MANY }, (_, i) => `u${i % 50}`)),
    job_id: text(...Array.from({ length: MANY }, (_, i) => `j${i % JOBS}`)),
    num_nodes: number(...Array.from({ length: MANY }, (_, i) => (i % JOBS) % 5))
  };
  const isQuick = (call: ServerCall) =>
    call.call === 'search' && JSON.stringify(call.body).includes('cardinality');
  const exact = [0, 1, 2, 3, 4].map(nodes => ({
    num_nodes: nodes,
    jobs: JOBS / 5
  }));

  it('come first, and say that they are none', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server);
    const held = gate(server, call => call.call === 'search' && !isQuick(call));
    const told: IAnswer[] = [];
    const answer = engine.answer(SIZES, {
      onPartial: partial => told.push(partial)
    });
    await until(() => told.length > 0);
    expect(told[0].table.rows).toEqual(exact);
    expect(told[0].provenance).toMatchObject({
      exact: false,
      estimate: { method: 'cardinality', error: expect.any(Number), of: 'all' },
      query: SIZES
    });
    held.release();
    const { table, provenance } = await answer;
    expect(table.rows).toEqual(exact);
    expect(provenance).toMatchObject({ exact: true });
    // Parts of the rows tell less.
    expect(told).toHaveLength(1);
    await engine.close();
  }, 30_000);

  it('are not asked for where the exact answer is there as soon, and are where it is not', async () => {
    for (const isSlow of [false, true]) {
      const server = serverOf(many, { esql: false });
      const engine = await openEngine(server);
      const held = gate(
        server,
        call => isSlow && call.call === 'search' && !isQuick(call)
      );
      const told: IAnswer[] = [];
      const tell = (found: IAnswer | null) => found && told.push(found);
      const users = question('users');
      const found = engine.answer(users, { onPartial: tell });
      const early = engine.estimate(users, { atOnce: true }).then(tell);
      if (isSlow) {
        await until(() => told.length === 2);
        held.release();
      }
      await Promise.all([found, early]);
      expect((await found).table.rows).toEqual([{ users: 50 }]);
      expect(told).toHaveLength(isSlow ? 2 : 0);
      expect(server.calls.filter(isQuick)).toHaveLength(isSlow ? 1 : 0);
      await engine.close();
    }
  }, 30_000);

  it('are refused where the exact answer is: users that are lists', async () => {
    const server = fakeServer({ username: 'keyword', site: 'keyword' }, [
      { username: ['ann', 'bob'], site: 'here' },
      { username: 'cy', site: 'here' }
    ]);
    const engine = await openEngine(server);
    const failure = await rejection(engine.estimate(question('users')));
    expect(failure).toMatchObject({ code: 'missing-column', field: 'user' });
    expect(await rejection(engine.answer(question('users')))).toEqual(failure);
    await engine.close();
  });

  it('tell no users of a head whose users are lists', async () => {
    const server = fakeServer({ username: 'keyword', site: 'keyword' }, [
      { username: ['ann', 'bob'], site: 'here' },
      { username: 'cy', site: 'here' }
    ]);
    const engine = await openEngine(server);
    const head = await engine.estimateOverview(question('users'));
    expect(head).toMatchObject({ records: 2, users: null });
    await engine.close();
  });

  /** As a field in small letters does with what is asked for. */
  const inSmallLetters = (server: FakeServer) => {
    server.fault = call => {
      const asked = JSON.stringify(call);
      // Aggregations know the values themselves only.
      const small = asked.replaceAll(
        '{"username":["U1"]}',
        '{"username":["u1"]}'
      );
      return small === asked ? null : server.send(JSON.parse(small));
    };
    return server;
  };

  it.each([false, true])(
    'are none where a normalizer makes a condition mean more, negated: %s',
    async not => {
      const named = (user: string) =>
        question('users', {
          filters: [{ field: 'user', op: 'any', values: [user], not }]
        });
      const engine = await openEngine(
        inSmallLetters(serverOf({ username: text('u1', 'u1', 'u2') }))
      );
      expect(await engine.estimate(named('U1'))).toBeNull();
      expect(await engine.estimateOverview(named('U1'))).toBeNull();
      expect((await engine.estimate(named('u1')))?.table.rows).toEqual([
        { users: 1 }
      ]);
      expect(await engine.estimateOverview(named('u1'))).toMatchObject({
        records: not ? 1 : 2,
        users: 1
      });
      await engine.close();
    }
  );

  it('ask once what a negated condition leaves out', async () => {
    const server = serverOf({
      username: text('u1', 'u2'),
      job_id: text('1', '2'),
      subservice: text('numpy', 'dask')
    });
    const engine = await openEngine(server);
    const before = server.calls.length;
    const filters = [
      { field: 'user', op: 'any', values: ['u1'], not: true } as const
    ];
    for (const distinct of ['user', 'job', 'record'] as const) {
      await engine.estimate(question('top-packages', { filters, distinct }));
    }
    expect(server.calls.length - before).toBe(3 + 1);
    await engine.close();
  });

  it('leave days beside the period to the exact answer where a normalizer makes a condition mean more', async () => {
    const server = serverOf({
      username: text('u1', 'u2'),
      event_timestamp: times('2021-01-02T00:00:00Z', '2021-01-01T00:00:00Z')
    });
    const engine = await openEngine(inSmallLetters(server));
    const { days } = await engine.overview(
      question('users', {
        period: { from: '2021-01-01', to: '2021-01-02' },
        filters: [{ field: 'user', op: 'any', values: ['U1'] }]
      })
    );
    expect(days).toEqual([]);
    await engine.close();
  });

  it.each([
    ['takes too long', refusal(504, 'timeout'), 1],
    ['is away', refusal(503, 'no_shard_available_action_exception'), 2]
  ])('do not wait for a server that %s', async (_, failure, sent) => {
    const server = serverOf({ username: text('u1', 'u2') });
    const engine = await openEngine(server);
    const before = server.calls.length;
    server.fault = () => failure;
    await rejection(engine.estimate(question('users')));
    expect(server.calls.length - before).toBe(sent);
    await engine.close();
  });

  it('are none where a normalizer chooses other documents than were named', async () => {
    const server = serverOf({ username: text('u1', 'u1', 'u2') });
    const engine = await openEngine(server);
    const named = (user: string) =>
      question('users', {
        filters: [{ field: 'user', op: 'any', values: [user] }]
      });
    expect((await engine.estimate(named('u1')))?.table.rows).toEqual([
      { users: 1 }
    ]);
    // As a field in small letters does with what is asked for.
    server.fault = call => {
      const asked = JSON.stringify(call);
      return call.call === 'search' && asked.includes('{"username":["U1"]}')
        ? json({
            hits: { total: { value: 2 } },
            aggregations: {
              units: { value: 1 },
              chosen0: { doc_count: 2, own: { buckets: [] } }
            }
          })
        : null;
    };
    expect(await engine.estimate(named('U1'))).toBeNull();
    await engine.close();
  });

  it('are of fewer names where the server does not allow so many groups', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `package ${i}`);
    const server = serverOf({
      username: text(...names.flatMap((_, i) => [`u${i}`, 'ann'])),
      subservice: text(...names.flatMap(name => [name, name]))
    });
    server.fault = call =>
      call.call === 'search' &&
      [1000, 200].some(size =>
        JSON.stringify(call.body).includes(`"size":${size},"shard_size"`)
      )
        ? refusal(400, 'too_many_buckets_exception')
        : null;
    const engine = await openEngine(server);
    for (const [top, error] of [
      [null, null],
      [100, null],
      [10, expect.any(Number)]
    ] as const) {
      const asked = question('top-packages', { top });
      const found = await engine.estimate(asked);
      expect(found?.table.rows).toHaveLength(top === 10 ? 10 : 40);
      expect(found?.provenance.estimate).toMatchObject({ error });
    }
    server.fault = call =>
      call.call === 'search' &&
      JSON.stringify(call.body).includes('"shard_size"')
        ? refusal(400, 'too_many_buckets_exception')
        : null;
    expect(
      await engine.estimate(question('top-packages', { top: 11 }))
    ).toBeNull();
    await engine.close();
  });

  it('never come after the answer, and not when all is there', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server);
    const held = gate(server, isQuick);
    const told: IAnswer[] = [];
    await engine.answer(SIZES, { onPartial: partial => told.push(partial) });
    held.release();
    await new Promise(resolve => setTimeout(resolve));
    expect(told.filter(({ provenance }) => !provenance.partial)).toEqual([]);
    const before = server.calls.length;
    await engine.answer(SIZES, { onPartial: partial => told.push(partial) });
    expect(server.calls).toHaveLength(before);
    await engine.close();
  }, 30_000);

  it('end on the server when the answer is there, or nobody asks any more', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server);
    const under = async () =>
      (await engine.requests()).records.filter(
        ({ milliseconds }) => milliseconds === null
      );
    let held = gate(server, isQuick);
    await engine.answer(SIZES, { onPartial: () => undefined });
    await until(async () => (await under()).length === 0);
    held.release();
    held = gate(server, () => true);
    const stop = new AbortController();
    const given = rejection(
      engine.answer(question('users'), {
        onPartial: () => undefined,
        signal: stop.signal
      })
    );
    await until(() => held.waiting.length > 0);
    stop.abort();
    await given;
    await until(async () => (await under()).length === 0);
    held.release();
    await engine.close();
  }, 30_000);

  it('are asked once of each question', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server);
    const first = await engine.estimate(SIZES);
    const before = server.calls.length;
    expect(await engine.estimate(SIZES)).toBe(first);
    expect(server.calls).toHaveLength(before);
    await engine.close();
  }, 30_000);

  it('can be made before anything is weighed, of what lacks something', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server, { anticipate: true });
    await engine.answer(question('users'));
    const before = server.calls.length;
    const lacking: (readonly number[])[] = [];
    let estimate: Promise<IAnswer | null> = Promise.resolve(null);
    await engine.cost([question('users'), SIZES], {
      onLacking: positions => {
        expect(server.calls).toHaveLength(before);
        lacking.push(positions);
        estimate = engine.estimate(SIZES, { atOnce: true });
      }
    });
    expect(lacking).toEqual([[1]]);
    // Who asks meanwhile shares its request.
    const [one, other] = await Promise.all([estimate, engine.estimate(SIZES)]);
    expect(one).toBe(other);
    expect(server.calls.filter(isQuick)).toHaveLength(1);
    await engine.close();
  }, 30_000);

  it('complete values of a field that was not fetched, by one request', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server, { anticipate: true });
    const before = server.calls.length;
    const found = await engine.values('user', SIZES, { limit: 2 });
    expect(found).toEqual([
      { value: 'u0', records: MANY / 50 },
      { value: 'u1', records: MANY / 50 }
    ]);
    const some = { contains: 'U4', limit: 50 };
    expect(
      (await engine.values('user', SIZES, some)).map(({ value }) => value)
    ).toEqual(['u4', ...Array.from({ length: 10 }, (_, i) => `u4${i}`)]);
    // Of numbers, too.
    expect(await engine.values('nodes', SIZES, { limit: 1 })).toEqual([
      { value: '0', records: MANY / 5 }
    ]);
    expect(server.calls).toHaveLength(before + 2);
    // As from what was fetched.
    await engine.answer(question('users'));
    expect(await engine.values('user', SIZES, { limit: 2 })).toEqual(found);
    expect(await engine.values('user', SIZES, some)).toHaveLength(11);
    await engine.close();
  }, 30_000);

  it('are not made of few documents', async () => {
    const server = serverOf({
      job_id: text('1', '2'),
      num_nodes: number(1, 2)
    });
    const engine = await openEngine(server);
    await engine.answer(SIZES, { onPartial: () => undefined });
    expect(server.calls.filter(isQuick)).toEqual([]);
    await engine.close();
  });

  it('do no harm when they fail', async () => {
    const server = serverOf(many, { esql: false });
    const engine = await openEngine(server);
    server.fault = call =>
      isQuick(call) ? refusal(403, 'security_exception') : null;
    const { table } = await engine.answer(SIZES, {
      onPartial: () => undefined
    });
    expect(table.rows).toEqual(exact);
    expect(await rejection(engine.estimate(SIZES))).toBeInstanceOf(EngineError);
    await engine.close();
  }, 30_000);
});
