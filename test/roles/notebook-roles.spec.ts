/** @jest-environment jsdom */
import { NotebookActions } from '@jupyterlab/notebook';

import type { IFix } from '../../src/lint/finding';
import type { IChecked } from '../../src/roles/model';
import { cellsToRun } from '../../src/roles/run-role';
import { LiveNotebook, liveNotebooks } from './live-notebook';

const open = liveNotebooks();

const UP = { tags: ['upstream'] };
const DOWN = { tags: ['downstream'] };

/** Counts what a notebook's roles tell. */
function counting({ roles }: LiveNotebook) {
  const counts = { changed: 0, content: 0 };
  roles.changed.connect(() => counts.changed++);
  roles.contentChanged.connect(() => counts.content++);
  return counts;
}

describe('the roles of a notebook', () => {
  it('are those of its tags, and say which cells need one', () => {
    const { roles } = open([
      UP,
      { tags: ['x', 'shared'], source: '# nothing' },
      { type: 'markdown' },
      { tags: ['upstream', 'shared'] },
      {},
      { tags: ['parameters'] },
      { type: 'raw', tags: ['downstream'] }
    ]);
    expect(
      roles.cells.map(({ type, role, needsRole }) => [type, role, needsRole])
    ).toEqual([
      ['code', 'upstream', true],
      ['code', 'shared', false],
      ['markdown', 'none', false],
      ['code', 'conflict', true],
      ['code', 'none', true],
      ['code', 'shared', true],
      ['raw', 'downstream', false]
    ]);
  });

  it('are set as one undo step each, however quickly they follow each other', () => {
    const live = open([{ tags: ['a'] }, {}, DOWN]);
    const [a, b, c] = live.ids;
    live.roles.setRole([a, b], 'upstream');
    live.roles.setRoles(
      new Map([
        [b, 'shared'],
        [c, null]
      ])
    );
    NotebookActions.insertBelow(live.notebook);
    expect(live.tags).toEqual([
      ['a', 'upstream'],
      ['upstream'],
      ['shared'],
      undefined
    ]);
    const undo = () => {
      NotebookActions.undo(live.notebook);
      return live.tags;
    };
    expect(undo()).toEqual([['a', 'upstream'], ['shared'], undefined]);
    expect(undo()).toEqual([['a', 'upstream'], ['upstream'], ['downstream']]);
    expect(undo()).toEqual([['a'], undefined, ['downstream']]);
    expect(live.shared.canUndo()).toBe(false);
  });

  it('leave no step where nothing changes', () => {
    const live = open([UP]);
    live.roles.setRole(live.ids, 'upstream');
    live.roles.setRole(['unknown'], 'shared');
    expect(live.shared.canUndo()).toBe(false);
  });

  it('are not set in a notebook that is read-only', () => {
    const live = open([UP]);
    live.model.readOnly = true;
    live.roles.setRole(live.ids, 'shared');
    expect(live.shown).toEqual(['upstream']);
  });

  it.each([
    ['foo', ['foo', 'shared'], ['foo']],
    ['upstream', ['shared'], undefined],
    [
      ['x', 5, {}],
      ['x', 5, {}, 'shared'],
      ['x', 5, {}]
    ],
    [['upstream', 5], [5, 'shared'], [5]],
    [{ a: 1 }, [{ a: 1 }, 'shared'], [{ a: 1 }]]
  ])('keep what stands in the place of tags: %j', (value, shared, none) => {
    const live = open([{}]);
    const [cell] = live.shared.cells;
    live.shared.transact(() => cell.setMetadata('tags', value));
    live.roles.setRole(live.ids, 'shared');
    expect(live.tags).toEqual([shared]);
    live.roles.setRole(live.ids, null);
    expect(live.tags).toEqual([none]);
    NotebookActions.undo(live.notebook);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([value]);
  });
});

describe('roles are on', () => {
  it('where code has a role, papermill’s tags aside', () => {
    expect(open([{ type: 'markdown', tags: ['shared'] }]).roles.isOn).toBe(
      false
    );
    expect(open([{ tags: ['parameters'] }]).roles.isOn).toBe(false);
    const live = open([{}]);
    live.roles.setRole(live.ids, 'shared');
    expect(live.roles.isOn).toBe(true);
  });

  it('as the user says, for all notebooks or for one', () => {
    const live = open([UP]);
    const { settings, roles } = live;
    settings.show = 'never';
    expect(roles.isOn).toBe(false);
    roles.turn(true);
    expect(roles.isOn).toBe(true);
    roles.turn(null);
    settings.show = 'always';
    roles.turn(false);
    expect(roles.isOn).toBe(false);
    expect(open([]).roles.isOn).toBe(false);
  });

  it('or nothing is hidden', () => {
    const { roles } = open([UP]);
    roles.show('downstream');
    expect(roles.shown).toBe('downstream');
    roles.turn(false);
    expect(roles.shown).toBe('all');
  });
});

describe('changes are told', () => {
  it('once a turn, and only what changed', async () => {
    const live = open([UP, {}]);
    const counts = counting(live);
    const before = live.roles.cells;
    live.shared.cells[0].setSource('y = 2');
    live.shared.cells[0].setSource('y = 3');
    expect(counts).toEqual({ changed: 0, content: 0 });
    await Promise.resolve();
    // Typing changes no role.
    expect(counts).toEqual({ changed: 0, content: 1 });
    expect(live.roles.cells).toBe(before);

    live.roles.setRole(live.ids, 'shared');
    await Promise.resolve();
    expect(counts).toEqual({ changed: 1, content: 1 });

    live.shared.cells[1].setSource('# only a comment');
    await Promise.resolve();
    expect(counts).toEqual({ changed: 2, content: 2 });
    expect(live.roles.cells[1].needsRole).toBe(false);

    live.roles.turn(true);
    live.roles.show('upstream');
    await Promise.resolve();
    expect(counts).toEqual({ changed: 3, content: 2 });

    live.settings.changed.emit();
    await Promise.resolve();
    expect(counts).toEqual({ changed: 4, content: 2 });
  });

  it('no more when it is disposed', async () => {
    const live = open([UP]);
    const counts = counting(live);
    live.roles.dispose();
    live.roles.dispose();
    live.shared.cells[0].setSource('z');
    live.shared.cells[0].setMetadata('tags', []);
    await Promise.resolve();
    expect(counts).toEqual({ changed: 0, content: 0 });
  });
});

describe('the policy', () => {
  it('is the site’s, and the notebook’s where that differs', async () => {
    const live = open([{ tags: ['gpu'] }, { tags: ['web'] }, UP]);
    const counts = counting(live);
    live.roles.site = {
      tags: { upstream: 'gpu', downstream: 'web' },
      severities: { order: 'warning' }
    };
    expect(live.shown).toEqual(['upstream', 'downstream', 'none']);
    await Promise.resolve();
    expect(counts.changed).toBe(1);
    live.model.setMetadata('workload', {
      roles: { tags: { upstream: 'upstream' }, severities: { order: 'off' } }
    });
    expect(live.shown).toEqual(['none', 'downstream', 'upstream']);
    expect(live.roles.policy.severities).toEqual({ order: 'off' });
    live.roles.setRole([live.ids[0]], 'downstream');
    expect(live.tags[0]).toEqual(['gpu', 'web']);
    await Promise.resolve();
    expect(counts.changed).toBe(2);
  });
});

describe('a fix', () => {
  function checkedOf(live: LiveNotebook): IChecked {
    return {
      cells: live.shared.cells.map(cell => ({
        id: cell.getId(),
        source: cell.getSource()
      })),
      result: { findings: [], allowances: [], cells: [], paths: [] }
    };
  }

  const fix: IFix = {
    title: 'Fix it',
    edits: [
      { cell: 0, from: 0, to: 1, text: 'first' },
      { cell: 0, from: 4, to: 5, text: '10' },
      { cell: 1, from: 0, to: 0, text: '# ' }
    ],
    tags: [{ cell: 1, add: ['shared', 'x'], remove: ['downstream'] }],
    insert: [
      { before: 1, source: 'import a', tags: ['shared'] },
      { before: 1, source: 'import b', tags: ['shared'] },
      { before: 2, source: 'end', tags: ['upstream'] }
    ]
  };

  const CELLS = [
    { ...UP, source: 'a = 1' },
    { tags: ['x', 'downstream'], source: 'b = 2' }
  ];

  it('changes texts and tags, and adds cells, as one undo step', () => {
    const live = open(CELLS);
    expect(live.roles.applyFix(fix, checkedOf(live))).toBe(true);
    expect(live.sources).toEqual([
      'first = 10',
      'import a',
      'import b',
      '# b = 2',
      'end'
    ]);
    expect(live.tags).toEqual([
      ['upstream'],
      ['shared'],
      ['shared'],
      ['x', 'shared'],
      ['upstream']
    ]);
    NotebookActions.undo(live.notebook);
    expect(live.sources).toEqual(['a = 1', 'b = 2']);
    expect(live.tags).toEqual([['upstream'], ['x', 'downstream']]);
    expect(live.shared.canUndo()).toBe(false);
  });

  it('finds cells that have moved, and does not mind others', () => {
    const live = open([...CELLS, UP]);
    const checked = checkedOf(live);
    live.shared.moveCell(0, 1);
    live.shared.cells[2].setSource('something else');
    expect(
      live.roles.applyFix({ ...fix, insert: [fix.insert![0]] }, checked)
    ).toBe(true);
    expect(live.sources).toEqual([
      'import a',
      '# b = 2',
      'first = 10',
      'something else'
    ]);
  });

  it.each<[string, (live: LiveNotebook) => void]>([
    ['a cell has changed', live => live.shared.cells[1].setSource('c')],
    ['a cell is gone', live => live.shared.deleteCell(0)],
    [
      'it is read-only',
      live => {
        live.model.readOnly = true;
      }
    ]
  ])('does nothing when %s', (_, change) => {
    const live = open(CELLS);
    const checked = checkedOf(live);
    change(live);
    const before = live.model.toString();
    expect(live.roles.applyFix(fix, checked)).toBe(false);
    expect(live.model.toString()).toBe(before);
  });
});

it('runs a role’s cells and the shared ones, and says what it leaves out', () => {
  const { roles } = open([
    { tags: ['shared'] },
    UP,
    { type: 'markdown', tags: ['upstream'] },
    DOWN,
    {},
    { source: '# nothing' },
    { tags: ['parameters'] },
    { tags: ['upstream', 'downstream'] }
  ]);
  expect(cellsToRun(roles.cells, 'upstream')).toEqual({
    cells: [0, 1, 6],
    leftOut: 2
  });
  expect(cellsToRun(roles.cells, 'downstream').cells).toEqual([0, 3, 6]);
  expect(cellsToRun(roles.cells, 'shared').cells).toEqual([0, 6]);
});
