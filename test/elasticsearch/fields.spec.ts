import { columnsOf, groupsOf } from '../../src/elasticsearch/fields';
import type { IIndexColumn } from '../../src/elasticsearch/fields';
import type {
  IFieldCapabilities,
  IFieldCapability
} from '../../src/elasticsearch/protocol';
import { proposeMapping } from '../../src/workload/fields';

type Types = Readonly<Record<string, Partial<IFieldCapability>>>;

/** An answer of `_field_caps`; a type alone stands for one that can be counted. */
function capabilities(
  fields: Readonly<Record<string, string | Types>>,
  indices: readonly string[] = ['a', 'b']
): IFieldCapabilities {
  return {
    indices,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, types]) => [
        name,
        Object.fromEntries(
          Object.entries(
            typeof types === 'string' ? { [types]: {} } : types
          ).map(([type, more]) => [
            type,
            {
              type,
              searchable: true,
              aggregatable: type !== 'text' && type !== 'unmapped',
              ...more
            }
          ])
        )
      ])
    )
  };
}

function columnsIn(
  fields: Readonly<Record<string, string | Types>>,
  indices?: readonly string[]
) {
  const { columns, unreadable } = columnsOf(capabilities(fields, indices));
  return { columns: [...columns.values()], unreadable };
}

const column = (
  name: string,
  fields: Readonly<Record<string, Types | string>>
) => columnsIn(fields).columns.find(one => one.name === name);

describe('columnsOf', () => {
  it('takes fields of types that can be counted for columns', () => {
    const { columns, unreadable } = columnsIn({
      username: 'keyword',
      site: 'constant_keyword',
      host: 'ip',
      num_nodes: 'integer',
      load: 'scaled_float',
      is_staff: 'boolean',
      event_timestamp: 'date',
      precise: 'date_nanos'
    });
    expect(columns.map(({ name, type, list }) => [name, type, list])).toEqual([
      ['username', 'text', false],
      ['site', 'text', false],
      ['host', 'text', false],
      ['num_nodes', 'number', false],
      ['load', 'number', false],
      ['is_staff', 'boolean', false],
      ['event_timestamp', 'time', false],
      ['precise', 'time', false]
    ]);
    expect(columns[0].variants).toEqual([
      { field: 'username', type: 'text', mapped: 'keyword', indices: null }
    ]);
    expect(unreadable).toEqual([]);
  });

  it('keeps the names of an envelope, which a mapping sees through', () => {
    const { columns } = columnsIn({
      data: { object: { aggregatable: false } },
      'data.username': 'keyword',
      'data.job_id': 'long',
      'data.event_timestamp': 'date'
    });
    expect(columns.map(({ name }) => name)).toEqual([
      'data.username',
      'data.job_id',
      'data.event_timestamp'
    ]);
    expect(proposeMapping(columns)).toEqual({
      user: ['data.username'],
      job: ['data.job_id'],
      time: ['data.event_timestamp']
    });
  });

  it('leaves out what is Elasticsearch’s own, and what holds other fields', () => {
    const { columns, unreadable } = columnsIn({
      _id: 'keyword',
      _index: 'keyword',
      _ignored: { keyword: { metadata_field: true } },
      origin_of_kind: { keyword: { metadata_field: true } },
      data: 'object',
      parts: 'nested'
    });
    expect(columns).toEqual([]);
    expect(unreadable).toEqual([]);
  });

  it('leaves out fields of nested objects, of which a document has many', () => {
    const { columns, unreadable } = columnsIn({
      runs: {
        nested: { aggregatable: false, indices: ['a'] },
        object: { indices: ['b'] }
      },
      'runs.package': 'keyword',
      'runs.of.user': 'text',
      'runs.of.user.keyword': 'keyword',
      runsaway: 'keyword'
    });
    expect(columns.map(({ name }) => name)).toEqual(['runsaway']);
    expect(unreadable.map(({ name }) => name)).toEqual([
      'runs.package',
      'runs.of.user'
    ]);
    expect(unreadable[0].reason).toContain('“runs” is nested');
  });

  it('reads full text through its keyword sub-field, which is no column then', () => {
    const { columns, unreadable } = columnsIn({
      package: 'text',
      'package.keyword': 'keyword',
      version: 'text',
      'version.raw': 'keyword',
      'version.raw.deeper': 'keyword'
    });
    expect(
      columns.map(({ name, variants: [{ field }] }) => [name, field])
    ).toEqual([
      ['package', 'package.keyword'],
      ['version', 'version.raw'],
      ['version.raw.deeper', 'version.raw.deeper']
    ]);
    expect(unreadable).toEqual([]);
  });

  it('prefers the usual name of a sub-field', () => {
    expect(
      column('package', {
        'package.exact': 'keyword',
        package: 'text',
        'package.keyword': 'keyword'
      })?.variants.map(({ field }) => field)
    ).toEqual(['package.keyword']);
  });

  it('says why full text without a keyword cannot be counted', () => {
    expect(
      columnsIn({ main: 'text', 'main.length': 'integer' }).unreadable
    ).toEqual([
      {
        name: 'main',
        reason:
          'it is full text without a keyword sub-field, so its values cannot be counted'
      }
    ]);
    expect(
      columnsIn({
        main: 'text',
        'main.keyword': {
          keyword: { indices: ['a'] },
          unmapped: { indices: ['b'] }
        }
      }).unreadable
    ).toEqual([
      {
        name: 'main',
        reason:
          'it is full text without a keyword sub-field in b, so its values cannot be counted'
      }
    ]);
  });

  it('says why a field cannot be read', () => {
    const { columns, unreadable } = columnsIn({
      place: 'geo_point',
      raw: { keyword: { aggregatable: false } }
    });
    expect(columns).toEqual([]);
    expect(unreadable).toEqual([
      { name: 'place', reason: 'it is of type geo_point' },
      {
        name: 'raw',
        reason:
          'its values are not stored by column (doc_values is off), so they cannot be counted'
      }
    ]);
  });

  it('keeps a field that only some indices have', () => {
    expect(
      column('qos', {
        qos: {
          keyword: { indices: ['a'] },
          unmapped: { indices: ['b'] }
        }
      })
    ).toEqual({
      name: 'qos',
      type: 'text',
      list: false,
      variants: [
        { field: 'qos', type: 'text', mapped: 'keyword', indices: ['a'] }
      ]
    });
  });

  it('makes texts of what is a number here and a text there', () => {
    const found = column('job_id', {
      job_id: { long: { indices: ['a'] }, keyword: { indices: ['b'] } }
    });
    expect(found?.type).toBe('text');
    expect(found?.variants.map(({ type, indices }) => [type, indices])).toEqual(
      [
        ['number', ['a']],
        ['text', ['b']]
      ]
    );
  });

  it.each(['num_nodes', 'data.num_nodes', 'count'])(
    'does not make a text of the number %s',
    name => {
      const { columns, unreadable } = columnsIn({
        [name]: { integer: { indices: ['a'] }, keyword: { indices: ['b'] } }
      });
      expect(columns).toEqual([]);
      expect(unreadable).toEqual([
        { name, reason: 'it is integer in a, but keyword in b' }
      ]);
    }
  );

  it('names the indices of types that do not fit, the first ones of many', () => {
    const indices = ['i1', 'i2', 'i3', 'i4', 'i5', 'i6'];
    expect(
      columnsIn(
        {
          time: {
            date: { indices: indices.slice(0, 5) },
            keyword: { indices: ['i6'] }
          }
        },
        indices
      ).unreadable
    ).toEqual([
      {
        name: 'time',
        reason: 'it is date in i1, i2, i3 and 2 more, but keyword in i6'
      }
    ]);
  });

  it('does not fall for names of JavaScript’s own', () => {
    expect(
      columnsIn({ constructor: 'keyword', toString: 'text' })
    ).toMatchObject({
      columns: [{ name: 'constructor' }],
      unreadable: [{ name: 'toString' }]
    });
    expect(columnsIn({ a: { constructor: {} } }).unreadable).toHaveLength(1);
  });
});

describe('groupsOf', () => {
  const columns = (
    fields: Readonly<Record<string, string | Types>>,
    indices?: readonly string[]
  ): readonly IIndexColumn[] => columnsIn(fields, indices).columns;
  const fieldsIn = (all: readonly IIndexColumn[], indices: readonly string[]) =>
    groupsOf(all, indices).map(group => ({
      indices: group.indices,
      fields: all.map(({ name }) => group.variant(name)?.field)
    }));

  it('searches indices that agree at once', () => {
    expect(
      fieldsIn(columns({ user: 'keyword', nodes: 'integer' }), ['a', 'b'])
    ).toEqual([{ indices: null, fields: ['user', 'nodes'] }]);
  });

  it('searches those apart that store a field differently', () => {
    const all = columns(
      {
        user: 'keyword',
        job_id: {
          long: { indices: ['a', 'c'] },
          keyword: { indices: ['b'] },
          unmapped: { indices: ['d'] }
        },
        package: {
          text: { indices: ['a', 'b'] },
          keyword: { indices: ['c', 'd'] }
        },
        'package.keyword': {
          keyword: { indices: ['a', 'b'] },
          unmapped: { indices: ['c', 'd'] }
        }
      },
      ['a', 'b', 'c', 'd']
    );
    expect(all.map(({ name }) => name)).toEqual(['user', 'job_id', 'package']);
    expect(fieldsIn(all, ['a', 'b', 'c', 'd'])).toEqual([
      { indices: ['a'], fields: ['user', 'job_id', 'package.keyword'] },
      { indices: ['b'], fields: ['user', 'job_id', 'package.keyword'] },
      { indices: ['c'], fields: ['user', 'job_id', 'package'] },
      { indices: ['d'], fields: ['user', undefined, 'package'] }
    ]);
    const [a, b] = groupsOf(all, ['a', 'b', 'c', 'd']);
    expect(a.variant('job_id')?.type).toBe('number');
    expect(b.variant('job_id')?.type).toBe('text');
    expect(a.variant('other')).toBeUndefined();
  });

  it('has each index in one group', () => {
    const indices = ['a', 'b', 'c', 'd', 'e'];
    const all = columns(
      {
        job_id: {
          long: { indices: ['b', 'e'] },
          keyword: { indices: ['a', 'c', 'd'] }
        }
      },
      indices
    );
    const own = groupsOf(all, indices).flatMap(group => group.indices ?? []);
    expect([...own].sort()).toEqual(indices);
  });
});
