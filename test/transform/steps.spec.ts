import fc from 'fast-check';

import { parseTransform, parseVerbs } from '../../src/transform/parse';
import { appendStep, columnAccess, quoted } from '../../src/transform/steps';
import type { Step } from '../../src/transform/steps';
import type { ITable } from '../../src/workload/answer';
import { columnsOf, runCode } from './support';

const TABLE: ITable = {
  columns: ['package', 'users'],
  rows: [
    { package: 'dask', users: 1 },
    { package: 'numpy', users: 6 },
    { package: 'scipy', users: 3 }
  ]
};

describe('appendStep', () => {
  it.each<[Step, string]>([
    [
      { kind: 'sort', column: 'users', descending: true },
      "orderby(desc('users'))"
    ],
    [{ kind: 'sort', column: 'users', descending: false }, "orderby('users')"],
    [
      { kind: 'share', column: 'users', as: 'share' },
      'derive({share: d => d.users / op.sum(d.users)})'
    ],
    [
      { kind: 'minimum', column: 'users', value: 2.5 },
      'filter(d => d.users >= 2.5)'
    ],
    [
      { kind: 'top', column: 'users', count: 2 },
      "orderby(desc('users')).slice(0, 2)"
    ],
    [
      { kind: 'cumulative', column: 'users', as: 'so far' },
      "derive({'so far': rolling(d => op.sum(d.users))})"
    ],
    [
      { kind: 'rename', column: 'users', as: "people's" },
      "rename({users: 'people\\'s'})"
    ]
  ])('writes %j', (step, code) => {
    expect(appendStep('', step)).toBe(code);
    expect(() => parseTransform(code, TABLE.columns)).not.toThrow();
  });

  it('goes on after the last verb, comments and semicolons kept', () => {
    const step: Step = { kind: 'sort', column: 'users', descending: true };
    expect(appendStep('filter(d => d.users > 1); // few\n', step)).toBe(
      "filter(d => d.users > 1)\n.orderby(desc('users')); // few\n"
    );
    expect(appendStep('// nothing yet', step)).toBe(
      "// nothing yet\norderby(desc('users'))"
    );
    expect(() => appendStep('filter(', step)).toThrow('missing at the end');
  });

  it('does what it says', () => {
    let code = appendStep('', {
      kind: 'sort',
      column: 'users',
      descending: true
    });
    code = appendStep(code, { kind: 'cumulative', column: 'users', as: 'sum' });
    code = appendStep(code, { kind: 'share', column: 'users', as: 'share' });
    code = appendStep(code, { kind: 'rename', column: 'users', as: 'people' });
    code = appendStep(code, { kind: 'minimum', column: 'people', value: 2 });
    const result = runCode(code, TABLE);
    expect(result.columns).toEqual(['package', 'people', 'sum', 'share']);
    expect(columnsOf(result, 'package', 'people', 'sum', 'share')).toEqual([
      ['numpy', 'scipy'],
      [6, 3],
      [6, 9],
      [0.6, 0.3]
    ]);
    expect(
      columnsOf(
        runCode(
          appendStep('', { kind: 'top', column: 'users', count: 1 }),
          TABLE
        ),
        'users'
      )
    ).toEqual([[6]]);
  });

  it('writes any column name so that it is read back', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }),
        fc.string({ minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 1 }),
        (column, as, flag) => {
          fc.pre(column !== '__proto__' && as !== '__proto__' && column !== as);
          const table: ITable = {
            columns: [column],
            rows: [{ [column]: 5 }, { [column]: 15 }]
          };
          const steps: Step[] = [
            { kind: 'sort', column, descending: flag === 1 },
            { kind: 'minimum', column, value: 10 },
            { kind: 'share', column, as },
            { kind: 'cumulative', column, as },
            { kind: 'top', column, count: 1 },
            { kind: 'rename', column, as }
          ];
          const code = steps.reduce((sum, step) => appendStep(sum, step), '');
          expect(runCode(code, table)).toEqual({
            columns: [as],
            rows: [{ [as]: 15 }]
          });
        }
      ),
      { seed: 7, numRuns: 300 }
    );
  });
});

describe('quoting', () => {
  it('survives quotes, backslashes and line ends', () => {
    for (const text of [
      "'",
      '"',
      '\\',
      '\n',
      '\u2028',
      '\ud800',
      "a'b\"c\\'"
    ]) {
      expect(parseVerbs(`select(${quoted(text)})`).verbs).toMatchObject([
        { choices: [{ names: [{ column: { name: text } }] }] }
      ]);
    }
    expect(columnAccess('users')).toBe('d.users');
    expect(columnAccess('num jobs', 'row')).toBe("row['num jobs']");
  });
});
