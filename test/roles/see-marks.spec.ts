import type { IFinding } from '../../src/lint/finding';
import type { ICellRoleState } from '../../src/roles/model';
import { hiddenCells } from '../../src/roles/show/hidden';
import { cellMark, findingsById } from '../../src/roles/show/mark';
import type { CellRole } from '../../src/workload/roles';
import { english } from '../../src/workload/translator';

function finding(message: string, cell = 0): IFinding {
  return {
    rule: 'order',
    cell,
    cellId: null,
    severity: 'warning',
    range: null,
    message
  };
}

function cell(
  role: CellRole,
  rest: Partial<ICellRoleState> = {}
): ICellRoleState {
  return { id: role, type: 'code', role, needsRole: true, ...rest };
}

describe('cellMark', () => {
  it.each([
    ['upstream', 'U'],
    ['downstream', 'D'],
    ['shared', 'S'],
    ['none', '?'],
    ['conflict', '!']
  ] as const)('marks a cell that is %s with %s', (role, letter) => {
    const mark = cellMark(cell(role), [], english);
    expect(mark).toMatchObject({ role, letter, sign: '', finding: null });
    expect(mark?.title).not.toBe('');
  });

  it('marks nothing where no role is needed and nothing is found', () => {
    expect(cellMark(cell('none', { needsRole: false }), [], english)).toBe(
      null
    );
    expect(
      cellMark(
        cell('none', { needsRole: false, type: 'markdown' }),
        [],
        english
      )
    ).toBe(null);
  });

  it('tells the first findings in words, and how many there are besides', () => {
    const mark = cellMark(
      cell('shared'),
      ['a', 'b', 'c', 'd', 'e'].map(text => finding(text)),
      english
    );
    expect(mark).toMatchObject({ finding: 'warning', sign: '▲' });
    expect(mark?.title.split('\n').slice(1)).toEqual([
      'a',
      'b',
      'c',
      '… and 2 more'
    ]);
  });

  it('tells a finding at a cell without role', () => {
    expect(
      cellMark(
        cell('none', { needsRole: false }),
        [finding('Mind this.')],
        english
      )
    ).toMatchObject({ role: null, letter: '', title: 'Mind this.' });
  });
});

describe('findingsById', () => {
  it('groups by cell, and leaves out those of cells that were not checked', () => {
    const [a, b, c] = [finding('a', 1), finding('b', 1), finding('c', 7)];
    const byId = findingsById([a, b, c], [{ id: 'x' }, { id: 'y' }]);
    expect([...byId]).toEqual([['y', [a, b]]]);
  });
});

describe('hiddenCells', () => {
  const cells = (
    ['upstream', 'downstream', 'shared', 'none', 'conflict'] as const
  ).map(role => cell(role));

  it.each([
    ['all', []],
    ['downstream', ['upstream', 'conflict']],
    ['upstream', ['downstream']]
  ] as const)('showing %s hides %j', (shown, hidden) => {
    expect([...hiddenCells(cells, shown)]).toEqual(hidden);
  });

  it('never hides text, whatever its tags say', () => {
    expect(
      hiddenCells([cell('upstream', { type: 'markdown' })], 'downstream').size
    ).toBe(0);
  });

  it('leaves what came later in sight', () => {
    expect(hiddenCells(cells, 'downstream', new Set(['conflict']))).toEqual(
      new Set(['conflict'])
    );
  });
});
