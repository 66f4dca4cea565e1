import { columnsOf, runCode } from './support';
import type { ITable } from '../../src/workload/answer';

const TABLE: ITable = {
  columns: ['package', 'users'],
  rows: [
    { package: 'numpy', users: 40 },
    { package: 'scipy', users: 30 },
    { package: 'dask', users: 4 },
    { package: 'mpi4py', users: null },
    { package: null, users: 26, other: true }
  ]
};

const TREND: ITable = {
  columns: ['period', 'package', 'users'],
  rows: [
    { period: '2021-01', package: 'numpy', users: 5 },
    { period: '2021-01', package: 'dask', users: 1 },
    { period: '2021-02', package: 'numpy', users: 7 },
    { period: '2021-03', package: 'numpy', users: 2 },
    { period: '2021-03', package: 'dask', users: 4 }
  ]
};

describe('runTransform', () => {
  it('gives back the table itself when there is nothing to do', () => {
    expect(runCode('', TABLE)).toBe(TABLE);
  });

  it("runs the issue's example", () => {
    const result = runCode(
      "filter(d => d.users >= 5).derive({share: d => d.users / op.sum(d.users)}).orderby(desc('share'))",
      TABLE
    );
    expect(result.columns).toEqual(['package', 'users', 'share']);
    expect(result.rows).toEqual([
      { package: 'numpy', users: 40, share: 40 / 96 },
      { package: 'scipy', users: 30, share: 30 / 96 },
      { package: null, users: 26, share: 26 / 96, other: true }
    ]);
  });

  it('keeps the mark of the other row, and lets code use it', () => {
    expect(runCode('filter(d => d.other)', TABLE).rows).toEqual([
      { package: null, users: 26, other: true }
    ]);
    expect(runCode("select('users').slice(-1)", TABLE)).toEqual({
      columns: ['users'],
      rows: [{ users: 26, other: true }]
    });
    expect(runCode("rename({other: 'rest'}).slice(-1)", TABLE)).toEqual({
      columns: ['package', 'users', 'rest'],
      rows: [{ package: null, users: 26, rest: true }]
    });
    expect(runCode("derive({other: () => 'x'}).slice(0, 1)", TABLE)).toEqual({
      columns: ['package', 'users', 'other'],
      rows: [{ package: 'numpy', users: 40, other: 'x' }]
    });
    expect(runCode("groupby('other').count()", TABLE)).toEqual({
      columns: ['other', 'count'],
      rows: [
        { other: null, count: 4 },
        { other: true, count: 1 }
      ]
    });
  });

  it('lets no comparison with a missing value hold', () => {
    expect(
      columnsOf(runCode('filter(d => d.users <= 5)', TABLE), 'package')
    ).toEqual([['dask']]);
    expect(runCode('filter(d => d.users === null)', TABLE).rows).toHaveLength(
      1
    );
    expect(runCode('filter(d => d.users !== null)', TABLE).rows).toHaveLength(
      4
    );
    expect(runCode('filter(d => d.users == null)', TABLE).rows).toHaveLength(1);
    expect(
      columnsOf(runCode('derive({a: d => d.users ?? -1})', TABLE), 'a')
    ).toEqual([[40, 30, 4, -1, 26]]);
  });

  it('gives plain cells', () => {
    const result = runCode(
      "derive({a: d => d.users / 0, b: d => op.parse_date('2021-03-01'), c: d => d.package == 'dask', d: d => op.parse_date('x'), e: d => 0 / 0})",
      TABLE
    );
    expect(result.rows[2]).toEqual({
      package: 'dask',
      users: 4,
      a: null,
      b: '2021-03-01T00:00:00.000Z',
      c: true,
      d: null,
      e: null
    });
  });

  it('derives over groups, over the order and over neighbours', () => {
    const result = runCode(
      "groupby('package').orderby('period').derive({cum: rolling(d => op.sum(d.users)), last: d => op.lag(d.users, 1, 0), mean: rolling(d => op.mean(d.users), [-1, 0]), n: op.row_number(), all: d => op.sum(d.users)}).ungroup().orderby('package', 'period')",
      TREND
    );
    expect(
      columnsOf(result, 'package', 'cum', 'last', 'mean', 'n', 'all')
    ).toEqual([
      ['dask', 'dask', 'numpy', 'numpy', 'numpy'],
      [1, 5, 5, 12, 14],
      [0, 1, 0, 5, 7],
      [1, 2.5, 5, 6, 4.5],
      [1, 2, 1, 2, 3],
      [5, 5, 14, 14, 14]
    ]);
  });

  it('rolls up groups, by expressions too', () => {
    expect(
      runCode(
        "groupby('package', {early: d => d.period < '2021-02'}).rollup({n: op.count(), most: d => op.max(d.users) * 10})",
        TREND
      )
    ).toEqual({
      columns: ['package', 'early', 'n', 'most'],
      rows: [
        { package: 'numpy', early: true, n: 1, most: 50 },
        { package: 'dask', early: true, n: 1, most: 10 },
        { package: 'numpy', early: false, n: 2, most: 70 },
        { package: 'dask', early: false, n: 1, most: 40 }
      ]
    });
    expect(runCode("rollup({total: op.sum('users')})", TREND).rows).toEqual([
      { total: 19 }
    ]);
    expect(
      runCode("groupby('package').count({as: 'n'}).orderby('n')", TREND).rows
    ).toEqual([
      { package: 'dask', n: 2 },
      { package: 'numpy', n: 3 }
    ]);
  });

  it('groups by the column as it was when another takes its name', () => {
    expect(
      runCode(
        "groupby('package').derive({package: () => 'x'}).rollup({n: op.count()})",
        TREND
      ).rows
    ).toEqual([
      { package: 'numpy', n: 3 },
      { package: 'dask', n: 2 }
    ]);
  });

  it('slices in order, by group too', () => {
    expect(
      columnsOf(runCode("orderby(desc('users')).slice(0, 2)", TREND), 'users')
    ).toEqual([[7, 5]]);
    expect(
      columnsOf(
        runCode("groupby('package').orderby(desc('users')).slice(0, 1)", TREND),
        'package',
        'users'
      )
    ).toEqual([
      ['numpy', 'dask'],
      [7, 4]
    ]);
  });

  it('chooses, names and orders columns', () => {
    const columns = (code: string) => runCode(code, TREND).columns;
    expect(columns("select('users', {package: 'p'})")).toEqual(['users', 'p']);
    expect(columns("select(not('users'))")).toEqual(['period', 'package']);
    expect(columns("select(not(startswith('p')))")).toEqual(['users']);
    expect(columns("select(range('users', 'package'))")).toEqual([
      'package',
      'users'
    ]);
    expect(columns("relocate('users', {before: 'period'})")).toEqual([
      'users',
      'period',
      'package'
    ]);
    expect(
      columns("relocate(['period', 'package'], {after: 'users'})")
    ).toEqual(['users', 'period', 'package']);
    expect(columns("relocate('package', {after: 'package'})")).toEqual([
      'period',
      'package',
      'users'
    ]);
    const swapped = runCode(
      "rename({period: 'package', package: 'period'}).slice(0, 1)",
      TREND
    );
    expect(swapped).toEqual({
      columns: ['package', 'period', 'users'],
      rows: [{ package: '2021-01', period: 'numpy', users: 5 }]
    });
    expect(
      runCode("rename({users: 'package'}).slice(0, 1)", TREND).rows
    ).toEqual([{ period: '2021-01', package: 5 }]);
  });

  it('keeps an order by a column that is not selected', () => {
    expect(
      columnsOf(runCode("orderby('users').select('package')", TABLE), 'package')
    ).toEqual([['mpi4py', 'dask', null, 'scipy', 'numpy']]);
  });

  it('turns values into columns and back', () => {
    const wide = runCode("groupby('period').pivot('package', 'users')", TREND);
    expect(wide).toEqual({
      columns: ['period', 'dask', 'numpy'],
      rows: [
        { period: '2021-01', dask: 1, numpy: 5 },
        { period: '2021-02', dask: null, numpy: 7 },
        { period: '2021-03', dask: 4, numpy: 2 }
      ]
    });
    expect(
      runCode(
        "groupby('period').pivot('package', 'users').impute({dask: () => 0}).fold(['numpy', 'dask'], {as: ['package', 'users']})",
        TREND
      ).rows.slice(2, 4)
    ).toEqual([
      { period: '2021-02', package: 'numpy', users: 7 },
      { period: '2021-02', package: 'dask', users: 0 }
    ]);
    expect(
      runCode("pivot('package', {a: op.sum('users'), b: op.count()})", TREND)
    ).toEqual({
      columns: ['a_dask', 'a_numpy', 'b_dask', 'b_numpy'],
      rows: [{ a_dask: 5, a_numpy: 14, b_dask: 2, b_numpy: 3 }]
    });
  });

  it('goes by the order of the rows in what depends on it', () => {
    expect(
      columnsOf(
        runCode("orderby(desc('users')).fold(['users']).slice(0, 2)", TREND),
        'value'
      )
    ).toEqual([[7, 5]]);
    expect(
      runCode(
        "orderby(desc('users')).dedupe('package').orderby('package')",
        TREND
      ).rows.map(row => row.users)
    ).toEqual([4, 7]);
  });

  it('sorts by expressions, leaving out the helper columns', () => {
    expect(
      runCode("orderby(desc(d => op.length(d.package)), 'package')", TREND)
        .columns
    ).toEqual(TREND.columns);
    expect(
      columnsOf(runCode('orderby(d => -d.users).slice(0, 1)', TREND), 'users')
    ).toEqual([[7]]);
  });

  it('reports a column that is missing after a pivot at its place', () => {
    const code = "groupby('period').pivot('package', 'users').orderby('dusk')";
    expect(() => runCode(code, TREND)).toThrow(
      'There is no column “dusk” here. Is “dask” meant? There are: period, dask, numpy.'
    );
    expect(() => runCode(code, TREND)).toThrow(
      expect.objectContaining({
        from: code.indexOf("'dusk'"),
        to: code.length - 1
      })
    );
  });

  it('says so when the page forbids compiling', () => {
    const real = globalThis.Function;
    globalThis.Function = new Proxy(real, {
      apply() {
        throw new EvalError("'unsafe-eval' is not an allowed source of script");
      }
    });
    try {
      expect(() => runCode('filter(d => d.users > 1)', TABLE)).toThrow(
        'Charts without a transform still work.'
      );
    } finally {
      globalThis.Function = real;
    }
  });

  it('works on a table without rows', () => {
    expect(
      runCode(
        "filter(d => d.users > 1).groupby('package').rollup({n: op.count()}).orderby('n')",
        { columns: ['package', 'users'], rows: [] }
      )
    ).toEqual({ columns: ['package', 'n'], rows: [] });
  });
});
