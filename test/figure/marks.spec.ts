import { clickToFilter, selectedRows } from '../../src/figure/marks';
import type { IMark } from '../../src/figure/model';
import type { Row } from '../../src/workload/answer';
import type { Filter } from '../../src/workload/query';
import { question } from './samples';

type Mark = Pick<IMark, 'values' | 'except'>;

const mark = (values: Row, except: readonly string[] | null = null): Mark => ({
  values,
  except
});

describe('clickToFilter', () => {
  it.each<[string, Mark, unknown]>([
    [
      'a package',
      mark({ package: 'numpy' }),
      { filters: [{ field: 'package', op: 'any', values: ['numpy'] }] }
    ],
    [
      'a partition',
      mark({ subsystem: 'knl' }),
      { filters: [{ field: 'subsystem', op: 'any', values: ['knl'] }] }
    ],
    [
      'no partition',
      mark({ subsystem: null }),
      { filters: [{ field: 'subsystem', op: 'missing' }] }
    ],
    [
      'an environment',
      mark({ environment: 'conda' }),
      { filters: [{ field: 'environment', op: 'any', values: ['conda'] }] }
    ],
    [
      'a class of sizes',
      mark({ nodes_from: 2, nodes_to: 3 }),
      { filters: [{ field: 'nodes', op: 'range', from: '2', to: '4' }] }
    ],
    [
      'an open class',
      mark({ nodes_from: 65, nodes_to: null }),
      { filters: [{ field: 'nodes', op: 'range', from: '65' }] }
    ],
    [
      'one size',
      mark({ num_nodes: 8 }),
      { filters: [{ field: 'nodes', op: 'range', from: '8', to: '9' }] }
    ],
    [
      'an unknown size',
      mark({ num_nodes: null }),
      { filters: [{ field: 'nodes', op: 'missing' }] }
    ],
    [
      'a cell of packages and sizes',
      mark({ package: 'dask', nodes_from: 1, nodes_to: 1 }),
      {
        filters: [
          { field: 'package', op: 'any', values: ['dask'] },
          { field: 'nodes', op: 'range', from: '1', to: '2' }
        ]
      }
    ],
    [
      'a point of a trend',
      mark({ package: 'dask', period: '2021-Q2' }),
      {
        filters: [{ field: 'package', op: 'any', values: ['dask'] }],
        period: { from: '2021-04-01', to: '2021-07-01' }
      }
    ],
    [
      'a period alone',
      mark({ period: '2021' }),
      { filters: [], period: { from: '2021-01-01', to: '2022-01-01' } }
    ],
    [
      'a pair',
      mark({ package_a: 'a', package_b: 'b', r: 0.5 }),
      {
        filters: [
          { field: 'package', op: 'job-has', values: ['a'] },
          { field: 'package', op: 'job-has', values: ['b'] }
        ]
      }
    ],
    [
      'all other packages',
      mark({ package: null }, ['numpy', 'scipy']),
      {
        filters: [
          {
            field: 'package',
            op: 'any',
            values: ['numpy', 'scipy'],
            not: true
          },
          { field: 'package', op: 'missing', not: true }
        ]
      }
    ],
    [
      'all other partitions, those without a name among them',
      mark({ subsystem: null }, ['haswell']),
      {
        filters: [
          { field: 'subsystem', op: 'any', values: ['haswell'], not: true }
        ]
      }
    ],
    ['a column of a transform', mark({ letter: 'a', n: 5 }), null]
  ])('%s', (_, clicked, expected) => {
    expect(clickToFilter(clicked, question('top-packages'))).toEqual(expected);
  });

  it('a bar of an affinity is a pair with its package', () => {
    expect(
      clickToFilter(
        mark({ package: 'dask' }),
        question('package-affinity', { package: 'mpi4py' })
      )
    ).toEqual({
      filters: [
        { field: 'package', op: 'job-has', values: ['mpi4py'] },
        { field: 'package', op: 'job-has', values: ['dask'] }
      ]
    });
  });
});

describe('selectedRows', () => {
  const rows = [
    mark({ package: 'a' }),
    mark({ package: 'b' }),
    mark({ package: null }, ['a', 'b'])
  ];
  const sizes = [1, 2, 4].map(n =>
    mark({ nodes_from: n, nodes_to: 2 * n - 1 })
  );

  it.each<[Filter, Mark[], boolean[] | null]>([
    [
      { field: 'package', op: 'any', values: ['a'] },
      rows,
      [true, false, false]
    ],
    [
      { field: 'package', op: 'any', values: ['a'], not: true },
      rows,
      [false, true, true]
    ],
    [
      { field: 'package', op: 'any', values: ['a', 'b'], not: true },
      rows,
      [false, false, true]
    ],
    [
      { field: 'package', op: 'any', values: ['a'], disabled: true },
      rows,
      null
    ],
    [
      { field: 'package', op: 'prefix', value: 'a' },
      rows,
      [true, false, false]
    ],
    [{ field: 'qos', op: 'any', values: ['a'] }, rows, null],
    [
      { field: 'nodes', op: 'range', from: '2', to: '8' },
      sizes,
      [false, true, true]
    ],
    [
      { field: 'nodes', op: 'range', from: '2', to: '3' },
      sizes,
      [false, false, false]
    ],
    [
      { field: 'nodes', op: 'range', from: '1', to: '2', not: true },
      sizes,
      [false, true, true]
    ],
    [
      { field: 'package', op: 'job-has', values: ['a'] },
      [
        mark({ package_a: 'a', package_b: 'c' }),
        mark({ package_a: 'b', package_b: 'c' })
      ],
      [true, false]
    ],
    [
      { field: 'time', op: 'range', from: '2021-02-01', to: '2021-03-01' },
      ['2021-01', '2021-02', '2021-03'].map(period =>
        mark({ period, package: 'a' })
      ),
      [false, true, false]
    ],
    [
      { field: 'subsystem', op: 'missing' },
      [mark({ subsystem: null }), mark({ subsystem: 'x' })],
      [true, false]
    ]
  ])('%j', (filter, marks, selected) => {
    expect(selectedRows(marks, [filter])).toEqual(selected);
  });

  it('holds several conditions together', () => {
    const cells = [
      mark({ package: 'a', num_nodes: 1 }),
      mark({ package: 'a', num_nodes: 2 })
    ];
    expect(
      selectedRows(cells, [
        { field: 'package', op: 'any', values: ['a'] },
        { field: 'nodes', op: 'range', from: '2', to: '3' }
      ])
    ).toEqual([false, true]);
    expect(selectedRows(cells, [])).toBeNull();
  });

  it('finds again what a click chose', () => {
    for (const one of [...rows, ...sizes]) {
      const all = rows.includes(one) ? rows : sizes;
      const chosen = clickToFilter(one, question('top-packages'));
      expect(selectedRows(all, chosen?.filters ?? [])).toEqual(
        all.map(other => other === one)
      );
    }
  });
});
