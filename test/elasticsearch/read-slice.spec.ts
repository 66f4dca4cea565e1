import {
  readByEsql,
  readDocuments,
  readTuples
} from '../../src/elasticsearch/read-slice';
import type { IIndexColumn } from '../../src/elasticsearch/fields';
import { SLICE_DOCUMENTS, sliceOf } from '../../src/elasticsearch/slices';
import { DOCUMENTS } from '../../src/elasticsearch/tuples';
import type { IRawAnswer } from '../../src/elasticsearch/search-client';
import { json, refusal } from './fake-server';
import type { FakeDocument, FakeServer } from './fake-server';
import { fakeServer, groupOf, opened, rejection, wanted } from './fakes';
import { rowsIn } from './rows';

const FIELDS = { user: 'keyword', nodes: 'integer' };
const documents = (count: number): FakeDocument[] =>
  Array.from({ length: count }, (_, i) => ({
    user: `user ${i % 1500}`,
    nodes: i % 2
  }));
const TOO_MANY = refusal(400, 'too_many_buckets_exception');
const BUSY: IRawAnswer = { status: 429, text: '' };
const SIGNAL = new AbortController().signal;
const PLAIN = { weight: null, total: false };

async function setUp(server: FakeServer) {
  const { point, columns } = await opened(server);
  const slice = sliceOf(
    groupOf(columns),
    server.indices.records.documents.length
  );
  server.calls.length = 0;
  return { client: point.client, point, columns, slice, all: wanted(columns) };
}

/** Sizes of pages, and where they began. */
const pages = (server: FakeServer) =>
  server.bodies.map(({ size, aggs, search_after: from }) =>
    aggs?.tuples && 'composite' in aggs.tuples
      ? [aggs.tuples.composite.size, aggs.tuples.composite.after ?? null]
      : [size, from ?? null]
  );

async function patience<T>(promise: Promise<T>): Promise<T> {
  const settled = promise.finally(() => jest.useRealTimers());
  settled.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(120_000);
  return settled;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

const total = (
  arrived: Parameters<typeof rowsIn>[0],
  columns: ReadonlyMap<string, IIndexColumn>
) =>
  rowsIn(arrived, columns).reduce(
    (sum, row) => sum + Number(row[DOCUMENTS]),
    0
  );

describe('readTuples', () => {
  it('gets a slice in one page', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { point, columns, slice, all } = await setUp(server);
    const arrived = await readTuples(point, slice, all, null, PLAIN, SIGNAL);
    expect(arrived).toMatchObject({
      rows: 1500,
      documents: 4000,
      expected: null
    });
    expect(total(arrived, columns)).toBe(4000);
    expect(pages(server)).toEqual([[SLICE_DOCUMENTS, null]]);
  });

  it('asks how many there are when told to, once', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { point, slice, all } = await setUp(server);
    let left = 3;
    server.fault = () => (left-- > 0 ? TOO_MANY : null);
    const arrived = await patience(
      readTuples(
        point,
        slice,
        all,
        { term: { user: 'user 7' } },
        { weight: null, total: true },
        SIGNAL
      )
    );
    expect(arrived).toMatchObject({ documents: 3, expected: 3 });
    const asked = server.bodies.map(body => body.track_total_hits);
    expect(asked).toEqual([true, true, true, true]);
  });

  it.each([
    ['counts too many buckets', TOO_MANY],
    ['has no room', BUSY],
    ['breaks the circuit', refusal(500, 'circuit_breaking_exception')],
    ['takes too long', json({ timed_out: true, hits: {} })]
  ])('makes pages smaller when the server %s', async (_, failure) => {
    const server = fakeServer(FIELDS, documents(4000));
    const { point, columns, slice, all } = await setUp(server);
    let left = 4;
    server.fault = () => (left-- > 0 ? failure : null);
    const arrived = await patience(
      readTuples(point, slice, all, null, PLAIN, SIGNAL)
    );
    expect(total(arrived, columns)).toBe(4000);
    expect(pages(server).slice(0, 6)).toEqual([
      [20_000, null],
      [6666, null],
      [2222, null],
      [740, null],
      // Four times a third; this page was there, and the next one goes on after it.
      [246, null],
      [246, { c0: expect.any(String), c1: expect.any(Number) }]
    ]);
    const found = rowsIn(arrived, columns).map(({ user, nodes }) =>
      JSON.stringify([user, nodes])
    );
    expect(new Set(found).size).toBe(found.length);
  });

  it('resumes at the last key, with pages that stay small', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { point, columns, slice, all } = await setUp(server);
    server.fault = (call, nth) => {
      const isPage = call.call === 'search' && 'aggs' in call.body;
      // Two fail at first, one in the middle.
      return isPage && (nth <= 3 || nth === 5) ? TOO_MANY : null;
    };
    const arrived = await patience(
      readTuples(point, slice, all, null, PLAIN, SIGNAL)
    );
    expect(arrived).toMatchObject({ rows: 1500, documents: 4000 });
    expect(total(arrived, columns)).toBe(4000);
    const asked = pages(server);
    expect(asked[4][1]).not.toBeNull();
    expect(asked[5]).toEqual([246, asked[4][1]]);
  });

  it('resumes at the last key when the point in time is lost', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { point, columns, slice, all } = await setUp(server);
    let searches = 0;
    server.fault = call => {
      if (call.call !== 'search') {
        return null;
      }
      searches++;
      if (searches === 6) {
        server.restart();
      }
      return searches < 5 ? TOO_MANY : null;
    };
    const arrived = await patience(
      readTuples(point, slice, all, null, PLAIN, SIGNAL)
    );
    expect(arrived).toMatchObject({ rows: 1500, documents: 4000 });
    expect(total(arrived, columns)).toBe(4000);
    expect(point.losses).toBe(1);
  });

  it('does not make pages smaller than sensible, and gives up in the end', async () => {
    const server = fakeServer(FIELDS, documents(10));
    const { point, slice, all } = await setUp(server);
    server.fault = () => BUSY;
    expect(
      await rejection(
        patience(readTuples(point, slice, all, null, PLAIN, SIGNAL))
      )
    ).toMatchObject({ kind: 'busy' });
    expect(pages(server).map(([size]) => size)).toEqual([
      20_000, 6666, 2222, 740, 246, 200, 200
    ]);
  });

  it('passes on what smaller pages do not help', async () => {
    const server = fakeServer(FIELDS, documents(10));
    const { point, slice, all } = await setUp(server);
    server.fault = () => refusal(403, 'security_exception');
    expect(
      await rejection(readTuples(point, slice, all, null, PLAIN, SIGNAL))
    ).toMatchObject({ kind: 'denied' });
    expect(server.calls).toHaveLength(1);
  });

  it('ends while it waits when it is called off', async () => {
    const server = fakeServer(FIELDS, documents(10));
    const { point, slice, all } = await setUp(server);
    server.fault = () => BUSY;
    const stop = new AbortController();
    const failed = rejection(
      readTuples(point, slice, all, null, PLAIN, stop.signal)
    );
    await jest.advanceTimersByTimeAsync(100);
    stop.abort();
    expect(await failed).toMatchObject({ name: 'AbortError' });
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('readDocuments', () => {
  const FIELDS_WITH_LISTS = { user: 'keyword', packages: 'keyword' };
  const wide = (count: number): FakeDocument[] =>
    Array.from({ length: count }, (_, i) => ({
      user: `user ${i % 7}`,
      packages: i % 3 === 0 ? ['numpy', 'dask'] : null
    }));
  const setUpLists = async (count: number) => {
    const server = fakeServer(FIELDS_WITH_LISTS, wide(count));
    const found = await setUp(server);
    const all = found.all.map(column => ({
      ...column,
      list: column.name === 'packages'
    }));
    const known = new Map(all.map(column => [column.name, column]));
    return { ...found, server, all, known };
  };

  it('gets documents in pages that an index allows, at once', async () => {
    const server = fakeServer(FIELDS, documents(400));
    const { point, slice, all } = await setUp(server);
    const reason = 'Result window is too large, from + size must be …';
    server.fault = call =>
      call.call === 'search' && call.body.size > 50
        ? {
            status: 400,
            text: JSON.stringify({ error: { type: 'illegal', reason } })
          }
        : null;
    // No time passes here: nothing is waited for.
    const { arrived } = await readDocuments(
      point,
      slice,
      all,
      null,
      false,
      SIGNAL
    );
    expect(arrived.documents).toBe(400);
  });

  it('makes pages no larger than a connection allows when they are to become smaller', async () => {
    const server = fakeServer(FIELDS, documents(200));
    server.pageSize = 50;
    const { point, slice, all } = await setUp(server);
    server.fault = (_, nth) => (nth === 1 ? BUSY : null);
    await patience(readDocuments(point, slice, all, null, false, SIGNAL));
    expect(server.bodies.every(({ size }) => size <= 50)).toBe(true);
  });

  it('gets documents in pages that become smaller, each once', async () => {
    const { server, point, slice, all, known } = await setUpLists(25_000);
    let left = 0;
    server.fault = (_, nth) => (nth === 2 && left++ === 0 ? BUSY : null);
    const { arrived, several } = await patience(
      readDocuments(point, slice, all, null, true, SIGNAL)
    );
    expect(several).toBeNull();
    expect(pages(server)).toEqual([
      [10_000, null],
      [10_000, [9999]],
      [3333, [9999]],
      [3333, [13_332]],
      [3333, [16_665]],
      [3333, [19_998]],
      [3333, [23_331]]
    ]);
    expect(arrived).toMatchObject({ rows: 25_000, expected: 25_000 });
    expect(rowsIn(arrived, known)).toEqual(
      wide(25_000).map(({ user, packages }) => ({
        user,
        packages: packages ?? []
      }))
    );
  });

  it('begins again when the point in time is lost, as positions are others then', async () => {
    const { server, point, slice, all, known } = await setUpLists(10_500);
    let lost = false;
    server.fault = call => {
      if (call.call === 'search' && call.body.search_after && !lost) {
        lost = true;
        server.restart();
        server.indices.records.documents = [
          ...server.indices.records.documents
        ].reverse();
      }
      return null;
    };
    const { arrived } = await readDocuments(
      point,
      slice,
      all,
      null,
      false,
      SIGNAL
    );
    expect(arrived.rows).toBe(10_500);
    expect(rowsIn(arrived, known)).toEqual(
      wide(10_500)
        .reverse()
        .map(({ user, packages }) => ({ user, packages: packages ?? [] }))
    );
  });
});

describe('readByEsql', () => {
  const read = async (
    server: FakeServer,
    meanwhile: () => void = () => undefined,
    signal = SIGNAL
  ) => {
    const found = await setUp(server);
    const { point, slice, all } = found;
    meanwhile();
    const arrived = readByEsql(point, slice, all, null, PLAIN, signal);
    return { ...found, arrived: await arrived };
  };

  it('has the tuples that composite pages have', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { arrived, columns, point, slice, all } = await read(server);
    const others = await readTuples(point, slice, all, null, PLAIN, SIGNAL);
    const rows = (found: typeof others) =>
      rowsIn(found, columns)
        .map(row => JSON.stringify(row))
        .sort();
    expect(arrived).toMatchObject({ documents: 4000, expected: 4000 });
    expect(arrived && rows(arrived)).toEqual(rows(others));
  });

  it.each([
    ['came', (all: readonly FakeDocument[]) => [...all, { user: 'new' }]],
    ['went', (all: readonly FakeDocument[]) => all.slice(1)],
    [
      'was changed',
      ([, ...rest]: readonly FakeDocument[]) => [...rest, { user: 'new' }]
    ]
  ])('is not taken when a document %s before', async (_, change) => {
    const server = fakeServer(FIELDS, documents(4000));
    const { arrived, client } = await read(server, () => {
      const { records } = server.indices;
      records.documents = change(records.documents);
    });
    expect(arrived).toBeNull();
    expect(client.hasEsql).toBe(true);
    expect(server.open).toBe(1);
  });

  it('is not taken when a document came and went meanwhile', async () => {
    const server = fakeServer(FIELDS, documents(4000));
    const { records } = server.indices;
    const before = records.documents;
    const { arrived } = await read(server, () => {
      records.documents = [...before, { user: 'guest' }];
      server.fault = call => {
        if (call.call === 'open') {
          records.documents = before;
        }
        return null;
      };
    });
    expect(arrived).toBeNull();
  });

  it.each([
    ['is busy', BUSY],
    ['takes too long', { status: 504, text: '' }],
    ['does not answer', { status: 502, text: '' }],
    ['lacks shards', refusal(503, 'no_shard_available_action_exception')]
  ])('is asked again the next time when the server %s', async (_, instead) => {
    const server = fakeServer(FIELDS, documents(10));
    server.fault = ({ call }) => (call === 'count-by' ? instead : null);
    const { arrived, client } = await read(server);
    expect(arrived).toBeNull();
    expect(client.hasEsql).toBe(true);
  });

  it('is not taken when there are more tuples than it gives', async () => {
    const many = documents(0).concat(
      Array.from({ length: 10_000 }, (_, i) => ({ user: `${i}`, nodes: 0 }))
    );
    const { arrived } = await read(fakeServer(FIELDS, many));
    expect(arrived).toBeNull();
  });

  it('is asked no more where the server lacks it', async () => {
    const server = fakeServer(FIELDS, documents(10), { esql: false });
    const { arrived, point, slice, all } = await read(server);
    expect(arrived).toBeNull();
    expect(point.client.hasEsql).toBe(false);
    const before = server.calls.length;
    const again = await readByEsql(point, slice, all, null, PLAIN, SIGNAL);
    expect(again).toBeNull();
    expect(server.calls).toHaveLength(before);
  });

  it('is not asked for what it cannot tell', async () => {
    const server = fakeServer({ ...FIELDS, job: 'long' }, documents(10));
    const { arrived } = await read(server);
    expect(arrived).toBeNull();
    expect(server.calls).toEqual([]);
  });

  it('tells that it was called off, which says nothing of the server', async () => {
    const server = fakeServer(FIELDS, documents(10));
    const stop = new AbortController();
    server.fault = call => {
      if (call.call === 'count-by') {
        stop.abort();
      }
      return null;
    };
    expect(await rejection(read(server, undefined, stop.signal))).toMatchObject(
      {
        name: 'AbortError'
      }
    );
  });
});
