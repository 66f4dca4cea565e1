import fc from 'fast-check';

import type { IVariant } from '../../src/elasticsearch/fields';
import type { ISearchBody } from '../../src/elasticsearch/protocol';
import { SLICE_DOCUMENTS } from '../../src/elasticsearch/slices';
import {
  sliceIndices,
  Slicer,
  wholeSlice
} from '../../src/elasticsearch/slicing';
import { matches } from './fake-aggregations';
import { FakeServer, refusal } from './fake-server';
import type { FakeDocument } from './fake-server';
import { fakeIndex, fakeServer, gate, opened, rejection, until } from './fakes';

const SEED = { seed: 20210104, numRuns: 15 };
const FIELDS = { time: 'date', user: 'keyword' };

const at = (...times: (number | null)[]): FakeDocument[] =>
  times.map(time => ({ time }));

async function slicesOf(server: FakeServer, time: string | null = 'time') {
  const { point, indices, columns } = await opened(server);
  const wanted = [...columns.values()].filter(({ name }) => name !== 'time');
  const slices = await sliceIndices(
    point,
    wanted,
    indices,
    columns.get(time ?? '') ?? null
  );
  return { slices, point, columns, indices };
}

/** Two slicers of what a server has, and what they cut by. */
async function slicerOf(server: FakeServer) {
  const { point, indices, columns } = await opened(server);
  const [slicer, other] = [0, 1].map(() => new Slicer(point, indices));
  return { slicer, other, columns, time: columns.get('time') ?? null };
}

/** A column that indices store differently. */
const VARIANTS: readonly IVariant[] = [
  { field: 'x', type: 'text', mapped: 'keyword', indices: ['another'] },
  { field: 'x', type: 'number', mapped: 'long', indices: ['one more'] }
];

/** Buckets that a histogram would have at most. */
function histogramBuckets(
  server: FakeServer,
  { aggs, query }: ISearchBody
): number {
  const { stretches } = aggs ?? {};
  if (!stretches || !('date_histogram' in stretches)) {
    return 0;
  }
  const { fixed_interval: interval = '' } = stretches.date_histogram;
  const length = parseInt(interval, 10);
  const { fields, documents } = server.indices.records;
  const keys = documents.flatMap((document, order) =>
    !query || matches({ index: 'records', fields, document, order }, query)
      ? [Math.floor(Number(document.time) / length)]
      : []
  );
  return new Set(keys).size;
}

/** How many slices choose each document, and how many documents each slice chooses. */
function membership(
  server: FakeServer,
  slices: Awaited<ReturnType<typeof slicesOf>>['slices']
) {
  const sizes = slices.map(() => 0);
  const times = Object.entries(server.indices).flatMap(
    ([index, { fields, documents }]) =>
      documents.map((document, order) => {
        const one = { index, fields, document, order };
        const chosen = slices.filter(
          ({ condition }) => condition === null || matches(one, condition)
        );
        chosen.forEach(({ id }) => sizes[id]++);
        return chosen.length;
      })
  );
  return { times, sizes };
}

/** Documents of the largest slice, where each document is in one. */
function mostOnce(
  server: FakeServer,
  slices: Awaited<ReturnType<typeof slicesOf>>['slices']
): number {
  const { times, sizes } = membership(server, slices);
  expect(new Set(times)).toEqual(new Set([1]));
  return Math.max(...sizes);
}

describe('sliceIndices', () => {
  it('makes one slice of few documents, with bounds rounded outwards', async () => {
    const server = fakeServer(FIELDS, at(1500, 2999, 1999));
    const { slices } = await slicesOf(server);
    expect(slices).toEqual([
      expect.objectContaining({
        id: 0,
        rows: 3,
        records: 3,
        bounds: { from: 1, to: 3 }
      })
    ]);
    expect(membership(server, slices)).toEqual({
      times: [1, 1, 1],
      sizes: [3]
    });
  });

  it('has documents without a time by themselves', async () => {
    const server = fakeServer(FIELDS, at(1000, null, null));
    const { slices } = await slicesOf(server);
    expect(slices.map(({ records, bounds }) => [records, bounds])).toEqual([
      [1, { from: 1, to: 2 }],
      [2, null]
    ]);
    expect(membership(server, slices).times).toEqual([1, 1, 1]);
  });

  it('has no slices of nothing', async () => {
    expect((await slicesOf(fakeServer(FIELDS, []))).slices).toEqual([]);
  });

  it('cuts nothing without a column of times', async () => {
    const server = fakeServer(FIELDS, at(1, null, 5));
    const { slices } = await slicesOf(server, null);
    expect(slices).toEqual([
      expect.objectContaining({ records: 3, bounds: null, condition: null })
    ]);
  });

  it('cuts indices apart that store a field differently, or have no time', async () => {
    const server = new FakeServer({
      a: fakeIndex({ time: 'date', job: 'long' }, at(1000, 2000, null)),
      b: fakeIndex({ time: 'date', job: 'keyword' }, at(1500)),
      c: fakeIndex({ job: 'long' }, [{ job: 5 }])
    });
    const { slices } = await slicesOf(server);
    expect(slices.map(({ group }) => group.indices)).toEqual([
      ['a', 'c'],
      ['a', 'c'],
      ['b']
    ]);
    expect(slices.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(membership(server, slices)).toEqual({
      times: [1, 1, 1, 1, 1],
      sizes: [2, 2, 1]
    });
  });

  it('are disjoint and cover all documents, whatever the times, cut again where one stretch has too many', async () => {
    const many = SLICE_DOCUMENTS / 2;
    const cluster = fc.record({
      at: fc.integer({ min: -1e12, max: 2e12 }),
      width: fc.constantFrom(1, 2, 7, 500, 3001, 86_400_000),
      documents: fc.constantFrom(1, 3, many, many + 1, 2 * many + 1)
    });
    let cutAgain = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(cluster, { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 2 }),
        async (clusters, untimed) => {
          const times = clusters.flatMap(({ at: start, width, documents }) =>
            Array.from(
              { length: documents },
              (_, i) => start + ((i * 7919) % width)
            )
          );
          const server = fakeServer(
            FIELDS,
            at(...times, ...Array<null>(untimed).fill(null))
          );
          const { slices } = await slicesOf(server);
          const { times: chosen, sizes } = membership(server, slices);
          expect(new Set(chosen)).toEqual(new Set([1]));
          expect(slices.map(({ records }) => records)).toEqual(sizes);
          slices.forEach(({ id, bounds, records, condition }, i) => {
            expect(id).toBe(i);
            const isMoment = bounds !== null && bounds.to - bounds.from <= 1;
            expect(records <= SLICE_DOCUMENTS || isMoment).toBe(true);
            expect(condition).not.toBeNull();
          });
          cutAgain += Number(server.bodies.length > 2);
        }
      ),
      SEED
    );
    expect(cutAgain).toBeGreaterThan(3);
  }, 60_000);

  it('come from few requests, however crowded many stretches are', async () => {
    const day = 86_400_000;
    const crowds = Array.from({ length: 90 }, (_, i) => i * 40 * day);
    const server = fakeServer(
      FIELDS,
      at(
        ...crowds.flatMap(start =>
          Array.from({ length: 60 }, (_, i) => start + 7 * i)
        )
      )
    );
    server.pageSize = 50;
    const { slices } = await slicesOf(server);
    expect(mostOnce(server, slices)).toBeLessThanOrEqual(50);
    expect(server.bodies.length).toBeLessThan(8);
  });

  it('come with fewer buckets a request where the server allows fewer', async () => {
    const server = fakeServer(
      FIELDS,
      at(...Array.from({ length: 300 }, (_, i) => i ** 3))
    );
    server.pageSize = 20;
    server.fault = call =>
      call.call === 'search' && histogramBuckets(server, call.body) > 100
        ? refusal(400, 'too_many_buckets_exception')
        : null;
    const { slices } = await slicesOf(server);
    expect(mostOnce(server, slices)).toBeLessThanOrEqual(20);
    expect(server.bodies.length).toBeLessThan(30);
  });

  it('are not cut by time where a document has several times', async () => {
    const server = fakeServer(FIELDS, [{ time: [1, 86_400_000] }, { time: 5 }]);
    const { slices } = await slicesOf(server);
    expect(slices).toMatchObject([
      { records: 2, bounds: null, condition: null }
    ]);
  });

  it('are all documents, or nothing is told', async () => {
    const server = fakeServer(FIELDS, at(1, 2));
    const { point, columns } = await opened(server);
    await expect(
      sliceIndices(
        point,
        [{ name: 'x', type: 'text', list: false, variants: VARIANTS }],
        ['another'],
        columns.get('time') ?? null
      )
    ).rejects.toMatchObject({ code: 'changed' });
  });

  it('ends when it is called off', async () => {
    const server = fakeServer(FIELDS, at(1, 2));
    const { point, indices, columns } = await opened(server);
    const stop = new AbortController();
    server.fault = call =>
      call.call === 'search' ? new Promise(() => stop.abort()) : null;
    await expect(
      sliceIndices(point, [], indices, columns.get('time') ?? null, stop.signal)
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Slicer', () => {
  it('cuts once for all questions that need the same', async () => {
    const server = fakeServer({ ...FIELDS, nodes: 'long' }, at(1, 2, null));
    const { slicer, columns, time } = await slicerOf(server);
    const [user, nodes] = ['user', 'nodes'].map(name => columns.get(name));
    const slices = await Promise.all(
      [user, nodes].map(column => slicer.slices(column ? [column] : [], time))
    );
    expect(slices[0].map(({ records }) => records)).toEqual([2, 1]);
    expect(slices[1].map(({ records }) => records)).toEqual([2, 1]);
    expect(slices[0][0].group.variant('user')?.field).toBe('user');
    expect(slices[1][0].group.variant('nodes')?.field).toBe('nodes');
    // Bounds, stretches.
    expect(server.bodies).toHaveLength(2);
  });

  it('asks no more when nobody waits, and goes on while somebody does', async () => {
    const server = fakeServer(FIELDS, at(1, 2, null));
    const { slicer, other, time } = await slicerOf(server);
    const held = gate(server, ({ call }) => call === 'search');
    const [a, b] = [new AbortController(), new AbortController()];
    const [first, second] = [a, b].map(({ signal }) =>
      slicer.slices([], time, signal)
    );
    await until(() => held.waiting.length === 1);
    a.abort();
    expect(await rejection(first)).toMatchObject({ name: 'AbortError' });
    held.release();
    expect(await second).toHaveLength(2);
    const again = gate(server, ({ call }) => call === 'search');
    const third = rejection(other.slices([], time, b.signal));
    await until(() => again.waiting.length === 1);
    const before = server.calls.length;
    b.abort();
    expect(await third).toMatchObject({ name: 'AbortError' });
    again.release();
    expect(server.calls).toHaveLength(before);
    await expect(other.slices([], time, b.signal)).rejects.toMatchObject({
      name: 'AbortError'
    });
    expect(await other.slices([], time)).toHaveLength(2);
  });

  it('cuts anew when that failed', async () => {
    const server = fakeServer(FIELDS, at(1));
    const { slicer, time } = await slicerOf(server);
    server.fault = () => ({ status: 403, text: '' });
    await expect(slicer.slices([], time)).rejects.toMatchObject({
      kind: 'denied'
    });
    server.fault = () => null;
    expect(await slicer.slices([], time)).toHaveLength(1);
  });

  it('knows all columns where indices differ in nothing but times', async () => {
    const server = new FakeServer({
      a: fakeIndex({ time: 'date', user: 'keyword' }, at(1)),
      b: fakeIndex({ time: 'date_nanos', user: 'keyword' }, at(2))
    });
    const { slicer, columns, time } = await slicerOf(server);
    const user = columns.get('user');
    const slices = await slicer.slices(user ? [user] : [], time);
    expect(
      slices.map(({ group }) => [
        group.indices,
        group.variant('user')?.field,
        group.variant('time')?.mapped
      ])
    ).toEqual([
      [['a'], 'user', 'date'],
      [['b'], 'user', 'date_nanos']
    ]);
  });
});

describe('wholeSlice', () => {
  it('is all documents, where indices agree', async () => {
    const { columns, indices } = await opened(fakeServer(FIELDS, at(1)));
    expect(wholeSlice([...columns.values()], indices, 1)).toMatchObject({
      records: 1,
      condition: null,
      bounds: null
    });
  });

  it('is none where they differ', async () => {
    const { columns, indices } = await opened(
      new FakeServer({
        a: fakeIndex({ job: 'long' }, []),
        b: fakeIndex({ job: 'keyword' }, [])
      })
    );
    expect(wholeSlice([...columns.values()], indices, 1)).toBeNull();
  });
});
