import fc from 'fast-check';

import {
  DocumentReader,
  documentsBody
} from '../../src/elasticsearch/documents';
import type { FieldValue } from '../../src/elasticsearch/protocol';
import type { FakeDocument } from './fake-server';
import { fakeServer, groupOf, opened, wanted } from './fakes';
import { rowsIn } from './rows';

const SEED = { seed: 20210106, numRuns: 80 };
const FIELDS = { user: 'keyword', packages: 'keyword', time: 'date' };

async function setUp(documents: readonly FakeDocument[]) {
  const server = fakeServer(FIELDS, documents);
  const { point, columns } = await opened(server);
  const all = wanted(columns, { time: ['codes', 'seconds'] }).map(column => ({
    ...column,
    list: column.name === 'packages'
  }));
  const known = new Map(all.map(column => [column.name, column]));
  return { server, point, columns: all, known, group: groupOf(columns) };
}

describe('documentsBody', () => {
  it('asks for values by column, in the order of shards', async () => {
    const { columns, group } = await setUp([]);
    const condition = { exists: { field: 'user' } };
    expect(documentsBody(columns, group, condition, 50, null, true)).toEqual({
      size: 50,
      track_total_hits: true,
      query: condition,
      sort: [{ _shard_doc: 'asc' }],
      _source: false,
      docvalue_fields: [
        { field: 'user' },
        { field: 'packages' },
        { field: 'time', format: 'epoch_millis' }
      ]
    });
  });

  it('goes on after a document', async () => {
    const { columns, group } = await setUp([]);
    expect(documentsBody(columns, group, null, 50, [7], false)).toMatchObject({
      search_after: [7]
    });
  });

  it('asks for no values of fields that these indices lack', async () => {
    const { columns } = await setUp([]);
    const body = documentsBody(
      columns,
      { indices: ['x'], variant: () => undefined },
      null,
      50,
      null,
      false
    );
    expect(body).not.toHaveProperty('docvalue_fields');
  });
});

describe('DocumentReader', () => {
  it('reads documents page by page as they are, however long pages are', async () => {
    const document: fc.Arbitrary<FakeDocument> = fc.record({
      user: fc.constantFrom('ann', 'bob', '', null),
      packages: fc.option(
        fc.uniqueArray(fc.constantFrom('numpy', 'dask', 'mkl', '')),
        { nil: null }
      ),
      time: fc.option(fc.integer({ min: -1e10, max: 2e12 }), { nil: null })
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (documents, size) => {
          const { point, columns, known, group } = await setUp(documents);
          const reader = new DocumentReader(columns, group);
          let after: readonly FieldValue[] | null = null;
          do {
            after = reader.add(
              await point.search(
                documentsBody(columns, group, null, size, after, true),
                'test'
              ),
              size
            );
          } while (after);
          const arrived = reader.finish();
          expect(rowsIn(arrived, known)).toEqual(
            documents.map(({ user, packages, time }) => ({
              user,
              packages: packages ?? [],
              time:
                typeof time === 'number' ? new Date(time).toISOString() : null,
              'time in seconds':
                typeof time === 'number' ? Math.floor(time / 1000) : null
            }))
          );
          expect(arrived).toMatchObject({
            rows: documents.length,
            documents: documents.length,
            expected: documents.length
          });
          expect(reader.several).toBeNull();
        }
      ),
      SEED
    );
  });

  it('tells the first column that holds several values and is no list', async () => {
    const { point, columns, group } = await setUp([
      { user: 'ann', packages: ['a', 'b'] },
      { user: ['ann', 'bob'], time: [1, 2] }
    ]);
    const reader = new DocumentReader(columns, group);
    reader.add(
      await point.search(
        documentsBody(columns, group, null, 10, null, false),
        'test'
      ),
      10
    );
    expect(reader.several).toBe('user');
  });
});
