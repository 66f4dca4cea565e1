import fc from 'fast-check';

import type { Filter } from '../../src/workload/query';
import { EngineError } from '../../src/engine/engine';
import type { ISearchBody } from '../../src/elasticsearch/protocol';
import {
  records,
  query as questions,
  tableOf
} from '../engine/random-workload';
import { number, question, rowsOf, text, times } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { FakeServer, refusal } from './fake-server';
import { gate, rejection, until } from './fakes';
import { openEngine, serverOf } from './workloads';

const SEED = { seed: 20210109, numRuns: 60 };

const TABLE: TestTable = {
  username: text('ann', 'ann', 'bob', 'cy', 'cy', 'dee'),
  job_id: text('1', '1', '2', '3', '4', '5'),
  subservice: text('numpy', 'dask', 'numpy', 'mkl', 'numpy', 'dask'),
  subsystem: text('knl', 'knl', 'gpu', 'gpu', 'gpu', null),
  num_nodes: number(4, 4, 1, 2, 8, 1),
  event_timestamp: times(
    '2021-01-01T00:00:00Z',
    '2021-01-01T00:00:05Z',
    '2021-01-31T23:59:59Z',
    '2021-02-01T00:00:00Z',
    '2021-02-02T00:00:00Z',
    '2021-03-01T00:00:00Z'
  )
};
const TOP = question('top-packages', { distinct: 'user+package' });
const SIZES = question('job-sizes');
const ofUser = (...values: string[]): Filter => ({
  field: 'user',
  op: 'any',
  values
});

/** Searches that fetch tuples or documents, from their first pages on. */
const fetches = (server: FakeServer): ISearchBody[] =>
  server.bodies.filter(
    ({ aggs, sort }) => (aggs && 'tuples' in aggs) || sort !== undefined
  );

describe('ElasticEngine.answer', () => {
  it('answers as from a table, whatever is asked, with and without ES|QL', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.array(questions, { minLength: 1, maxLength: 4 }),
        async (groups, wide, esql, anticipate, asked) => {
          const table = tableOf(groups, wide);
          const server = serverOf(table, { esql });
          const engine = await openEngine(server, { anticipate });
          const answers = await Promise.all(
            asked.map(query => engine.answer(query))
          );
          answers.forEach(({ table: found, provenance }, i) => {
            expect(found.rows).toEqual(rowsOf(table, asked[i]));
            expect(provenance).toMatchObject({
              query: asked[i],
              exact: true,
              partial: false
            });
          });
          await engine.close();
          expect(server.open).toBe(0);
        }
      ),
      SEED
    );
  }, 60_000);

  it('fetches once for questions that are asked together', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server, { anticipate: true });
    await Promise.all([
      engine.answer(SIZES),
      engine.answer(question('mkl-share')),
      engine.answer(question('package-job-size')),
      engine.answer(question('top-packages', { distinct: 'job+package' }))
    ]);
    expect(fetches(server)).toHaveLength(1);
    await engine.close();
  });

  it('sends no request for a changed filter or period, as a panel asks', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server, { anticipate: true });
    await engine.answer(SIZES);
    await until(async () => (await engine.cost([TOP, SIZES])).bytes === 0);
    await until(async () => {
      const { bytes } = await engine.cost([
        question('job-sizes', {
          filters: [ofUser('ann')],
          period: { from: '2021-02-01', to: null }
        })
      ]);
      return bytes === 0;
    });
    const before = server.calls.length;
    for (const change of [
      { filters: [ofUser('ann')] },
      { filters: [{ ...ofUser('ann'), not: true }] },
      { filters: [{ field: 'subsystem', op: 'missing' } as const] },
      { period: { from: '2021-02-01', to: '2021-03-01' } }
    ]) {
      const query = question('job-sizes', change);
      const { table } = await engine.answer(query);
      expect(table.rows).toEqual(rowsOf(TABLE, query));
    }
    expect(server.calls).toHaveLength(before);
    await engine.close();
  });

  it('sends no request for a changed filter on what the first answer read, at once', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server, { anticipate: true });
    const sizes = (filters: readonly Filter[]) =>
      question('job-sizes', { filters });
    await engine.answer(sizes([]));
    server.fault = () => refusal(503, 'away');
    const before = server.calls.length;
    const filters = [{ field: 'nodes', op: 'range', from: '2' } as const];
    const { table } = await engine.answer(sizes(filters));
    expect(table.rows).toEqual(rowsOf(TABLE, sizes(filters)));
    expect(server.calls).toHaveLength(before);
    await engine.close();
  });

  it('lets the server filter where one question is asked', async () => {
    const server = serverOf(TABLE, { esql: false });
    const engine = await openEngine(server);
    const query = question('job-sizes', { filters: [ofUser('cy')] });
    const { table } = await engine.answer(query);
    expect(table.rows).toEqual(rowsOf(TABLE, query));
    expect(JSON.stringify(fetches(server).map(body => body.query))).toContain(
      '{"terms":{"username":["cy"]}}'
    );
    await engine.close();
  });

  it('begins anew when a column turns out to hold several values', async () => {
    const server = serverOf(TABLE, { esql: false });
    server.indices.records.documents = server.indices.records.documents.map(
      (document, i) => (i === 0 ? { ...document, qos: ['a', 'b'] } : document)
    );
    Object.assign(server.indices.records.fields, { qos: { type: 'keyword' } });
    const engine = await openEngine(server, { anticipate: true });
    const query = question('job-sizes', {
      filters: [{ field: 'qos', op: 'any', values: ['b'] }]
    });
    // As from a file, where such a column plays no role either.
    const qos = {
      type: 'text' as const,
      values: [['a', 'b'], ...Array<null>(5).fill(null)]
    };
    const exact = rowsOf({ ...TABLE, qos }, query);
    expect(exact).toEqual([{ num_nodes: 4, jobs: 1 }]);
    expect((await engine.answer(query)).table.rows).toEqual(exact);
    const purposes = (await engine.requests()).records.map(
      ({ purpose }) => purpose
    );
    expect(purposes).toContain('which column holds several values');
    const before = purposes.length;
    await engine.answer(query);
    expect((await engine.requests()).records.slice(before)).toEqual([]);
    // Other questions do not suffer.
    expect((await engine.answer(TOP)).table.rows).toEqual(rowsOf(TABLE, TOP));
    await engine.close();
  });

  it('answers a board whose usual columns hold several values, of which it asks nothing', async () => {
    const server = serverOf({
      ...TABLE,
      qos: text(['a', 'b'], null, null, null, null, null)
    });
    const engine = await openEngine(server, { anticipate: true });
    expect(engine.info.mapping.qos).toEqual(['qos']);
    const answers = await Promise.all(
      [TOP, SIZES].map(query => engine.answer(query))
    );
    expect(answers.map(({ table }) => table.rows)).toEqual([
      rowsOf(TABLE, TOP),
      rowsOf(TABLE, SIZES)
    ]);
    await engine.close();
  });

  it('finds out about several packages of a column that was mapped by hand', async () => {
    const table: TestTable = {
      username: text('ann', 'bob'),
      subservice: text('x', 'y'),
      tools: text(['numpy', 'dask'], ['numpy'])
    };
    const engine = await openEngine(serverOf(table));
    const query = question('top-packages', {
      distinct: 'record',
      mapping: { package: ['tools'] }
    });
    const { table: found } = await engine.answer(query);
    expect(found.rows).toEqual([
      { package: 'numpy', records: 2 },
      { package: 'dask', records: 1 }
    ]);
    await engine.close();
  });

  it('answers from indices that store columns differently', async () => {
    const { fields, documents } = serverOf(TABLE).indices.records;
    const server = new FakeServer({
      'a-1': { fields, documents: documents.slice(0, 2) },
      'a-2': {
        fields: {
          ...fields,
          event_timestamp: { type: 'date_nanos' },
          subservice: { type: 'text' },
          'subservice.keyword': { type: 'keyword', of: 'subservice' }
        },
        documents: documents.slice(2, 3)
      },
      'a-3': {
        fields: { ...fields, job_id: { type: 'long' } },
        documents: documents
          .slice(3)
          .map(one => ({ ...one, job_id: Number(one.job_id) }))
      }
    });
    for (const anticipate of [true, false]) {
      const engine = await openEngine(server, { anticipate });
      for (const query of [
        question('users'),
        TOP,
        SIZES,
        question('package-trend'),
        question('users', { period: { from: '2021-01-31', to: '2021-02-02' } }),
        question('job-sizes', { filters: [ofUser('cy', 'bob')] })
      ]) {
        expect((await engine.answer(query)).table.rows).toEqual(
          rowsOf(TABLE, query)
        );
      }
      await engine.close();
    }
  });

  it('says that a point in time was lost, and goes on', async () => {
    const server = serverOf(TABLE, { esql: false });
    const engine = await openEngine(server);
    await engine.answer(TOP);
    server.restart();
    const { table, provenance } = await engine.answer(SIZES);
    expect(table.rows).toEqual(rowsOf(TABLE, SIZES));
    expect(provenance.notes.join()).toContain('lost the point in time');
    await engine.close();
    expect(server.open).toBe(0);
  });

  it('says that documents changed when they did while it was lost', async () => {
    const server = serverOf(TABLE, { esql: false });
    const engine = await openEngine(server);
    await engine.answer(TOP);
    server.restart();
    const { documents } = server.indices.records;
    server.indices.records.documents = [...documents, documents[0]];
    for (let i = 0; i < 2; i++) {
      expect(await rejection(engine.answer(SIZES))).toMatchObject({
        name: 'EngineError',
        code: 'changed'
      });
    }
    // What is there already is still answered.
    expect((await engine.answer(TOP)).table.rows).toEqual(rowsOf(TABLE, TOP));
    await engine.close();
  });

  it('fails with a sentence, and answers when asked again', async () => {
    const server = serverOf(TABLE, { esql: false });
    const engine = await openEngine(server);
    server.fault = () => refusal(403, 'security_exception');
    const error = await rejection(engine.answer(TOP));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('“records”')
    });
    server.fault = () => null;
    expect((await engine.answer(TOP)).table.rows).toEqual(rowsOf(TABLE, TOP));
    await engine.close();
  });

  it('ends when it is called off, which another question survives', async () => {
    const server = serverOf(TABLE, { esql: false });
    const engine = await openEngine(server, { anticipate: true });
    const held = gate(server, call => call.call === 'search');
    const stop = new AbortController();
    const given = rejection(engine.answer(SIZES, { signal: stop.signal }));
    const other = engine.answer(question('mkl-share'));
    await until(() => held.waiting.length > 0);
    stop.abort();
    held.release();
    expect(await given).toMatchObject({ name: 'AbortError' });
    expect((await other).table.rows).toEqual(
      rowsOf(TABLE, question('mkl-share'))
    );
    await engine.close();
  });

  it('refuses questions that make no sense before it asks anybody', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server);
    const before = server.calls.length;
    expect(
      await rejection(engine.answer(question('users', { zone: 'Nowhere' })))
    ).toMatchObject({ code: 'query' });
    expect(
      await rejection(
        engine.answer(question('job-sizes', { mapping: { nodes: [] } }))
      )
    ).toMatchObject({ code: 'missing-column' });
    expect(server.calls).toHaveLength(before);
    await engine.close();
  });
});

describe('ElasticEngine', () => {
  it('opens with columns, mapping, span and a sample', async () => {
    const engine = await openEngine(serverOf(TABLE));
    expect(engine.info).toMatchObject({
      files: 0,
      rows: 6,
      mapping: {
        user: ['username'],
        job: ['job_id'],
        package: ['subservice'],
        time: ['event_timestamp']
      },
      span: {
        from: Date.UTC(2021, 0, 1) / 1000,
        to: Date.UTC(2021, 2, 1) / 1000
      },
      index: {
        expression: 'records',
        indices: ['records'],
        server: '8.19.0',
        sample: { username: 'ann', job_id: '1' }
      }
    });
    await engine.close();
  });

  it('says when no index matches, or none has a field', async () => {
    expect(await rejection(openEngine(new FakeServer({})))).toMatchObject({
      code: 'missing-column',
      message:
        'No index matches “records”. Choose another one, or correct the pattern.'
    });
    const empty = serverOf({});
    expect(await rejection(openEngine(empty))).toMatchObject({
      code: 'missing-column',
      message: expect.stringContaining('has no field')
    });
    expect(empty.open).toBe(0);
  });

  it('leaves no point in time behind when it cannot be opened', async () => {
    const server = serverOf(TABLE);
    server.fault = call =>
      call.call === 'search' ? refusal(403, 'security_exception') : null;
    expect(await rejection(openEngine(server))).toMatchObject({
      code: 'denied'
    });
    expect(server.open).toBe(0);
  });

  it('answers about an index without documents', async () => {
    const server = serverOf(TABLE);
    server.indices.records.documents = [];
    const engine = await openEngine(server);
    expect((await engine.answer(SIZES)).table.rows).toEqual([]);
    expect(engine.info.span).toBeNull();
    await engine.close();
  });

  it('knows what a question costs, and nothing once it was answered', async () => {
    const engine = await openEngine(serverOf(TABLE), { anticipate: true });
    expect((await engine.cost([SIZES])).rows).toBe(6);
    await engine.answer(SIZES);
    expect(await engine.cost([SIZES])).toEqual({
      bytes: 0,
      rows: 0,
      memory: 0
    });
    await engine.close();
  });

  it('gives the head of a board and values of fields', async () => {
    const engine = await openEngine(serverOf(TABLE), { anticipate: true });
    expect(await engine.overview(SIZES)).toMatchObject({
      records: 6,
      users: 4,
      jobs: 5,
      packages: 3
    });
    expect(await engine.values('package', SIZES, { contains: 'n' })).toEqual([
      { value: 'numpy', records: 3 }
    ]);
    await engine.close();
  });

  it('closes its point in time when it is disposed of, and sends nothing more', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server, { anticipate: true });
    await engine.answer(SIZES);
    engine.dispose();
    await until(() => server.open === 0);
    const before = server.calls.length;
    // Longer than it waits before it anticipates.
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(server.calls).toHaveLength(before);
  });

  it('weighs documents by a column of counts', async () => {
    const table: TestTable = {
      username: text('ann', 'ann', 'bob'),
      subservice: text('numpy', 'numpy', 'dask'),
      count: number(3, 4, null)
    };
    const engine = await openEngine(serverOf(table));
    const query = question('top-packages', { distinct: 'record' });
    const { table: found } = await engine.answer(query);
    expect(found.rows).toEqual(rowsOf(table, query));
    expect(found.rows[0]).toEqual({ package: 'numpy', records: 7 });
    await engine.close();
  });
});
