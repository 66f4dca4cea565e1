import fc from 'fast-check';

import { ElasticFailure } from '../../src/elasticsearch/failure';
import { SearchClient } from '../../src/elasticsearch/search-client';
import type {
  IRawAnswer,
  ITransport
} from '../../src/elasticsearch/search-client';
import { json, refusal } from './fake-server';
import { fakeServer, rejection } from './fakes';

const SEED = { seed: 20210108, numRuns: 200 };
const BODY = { size: 0, track_total_hits: false };

/** A client of a server that gives some answer to everything. */
function over(
  answer: Partial<IRawAnswer> | { readonly failing: Error | DOMException }
): SearchClient {
  const transport: ITransport = {
    send: () =>
      'failing' in answer
        ? Promise.reject(answer.failing)
        : Promise.resolve({ status: 200, text: '', ...answer })
  };
  return new SearchClient(transport, 'mods-*,xält');
}

const search = (client: SearchClient, signal?: AbortSignal) =>
  client.search('point', BODY, 'test', signal);

describe('SearchClient', () => {
  it.each([
    [{ timed_out: true, hits: {} }, 'timeout'],
    [{ _shards: { failed: 1, failures: [] }, hits: {} }, 'partial'],
    [
      {
        _shards: {
          failed: 1,
          failures: [{ reason: { type: 'circuit_breaking_exception' } }]
        },
        hits: {}
      },
      'busy'
    ],
    [
      {
        _shards: {
          failed: 2,
          failures: [{ reason: { type: 'search_context_missing_exception' } }]
        },
        hits: {}
      },
      'lost'
    ],
    [
      { _clusters: { total: 2, successful: 1, skipped: 1 }, hits: {} },
      'partial'
    ],
    [{ _clusters: { total: 2, skipped: 0, partial: 1 }, hits: {} }, 'partial'],
    [{ _clusters: { total: 2, skipped: 0, failed: 1 }, hits: {} }, 'partial'],
    [
      {
        _clusters: { total: 2, running: 1 },
        _shards: { total: 2, successful: 1, failed: 0 },
        hits: {}
      },
      'partial'
    ]
  ])('takes no answer that lacks something: %j', async (answer, kind) => {
    const client = over(json(answer));
    await expect(search(client)).rejects.toMatchObject({ kind });
    expect(client.requests.records[0]).toMatchObject({ status: 200, items: 0 });
  });

  it('takes an answer of all remote clusters', async () => {
    const _clusters = { total: 2, successful: 2, skipped: 0, partial: 0 };
    expect(await search(over(json({ _clusters, hits: {} })))).toBeTruthy();
    // As a real server answers now and then.
    const late = {
      _clusters: { total: 2, successful: 0, skipped: 0, running: 2 },
      _shards: { total: 2, successful: 2, skipped: 0, failed: 0 },
      hits: {}
    };
    expect(await search(over(json(late)))).toBeTruthy();
  });

  it('does not take fields for all of them when an index or cluster did not tell its own', async () => {
    const answer = { indices: [], fields: {} };
    expect(await over(json({ ...answer, failures: [] })).fields()).toBeTruthy();
    const failures = [{ indices: ['far:mods'], failure: {} }];
    await expect(
      over(json({ ...answer, failures })).fields()
    ).rejects.toMatchObject({ kind: 'partial' });
  });

  it.each(['', 'no JSON', '[]', '{}', '"text"', '{"hits":null}'])(
    'does not take %j for an answer of Elasticsearch',
    async text => {
      await expect(search(over({ text }))).rejects.toMatchObject({
        kind: 'product'
      });
      await expect(over({ text }).fields()).rejects.toMatchObject({
        kind: 'product'
      });
      await expect(over({ text }).open()).rejects.toMatchObject({
        kind: 'product'
      });
    }
  );

  it('says what a status means, also without JSON', async () => {
    await expect(
      search(over({ status: 503, text: '<html>' }))
    ).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(
      search(over(refusal(400, 'too_many_buckets_exception')))
    ).rejects.toMatchObject({ kind: 'too-many-buckets' });
  });

  it('takes whatever goes wrong on the way for a server that is not there', async () => {
    await expect(
      search(over({ failing: new TypeError('socket') }))
    ).rejects.toEqual(new ElasticFailure('unreachable'));
  });

  it('passes on that somebody called a request off', async () => {
    const error = new DOMException('Called off.', 'AbortError');
    expect(await rejection(search(over({ failing: error })))).toBe(error);
    const stop = new AbortController();
    stop.abort();
    const other = new TypeError('terminated');
    expect(await rejection(search(over({ failing: other }), stop.signal))).toBe(
      other
    );
  });

  it('never rejects when it lets go of a point in time', async () => {
    await over({ failing: new TypeError('socket') }).close('point');
    await over({ status: 404 }).close('point');
  });

  it('tells the version of the server, if it is told', async () => {
    expect(await over({ text: '{"id":"a","server":"9.5.0"}' }).open()).toEqual({
      id: 'a',
      server: '9.5.0',
      pageSize: null
    });
    expect(await over({ text: '{"id":"a"}' }).open()).toMatchObject({
      server: ''
    });
  });

  it('keeps all digits of big integers, wherever they stand', async () => {
    const big = '9223372036854775807';
    const text = `{"hits":{"hits":[{"fields":{"job":[${big},1,-${big}],"name":["[${big}]"]},"sort":[${big}]}]},"aggregations":{"t":{"after_key":{"c0":${big}},"buckets":[{"key":{"c0":-${big},"c1":"\\":${big}}"},"doc_count":12}]}}}`;
    expect(await search(over({ text }))).toEqual({
      hits: {
        hits: [
          {
            fields: { job: [big, 1, `-${big}`], name: [`[${big}]`] },
            sort: [big]
          }
        ]
      },
      aggregations: {
        t: {
          after_key: { c0: big },
          buckets: [{ key: { c0: `-${big}`, c1: `":${big}}` }, doc_count: 12 }]
        }
      }
    });
  });

  it('reads all JSON as it is but for big integers', async () => {
    const tricky = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '":1234567890123456789}',
        '\\',
        '\\"',
        '[1234567890123456789]',
        ',1234567890123456789,',
        '"a":1234567890123456789,'
      )
    );
    const value = fc.oneof(
      tricky,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc.boolean(),
      fc.constant(null)
    );
    const tree = fc.letrec(tie => ({
      node: fc.oneof(
        { depthSize: 'small' },
        value,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(
          fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ') }),
          tie('node'),
          {
            maxKeys: 4,
            noNullPrototype: true
          }
        )
      )
    })).node;
    await fc.assert(
      fc.asyncProperty(tree, async wanted => {
        const found = await search(over(json({ hits: {}, wanted })));
        expect(found).toEqual({ hits: {}, wanted: asRead(wanted) });
      }),
      SEED
    );
  });

  it('logs each request as the console would take it', async () => {
    const server = fakeServer({ user: 'keyword' }, [{ user: 'a' }]);
    const client = server.client();
    await client.fields();
    const { id } = await client.open();
    await client.search(
      id,
      {
        size: 1,
        track_total_hits: true,
        aggs: { users: { terms: { field: 'user', size: 5 } } }
      },
      'who there is'
    );
    await client.countBy({ by: ['user'], filter: { match_all: {} }, limit: 9 });
    await client.close(id);
    expect(
      client.requests.records.map(({ method, path, body, status, items }) => [
        method,
        path,
        body === null ? null : JSON.parse(body),
        status,
        items
      ])
    ).toEqual([
      [
        'GET',
        '/records/_field_caps?fields=*&include_unmapped=true',
        null,
        200,
        0
      ],
      ['POST', '/records/_pit?keep_alive=5m', null, 200, 0],
      [
        'POST',
        '/_search',
        expect.objectContaining({
          pit: { id: 'PIT_ID', keep_alive: '5m' },
          size: 1
        }),
        200,
        // A document and a bucket.
        2
      ],
      [
        'POST',
        '/_query',
        {
          query: 'FROM "records" | STATS count = COUNT(*) BY `user` | LIMIT 9',
          filter: { match_all: {} }
        },
        200,
        1
      ],
      ['DELETE', '/_pit', { id: 'PIT_ID' }, 204, 0]
    ]);
    expect(client.requests.records[2].purpose).toBe('who there is');
    expect(client.bytes).toBe(
      client.requests.records.reduce((sum, { bytes }) => sum + bytes, 0)
    );
    expect(
      client.requests.records.every(({ milliseconds }) => milliseconds !== null)
    ).toBe(true);
  });

  it('names patterns in addresses as they are named there', async () => {
    const client = over(json({ indices: [], fields: {} }));
    await client.fields();
    expect(client.requests.records[0].path).toBe(
      '/mods-*,x%C3%A4lt/_field_caps?fields=*&include_unmapped=true'
    );
  });

  it('logs a request while it is awaited, and that there was no answer', async () => {
    const server = fakeServer({}, []);
    let answer: (instead: IRawAnswer) => void = () => undefined;
    server.fault = () => new Promise(resolve => (answer = resolve));
    const client = server.client();
    const found = search(client);
    expect(client.requests.records).toEqual([
      expect.objectContaining({ status: null, milliseconds: null })
    ]);
    answer({ status: 200, text: '{"hits":{}}' });
    await found;
    expect(client.requests.records[0]).toMatchObject({
      status: 200,
      bytes: 11
    });
    const lost = over({ failing: new TypeError('socket') });
    await rejection(search(lost));
    expect(lost.requests.records[0].status).toBe(0);
  });
});

/** What becomes of a value: big integers become texts, as far as they have sixteen digits and more. */
function asRead(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return /\d{16}/.test(String(value)) ? String(value) : Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(asRead);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, asRead(one)])
    );
  }
  // As JSON has it: −0 is 0, and floats of many digits have a point or an exponent in Elasticsearch.
  if (typeof value === 'number') {
    return /^-?\d{16,}$/.test(String(value)) ? String(value) : value + 0;
  }
  return value;
}
