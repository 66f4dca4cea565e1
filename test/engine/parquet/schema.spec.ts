import type { SchemaElement } from 'hyparquet';
import { readSchema } from '../../../src/engine/parquet/schema';
import { ParquetError } from '../../../src/engine/parquet/types';

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const root = (children: number): SchemaElement => ({
  name: 'schema',
  num_children: children
});

/** Columns as `name type? [max definition, max repetition, definition of elements]`. */
function summary(elements: SchemaElement[]): string[] {
  const { columns, leaves, unsupported } = readSchema(elements);
  return [
    ...columns.map(({ name, type, list, nullable, leaf }) => {
      const { maxDefinition, maxRepetition, elementDefinition } = leaves[leaf];
      return `${name} ${type}${list ? ' list' : ''}${nullable ? '?' : ''} ${maxDefinition}${maxRepetition}${elementDefinition}`;
    }),
    ...unsupported.map(({ name, reason }) => `${name}: ${reason}`)
  ];
}

const required = { repetition_type: 'REQUIRED' } as const;
const optional = { repetition_type: 'OPTIONAL' } as const;
const repeated = { repetition_type: 'REPEATED' } as const;
const list = { converted_type: 'LIST' } as const;

test.each<[string, SchemaElement[], string[]]>([
  [
    'flat columns, required and optional',
    [
      root(2),
      { name: 'user', ...required, ...text },
      { name: 'nodes', ...optional, type: 'INT32' }
    ],
    ['user text 000', 'nodes number? 100']
  ],
  [
    'records within records',
    [
      root(2),
      { name: 'data', ...optional, num_children: 2 },
      { name: 'ndc', ...required, num_children: 1 },
      { name: 'system', ...optional, ...text },
      { name: 'user', ...required, ...text },
      {
        name: 'time',
        ...required,
        type: 'INT64',
        logical_type: {
          type: 'TIMESTAMP',
          unit: 'NANOS',
          isAdjustedToUTC: true
        }
      }
    ],
    ['data.ndc.system text? 200', 'data.user text? 100', 'time time 000']
  ],
  [
    'a list of three levels',
    [
      root(1),
      { name: 'packages', ...optional, ...list, num_children: 1 },
      { name: 'list', ...repeated, num_children: 1 },
      { name: 'element', ...optional, ...text }
    ],
    ['packages text list? 312']
  ],
  [
    'the same by its logical type, all required, in a record',
    [
      root(1),
      { name: 'data', ...optional, num_children: 1 },
      {
        name: 'packages',
        ...required,
        logical_type: { type: 'LIST' },
        num_children: 1
      },
      { name: 'list', ...repeated, num_children: 1 },
      { name: 'element', ...required, ...text }
    ],
    ['data.packages text list 212']
  ],
  [
    'a list of two levels',
    [
      root(1),
      { name: 'packages', ...optional, ...list, num_children: 1 },
      { name: 'array', ...repeated, ...text }
    ],
    ['packages text list 212']
  ],
  [
    'the list of Hive and of old Spark',
    [
      root(1),
      { name: 'packages', ...optional, ...list, num_children: 1 },
      { name: 'bag', ...repeated, num_children: 1 },
      { name: 'array', ...optional, ...text }
    ],
    ['packages text list? 312']
  ],
  [
    'a bare repeated field',
    [root(1), { name: 'packages', ...repeated, ...text }],
    ['packages text list 111']
  ],
  [
    'old lists of records of one field, told by their names',
    [
      root(2),
      { name: 'a', ...optional, ...list, num_children: 1 },
      { name: 'array', ...repeated, num_children: 1 },
      { name: 'name', ...optional, ...text },
      { name: 'b', ...optional, ...list, num_children: 1 },
      { name: 'b_tuple', ...repeated, num_children: 1 },
      { name: 'name', ...optional, ...text }
    ],
    ['a: it is a list of records', 'b: it is a list of records']
  ],
  [
    'a repeated record, and a list of records',
    [
      root(2),
      { name: 'a', ...repeated, num_children: 1 },
      { name: 'name', ...optional, ...text },
      { name: 'b', ...optional, ...list, num_children: 1 },
      { name: 'list', ...repeated, num_children: 1 },
      { name: 'element', ...optional, num_children: 2 },
      { name: 'name', ...optional, ...text },
      { name: 'size', ...optional, type: 'INT32' }
    ],
    ['a: it is a list of records', 'b: it is a list of records']
  ],
  [
    'a list of lists',
    [
      root(1),
      { name: 'a', ...optional, ...list, num_children: 1 },
      { name: 'list', ...repeated, num_children: 1 },
      { name: 'element', ...optional, ...list, num_children: 1 },
      { name: 'list', ...repeated, num_children: 1 },
      { name: 'element', ...optional, ...text }
    ],
    ['a: it is a list of lists']
  ],
  [
    'a map, and a column behind it',
    [
      root(2),
      { name: 'map', ...optional, converted_type: 'MAP', num_children: 1 },
      { name: 'key_value', ...repeated, num_children: 2 },
      { name: 'key', ...required, ...text },
      { name: 'value', ...optional, ...text },
      { name: 'user', ...optional, ...text }
    ],
    ['user text? 100', 'map: it is a map']
  ],
  [
    'types that have no place in an analysis',
    [
      root(4),
      { name: 'a', ...optional, type: 'INT32', converted_type: 'TIME_MILLIS' },
      {
        name: 'b',
        ...optional,
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 12,
        converted_type: 'INTERVAL'
      },
      { name: 'c', ...optional, type: 'BYTE_ARRAY', converted_type: 'BSON' },
      {
        name: 'd',
        ...optional,
        type: 'BYTE_ARRAY',
        logical_type: { type: 'GEOMETRY' }
      }
    ],
    [
      'a: it holds times of day without a date',
      'b: it holds intervals of time',
      'c: it holds BSON documents',
      'd: it holds geometry values'
    ]
  ]
])('%s', (_what, elements, want) => {
  expect(summary(elements)).toEqual(want);
});

test.each<[string, SchemaElement[]]>([
  ['no elements', []],
  ['a leaf as root', [{ name: 'schema', ...text }]],
  [
    'more children than there are',
    [root(3), { name: 'a', ...optional, ...text }]
  ],
  [
    'absurdly many children',
    [root(2 ** 31 - 1), { name: 'a', ...optional, ...text }]
  ],
  [
    'elements that belong to nobody',
    [root(1), { name: 'a', ...text }, { name: 'b', ...text }]
  ],
  [
    'a leaf with children',
    [root(1), { name: 'a', ...text, num_children: 1 }, { name: 'b', ...text }]
  ],
  [
    'a schema too deep',
    [
      root(1),
      ...Array.from({ length: 50_000 }, (): SchemaElement => ({
        name: 'a',
        ...optional,
        num_children: 1
      })),
      { name: 'b', ...text }
    ]
  ]
])('%s is damage', (_what, elements) => {
  expect(() => readSchema(elements)).toThrow(ParquetError);
});
