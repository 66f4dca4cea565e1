import {
  readAnalyzeArguments,
  UsageError
} from '../../src/cli/analyze-arguments';
import type { IQuery } from '../../src/workload/query';

/** The query of some arguments, over one file. */
function query(...args: string[]): IQuery {
  return readAnalyzeArguments([...args, '--source', 'a.parquet']).query;
}

describe('the arguments of analyze', () => {
  it('are an analysis and its data, with what the study took for granted', () => {
    expect(
      readAnalyzeArguments(['top-packages', '--source', 'a.parquet'])
    ).toEqual({
      query: {
        source: { paths: ['a.parquet'] },
        mapping: {},
        filters: [],
        defaults: ['is_staff', 'is_compute'],
        period: { from: null, to: null },
        zone: 'UTC',
        analysis: 'top-packages',
        distinct: 'user+package',
        by: null,
        bins: null,
        top: null,
        other: false,
        of: null,
        package: null
      },
      format: 'json',
      timing: false,
      server: null
    });
  });

  it('may name several sources, also those that a shell made of a glob', () => {
    const { source } = readAnalyzeArguments([
      'users',
      '--source',
      'a',
      '--source',
      'b/*',
      'c',
      'd'
    ]).query;
    expect(source.paths).toEqual(['a', 'b/*', 'c', 'd']);
  });

  it.each<[string[], Partial<IQuery>]>([
    [['users', '--all'], { defaults: [] }],
    [
      [
        'users',
        '--from',
        '2021-01-01',
        '--to',
        '2021-06-01',
        '--tz',
        'America/Los_Angeles'
      ],
      {
        period: { from: '2021-01-01', to: '2021-06-01' },
        zone: 'America/Los_Angeles'
      }
    ],
    [['top-packages', '--top', '20', '--other'], { top: 20, other: true }],
    [['top-packages', '--distinct', 'record'], { distinct: 'record' }],
    [['user-share', '--of', '7500'], { of: 7500 }],
    [['package-affinity', '--package', 'dask'], { package: 'dask' }],
    [['package-trend', '--by', 'quarter'], { by: 'quarter' }],
    [['package-trend'], { by: 'month' }],
    [['job-sizes', '--bins', 'log2'], { bins: 'log2' }],
    [['package-job-size', '--bins', '1,2,33,65'], { bins: [1, 2, 33, 65] }],
    [['package-job-size'], { bins: 'log2' }],
    [
      [
        'users',
        '--map',
        'user=login',
        '--map',
        'job=jid,cluster',
        '--map',
        'process=',
        '--map',
        'qos=a\\,b'
      ],
      {
        mapping: {
          user: ['login'],
          job: ['jid', 'cluster'],
          process: [],
          qos: ['a,b']
        }
      }
    ],
    [
      [
        'users',
        '--where',
        'subsystem=gpu,knl',
        '--where',
        'nodes>=2',
        '--has-package',
        'a,b',
        '--has-package',
        'c',
        '--without-package',
        'd'
      ],
      {
        filters: [
          { field: 'subsystem', op: 'any', values: ['gpu', 'knl'] },
          { field: 'nodes', op: 'range', from: '2' },
          { field: 'package', op: 'job-has', values: ['a,b'] },
          { field: 'package', op: 'job-has', values: ['c'] },
          { field: 'package', op: 'job-has', values: ['d'], not: true }
        ]
      }
    ]
  ])('%j', (args, expected) => {
    expect(query(...args)).toMatchObject(expected);
  });

  it('choose what is written', () => {
    const { format, timing } = readAnalyzeArguments([
      'users',
      '--source',
      'a',
      '--format',
      'csv',
      '--timing'
    ]);
    expect([format, timing]).toEqual(['csv', true]);
  });
});

describe('a mistake in the arguments', () => {
  it.each<[string[], string]>([
    [[], 'Name an analysis: users, user-share,'],
    [['tops'], 'There is no analysis “tops”. Known are users,'],
    [['users', '--colour'], 'Unknown option'],
    [['users', '--from'], '--from'],
    [['users', '--top', '5'], '“users” takes no --top.'],
    [['users', '--of', '5'], '“users” takes no --of.'],
    [['users', '--package', 'a'], '“users” takes no --package.'],
    [['users', '--by', 'month'], '“users” takes no --by.'],
    [['users', '--bins', 'log2'], '“users” takes no --bins.'],
    [
      ['package-correlation', '--top', '5', '--other'],
      '“package-correlation” takes no --other.'
    ],
    [
      ['top-packages', '--other'],
      '--other gathers what --top leaves out: give --top N too.'
    ],
    [
      ['package-affinity'],
      '“package-affinity” compares one package with all others: give --package P.'
    ],
    [
      ['top-packages', '--top', '0'],
      '--top is a whole number from 1, not “0”.'
    ],
    [
      ['top-packages', '--top', '1e3'],
      '--top is a whole number from 1, not “1e3”.'
    ],
    [['user-share', '--of', '-1'], '--of'],
    [
      ['users', '--distinct', 'job'],
      '“users” counts user; --distinct cannot be “job”.'
    ],
    [
      ['top-packages', '--distinct', 'node'],
      '“top-packages” counts user+package, job+package, record, process, user, job; --distinct cannot be “node”.'
    ],
    [
      ['package-trend', '--by', 'week'],
      '--by is month, quarter, year, not “week”.'
    ],
    [
      ['job-sizes', '--bins', '2,1'],
      'Classes are “log2” or ascending whole numbers from 1'
    ],
    [['job-sizes', '--bins', '1,,2'], 'Classes are “log2”'],
    [['job-sizes', '--bins', ''], 'Classes are “log2”'],
    [['users', '--from', 'soon'], '“soon” is not a date.'],
    [['users', '--to', '2021-02-30'], '“2021-02-30” is not a date.'],
    [['users', '--tz', 'Mars'], '“Mars” is not a time zone.'],
    [['users', '--where', 'numpy'], '“numpy” is not a condition.'],
    [['users', '--where', 'nodes>='], '“nodes>=” is not a condition.'],
    [
      ['users', '--map', 'user'],
      '“user” maps nothing. Write --map role=column.'
    ],
    [
      ['users', '--map', 'login=user'],
      'There is no role “login”. Roles are user, job, package,'
    ],
    [
      ['users', '--without-package', ''],
      '--without-package is the name of a package.'
    ],
    [
      ['users', '--map', 'nodes=a,b'],
      '“nodes” is one column; only user, job, process can be several.'
    ],
    [['users', '--format', 'xml'], '--format is json or csv, not “xml”.'],
    [['users', ''], 'Name the data: --source PATH']
  ])('%j is told in a sentence', (args, sentence) => {
    expect(() => query(...args)).toThrow(UsageError);
    expect(() => query(...args)).toThrow(sentence);
  });

  it('is told without advice on other things', () => {
    expect(() => query('users', '--colour')).toThrow(
      /Unknown option '--colour'\.$/
    );
  });

  it('is no data at all', () => {
    expect(() => readAnalyzeArguments(['users'])).toThrow(
      'Name the data: --source PATH'
    );
    expect(() => readAnalyzeArguments(['users', '--source', ''])).toThrow(
      'Name the data: --source PATH'
    );
  });
});

describe('a server as the data', () => {
  const server = ['--elasticsearch', 'https://es:9200', '--index', 'mods-*'];

  it('is named with its indices', () => {
    const found = readAnalyzeArguments(['users', ...server]);
    expect(found.server).toEqual({
      address: 'https://es:9200',
      indices: 'mods-*',
      estimate: false,
      requests: false
    });
    expect(found.query.source.paths).toEqual(['elasticsearch:mods-*']);
    expect(
      readAnalyzeArguments(['users', ...server, '--estimate']).server?.estimate
    ).toBe(true);
    const told = ['--requests', '--elasticsearch', 'https://es2:9200'];
    expect(
      readAnalyzeArguments(['users', ...server, ...told]).server
    ).toMatchObject({
      address: 'https://es:9200,https://es2:9200',
      requests: true
    });
    expect(
      readAnalyzeArguments(['users', ...server, '--index', 'old,older']).query
        .source.paths
    ).toEqual(['elasticsearch:mods-*,old,older']);
  });

  it.each([
    [server.slice(0, 2), 'Name both the server and what is read there'],
    [server.slice(2), 'Name both the server and what is read there'],
    [[...server, '--index', ''], 'has an empty name'],
    [[...server, '--source', 'a.parquet'], 'Name either --source or'],
    [[...server, '--exact', '--estimate'], 'exact or an estimate, not both'],
    [['--source', 'a.parquet', '--estimate'], 'are for Elasticsearch'],
    [['--source', 'a.parquet', '--requests'], 'is for Elasticsearch']
  ])('%j is told in a sentence', (args, sentence) => {
    const read = () => readAnalyzeArguments(['users', ...args]);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
});
