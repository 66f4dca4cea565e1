import type { IFinding } from '../../src/lint/finding';
import type { ICellRoleState } from '../../src/roles/model';
import { hiddenCells } from '../../src/roles/show/hidden';
import { cellMark, findingsById, withFolded } from '../../src/roles/show/mark';
import { DEFAULT_ROLE_TAGS } from '../../src/workload/roles';
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
    const mark = cellMark(cell(role), [], DEFAULT_ROLE_TAGS, english);
    expect(mark).toMatchObject({ role, letter, sign: '', finding: null });
    expect(mark?.title).not.toBe('');
  });

  it('marks nothing where no role is needed and nothing is found', () => {
    expect(
      cellMark(
        cell('none', { needsRole: false }),
        [],
        DEFAULT_ROLE_TAGS,
        english
      )
    ).toBe(null);
    expect(
      cellMark(
        cell('none', { needsRole: false, type: 'markdown' }),
        [],
        DEFAULT_ROLE_TAGS,
        english
      )
    ).toBe(null);
  });

  it('tells the first findings in words, and how many there are besides', () => {
    const mark = cellMark(
      cell('shared'),
      ['a', 'b', 'c', 'd', 'e'].map(text => finding(text)),
      DEFAULT_ROLE_TAGS,
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
        DEFAULT_ROLE_TAGS,
        english
      )
    ).toMatchObject({ role: null, letter: '', title: 'Mind this.' });
  });
});

describe('cellMark where tags are named otherwise', () => {
  const tags = { ...DEFAULT_ROLE_TAGS, upstream: 'reduce' };

  it('tells the tag', () => {
    expect(cellMark(cell('upstream'), [], tags, english)?.title).toBe(
      'Upstream cell: runs in batch jobs only. Its tag is “reduce”.'
    );
  });

  it('tells none that is named as the role is', () => {
    for (const role of ['downstream', 'none', 'conflict'] as const) {
      expect(cellMark(cell(role), [], tags, english)).toEqual(
        cellMark(cell(role), [], DEFAULT_ROLE_TAGS, english)
      );
    }
  });
});

describe('withFolded', () => {
  const own = cellMark(
    cell('none', { needsRole: false }),
    [finding('Mind this.')],
    DEFAULT_ROLE_TAGS,
    english
  );
  const text = cell('none', { needsRole: false, type: 'markdown' });

  it('leaves a heading as it is where all is well below', () => {
    const info = { ...finding('a'), severity: 'info' } as const;
    expect(withFolded(null, [cell('shared'), text], [info], english)).toBe(
      null
    );
    expect(withFolded(own, [], [], english)).toBe(own);
  });

  it('tells the worst of what is hidden', () => {
    const error = { ...finding('a'), severity: 'error' } as const;
    expect(
      withFolded(null, [cell('shared')], [finding('b'), error], english)
    ).toEqual({
      role: null,
      finding: 'error',
      letter: '',
      sign: '✖',
      title: 'Hidden below this heading: 1 shared · 1 mix-up · 1 warning.'
    });
    expect(withFolded(own, [cell('none'), text], [], english)).toEqual({
      role: 'none',
      finding: 'warning',
      letter: '?',
      sign: '▲',
      title: 'Mind this.\nHidden below this heading: 1 without role.'
    });
    expect(
      withFolded(null, [cell('none'), cell('conflict')], [], english)
    ).toMatchObject({ role: 'conflict', letter: '!', sign: '' });
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
