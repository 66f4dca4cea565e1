import type { IColumn } from '../../../src/workload/fields';
import { parseFilterText } from '../../../src/workload/filter-text';
import { english } from '../../../src/workload/translator';
import {
  nextNeed,
  suggestFields,
  suggestValues
} from '../../../src/explorer/panel/filter-completion';
import { parseBounds } from '../../../src/explorer/panel/labels';
import { createFormat } from '../../../src/explorer/panel/format';
import {
  completePath,
  splitPath
} from '../../../src/explorer/panel/path-completion';
import { sourceName } from '../../../src/explorer/panel/source-name';
import {
  fileMark,
  fileName,
  markedTable,
  sortRows,
  toJson,
  toTsv
} from '../../../src/explorer/panel/table-text';
import { fakeAnswer, fakeEstimate } from './fakes';
import { toCsv } from '../../../src/workload/csv';
import { chartQuery } from '../../../src/explorer/panel/asks';
import { smallView } from './fakes';

describe('nextNeed', () => {
  it.each([
    ['', { kind: 'field', typed: '' }],
    ['acc', { kind: 'field', typed: 'acc' }],
    [
      'account=',
      { kind: 'value', field: 'account', before: 'account=', typed: '' }
    ],
    [
      'account=m1,m',
      { kind: 'value', field: 'account', before: 'account=m1,', typed: 'm' }
    ],
    [
      'account!=m',
      { kind: 'value', field: 'account', before: 'account!=', typed: 'm' }
    ],
    [
      'main=a\\,b',
      { kind: 'value', field: 'main', before: 'main=', typed: 'a,b' }
    ],
    [
      'main=a\\,b,c',
      { kind: 'value', field: 'main', before: 'main=a\\,b,', typed: 'c' }
    ],
    [
      'has-package:nu',
      { kind: 'value', field: 'package', before: 'has-package:', typed: 'nu' }
    ],
    ['nodes>=1', { kind: 'free' }],
    ['main~^/opt', { kind: 'free' }],
    ['main!~x', { kind: 'free' }]
  ])('reads %j', (text, need) => {
    expect(nextNeed(text)).toEqual(need);
  });
});

describe('suggestFields', () => {
  const column = (name: string): IColumn => ({
    name,
    type: 'text',
    list: false
  });
  const columns = ['username', 'exe', 'site'].map(column);
  const mapping = { user: ['username'], executable: ['exe'] };
  const names = (typed: string) =>
    suggestFields(typed, mapping, columns, english).map(line => line.label);

  it('offers roles that are mapped, what follows from them, and the other columns', () => {
    expect(names('')).toEqual(['user', 'executable', 'environment', 'site']);
  });

  it('puts first what begins with the letters typed', () => {
    expect(names('e')).toEqual(['executable', 'environment', 'user', 'site']);
  });

  it('finds a role by what it means', () => {
    expect(names('interpreter')).toEqual(['executable']);
  });

  it('offers packages of the job only where packages are mapped', () => {
    expect(
      suggestFields('has', { package: ['p'] }, columns, english).map(
        line => line.text
      )
    ).toEqual(['has-package:']);
  });
});

it('writes completed values so that they are read back as they are', () => {
  const [line] = suggestValues(
    'main=',
    [{ value: 'a,b\\c', records: 3 }],
    String
  );
  expect(parseFilterText(line.text)).toEqual({
    field: 'main',
    op: 'any',
    values: ['a,b\\c']
  });
  expect(line.detail).toBe('3');
});

it('says of completed values that there may be more of them', () => {
  const [line] = suggestValues(
    'user=',
    [{ value: 'ann', records: 3, atLeast: true }],
    String
  );
  expect(line.detail).toBe('≥ 3');
});

describe('completePath', () => {
  const entries = [
    { path: 'data/notes.md', type: 'file' as const, size: 1 },
    { path: 'data/b.parquet', type: 'file' as const, size: 2000 },
    { path: 'data/a.workload.json', type: 'file' as const, size: 1 },
    { path: 'data/year=2021', type: 'directory' as const, size: 0 }
  ];

  it('offers folders first, then Parquet files and views', () => {
    expect(
      completePath('data/', entries, String).map(line => line.text)
    ).toEqual(['data/year=2021/', 'data/a.workload.json', 'data/b.parquet']);
  });

  it('goes on typing after a folder, not after a file', () => {
    const [folder, view] = completePath('data/', entries, String);
    expect([folder.more, view.more]).toEqual([true, undefined]);
  });

  it('keeps to the letters typed, whatever their case', () => {
    expect(
      completePath('data/B', entries, String).map(line => line.label)
    ).toEqual(['b.parquet']);
  });

  it('splits a path at its last slash', () => {
    expect(splitPath('root:a/b/c')).toEqual({ folder: 'root:a/b/', name: 'c' });
    expect(splitPath('c')).toEqual({ folder: '', name: 'c' });
  });
});

describe('sourceName', () => {
  it.each([
    [['/data/demo-2021.parquet'], 'demo-2021'],
    [['data/2021/'], '2021'],
    [['data/month=*/*.parquet'], 'data'],
    [['a.parquet', 'b.parquet', 'c.parquet'], 'a + 2'],
    [['elasticsearch:mods/mods-2021*'], 'mods-2021* · mods'],
    [['elasticsearch:mods/<mods-{now/d}>'], '<mods-{now/d}> · mods'],
    [[], '']
  ])('names %j %s', (paths, name) => {
    expect(sourceName(paths)).toBe(name);
  });
});

describe('parseBounds', () => {
  it.each([
    ['1, 2, 33', [1, 2, 33]],
    ['1 2 4 ', [1, 2, 4]],
    ['5', [5]],
    ['', null],
    ['2, 1', null],
    ['1, 1', null],
    ['0, 1', null],
    ['1.5', null],
    ['1, x', null]
  ])('reads %j', (text, bounds) => {
    expect(parseBounds(text)).toEqual(bounds);
  });
});

describe('format', () => {
  const format = createFormat('en-US');

  it.each([
    [0, '0'],
    [9_999, '9,999'],
    [10_000, '10\u202fk'],
    [999_499, '999\u202fk'],
    [999_950, '1\u202fM'],
    [1_018_332, '1.02\u202fM']
  ])('shortens %i to %s', (n, text) => {
    expect(format.short(n)).toBe(text);
  });

  it.each([
    [0, '1\u202fms'],
    [84.4, '84\u202fms'],
    [1234, '1.23\u202fs']
  ])('shows %d milliseconds as %s', (ms, text) => {
    expect(format.duration(ms)).toBe(text);
  });

  it('shows bytes in decimal units', () => {
    expect(format.bytes(14_636_806)).toBe('14.6\u202fMB');
  });
});

describe('tables as texts', () => {
  const rows = [
    { name: 'b', n: 2 },
    { name: 'a', n: null },
    { name: 'c', n: 10 }
  ];

  it('sorts numbers by value and keeps undefined ones last', () => {
    const order = (descending: boolean) =>
      sortRows(rows, { column: 'n', descending }).map(row => row.name);
    expect(order(true)).toEqual(['c', 'b', 'a']);
    expect(order(false)).toEqual(['b', 'c', 'a']);
    expect(sortRows(rows, null)).toBe(rows);
  });

  it('copies with tabs, quoting what would break them', () => {
    expect(
      toTsv({ columns: ['name', 'n'], rows: [{ name: 'a\t"b"', n: null }] })
    ).toBe('name\tn\n"a\t""b"""\t\n');
  });

  it('writes JSON that explains itself', () => {
    const [chart] = smallView().board;
    const answer = fakeAnswer(chartQuery(smallView(), chart));
    const read = JSON.parse(toJson(answer, answer.table, 'Users …', 'count()'));
    expect(read).toMatchObject({
      caption: 'Users …',
      rows: answer.table.rows,
      transform: 'count()',
      provenance: { query: { analysis: 'top-packages' } }
    });
    expect(
      JSON.parse(toJson(answer, answer.table, '', ' '))
    ).not.toHaveProperty('transform');
  });

  it.each([
    ['Package × job size', 'package-job-size.csv'],
    ['  ', 'chart.csv'],
    ['Müller’s', 'mu-ller-s.csv']
  ])('names a file for %j', (title, name) => {
    expect(fileName(title, 'csv')).toBe(name);
  });

  it('says in every table and name that leaves the panel that it is an estimate', () => {
    const [chart] = smallView().board;
    const query = chartQuery(smallView(), chart);
    const { table, provenance } = fakeEstimate(query);
    const marked = markedTable(table, provenance, english, 'en');
    expect(toCsv(marked)).toBe(
      'package,users,note\nnumpy,7,"estimate, ±2\u00a0%"\nscipy,5,"estimate, ±2\u00a0%"\n'
    );
    expect(toTsv(marked).split('\n')[1]).toBe('numpy\t7\testimate, ±2\u00a0%');
    const mark = fileMark(provenance, english);
    expect(fileName('Top packages', 'csv', mark)).toBe(
      'top-packages-estimate.csv'
    );
    const unknown = { ...provenance, estimate: null };
    expect(markedTable(table, unknown, english, 'en').rows[0].note).toBe(
      'estimate, error unknown'
    );
    const partial = fakeAnswer(query, 1000, true).provenance;
    expect(fileMark(partial, english)).toBe('incomplete');
    expect(markedTable(table, partial, english, 'en').rows[0].note).toContain(
      'so far'
    );
    const exact = fakeAnswer(query).provenance;
    expect(markedTable(table, exact, english, 'en')).toBe(table);
    expect(fileMark(exact, english)).toBe('');
  });
});
