import type { IAnswer } from '../../src/workload/answer';
import { EngineError } from '../../src/engine/engine';
import type { ServerCall } from '../../src/elasticsearch/search-client';
import { number, question, text } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { refusal } from './fake-server';
import { gate, rejection, until } from './fakes';
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
      (await engine.requests()).filter(
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
      isQuick(call) ? refusal(400, 'too_many_buckets_exception') : null;
    const { table } = await engine.answer(SIZES, {
      onPartial: () => undefined
    });
    expect(table.rows).toEqual(exact);
    expect(await rejection(engine.estimate(SIZES))).toBeInstanceOf(EngineError);
    await engine.close();
  }, 30_000);
});
