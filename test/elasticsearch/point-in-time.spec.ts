import { ElasticFailure } from '../../src/elasticsearch/failure';
import { fingerprintBody } from '../../src/elasticsearch/fingerprint';
import { openIndices } from '../../src/elasticsearch/index-source';
import { pause } from '../../src/elasticsearch/patience';
import { PointInTime } from '../../src/elasticsearch/point-in-time';
import { totalOf } from '../../src/elasticsearch/answers';
import { FakeServer, json, refusal } from './fake-server';
import type { FakeDocument } from './fake-server';
import { fakeIndex, fakeServer, rejection } from './fakes';

const COUNT = { size: 0, track_total_hits: true };
const FIELDS = { user: 'keyword' };
const DOCUMENTS = [{ user: 'ann' }, { user: 'bob' }, { user: 'ann' }];
const DOWN = { status: 503, text: '' };

async function taken(server: FakeServer) {
  const point = await PointInTime.take(server.client());
  server.calls.length = 0;
  return point;
}

const count = async (point: PointInTime) =>
  totalOf(await point.search(COUNT, 'test'));

const calls = (server: FakeServer) => server.calls.map(({ call }) => call);

/** Let all pauses pass. */
async function patience<T>(promise: Promise<T>): Promise<T> {
  const settled = promise.finally(() => jest.useRealTimers());
  settled.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(60_000);
  return settled;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('PointInTime', () => {
  it('does not see documents that come later', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.indices.records.documents = [];
    expect(await count(point)).toBe(3);
    expect(point).toMatchObject({ server: '8.19.0', losses: 0 });
    expect(Number.isNaN(Date.parse(point.taken))).toBe(false);
  });

  it('is closed once', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    await Promise.all([point.close(), point.close()]);
    await point.close();
    expect(server.open).toBe(0);
    expect(calls(server)).toEqual(['close']);
  });

  it('is taken anew once for all who find it lost, and what was read is counted again', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    expect(await Promise.all([1, 2, 3].map(() => count(point)))).toEqual([
      3, 3, 3
    ]);
    expect(calls(server)).toEqual([
      // All find it lost,
      'search',
      'search',
      'search',
      // one takes it anew and compares,
      'open',
      'search',
      // and all ask again.
      'search',
      'search',
      'search'
    ]);
    expect(server.bodies[3]).toEqual(fingerprintBody({}));
    expect(point.losses).toBe(1);
    server.restart();
    expect(await count(point)).toBe(3);
    expect(point.losses).toBe(2);
  });

  it('has changed when other documents are there, for all who ask, then and later', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    server.indices.records.documents = [...DOCUMENTS, { user: 'ann' }];
    const changed = expect.objectContaining({
      name: 'EngineError',
      code: 'changed',
      message: expect.stringMatching(/\. Reload/)
    });
    expect(
      await Promise.all([rejection(count(point)), rejection(count(point))])
    ).toEqual([changed, changed]);
    expect(await rejection(count(point))).toEqual(changed);
    // What was taken to compare is not left behind.
    expect(server.open).toBe(0);
  });

  it.each([
    ['came', [...DOCUMENTS, { user: 'eve' }]],
    ['went', DOCUMENTS.slice(1)],
    ['took the place of another', [...DOCUMENTS.slice(1), { user: 'ann' }]],
    ['was changed', [{ ...DOCUMENTS[0] }, ...DOCUMENTS.slice(1)]]
  ])('has changed when a document %s, whatever was read', async (_, after) => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    expect(await point.isStillSo()).toBe(true);
    server.indices.records.documents = after;
    expect(await point.isStillSo()).toBe(false);
    expect(server.open).toBe(1);
    server.restart();
    expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
  });

  it('has changed when a document of another shard has the number of one that went', async () => {
    const old = [
      { user: 'ann', _shard: 0, _seq_no: 0 },
      { user: 'bob', _shard: 0, _seq_no: 1 },
      { user: 'cy', _shard: 1, _seq_no: 0 }
    ];
    const index = { ...fakeIndex(FIELDS, old), shards: 2 };
    const server = new FakeServer({ records: index });
    const point = await PointInTime.take(server.client());
    expect(await point.isStillSo()).toBe(true);
    server.restart();
    expect(await count(point)).toBe(3);
    index.documents = [old[0], old[2], { user: 'new', _shard: 1, _seq_no: 1 }];
    expect(await point.isStillSo()).toBe(false);
    server.restart();
    expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
    expect(server.open).toBe(0);
  });

  it.each([
    ['users', { username: 'cy' }],
    ['packages', { subservice: 'dask' }],
    ['times', { event_timestamp: Date.UTC(2021, 0, 2) }],
    ['nodes', { num_nodes: 2 }]
  ])(
    'has changed when an index was deleted and filled anew with others: %s',
    async (_, other) => {
      const fields = {
        username: 'keyword',
        subservice: 'keyword',
        event_timestamp: 'date',
        num_nodes: 'integer'
      };
      const filled = (last: FakeDocument) =>
        ['ann', 'bob', 'ann'].map((username, i) => ({
          username,
          subservice: 'numpy',
          event_timestamp: Date.UTC(2021, 0, 1),
          num_nodes: 1,
          ...(i === 2 ? last : {}),
          _seq_no: i
        }));
      const server = fakeServer(fields, filled({}));
      const { point } = await openIndices(server.client());
      server.restart();
      server.indices.records.documents = filled({});
      expect(await point.isStillSo()).toBe(true);
      expect(await count(point)).toBe(3);
      server.indices.records.documents = filled(other);
      expect(await point.isStillSo()).toBe(false);
      server.restart();
      expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
    }
  );

  it('has changed when an index was deleted and another one has its name', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    const gone = refusal(404, 'index_not_found_exception');
    let left = 1;
    server.fault = ({ call }) =>
      call === 'search' && left-- > 0 ? gone : null;
    server.indices.records.documents = DOCUMENTS.map(one => ({ ...one }));
    expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
    // Where there is none of its name, it says so.
    const lost = fakeServer(FIELDS, DOCUMENTS);
    const last = await taken(lost);
    lost.fault = () => gone;
    expect(await rejection(count(last))).toMatchObject({ kind: 'not-found' });
  });

  it('is told by changes alone where the server allows few buckets', async () => {
    const server = fakeServer({ username: 'keyword' }, [{ username: 'ann' }]);
    server.fault = call =>
      call.call === 'search' && call.body.aggs?.of_user
        ? refusal(400, 'too_many_buckets_exception')
        : null;
    const { point } = await openIndices(server.client());
    expect(await point.isStillSo()).toBe(true);
    server.indices.records.documents = [{ username: 'ann' }];
    expect(await point.isStillSo()).toBe(false);
  });

  it('asks once where some of many indices have no documents', async () => {
    const server = new FakeServer(
      Object.fromEntries(
        Array.from({ length: 70 }, (_, i) => [
          `records-${i}`,
          fakeIndex({ username: 'keyword' }, i < 2 ? [] : [{ username: 'ann' }])
        ])
      )
    );
    const { point } = await openIndices(server.client());
    expect(point.documents).toBe(68);
    expect(
      server.bodies.filter(({ aggs }) => aggs?.indices !== undefined)
    ).toHaveLength(1);
    await point.close();
  });

  it('is as good as changed where there are too many shards to ask about', async () => {
    const index = { ...fakeIndex(FIELDS, DOCUMENTS), shards: 65 };
    const server = new FakeServer({ records: index });
    const point = await taken(server);
    expect(await count(point)).toBe(3);
    server.restart();
    expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
    expect(server.open).toBe(0);
  });

  it('asks each shard once where an index has several, and no more where each has one', async () => {
    for (const [shards, asked] of [
      [2, 3],
      [1, 1]
    ]) {
      const index = { ...fakeIndex(FIELDS, DOCUMENTS), shards };
      const server = new FakeServer({ records: index });
      const point = await PointInTime.take(server.client());
      await point.isStillSo();
      expect(server.bodies).toHaveLength(2 * asked);
      await point.close();
    }
  });

  it.each([
    ['does not understand the question', refusal(400, 'parsing_exception')],
    ['does not tell', json({ hits: { total: { value: 3 } } })]
  ])('is as good as changed where the server %s', async (_, instead) => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    server.fault = call =>
      call.call === 'search' && call.body.aggs?.indices ? instead : null;
    const point = await taken(server);
    expect(point.documents).toBeNull();
    expect(await count(point)).toBe(3);
    expect(await point.isStillSo()).toBe(false);
    server.restart();
    expect(await rejection(count(point))).toMatchObject({ code: 'changed' });
    expect(server.open).toBe(0);
  });

  it('is none of documents that stand for several each', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const buckets = [
      {
        key: 'records',
        doc_count: 5,
        changes: { min: 0, max: 2, sum: 3 }
      }
    ];
    server.fault = ({ call }) =>
      call === 'search'
        ? json({
            hits: { total: { value: 3 } },
            aggregations: { indices: { buckets } }
          })
        : null;
    expect(await rejection(taken(server))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('_doc_count')
    });
    expect(server.open).toBe(0);
  });

  it('lets nobody search before it is known to be the same', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    server.indices.records.documents = [];
    const late: Promise<unknown>[] = [];
    server.fault = call => {
      if (call.call === 'search' && call.body.aggs && late.length === 0) {
        late.push(rejection(count(point)));
      }
      return null;
    };
    await rejection(count(point));
    expect(late).toHaveLength(1);
    expect(await late[0]).toMatchObject({ code: 'changed' });
  });

  it.each([
    ['a node that restarts', DOWN],
    ['a shard that moves', refusal(503, 'no_shard_available_action_exception')]
  ])('tries again what passes: %s', async (_, failure) => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    let left = 3;
    server.fault = () => (left-- > 0 ? failure : null);
    expect(await patience(count(point))).toBe(3);
    expect(calls(server)).toEqual(Array<string>(4).fill('search'));
  });

  it('takes it patiently, too', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    server.fault = (_, nth) => (nth < 3 ? DOWN : null);
    await patience(PointInTime.take(server.client()));
    expect(calls(server)).toEqual(['open', 'open', 'open', 'search']);
  });

  it('gives up in the end', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.fault = () => DOWN;
    expect(await rejection(patience(count(point)))).toEqual(
      new ElasticFailure('unreachable')
    );
    expect(calls(server)).toHaveLength(6);
  });

  it.each([
    ['a mistake', refusal(400, 'parsing_exception'), 'invalid'],
    ['a lack of rights', { status: 403, text: '' }, 'denied'],
    [
      'too many buckets',
      refusal(400, 'too_many_buckets_exception'),
      'too-many-buckets'
    ]
  ])('does not try %s again', async (_, failure, kind) => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.fault = () => failure;
    expect(await rejection(count(point))).toMatchObject({ kind });
    expect(calls(server)).toEqual(['search']);
  });

  it.each([
    ['has no room', { status: 429, text: '' }, 'busy'],
    ['takes too long', { status: 504, text: '' }, 'timeout']
  ])(
    'waits for a server that %s, unless it can be asked for less',
    async (_, failure, kind) => {
      const server = fakeServer(FIELDS, DOCUMENTS);
      const point = await taken(server);
      let left = 1;
      server.fault = () => (left-- > 0 ? failure : null);
      const found = point.search(COUNT, 'test', undefined, true);
      expect(await rejection(found)).toMatchObject({ kind });
      expect(calls(server)).toEqual(['search']);
      left = 2;
      expect(await patience(count(point))).toBe(3);
    }
  );

  it('ends its pauses when it is called off', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.fault = () => DOWN;
    const stop = new AbortController();
    const found = rejection(point.search(COUNT, 'test', stop.signal));
    await jest.advanceTimersByTimeAsync(300);
    stop.abort();
    expect(await found).toMatchObject({ name: 'AbortError' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets go at once of who calls off while it is taken anew, and takes none once closed', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    server.fault = ({ call }) => (call === 'open' ? DOWN : null);
    const stop = new AbortController();
    const found = rejection(point.search(COUNT, 'test', stop.signal));
    await jest.advanceTimersByTimeAsync(300);
    stop.abort();
    await jest.advanceTimersByTimeAsync(0);
    const ended = await Promise.race([found, Promise.resolve('waits')]);
    expect(ended).toMatchObject({ name: 'AbortError' });
    await point.close();
    server.fault = () => null;
    const before = server.calls.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(server.calls).toHaveLength(before);
  });

  it('survives a restart in which the server is away for a while', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    server.fault = (_, nth) => (nth < 5 ? DOWN : null);
    expect(await patience(count(point))).toBe(3);
    expect(point.losses).toBe(1);
  });

  it('leaves nothing behind when it is closed while it is taken anew', async () => {
    const server = fakeServer(FIELDS, DOCUMENTS);
    const point = await taken(server);
    server.restart();
    const closed: Promise<void>[] = [];
    server.fault = call => {
      if (call.call === 'open') {
        closed.push(point.close());
      }
      return null;
    };
    await rejection(count(point));
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
    expect(server.open).toBe(0);
  });

  it('works with an index that grew out of nothing', async () => {
    const server = fakeServer(FIELDS, []);
    Object.assign(server.indices, { more: fakeIndex(FIELDS, DOCUMENTS) });
    expect(await count(await taken(server))).toBe(3);
  });
});

describe('pause', () => {
  it('lasts as long as it says', async () => {
    let done = false;
    void pause(100).then(() => (done = true));
    await jest.advanceTimersByTimeAsync(99);
    expect(done).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(done).toBe(true);
  });

  it('does not begin when it was called off before', async () => {
    const stop = new AbortController();
    stop.abort();
    const found = rejection(pause(1e6, stop.signal));
    await jest.advanceTimersByTimeAsync(0);
    expect(jest.getTimerCount()).toBe(0);
    expect(await found).toMatchObject({ name: 'AbortError' });
  });
});
