import { frequentLook } from '../../src/elasticsearch/frequent-look';
import { json } from './fake-server';
import { fakeServer, opened } from './fakes';

describe('frequentLook', () => {
  it.each([
    ['all values', 0, 0, {}],
    ['the first values of one shard', 0, 7, {}],
    ['the first values of each shard', 4, 7, { atLeast: true }],
    ['shards that do not say how much they left out', -1, 7, { atLeast: true }]
  ])('says what its numbers are worth: %s', async (_, bound, other, mark) => {
    const server = fakeServer({ user: 'keyword' }, [{ user: 'ann' }]);
    const { point, columns } = await opened(server);
    server.fault = ({ call }) =>
      call === 'search'
        ? json({
            hits: {},
            aggregations: {
              values: {
                doc_count_error_upper_bound: bound,
                sum_other_doc_count: other,
                buckets: [{ key: 'ann', doc_count: 3 }]
              }
            }
          })
        : null;
    const [column] = columns.values();
    expect(await frequentLook(point, column, null)).toEqual([
      { value: 'ann', records: 3, ...mark }
    ]);
  });
});
