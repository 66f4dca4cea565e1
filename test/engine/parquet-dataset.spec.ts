import { fieldColumns } from '../../src/engine/dataset';
import { EngineError } from '../../src/engine/engine';
import type { IFileEntry } from '../../src/engine/engine';
import { makeDataset } from '../../src/engine/parquet-dataset';
import type {
  ParquetColumn,
  ParquetFile
} from '../../src/engine/parquet/types';

type ColumnSpec = Partial<ParquetColumn> & { name: string };

function column(spec: ColumnSpec, leaf: number): ParquetColumn {
  return {
    type: 'text',
    list: false,
    nullable: true,
    physical: 'BYTE_ARRAY',
    logical: null,
    ...spec,
    leaf
  };
}

interface IFileSpec {
  readonly columns: readonly ColumnSpec[];
  /** Rows of each row group. */
  readonly groups?: readonly number[];
  /** Bounds of each column by row group, milliseconds. */
  readonly bounds?: readonly (readonly [number, number] | null)[];
  readonly unsupported?: ParquetFile['unsupported'];
  readonly partitions?: IFileEntry['partitions'];
  readonly modified?: string | null;
}

function build(...specs: IFileSpec[]) {
  const entries = specs.map(
    ({ partitions = {}, modified = null }, i): IFileEntry => ({
      path: `f${i}.parquet`,
      location: `/f${i}.parquet`,
      size: 100 + i,
      modified,
      partitions
    })
  );
  const files = specs.map(
    ({
      columns,
      groups = [10],
      bounds = [],
      unsupported = []
    }): ParquetFile => ({
      rows: groups.reduce((sum, rows) => sum + rows, 0),
      columns: columns.map(column),
      rowGroups: groups.map((rows, g) => ({
        rows,
        columns: columns.map(() => ({
          start: 0,
          end: 0,
          values: rows,
          nulls: null,
          min: bounds[g]?.[0] ?? null,
          max: bounds[g]?.[1] ?? null,
          uncompressed: 0,
          codec: 'SNAPPY'
        }))
      })),
      createdBy: null,
      unsupported: [...unsupported],
      keyValue: {},
      raw: { leaves: [] }
    })
  );
  return { entries, files, dataset: makeDataset(entries, files) };
}

function refusal(...specs: IFileSpec[]): EngineError {
  try {
    build(...specs);
  } catch (error) {
    if (error instanceof EngineError) {
      return error;
    }
    throw error;
  }
  throw new Error('not refused');
}

describe('makeDataset', () => {
  it('adds files up', () => {
    const { dataset } = build(
      {
        columns: [{ name: 'username' }],
        groups: [3, 0, 4],
        modified: '2021-02-01T00:00:00Z'
      },
      {
        columns: [{ name: 'username' }],
        groups: [5],
        modified: '2021-01-01T00:00:00Z'
      }
    );
    expect(dataset.info).toMatchObject({
      files: 2,
      rows: 12,
      bytes: 201,
      modified: '2021-02-01T00:00:00Z',
      columns: [{ name: 'username', type: 'text', list: false }],
      mapping: { user: ['username'] },
      span: null,
      unreadable: []
    });
    // A row group without rows is none.
    expect(dataset.segments).toEqual([
      { id: 0, file: 0, rowGroup: 0, rows: 3, records: 3 },
      { id: 1, file: 0, rowGroup: 2, rows: 4, records: 4 },
      { id: 2, file: 1, rowGroup: 0, rows: 5, records: 5 }
    ]);
  });

  it('matches columns by name, and lets a file lack one', () => {
    const { dataset } = build(
      { columns: [{ name: 'username' }, { name: 'qos' }] },
      { columns: [{ name: 'repo' }, { name: 'username' }] }
    );
    expect([...dataset.columns.keys()]).toEqual(['username', 'qos', 'repo']);
    expect(
      dataset.columns.get('username')?.leaves.map(leaf => leaf?.leaf)
    ).toEqual([0, 1]);
    expect(dataset.columns.get('repo')?.leaves.map(leaf => leaf?.leaf)).toEqual(
      [undefined, 0]
    );
  });

  it('makes texts of ids that are numbers in another file', () => {
    const text = { columns: [{ name: 'job_id' }] };
    const whole = {
      columns: [{ name: 'job_id', type: 'number' as const, physical: 'INT64' }]
    };
    for (const order of [
      [text, whole],
      [whole, text],
      [whole, text, whole]
    ]) {
      expect(build(...order).dataset.columns.get('job_id')?.type).toBe('text');
    }
    expect(build(whole, whole).dataset.columns.get('job_id')?.type).toBe(
      'number'
    );
  });

  it.each<[string, ColumnSpec, ColumnSpec, string]>([
    [
      'time and text',
      { name: 'x', type: 'time' },
      { name: 'x' },
      'Column “x” is time in f0.parquet but text in f1.parquet.'
    ],
    [
      'boolean and number',
      { name: 'x', type: 'boolean' },
      { name: 'x', type: 'number' },
      'Column “x” is boolean in f0.parquet but number in f1.parquet.'
    ],
    [
      'a list and a value',
      { name: 'x', list: true },
      { name: 'x' },
      'Column “x” is a list of text in f0.parquet but text in f1.parquet.'
    ],
    [
      'lists of two types',
      { name: 'x', list: true },
      { name: 'x', list: true, type: 'number' },
      'Column “x” is a list of text in f0.parquet but a list of number in f1.parquet.'
    ]
  ])('refuses %s under one name', (_, a, b, sentence) => {
    const error = refusal({ columns: [a] }, { columns: [b] });
    expect(error).toMatchObject({ code: 'schema', field: 'x' });
    expect(error.message).toBe(
      `${sentence} Open these files apart, or write them with one schema.`
    );
  });

  it('takes a column without any value, and so without a type, for missing there', () => {
    const none = { name: 'is_staff', type: 'number' as const, logical: 'NULL' };
    const { dataset } = build(
      { columns: [none] },
      { columns: [{ name: 'is_staff', type: 'boolean' }] }
    );
    expect(dataset.columns.get('is_staff')?.type).toBe('boolean');
    expect(
      dataset.columns.get('is_staff')?.leaves.map(leaf => leaf?.type)
    ).toEqual([undefined, 'boolean']);
    const lists = build(
      { columns: [{ name: 'packages', list: true }] },
      { columns: [{ ...none, name: 'packages' }] }
    );
    expect(lists.dataset.columns.get('packages')?.list).toBe(true);
    // Without any typed one it is what the file says.
    expect(
      build({ columns: [none] }).dataset.columns.get('is_staff')?.type
    ).toBe('number');
  });

  it('refuses a column that can be read in some files only', () => {
    const error = refusal(
      { columns: [{ name: 'packages', list: true }] },
      {
        columns: [],
        unsupported: [{ name: 'packages', reason: 'it holds lists of lists' }]
      }
    );
    expect(error).toMatchObject({ code: 'schema', field: 'packages' });
    expect(error.message).toBe(
      'Column “packages” can be read in f0.parquet but not in f1.parquet, where it holds lists of lists. Open these files apart, or write them with one schema.'
    );
    const { dataset } = build(
      {
        columns: [{ name: 'username' }],
        unsupported: [{ name: 'tags', reason: 'it is a map' }]
      },
      {
        columns: [{ name: 'username' }],
        unsupported: [{ name: 'tags', reason: 'it is a map' }]
      }
    );
    expect(dataset.info.unreadable).toEqual([
      { name: 'tags', reason: 'it is a map' }
    ]);
  });

  it('refuses a file that names no packages where another one does', () => {
    const records = { columns: [{ name: 'username' }, { name: 'subservice' }] };
    const error = refusal(records, { columns: [{ name: 'username' }] });
    expect(error).toMatchObject({ code: 'schema', field: 'package' });
    expect(error.message).toBe(
      'f1.parquet has no column “subservice”, which names the packages in f0.parquet, so it holds something else than import records. Open the files with records only, by their names or by a pattern.'
    );
    expect(build(records, records).dataset.info.files).toBe(2);
  });

  it('makes columns of Hive keys, unless files hold them', () => {
    const { dataset } = build(
      {
        columns: [{ name: 'username' }],
        partitions: { month: '2021-01', system: 'cori' }
      },
      {
        columns: [{ name: 'username' }, { name: 'system', type: 'text' }],
        partitions: { month: null, system: 'cori' }
      }
    );
    expect(dataset.columns.get('month')).toMatchObject({
      type: 'text',
      list: false,
      partition: true
    });
    expect(dataset.columns.get('system')).toMatchObject({ partition: false });
    expect(dataset.mapping).toEqual({ user: ['username'], system: ['system'] });
  });
});

describe('spans of time', () => {
  const time = { name: 'timestamp', type: 'time' as const };

  it('are known from statistics, rounded outwards', () => {
    const { dataset } = build({
      columns: [time],
      groups: [1, 1],
      bounds: [
        [1500, 2500],
        [-1, 1000]
      ]
    });
    expect(
      dataset.segments.map(segment => dataset.timeBounds(segment, 'timestamp'))
    ).toEqual([
      { from: 1, to: 3 },
      { from: -1, to: 1 }
    ]);
    expect(dataset.info.span).toEqual({ from: -1, to: 3 });
  });

  it('are unknown when one row group does not tell, or a file has no such column', () => {
    expect(
      build({ columns: [time], groups: [1, 1], bounds: [[0, 1], null] }).dataset
        .info.span
    ).toBeNull();
    expect(
      build({ columns: [time], bounds: [[0, 1]] }, { columns: [{ name: 'a' }] })
        .dataset.info.span
    ).toBeNull();
    expect(
      build({ columns: [{ name: 'timestamp' }], bounds: [[0, 1]] }).dataset.info
        .span
    ).toBeNull();
    expect(build({ columns: [time], groups: [] }).dataset.info.span).toBeNull();
  });
});

describe('fieldColumns', () => {
  it('are those of a role, or the column of that name', () => {
    const mapping = { job: ['id', 'cluster'] };
    expect(fieldColumns('job', mapping)).toEqual(['id', 'cluster']);
    expect(fieldColumns('user', mapping)).toEqual(['user']);
    expect(fieldColumns('cluster', mapping)).toEqual(['cluster']);
  });
});
