import { orAborted, whenAllAborted } from '../../src/elasticsearch/signals';
import { number, question, text, times } from '../engine/tables';
import { gate, rejection, until } from './fakes';
import { openEngine, serverOf } from './workloads';

const TABLE = {
  username: text('ann', 'bob'),
  job_id: text('1', '2'),
  num_nodes: number(1, 2),
  event_timestamp: times('2021-01-01T00:00:00Z', '2021-02-01T00:00:00Z')
};

describe('orAborted', () => {
  it('is what is waited for, or ends before', async () => {
    expect(await orAborted(Promise.resolve(7))).toBe(7);
    const stop = new AbortController();
    const found = rejection(orAborted(new Promise(() => 0), stop.signal));
    stop.abort();
    expect(await found).toMatchObject({ name: 'AbortError' });
    expect(
      await rejection(orAborted(Promise.resolve(7), stop.signal))
    ).toMatchObject({ name: 'AbortError' });
  });
});

describe('whenAllAborted', () => {
  it('waits for the last one', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    a.abort();
    const all = whenAllAborted([a.signal, b.signal]);
    expect(all.aborted).toBe(false);
    b.abort();
    expect(all.aborted).toBe(true);
    expect(whenAllAborted([a.signal, b.signal]).aborted).toBe(true);
    expect(whenAllAborted([a.signal, undefined]).aborted).toBe(false);
  });
});

describe('a question that is called off while indices are cut', () => {
  const SIZES = question('job-sizes');

  it('asks the server no more, unless somebody else waits', async () => {
    const server = serverOf(TABLE);
    const engine = await openEngine(server);
    const cutting = gate(server, ({ call }) => call === 'search');
    const [a, b] = [new AbortController(), new AbortController()];
    const [first, second] = [a, b].map(({ signal }) =>
      rejection(engine.answer(SIZES, { signal }))
    );
    await until(() => cutting.waiting.length === 1);
    a.abort();
    expect(await first).toMatchObject({ name: 'AbortError' });
    const before = server.calls.length;
    b.abort();
    expect(await second).toMatchObject({ name: 'AbortError' });
    cutting.release();
    // Whatever went on would ask now.
    for (let i = 0; i < 20; i++) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(server.calls).toHaveLength(before);
    const { table } = await engine.answer(SIZES);
    expect(table.rows).toHaveLength(2);
    await engine.close();
  });
});
