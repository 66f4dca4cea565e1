import { overviewLook } from '../../src/elasticsearch/overview-look';
import { openIndices } from '../../src/elasticsearch/index-source';
import { mergeMapping } from '../../src/workload/fields';
import type { Filter, IQuery } from '../../src/workload/query';
import { number, question, text, times } from '../engine/tables';
import type { TestTable } from '../engine/tables';
import { openEngine, serverOf } from './workloads';

const TABLE: TestTable = {
  username: text('ann', 'ann', 'bob', 'cy', 'cy'),
  job_id: text('1', '1', '2', '', '3'),
  subservice: text('numpy', 'dask', 'numpy', 'mkl', null),
  num_nodes: number(1, 1, 2, 4, 4),
  event_timestamp: times(
    '2021-01-01T00:00:00Z',
    '2021-01-01T12:00:00Z',
    '2021-01-31T23:59:59Z',
    '2021-02-01T00:00:00Z',
    '2021-02-03T00:00:00Z'
  )
};

async function lookAt(
  query: IQuery,
  filters: readonly Filter[] = [],
  table = TABLE
) {
  const { point, columns, info } = await openIndices(serverOf(table).client());
  const mapping = mergeMapping(info.mapping, query.mapping);
  const look = overviewLook(query, filters, columns, mapping);
  return (
    look && {
      body: look.body,
      found: look.read(await point.search(look.body, 'test'))
    }
  );
}

describe('overviewLook', () => {
  it.each<[string, Partial<IQuery>]>([
    ['of everything', {}],
    ['of a period', { period: { from: '2021-01-31', to: '2021-02-02' } }],
    [
      'under a condition',
      { filters: [{ field: 'user', op: 'any', values: ['ann', 'cy'] }] }
    ]
  ])('would be exact if sketches were, %s', async (_, parts) => {
    const query = question('users', parts);
    const engine = await openEngine(serverOf(TABLE));
    const exact = await engine.overview(query);
    const look = await lookAt(query, query.filters);
    expect(look?.found).toEqual({
      ...exact,
      estimate: {
        method: 'cardinality',
        error: expect.any(Number),
        of: 'value'
      }
    });
    await engine.close();
  });

  it.each([
    ['one', ['cori', 'cori', 'cori', 'cori', 'cori'], 3],
    ['several', ['cori', 'edison', 'edison', 'cori', null], 4],
    ['one or none', ['cori', null, 'cori', 'cori', 'cori'], 4]
  ])('tells jobs of %s by system, too', async (_, systems, jobs) => {
    const table = { ...TABLE, system: text(...systems) };
    const look = await lookAt(question('users'), [], table);
    expect(look?.found).toMatchObject({ jobs });
    const engine = await openEngine(serverOf(table));
    expect(await engine.overview(question('users'))).toMatchObject({ jobs });
    await engine.close();
  });

  it('asks nothing inside where no role is mapped', async () => {
    const look = await lookAt(
      question('users', {
        mapping: { user: [], job: [], package: [], time: [] }
      })
    );
    expect(look?.body.aggs).toEqual({ inside: { filter: { match_all: {} } } });
    expect(look?.found).toMatchObject({
      records: 5,
      users: null,
      jobs: null,
      packages: null,
      days: null
    });
  });

  it('is none for patterns, and where documents have weights', async () => {
    expect(
      await lookAt(question('users'), [
        { field: 'user', op: 'regexp', value: 'a' }
      ])
    ).toBeNull();
    expect(
      await lookAt(question('users', { mapping: { count: ['num_nodes'] } }))
    ).toBeNull();
  });
});
