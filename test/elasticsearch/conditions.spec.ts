import fc from 'fast-check';

import {
  conditionOf,
  periodCondition
} from '../../src/elasticsearch/conditions';
import type { Mapping } from '../../src/workload/fields';
import { proposeMapping } from '../../src/workload/fields';
import type { Filter } from '../../src/workload/query';
import { FakeServer } from './fake-server';
import type { FakeDocument } from './fake-server';
import { matches } from './fake-aggregations';
import { fakeIndex, fakeServer, opened } from './fakes';
import { rowsOf, question } from '../engine/tables';
import type { TestTable, Value } from '../engine/tables';

const SEED = { seed: 20210107, numRuns: 400 };
const FIELDS = {
  username: 'keyword',
  job_id: 'long',
  num_nodes: 'integer',
  load: 'double',
  big: 'unsigned_long',
  is_staff: 'boolean',
  is_compute: 'keyword',
  is_shifter: 'integer',
  host: 'ip',
  event_timestamp: 'date',
  subservice: 'text',
  'subservice.keyword': { type: 'keyword', of: 'subservice' }
};

const columns = async () => {
  const found = await opened(fakeServer(FIELDS, []));
  return {
    columns: found.columns,
    mapping: proposeMapping([...found.columns.values()])
  };
};

describe('conditionOf', () => {
  const conditionFor = async (filter: Filter, chosen: Mapping = {}) => {
    const { columns: all, mapping } = await columns();
    return conditionOf(filter, all, { ...mapping, ...chosen });
  };

  it.each<[Filter, unknown]>([
    [
      { field: 'user', op: 'any', values: ['ann', ''] },
      { terms: { username: ['ann', ''] } }
    ],
    [
      { field: 'user', op: 'any', values: ['ann'], not: true },
      { bool: { must_not: [{ terms: { username: ['ann'] } }] } }
    ],
    [
      { field: 'package', op: 'any', values: ['numpy'] },
      { terms: { 'subservice.keyword': ['numpy'] } }
    ],
    [
      { field: 'nodes', op: 'any', values: ['64', '-2', '0'] },
      { terms: { num_nodes: [64, -2, 0] } }
    ],
    [
      { field: 'is_staff', op: 'any', values: ['true', 'false'] },
      { terms: { is_staff: [true, false] } }
    ],
    [
      { field: 'username', op: 'missing' },
      { bool: { must_not: [{ exists: { field: 'username' } }] } }
    ],
    [
      { field: 'subservice', op: 'missing', not: true },
      {
        bool: {
          must_not: [
            {
              bool: { must_not: [{ exists: { field: 'subservice.keyword' } }] }
            }
          ]
        }
      }
    ]
  ])('%j is a condition', async (filter, condition) => {
    expect(await conditionFor(filter)).toEqual(condition);
  });

  it.each<Filter>([
    { field: 'user', op: 'prefix', value: 'a' },
    { field: 'user', op: 'glob', value: 'a*' },
    { field: 'user', op: 'regexp', value: 'a' },
    { field: 'nodes', op: 'range', from: '1', to: '2' },
    { field: 'time', op: 'range', from: '2021-01-01' },
    { field: 'time', op: 'any', values: ['2021-01-01'] },
    { field: 'package', op: 'job-has', values: ['dask'] },
    { field: 'package', op: 'job-has', values: ['dask'], not: true },
    { field: 'environment', op: 'any', values: ['conda'] },
    { field: 'nowhere', op: 'any', values: ['x'] },
    { field: 'host', op: 'any', values: ['127.0.0.1'] },
    { field: 'load', op: 'any', values: ['0.5'] },
    { field: 'big', op: 'any', values: ['5'] },
    // Written in ways that a server may read otherwise.
    { field: 'nodes', op: 'any', values: ['064'] },
    { field: 'nodes', op: 'any', values: ['1e3'] },
    { field: 'nodes', op: 'any', values: ['-0'] },
    { field: 'nodes', op: 'any', values: ['1', 'many'] },
    { field: 'job', op: 'any', values: ['9007199254740993'] },
    { field: 'is_staff', op: 'any', values: ['yes'] },
    // Yes and no in a text or a number.
    { field: 'is_compute', op: 'any', values: ['true'] },
    { field: 'is_container', op: 'any', values: ['1'] },
    {
      field: 'user',
      op: 'any',
      values: Array.from({ length: 1001 }, (_, i) => `user${i}`)
    }
  ])('%j is tried here', async filter => {
    expect(await conditionFor(filter)).toBeNull();
    expect(await conditionFor({ ...filter, not: true })).toBeNull();
  });

  it('is none for a key of several columns', async () => {
    expect(
      await conditionFor(
        { field: 'job', op: 'any', values: ['1'] },
        { job: ['username', 'job_id'] }
      )
    ).toBeNull();
  });

  it('is none for a list', async () => {
    const { columns: all, mapping } = await columns();
    const name = 'subservice';
    const column = all.get(name);
    expect(column).toBeDefined();
    const lists = new Map(all);
    if (column) {
      lists.set(name, { ...column, list: true });
    }
    expect(
      conditionOf(
        { field: 'package', op: 'any', values: ['dask'] },
        lists,
        mapping
      )
    ).toBeNull();
  });

  it('is none where indices store the column differently', async () => {
    const { columns: all } = await opened(
      new FakeServer({
        a: fakeIndex({ job_id: 'long' }, []),
        b: fakeIndex({ job_id: 'keyword' }, [])
      })
    );
    expect(
      conditionOf({ field: 'job_id', op: 'any', values: ['1'] }, all, {})
    ).toBeNull();
  });

  it('chooses the very records that the engine chooses', async () => {
    const { columns: all, mapping } = await columns();
    const values: Readonly<Record<string, readonly Value[]>> = {
      username: ['ann', 'bob', '', '0', '007', 'true', null],
      job_id: [1, 0, -5, 123456789, null],
      num_nodes: [1, 64, 0, null],
      is_staff: [true, false, null],
      is_compute: ['true', 'yes', 'no', '1', '', null],
      is_shifter: [0, 1, 2, null],
      subservice: ['numpy', '1', '', null]
    };
    const types = {
      username: 'text',
      job_id: 'number',
      num_nodes: 'number',
      is_staff: 'boolean',
      is_compute: 'text',
      is_shifter: 'number',
      subservice: 'text'
    } as const;
    const names = [
      'username',
      'job_id',
      'num_nodes',
      'is_staff',
      'is_compute',
      'is_shifter',
      'subservice'
    ] as const;
    const document = fc.record(
      Object.fromEntries(
        names.map(name => [name, fc.constantFrom(...values[name])])
      )
    );
    const written = (name: (typeof names)[number]) =>
      fc.constantFrom(
        ...values[name].filter(value => value !== null).map(String)
      );
    const filter: fc.Arbitrary<Filter> = fc.constantFrom(...names).chain(name =>
      fc.record({
        field: fc.constant(name),
        op: fc.constantFrom('any' as const, 'missing' as const),
        values: fc.array(written(name), { maxLength: 3 }),
        not: fc.boolean()
      })
    );
    let sent = 0;
    fc.assert(
      fc.property(
        fc.array(document, { minLength: 1, maxLength: 12 }),
        filter,
        (documents, wanted) => {
          const condition = conditionOf(wanted, all, mapping);
          if (!condition) {
            return;
          }
          sent++;
          const { fields } = fakeIndex(FIELDS, []);
          const chosen = documents.filter((one, order) =>
            matches(
              { index: 'records', fields, document: plain(one), order },
              condition
            )
          );
          const table: TestTable = Object.fromEntries([
            ...names.map(name => [
              name,
              { type: types[name], values: documents.map(one => one[name]) }
            ]),
            // Everything is one group.
            ['subsystem', { type: 'text', values: documents.map(() => 'x') }]
          ]);
          const [row] = rowsOf(
            table,
            question('partition-shares', {
              distinct: 'record',
              filters: [wanted],
              defaults: []
            })
          );
          expect(row?.records ?? 0).toBe(chosen.length);
        }
      ),
      SEED
    );
    expect(sent).toBeGreaterThan(200);
  });
});

function plain(one: Readonly<Record<string, Value>>): FakeDocument {
  return one;
}

describe('periodCondition', () => {
  const period = async (
    from: string | null,
    to: string | null,
    zone = 'UTC',
    chosen: Mapping = {}
  ) => {
    const { columns: all, mapping } = await columns();
    return periodCondition({ period: { from, to }, zone }, all, {
      ...mapping,
      ...chosen
    });
  };

  it('is a half-open range in milliseconds', async () => {
    expect(await period('2021-01-01', '2021-02-01')).toEqual({
      range: {
        event_timestamp: {
          gte: Date.UTC(2021, 0, 1),
          lt: Date.UTC(2021, 1, 1),
          format: 'epoch_millis'
        }
      }
    });
  });

  it('stays within what a field of nanoseconds can be compared with', async () => {
    const { columns: all, mapping } = await columns();
    const time = all.get('event_timestamp');
    if (!time) {
      throw new Error('there is no time');
    }
    const nanos = new Map(all).set(time.name, {
      ...time,
      variants: [{ ...time.variants[0], mapped: 'date_nanos' }]
    });
    for (const [from, to, range] of [
      ['1960-01-01', '2300-01-01', { gte: 0, lt: 9_223_372_036_854 }],
      [null, '1960-01-01', { lt: 0 }],
      ['2300-01-01', null, { gte: 9_223_372_036_854 }]
    ] as const) {
      const period = { from, to };
      expect(periodCondition({ period, zone: 'UTC' }, nanos, mapping)).toEqual({
        range: { event_timestamp: { ...range, format: 'epoch_millis' } }
      });
    }
  });

  it('knows the zone, and open ends', async () => {
    expect(await period('2021-01-01', null, 'America/Los_Angeles')).toEqual({
      range: {
        event_timestamp: {
          gte: Date.UTC(2021, 0, 1, 8),
          format: 'epoch_millis'
        }
      }
    });
    expect(await period(null, null)).toBeNull();
  });

  it('is unsure where times are texts or numbers, or there are none', async () => {
    expect(await period('2021-01-01', null, 'UTC', { time: ['load'] })).toBe(
      'unsure'
    );
    expect(await period('2021-01-01', null, 'UTC', { time: ['no'] })).toBe(
      'unsure'
    );
    expect(await period(null, null, 'UTC', { time: ['no'] })).toBeNull();
  });
});
