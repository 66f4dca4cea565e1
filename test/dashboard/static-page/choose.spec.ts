import * as fc from 'fast-check';

import {
  choose,
  firstChoice,
  optionsOf
} from '../../../src/dashboard/static-page/choose';
import type {
  Cell,
  Columns,
  IControls
} from '../../../src/dashboard/static-page/page-data';

const COLUMNS: Columns = {
  month: [null, null, null, '2021-01', '2021-01', '2021-02', '2021-02'],
  package: ['numpy', 'scipy', 'dask', 'numpy', 'dask', 'numpy', 'scipy'],
  users: [31, 12, 15, 20, 14, 25, null]
};

function controls(changes: Partial<IControls> = {}): IControls {
  return {
    table: 't',
    category: 'package',
    value: 'users',
    series: null,
    filters: [{ column: 'month', label: 'Month', all: 'all', value: null }],
    sort: ['users', 'package'],
    top: [2, 10],
    ...changes
  };
}

describe('choose', () => {
  it('begins with what the figure asks for', () => {
    expect(firstChoice(controls())).toEqual({
      filters: { month: null },
      sort: 'users',
      top: 2
    });
  });

  it('shows the largest ones of the rows for everything together', () => {
    const asked = controls();
    expect(choose(COLUMNS, asked, firstChoice(asked))).toEqual([
      { name: null, categories: ['numpy', 'dask'], values: [31, 15] }
    ]);
  });

  it('sorts by name, and puts a number that is suppressed last', () => {
    const month = { month: '2021-02' };
    const asked = controls();
    const shown = (sort: string) =>
      choose(COLUMNS, asked, { filters: month, sort, top: undefined })[0];
    expect(shown('package').categories).toEqual(['numpy', 'scipy']);
    expect(shown('users').values).toEqual([25, null]);
  });

  it('draws each series in the order of its categories, ranked by its total', () => {
    const asked = controls({
      category: 'month',
      series: 'package',
      filters: [],
      sort: ['users']
    });
    const shown = choose(COLUMNS, asked, firstChoice(asked));
    expect(shown).toEqual([
      {
        name: 'numpy',
        categories: ['2021-01', '2021-02'],
        values: [20, 25]
      },
      { name: 'dask', categories: ['2021-01'], values: [14] }
    ]);
  });

  it('ranks series without totals by their largest number', () => {
    const columns = {
      month: ['1', '2', '1', '2', '1'],
      package: ['a', 'a', 'b', 'b', 'c'],
      users: [3, 4, 1, 9, null]
    };
    const asked = controls({ category: 'month', series: 'package' });
    const shown = choose(columns, asked, {
      filters: {},
      sort: 'users',
      top: undefined
    });
    expect(shown.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });

  it('lists everything together first, then values as people count', () => {
    const columns = { node: ['10', null, '9', '10', '2'] };
    expect(optionsOf(columns, 'node')).toEqual([null, '2', '9', '10']);
  });

  it('never shows a number that is not in the table, nor a row that was not chosen', () => {
    const cell = fc.constantFrom<Cell>('a', 'b', 'c', null);
    const row = fc.tuple(
      cell,
      cell,
      fc.option(fc.integer({ min: 5, max: 99 }))
    );
    const rows = fc.uniqueArray(row, {
      selector: ([month, name]) => `${month} ${name}`,
      maxLength: 16
    });
    fc.assert(
      fc.property(
        rows,
        cell,
        fc.constantFrom('users', 'package'),
        fc.integer({ min: 1, max: 5 }),
        (table, month, sort, top) => {
          const columns = {
            month: table.map(one => one[0]),
            package: table.map(one => one[1]),
            users: table.map(one => one[2])
          };
          const [shown] = choose(columns, controls(), {
            filters: { month },
            sort,
            top
          });
          const wanted = table.filter(
            one => one[0] === month && one[1] !== null
          );
          const pairs = shown.categories.map((name, index) => [
            name,
            shown.values[index]
          ]);
          expect(pairs).toHaveLength(Math.min(top, wanted.length));
          const known = wanted.map(([, name, users]) => `${name} ${users}`);
          pairs.forEach(([name, users]) => {
            expect(known).toContain(`${name} ${users}`);
          });
          if (sort === 'users') {
            const all = wanted.map(one => one[2] ?? -1).sort((a, b) => b - a);
            expect(shown.values.map(value => value ?? -1)).toEqual(
              all.slice(0, top)
            );
          }
        }
      ),
      { numRuns: 300, seed: 7 }
    );
  });
});
