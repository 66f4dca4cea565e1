import fc from 'fast-check';

import {
  allOf,
  intervalFor,
  SLICE_DOCUMENTS,
  together,
  within,
  without
} from '../../src/elasticsearch/slices';
import type { IStretch } from '../../src/elasticsearch/slices';
import {
  sliceIndices,
  Slicer,
  wholeSlice
} from '../../src/elasticsearch/slicing';
import { matches } from './fake-aggregations';
import { FakeServer } from './fake-server';
import type { FakeDocument } from './fake-server';
import { fakeIndex, fakeServer, opened } from './fakes';

const SEED = { seed: 20210104, numRuns: 60 };
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

describe('together', () => {
  const stretch = fc
    .array(
      fc.tuple(
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat({ max: 30 })
      )
    )
    .map(parts => {
      let now = 0;
      return parts.map(([gap, length, documents]): IStretch => {
        const from = now + gap;
        now = from + length;
        return { from, to: now, documents };
      });
    });

  it('keeps order, documents and bounds, and merges what fits', () => {
    fc.assert(
      fc.property(stretch, fc.integer({ min: 1, max: 60 }), (parts, most) => {
        const found = together(parts, most);
        const sum = (list: readonly IStretch[]) =>
          list.reduce((all, { documents }) => all + documents, 0);
        expect(sum(found)).toBe(sum(parts));
        expect(found.at(0)?.from).toBe(parts.at(0)?.from);
        expect(found.at(-1)?.to).toBe(parts.at(-1)?.to);
        found.forEach(({ from, documents }, i) => {
          const single = parts.some(
            part => part.from === from && part.documents === documents
          );
          expect(documents <= most || single).toBe(true);
          const next = found.at(i + 1);
          const more = parts.find(part => part.from === next?.from);
          if (more) {
            expect(more.from).toBeGreaterThanOrEqual(found[i].to);
            expect(documents + more.documents).toBeGreaterThan(most);
          }
        });
        for (const part of parts) {
          expect(
            found.filter(({ from, to }) => from <= part.from && part.to <= to)
          ).toHaveLength(1);
        }
      }),
      SEED
    );
  });

  it('makes few slices of many stretches', () => {
    const hours = Array.from({ length: 3000 }, (_, i) => ({
      from: i,
      to: i + 1,
      documents: 100
    }));
    expect(together(hours)).toHaveLength(300_000 / SLICE_DOCUMENTS);
  });
});

describe('conditions of slices', () => {
  it('leave ends open', () => {
    expect(within('t', -Infinity, 5)).toEqual({
      range: { t: { lt: 5, format: 'epoch_millis' } }
    });
    expect(within('t', 5, Infinity)).toEqual({
      range: { t: { gte: 5, format: 'epoch_millis' } }
    });
  });

  it('are put together without idle nesting', () => {
    const condition = without('t');
    expect(allOf([null, null])).toBeNull();
    expect(allOf([null, condition])).toBe(condition);
    expect(allOf([condition, null, condition])).toEqual({
      bool: { filter: [condition, condition] }
    });
  });

  it('cut a span in steps of at least a millisecond', () => {
    expect(intervalFor(0, 1)).toBe(1);
    expect(intervalFor(0, 3001)).toBe(2);
  });
});

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
          cutAgain += Number(server.bodies.length > 3);
        }
      ),
      { ...SEED, numRuns: 15 }
    );
    expect(cutAgain).toBeGreaterThan(3);
  }, 60_000);

  it('are disjoint where cuts do not fall on multiples of their length', async () => {
    // Stretches of 7 s, of which one is cut into stretches of 3 ms, of which none begins where it does.
    const length = 7000;
    const crowd = Array.from(
      { length: SLICE_DOCUMENTS + length },
      (_, i) => length + (i % length)
    );
    const before = Array.from({ length: SLICE_DOCUMENTS }, () => length - 1);
    const after = Array.from({ length: SLICE_DOCUMENTS }, () => 2 * length);
    const server = fakeServer(
      FIELDS,
      at(0, 3000 * length - 1, ...before, ...crowd, ...after)
    );
    const { slices } = await slicesOf(server);
    const { times, sizes } = membership(server, slices);
    expect(new Set(times)).toEqual(new Set([1]));
    expect(slices.map(({ records }) => records)).toEqual(sizes);
  }, 60_000);

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
    const { point, indices, columns } = await opened(server);
    const slicer = new Slicer(point, indices);
    const time = columns.get('time') ?? null;
    const [user, nodes] = ['user', 'nodes'].map(name => columns.get(name));
    const slices = await Promise.all(
      [user, nodes].map(column => slicer.slices(column ? [column] : [], time))
    );
    expect(slices[0].map(({ records }) => records)).toEqual([2, 1]);
    expect(slices[1].map(({ records }) => records)).toEqual([2, 1]);
    expect(slices[0][0].group.variant('user')?.field).toBe('user');
    expect(slices[1][0].group.variant('nodes')?.field).toBe('nodes');
    // Bounds, stretches, documents without a time.
    expect(server.bodies).toHaveLength(3);
  });

  it('cuts anew when that failed', async () => {
    const server = fakeServer(FIELDS, at(1));
    const { point, indices, columns } = await opened(server);
    const slicer = new Slicer(point, indices);
    const time = columns.get('time') ?? null;
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
    const { point, indices, columns } = await opened(server);
    const user = columns.get('user');
    const slices = await new Slicer(point, indices).slices(
      user ? [user] : [],
      columns.get('time') ?? null
    );
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
