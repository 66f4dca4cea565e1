import type { IQuery } from '../../src/workload/query';
import type { ElasticEngine } from '../../src/elasticsearch/elastic-engine';
import type { ServerCall } from '../../src/elasticsearch/search-client';
import { number, question, rowsOf, text, times } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { refusal } from './fake-server';
import type { FakeServer } from './fake-server';
import { gate, rejection, until } from './fakes';
import { openEngine, serverOf } from './workloads';

/** Documents: one an hour. */
const MANY = 2400;
const HOUR = 3_600_000;
const START = Date.UTC(2021, 0, 1);
const DAYS = MANY / 24;
const list = Array.from({ length: MANY }, (_, i) => i);
const TABLE: TestTable = {
  username: text(...list.map(i => `u${i % 7}`)),
  job_id: text(...list.map(i => `${i}`)),
  subservice: text(...list.map(i => ['numpy', 'mkl', 'dask'][i % 3])),
  num_nodes: number(...list.map(i => 1 + (i % 4))),
  event_timestamp: times(
    ...list.map(i => new Date(START + i * HOUR).toISOString())
  )
};
/** Documents of a slice: four days. */
const SLICE = 96;
const SIZES = question('job-sizes');
const DECADE = { from: '2021-01-21', to: '2021-01-31' };
const IN_DECADE = { ...SIZES, period: DECADE };

async function open(
  options: Parameters<typeof openEngine>[1] = {}
): Promise<{ server: FakeServer; engine: ElasticEngine }> {
  const server = serverOf(TABLE, { esql: false });
  server.pageSize = SLICE;
  return { server, engine: await openEngine(server, options) };
}

const isPage = (call: ServerCall) =>
  call.call === 'search' && call.body.aggs?.tuples !== undefined;
const pages = (server: FakeServer) => server.calls.filter(isPage).length;
/** Pages that ten days are in: one or two each. */
const DECADE_PAGES = 2 * Math.ceil(11 / 4 + 1);

describe('a period', () => {
  it.each([true, false])(
    'costs what is in it, for the head of a board, too (anticipating: %s)',
    async anticipate => {
      const { server, engine } = await open({ anticipate });
      const found = await engine.overview(IN_DECADE);
      expect(pages(server)).toBeLessThanOrEqual(DECADE_PAGES);
      expect(found).toMatchObject({ records: 240, jobs: 240, users: 7 });
      // The days beside the period are there all the same.
      expect(found.days).toHaveLength(DAYS);
      expect(found.days?.every(({ records }) => records === 24)).toBe(true);
      // Nor is more fetched ahead of questions than of that time.
      await new Promise(resolve => setTimeout(resolve, 700));
      expect(pages(server)).toBeLessThanOrEqual(2 * DECADE_PAGES);
      await engine.close();
    }
  );

  it('is the same as all read, with conditions that the server has and others', async () => {
    const { engine } = await open();
    for (const filters of [
      [{ field: 'user', op: 'any', values: ['u1', 'u3'] } as const],
      [{ field: 'user', op: 'regexp', value: '[13]$' } as const],
      [{ field: 'package', op: 'job-has', values: ['mkl'] } as const]
    ]) {
      const selection = { ...IN_DECADE, filters };
      const { days, ...head } = await engine.overview(selection);
      const whole = await engine.overview({
        ...selection,
        period: { from: null, to: null }
      });
      expect(days).toEqual(whole.days);
      expect(head.records).toBeLessThan(whole.records);
    }
    await engine.close();
  });

  it('is read in full where the server chooses other documents than the explorer', async () => {
    const { server, engine } = await open();
    const right = await engine.overview(IN_DECADE);
    // As where a field is normalized.
    server.indices.records.documents = [];
    const other = await open();
    other.server.fault = async call => {
      if (call.call === 'search' && call.body.aggs?.days) {
        return {
          status: 200,
          text: JSON.stringify({
            hits: {},
            aggregations: { days: { buckets: [] }, inside: { doc_count: 1 } }
          })
        };
      }
      return null;
    };
    expect(await other.engine.overview(IN_DECADE)).toEqual(right);
    await engine.close();
    await other.engine.close();
  });

  it('is what is asked about before much is fetched', async () => {
    const { engine } = await open({ anticipate: true });
    const all = await engine.cost([SIZES]);
    const some = await engine.cost([IN_DECADE]);
    expect(all.rows).toBe(MANY);
    expect(some.rows).toBeGreaterThanOrEqual(240);
    expect(some.rows).toBeLessThan(240 + 2 * SLICE);
    // The time is a column more.
    expect(some.bytes / all.bytes).toBeCloseTo(
      ((4 / 3) * some.rows) / all.rows
    );
    await engine.answer(IN_DECADE);
    expect((await engine.cost([IN_DECADE])).bytes).toBe(0);
    expect((await engine.cost([SIZES])).rows).toBe(MANY - some.rows);
    // Few tuples cost little, however many documents there are.
    const users = await engine.cost([question('users')]);
    expect(users.bytes).toBeLessThan(all.bytes / 5);
    await engine.close();
  });

  it('costs its head no request when all documents are there', async () => {
    const { server, engine } = await open({ anticipate: true });
    await engine.overview({ ...IN_DECADE, period: { from: null, to: null } });
    const before = server.calls.length;
    const filters = [
      { field: 'user', op: 'any', values: ['u1', 'u3'] } as const
    ];
    server.fault = () => refusal(503, 'away');
    const found = await engine.overview({ ...IN_DECADE, filters });
    expect(found.days).toHaveLength(DAYS);
    expect(server.calls).toHaveLength(before);
    await engine.close();
  });

  it('is weighed until nobody waits', async () => {
    const { server, engine } = await open({ anticipate: true });
    const held = gate(server, () => true);
    const stop = new AbortController();
    const given = rejection(engine.cost([SIZES], { signal: stop.signal }));
    await until(() => held.waiting.length > 0);
    stop.abort();
    expect(await given).toMatchObject({ name: 'AbortError' });
    await until(async () =>
      (await engine.requests()).records.every(
        ({ milliseconds }) => milliseconds !== null
      )
    );
    held.release();
    await engine.close();
  });
});

describe('memory', () => {
  const byUser: IQuery = question('top-packages', {
    filters: [{ field: 'num_nodes', op: 'any', values: ['1'] }]
  });

  it('is shared by all that is kept: what was used longest ago makes room', async () => {
    const { server, engine } = await open();
    const sizes = await engine.cost([SIZES]);
    await engine.close();
    const small = await open({ memory: 1.4 * sizes.memory });
    await small.engine.answer(SIZES);
    // Of other columns, so that the first one does not serve.
    await small.engine.answer(question('package-trend', { distinct: 'job' }));
    const before = pages(small.server);
    expect((await small.engine.answer(SIZES)).table.rows).toEqual(
      rowsOf(TABLE, SIZES)
    );
    expect(pages(small.server)).toBeGreaterThan(before);
    await small.engine.close();
    expect(server.open).toBe(0);
  });

  it('says what fits when one question alone needs more', async () => {
    const { server, engine } = await open({ memory: 20_000 });
    expect(await rejection(engine.answer(SIZES))).toMatchObject({
      code: 'memory',
      message: expect.stringContaining('choose a shorter period')
    });
    expect(pages(server)).toBe(0);
    expect(
      (
        await engine.answer({
          ...SIZES,
          period: { from: '2021-04-08', to: null }
        })
      ).table.rows
    ).not.toHaveLength(0);
    // Few tuples fit.
    expect((await engine.answer(byUser)).table.rows).not.toHaveLength(0);
    await engine.close();
  });

  it('is neither taken nor made by a question that is refused', async () => {
    const { engine } = await open();
    const jobs = question('package-trend', { distinct: 'job' });
    const { memory } = await engine.cost([SIZES]);
    await engine.close();
    const small = await open({ memory: 0.9 * memory });
    // Slow, so that questions overlap.
    small.server.fault = call =>
      isPage(call)
        ? new Promise(resolve => setTimeout(() => resolve(null), 5))
        : null;
    const users = question('users');
    await small.engine.answer(users);
    await small.engine.answer(IN_DECADE);
    expect(await rejection(small.engine.answer(jobs))).toMatchObject({
      code: 'memory'
    });
    const before = pages(small.server);
    await small.engine.answer(users);
    await small.engine.answer(IN_DECADE);
    expect(pages(small.server)).toBe(before);
    expect(await rejection(small.engine.answer(SIZES))).toMatchObject({
      code: 'memory'
    });
    const later = { from: '2021-02-21', to: '2021-02-25' };
    const byPackage = question('top-packages', { distinct: 'user' });
    await Promise.all([
      small.engine.answer({ ...SIZES, period: later }),
      small.engine.answer(byPackage)
    ]);
    await small.engine.close();
  });

  it('is not taken from what was asked for by what nobody has asked for', async () => {
    const { engine } = await open();
    const { memory } = await engine.cost([SIZES]);
    await engine.close();
    const small = await open({ anticipate: true, memory: 1.2 * memory });
    await small.engine.answer(SIZES);
    const before = small.server.calls.length;
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(small.server.calls).toHaveLength(before);
    await small.engine.close();
  });
});

describe('what is fetched ahead of questions', () => {
  it('says so among the requests, until a question waits for it, too', async () => {
    const { server, engine } = await open({ anticipate: true });
    const ahead = async (from: number) =>
      (await engine.requests()).records
        .slice(from)
        .map(({ purpose }) => purpose.endsWith(', ahead of questions'));
    await engine.answer(question('users'));
    const asked = (await engine.requests()).records.length;
    expect(await ahead(0)).not.toContain(true);
    const held = gate(server, isPage);
    await until(() => held.waiting.length > 0);
    // How time is cut, and the first pages.
    const before = await ahead(asked);
    expect(before.length).toBeGreaterThan(held.waiting.length);
    expect(before).not.toContain(false);
    const answer = engine.answer(SIZES);
    await new Promise(resolve => setTimeout(resolve));
    held.release();
    expect((await answer).table.rows).toEqual(rowsOf(TABLE, SIZES));
    const after = await ahead(asked + before.length);
    expect(after.length).toBeGreaterThan(10);
    expect(after).not.toContain(true);
    await engine.close();
  });

  it('is told among the requests, ends at a word, and does not begin again by itself', async () => {
    const { server, engine } = await open({ anticipate: true });
    await engine.answer(SIZES);
    const held = gate(server, isPage);
    await until(() => held.waiting.length > 0);
    const waiting = async () =>
      (await engine.requests()).records.filter(one => one.milliseconds === null)
        .length;
    expect(await waiting()).toBeGreaterThan(0);
    const before = server.calls.length;
    engine.quiet();
    await until(async () => (await waiting()) === 0);
    held.release();
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(server.calls).toHaveLength(before);
    // Questions are answered all the same.
    const top = question('top-packages');
    expect((await engine.answer(top)).table.rows).toEqual(rowsOf(TABLE, top));
    await engine.close();
  });

  it('learns of columns that are lists, and fails for them once', async () => {
    const server = serverOf(
      {
        ...TABLE,
        qos: text(...list.map(i => (i === MANY / 2 ? ['a', 'b'] : 'a')))
      },
      { esql: false }
    );
    server.pageSize = SLICE;
    const engine = await openEngine(server, { anticipate: true });
    const ahead: number[] = [];
    for (const user of ['u1', 'u2', 'u3', 'u4']) {
      const filters = [{ field: 'user', op: 'any', values: [user] } as const];
      await engine.answer(question('users', { filters }));
      const before = server.calls.length;
      await new Promise(resolve => setTimeout(resolve, 900));
      ahead.push(server.calls.length - before);
    }
    expect(ahead[0]).toBeGreaterThan(0);
    // What is left to fetch comes without that column.
    expect(ahead.slice(2)).toEqual([0, 0]);
    await engine.answer(SIZES);
    await engine.close();
  });

  it('does not begin after a question that was told to be quiet about', async () => {
    const { server, engine } = await open({ anticipate: true });
    const held = gate(server, isPage);
    const answer = engine.answer(SIZES);
    await until(() => held.waiting.length > 0);
    engine.quiet();
    held.release();
    await answer;
    const before = server.calls.length;
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(server.calls).toHaveLength(before);
    await engine.close();
  });
});

describe('one question with its estimate', () => {
  it('fetches no more columns than it needs; a board those of likely questions, too', async () => {
    const correlation = question('package-correlation');
    const affinity = question('package-affinity', { package: 'numpy' });
    const widths: number[] = [];
    for (const board of [[correlation], [correlation, affinity]]) {
      const { server, engine } = await open({ anticipate: true });
      await Promise.all([
        ...board.map(query => engine.answer(query)),
        engine.estimate(correlation)
      ]);
      const [first] = server.bodies.flatMap(({ aggs }) => {
        const tuples = aggs?.tuples;
        return tuples && 'composite' in tuples ? [tuples.composite] : [];
      });
      widths.push(first.sources.length);
      await engine.close();
    }
    // Jobs and packages, which both need; with users, nodes and times.
    expect(widths).toEqual([2, 5]);
  });
});
