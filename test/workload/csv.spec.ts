import fc from 'fast-check';

import type { Cell, ITable, Row } from '../../src/workload/answer';
import { toCsv } from '../../src/workload/csv';

const SEED = { seed: 20210114, numRuns: 300 };

/** Records of a CSV text, by RFC 4180's grammar. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\n)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) {
      throw new Error('not CSV');
    }
    record.push(
      match[1].startsWith('"')
        ? match[1].slice(1, -1).replaceAll('""', '"')
        : match[1]
    );
    if (match[2] === '\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

describe('toCsv', () => {
  it('writes a header and rows, missing cells empty', () => {
    const table: ITable = {
      columns: ['package', 'share', 'users'],
      rows: [
        { package: 'numpy', share: 0.1 + 0.2, users: 3 },
        { package: 'a,b', share: null, users: 1e21 },
        { package: 'say "hi"\nthere', share: -0.5, users: 0 },
        { package: '=1+1', users: 2 }
      ]
    };
    expect(toCsv(table)).toBe(
      'package,share,users\n' +
        'numpy,0.30000000000000004,3\n' +
        '"a,b",,1e+21\n' +
        '"say ""hi""\nthere",-0.5,0\n' +
        '=1+1,,2\n'
    );
  });

  it('has a column “other” where a row is that of all others', () => {
    const rows: Row[] = [
      { package: 'numpy', users: 3 },
      { package: null, users: 2, other: true }
    ];
    const columns = ['package', 'users'];
    expect(toCsv({ columns, rows })).toBe(
      'package,users,other\nnumpy,3,\n,2,true\n'
    );
    expect(toCsv({ columns, rows: rows.slice(0, 1) })).toBe(
      'package,users\nnumpy,3\n'
    );
    expect(toCsv({ columns, rows: [] })).toBe('package,users\n');
  });

  it('can be read back', () => {
    const text = fc
      .array(fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', "'"), {
        maxLength: 6
      })
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(
        fc
          .uniqueArray(text, { minLength: 1, maxLength: 4 })
          .filter(names => !names.includes('other')),
        fc.array(
          fc.array(
            fc.oneof(
              text,
              fc.double({ noNaN: true }),
              fc.boolean(),
              fc.constant(null)
            ),
            { minLength: 4, maxLength: 4 }
          ),
          { maxLength: 4 }
        ),
        (columns, values) => {
          const rows = values.map(cells =>
            Object.fromEntries(
              columns.map((name, i): [string, Cell] => [name, cells[i]])
            )
          );
          expect(parseCsv(toCsv({ columns, rows }))).toEqual([
            columns,
            ...rows.map(row =>
              columns.map(name => (row[name] === null ? '' : String(row[name])))
            )
          ]);
        }
      ),
      SEED
    );
  });
});
