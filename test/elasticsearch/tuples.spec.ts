import fc from 'fast-check';

import type { CompositeKey } from '../../src/elasticsearch/protocol';
import {
  DOCUMENTS,
  TupleReader,
  tuplesBody
} from '../../src/elasticsearch/tuples';
import type { FakeDocument } from './fake-server';
import { fakeServer, groupOf, opened, wanted } from './fakes';
import { rowsIn } from './rows';

const SEED = { seed: 20210105, numRuns: 80 };
const FIELDS = {
  user: 'keyword',
  nodes: 'long',
  staff: 'boolean',
  time: 'date',
  weight: 'integer'
};

const document: fc.Arbitrary<FakeDocument> = fc.record({
  user: fc.constantFrom('ann', 'bob', '', 'Zoë', null),
  nodes: fc.constantFrom(1n, 64n, 2n ** 62n + 1n, -(2n ** 63n), null),
  staff: fc.constantFrom(true, false, null),
  time: fc.constantFrom(-1, 0, 999, 1000, 1_609_459_200_123, null),
  weight: fc.constantFrom(1, 5, null)
});

/** The distinct tuples of documents with their counts, the plain way. */
function expected(documents: readonly FakeDocument[]) {
  const counts = new Map<
    string,
    { row: Record<string, unknown>; weight: number }
  >();
  for (const { user, nodes, staff, time, weight } of documents) {
    const row = {
      user,
      nodes:
        typeof nodes === 'bigint'
          ? Number.isSafeInteger(Number(nodes))
            ? Number(nodes)
            : String(nodes)
          : null,
      staff,
      time: typeof time === 'number' ? new Date(time).toISOString() : null,
      'time in seconds':
        typeof time === 'number' ? Math.floor(time / 1000) : null,
      weight
    };
    const key = JSON.stringify(row);
    const known = counts.get(key)?.weight ?? 0;
    counts.set(key, { row, weight: known + Number(weight ?? 1) });
  }
  return [...counts.values()].map(({ row, weight }) => ({
    ...row,
    [DOCUMENTS]: weight
  }));
}

const sorted = (rows: readonly object[]) =>
  rows.map(row => JSON.stringify(Object.entries(row).sort())).sort();

describe('tuplesBody', () => {
  const parts = async () => {
    const { columns } = await opened(fakeServer(FIELDS, []));
    return { columns, group: groupOf(columns) };
  };

  it('asks for a page of tuples, by the number of each column', async () => {
    const { columns, group } = await parts();
    const all = wanted(columns, { time: ['seconds'] });
    expect(tuplesBody(all, group, null, 500, null, false)).toEqual({
      size: 0,
      track_total_hits: false,
      aggs: {
        tuples: {
          composite: {
            size: 500,
            sources: [
              { c0: { terms: { field: 'user', missing_bucket: true } } },
              { c1: { terms: { field: 'nodes', missing_bucket: true } } },
              { c2: { terms: { field: 'staff', missing_bucket: true } } },
              {
                c3: {
                  date_histogram: {
                    field: 'time',
                    fixed_interval: '1s',
                    missing_bucket: true
                  }
                }
              },
              { c4: { terms: { field: 'weight', missing_bucket: true } } }
            ]
          }
        }
      }
    });
  });

  it('tells milliseconds apart only where a question shows times', async () => {
    const { columns, group } = await parts();
    for (const [forms, interval] of [
      [['seconds'], '1s'],
      [['codes'], '1ms'],
      [['seconds', 'codes'], '1ms']
    ] as const) {
      const body = tuplesBody(
        wanted(columns, { time: forms }),
        group,
        null,
        10,
        null,
        false
      );
      expect(JSON.stringify(body)).toContain(`"fixed_interval":"${interval}"`);
    }
  });

  it('goes on after a key, within a condition', async () => {
    const { columns, group } = await parts();
    const condition = { exists: { field: 'user' } };
    const after = { c0: 'ann' };
    expect(
      tuplesBody(wanted(columns), group, condition, 10, after, true)
    ).toMatchObject({
      track_total_hits: true,
      query: condition,
      aggs: { tuples: { composite: { after } } }
    });
  });

  it('only counts when there is no column, or these indices lack all', async () => {
    const { columns } = await parts();
    const lacking = { indices: ['x'], variant: () => undefined };
    for (const body of [
      tuplesBody([], groupOf(columns), null, 10, null, false),
      tuplesBody(wanted(columns), lacking, null, 10, null, false)
    ]) {
      expect(body).toEqual({ size: 0, track_total_hits: true });
    }
  });
});

describe('TupleReader', () => {
  it('reads tuples page by page as they are, however long pages are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (documents, size) => {
          const { point, columns } = await opened(
            fakeServer(FIELDS, documents)
          );
          const group = groupOf(columns);
          const all = wanted(columns, { time: ['codes', 'seconds'] });
          const reader = new TupleReader(all, 'weight');
          let after: CompositeKey | null = null;
          let pages = 0;
          do {
            after = reader.add(
              await point.search(
                tuplesBody(all, group, null, size, after, after === null),
                'test'
              ),
              size
            );
            pages++;
          } while (after);
          const arrived = reader.finish();
          const rows = expected(documents);
          expect(sorted(rowsIn(arrived, columns))).toEqual(sorted(rows));
          expect(arrived).toMatchObject({
            rows: rows.length,
            documents: documents.length,
            expected: documents.length
          });
          expect(pages).toBe(Math.floor(rows.length / size) + 1);
        }
      ),
      SEED
    );
  });

  it('weighs a tuple by its documents where no column says otherwise', () => {
    const reader = new TupleReader(
      [{ name: 'user', type: 'text', forms: ['codes'] }],
      null
    );
    reader.tuple({ c0: 'ann' }, 3);
    reader.tuple({ c0: null }, 2);
    const columns = new Map([
      ['user', { name: 'user', type: 'text', list: false } as const]
    ]);
    expect(rowsIn(reader.finish(), columns)).toEqual([
      { user: 'ann', [DOCUMENTS]: 3 },
      { user: null, [DOCUMENTS]: 2 }
    ]);
  });

  it('takes a count alone for one tuple, and no documents for none', () => {
    const total = (value: number) => ({ hits: { total: { value } } });
    for (const [documents, rows] of [
      [7, 1],
      [0, 0]
    ]) {
      const reader = new TupleReader([], null);
      expect(reader.add(total(documents), 10)).toBeNull();
      expect(reader.finish()).toMatchObject({
        rows,
        documents,
        expected: documents
      });
    }
  });

  it('does not know what was announced when nobody asked', () => {
    const reader = new TupleReader([], null);
    reader.add({ hits: {}, aggregations: { tuples: { buckets: [] } } }, 10);
    expect(reader.finish().expected).toBeNull();
  });

  it('counts documents whose time cannot be read, not tuples', () => {
    const reader = new TupleReader(
      [{ name: 'time', type: 'text', forms: ['seconds'] }],
      null
    );
    reader.tuple({ c0: 'yesterday' }, 3);
    reader.tuple({ c0: '2021-01-01T00:00:00Z' }, 5);
    reader.tuple({ c0: null }, 7);
    expect(reader.finish().columns[0].chunk).toMatchObject({ unparsable: 3 });
  });
});
