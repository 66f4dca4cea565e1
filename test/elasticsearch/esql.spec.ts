import {
  countBy,
  countByText,
  ESQL_ROWS,
  tuplesIn
} from '../../src/elasticsearch/esql';
import { fakeServer, groupOf, opened, wanted } from './fakes';
import type { FakeFields } from './fakes';

const countOf = async (fields: FakeFields, condition = null) => {
  const { columns } = await opened(fakeServer(fields, []));
  return countBy(wanted(columns), groupOf(columns), condition);
};

describe('countBy', () => {
  it('counts by fields whose values ES|QL gives as they are', async () => {
    expect(
      await countOf({ user: 'keyword', nodes: 'integer', staff: 'boolean' })
    ).toEqual({
      by: ['user', 'nodes', 'staff'],
      filter: { match_all: {} },
      limit: ESQL_ROWS
    });
  });

  it('counts by the sub-field of full text', async () => {
    expect(
      await countOf({
        package: 'text',
        'package.keyword': { type: 'keyword', of: 'package' }
      })
    ).toMatchObject({ by: ['package.keyword'] });
  });

  it.each<[string, FakeFields]>([
    ['times', { user: 'keyword', time: 'date' }],
    ['big integers', { user: 'keyword', job: 'long' }],
    ['floats', { load: 'float' }],
    ['its own word for counts', { count: 'integer' }],
    ['no column', {}]
  ])('does not tell %s', async (_, fields) => {
    expect(await countOf(fields)).toBeNull();
  });

  it('does not count by fields that these indices lack', async () => {
    const { columns } = await opened(fakeServer({ user: 'keyword' }, []));
    const group = { indices: ['x'], variant: () => undefined };
    expect(countBy(wanted(columns), group, null)).toBeNull();
  });
});

describe('countByText', () => {
  it('quotes names', () => {
    expect(
      countByText('mods-*,xalt', {
        by: ['data.user', 'a`b | DROP'],
        filter: { match_all: {} },
        limit: 5
      })
    ).toBe(
      'FROM "mods-*","xalt" | STATS count = COUNT(*) BY `data.user`, `a``b | DROP` | LIMIT 5'
    );
  });
});

describe('tuplesIn', () => {
  const columns = [{ name: 'count' }, { name: 'user' }];

  it('reads rows as tuples with their counts', () => {
    expect(
      tuplesIn({
        columns,
        values: [
          [3, 'ann'],
          [1, null]
        ]
      })
    ).toEqual([
      { key: { c0: 'ann' }, documents: 3 },
      { key: { c0: null }, documents: 1 }
    ]);
  });

  it.each([
    null,
    {},
    { columns, values: 'x' },
    { columns, values: [], is_partial: true },
    { columns, values: [[1, ['a', 'b']]] },
    { columns, values: ['x'] }
  ])('takes no %j', answer => {
    expect(() => tuplesIn(answer)).toThrow(
      expect.objectContaining({ name: 'ElasticFailure' })
    );
  });
});
