/** @jest-environment jsdom */
import type { YNotebook } from '@jupyter/ydoc';
import { NotebookActions } from '@jupyterlab/notebook';
import { MimeData } from '@lumino/coreutils';

import { LiveNotebook, liveNotebooks } from './live-notebook';
import type { ITestCell } from './live-notebook';

const open = liveNotebooks();

const UP = { tags: ['upstream'] };
const DOWN = { tags: ['downstream'] };
const SHARED = { tags: ['shared'] };
const NONE = {};
const TEXT = { type: 'markdown', source: 'Some text' } as const;
const HEADING = { type: 'markdown', source: '# Part two' } as const;

/** A cell as another extension, or a dragged one, inserts it. */
const CODE = { cell_type: 'code', source: 'y', metadata: {} };

describe('a new code cell', () => {
  it.each<{
    name: string;
    cells: ITestCell[];
    active: number;
    act: (live: LiveNotebook) => void;
    shown: (string | null)[];
  }>([
    {
      name: 'below another takes its role',
      cells: [UP, DOWN],
      active: 0,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', 'upstream', 'downstream']
    },
    {
      name: 'above another takes its role',
      cells: [UP, DOWN],
      active: 1,
      act: live => NotebookActions.insertAbove(live.notebook),
      shown: ['upstream', 'downstream', 'downstream']
    },
    {
      name: 'at the top takes the role of what follows',
      cells: [DOWN, UP],
      active: 0,
      act: live => NotebookActions.insertAbove(live.notebook),
      shown: ['downstream', 'downstream', 'upstream']
    },
    {
      name: 'below text takes the role of the code above',
      cells: [UP, TEXT, DOWN],
      active: 1,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', null, 'upstream', 'downstream']
    },
    {
      name: 'below a heading takes the role of its section',
      cells: [UP, HEADING, DOWN],
      active: 1,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', null, 'downstream', 'downstream']
    },
    {
      name: 'above a heading takes the role of the section before',
      cells: [UP, HEADING, DOWN],
      active: 1,
      act: live => NotebookActions.insertAbove(live.notebook),
      shown: ['upstream', 'upstream', null, 'downstream']
    },
    {
      name: 'below a last heading takes the role of the code above',
      cells: [UP, HEADING],
      active: 1,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', null, 'upstream']
    },
    {
      name: 'beside a parameters cell is shared',
      cells: [{ tags: ['parameters'] }, UP],
      active: 0,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['shared', 'shared', 'upstream']
    },
    {
      name: 'below a cell without a role gets none',
      cells: [UP, NONE, DOWN],
      active: 1,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', 'none', 'none', 'downstream']
    },
    {
      name: 'below a cell with two roles gets none',
      cells: [{ tags: ['upstream', 'downstream'] }, DOWN],
      active: 0,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['conflict', 'none', 'downstream']
    },
    {
      name: 'looks past empty cells, which need no role',
      cells: [UP, { source: '# later' }, DOWN],
      active: 1,
      act: live => NotebookActions.insertBelow(live.notebook),
      shown: ['upstream', 'none', 'upstream', 'downstream']
    },
    {
      name: 'that another extension inserts takes the role of the cell above',
      cells: [UP, DOWN],
      active: 0,
      act: live => void live.shared.insertCells(2, [CODE, CODE]),
      shown: ['upstream', 'downstream', 'downstream', 'downstream']
    },
    {
      name: 'that was text before takes the role of the cell above',
      cells: [DOWN, TEXT],
      active: 1,
      act: live => NotebookActions.changeCellType(live.notebook, 'code'),
      shown: ['downstream', 'downstream']
    },
    {
      name: 'that is split off has the role of the whole',
      cells: [DOWN, { ...UP, source: 'a = 1\nb = 2' }],
      active: 1,
      act: live => {
        live.notebook.activeCell?.editor?.setCursorPosition({
          line: 1,
          column: 0
        });
        NotebookActions.splitCell(live.notebook);
      },
      shown: ['downstream', 'upstream', 'upstream']
    },
    {
      name: 'pasted keeps the role that it has',
      cells: [UP, DOWN],
      active: 0,
      act: live => {
        NotebookActions.copy(live.notebook);
        live.select(1);
        NotebookActions.paste(live.notebook);
      },
      shown: ['upstream', 'downstream', 'upstream']
    },
    {
      name: 'pasted without a role takes that of the cell above',
      cells: [NONE, UP, DOWN],
      active: 0,
      act: live => {
        NotebookActions.cut(live.notebook);
        live.select(1);
        NotebookActions.paste(live.notebook);
      },
      shown: ['upstream', 'downstream', 'downstream']
    },
    {
      name: 'pasted above without a role takes that of the cell below',
      cells: [NONE, UP, DOWN],
      active: 0,
      act: live => {
        NotebookActions.cut(live.notebook);
        live.select(1);
        NotebookActions.paste(live.notebook, 'above');
      },
      shown: ['upstream', 'downstream', 'downstream']
    },
    {
      name: 'that doubles another has its role',
      cells: [UP, NONE, DOWN],
      active: 0,
      act: live => {
        live.select(1);
        NotebookActions.duplicate(live.notebook);
        live.select(0);
        NotebookActions.duplicate(live.notebook);
      },
      shown: ['upstream', 'upstream', 'none', 'none', 'downstream']
    }
  ])('$name', ({ cells, active, act, shown }) => {
    const live = open(cells);
    live.select(active);
    const before = live.shown;
    act(live);
    expect(live.shown).toEqual(shown);
    // Undone and done again as one: the role comes and goes with the cell.
    while (live.shared.canUndo()) {
      NotebookActions.undo(live.notebook);
    }
    expect(live.shown).toEqual(before);
    while (live.shared.canRedo()) {
      NotebookActions.redo(live.notebook);
    }
    expect(live.shown).toEqual(shown);
  });

  it('is undone together with its role, though the hands are slow', () => {
    const live = open([UP]);
    live.shared.undoManager.captureTimeout = 0;
    NotebookActions.insertBelow(live.notebook);
    expect(live.shared.undoManager.undoStack).toHaveLength(1);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([['upstream']]);
  });

  it('comes after an action that has just set a role, and is undone alone', () => {
    const live = open([UP, NONE]);
    live.roles.setRole([live.ids[1]], 'downstream');
    live.select(1);
    NotebookActions.insertBelow(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream', 'downstream']);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream']);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream', 'none']);
  });

  it('dragged from another notebook keeps its role, or takes that of the cell above', () => {
    const live = open([UP, DOWN]);
    const mimeData = new MimeData();
    mimeData.setData(
      'application/vnd.jupyter.cells',
      open([{ tags: ['shared', 'x'] }, NONE]).model.toJSON().cells
    );
    live.notebook.handleEvent({
      type: 'lm-drop',
      mimeData,
      source: null,
      target: live.notebook.widgets[1].node,
      proposedAction: 'copy',
      preventDefault: () => undefined,
      stopPropagation: () => undefined
    } as unknown as Event);
    expect(live.tags).toEqual([
      ['upstream'],
      ['shared', 'x'],
      ['shared'],
      ['downstream']
    ]);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([['upstream'], ['downstream']]);
  });

  it('that says a role in other words is given none', () => {
    const live = open([UP, DOWN]);
    const { sharedModel } = live.model;
    for (const tag of ['downsteam', 'Downstream', 'mine']) {
      sharedModel.insertCell(1, { ...CODE, metadata: { tags: [tag] } });
    }
    expect(live.tags).toEqual([
      ['upstream'],
      ['mine', 'upstream'],
      ['Downstream'],
      ['downsteam'],
      ['downstream']
    ]);
  });

  it('that is split off a cell without a role has none either', () => {
    const live = open([{ source: 'a = 1\n' }, DOWN]);
    live.select(0);
    live.notebook.activeCell?.editor?.setCursorPosition({ line: 1, column: 0 });
    NotebookActions.splitCell(live.notebook);
    expect(live.sources).toEqual(['a = 1', '', 'x = 1']);
    expect(live.shown).toEqual(['none', 'none', 'downstream']);
  });

  it.each<[string, (live: LiveNotebook) => void, ITestCell[]]>([
    [
      'pasted after undo brought back what was cut',
      live => {
        NotebookActions.cut(live.notebook);
        NotebookActions.undo(live.notebook);
        live.select(1);
        NotebookActions.paste(live.notebook);
      },
      [NONE, DOWN]
    ],
    [
      'doubled after another was cut',
      live => {
        NotebookActions.cut(live.notebook);
        NotebookActions.duplicate(live.notebook);
      },
      [UP, DOWN]
    ]
  ])('has an id of its own when it is %s', (_, act, cells) => {
    const live = open(cells);
    act(live);
    const { ids } = live;
    expect(new Set(ids).size).toBe(ids.length);
    expect(live.shown.at(-1)).toBe('downstream');
    live.roles.setRole(ids.slice(-1), 'shared');
    expect(live.shown.filter(role => role === 'shared')).toHaveLength(1);
    const before = live.shown;
    NotebookActions.undo(live.notebook);
    NotebookActions.undo(live.notebook);
    NotebookActions.redo(live.notebook);
    NotebookActions.redo(live.notebook);
    expect(live.shown).toEqual(before);
    expect(live.ids).toEqual(ids);
  });

  it('gets no role in a notebook without roles', () => {
    const plain = open([NONE, NONE]);
    NotebookActions.insertBelow(plain.notebook);
    expect(plain.tags).toEqual([undefined, undefined, undefined]);
  });

  it.each(['turned off', 'never shown'])(
    'gets its role where roles are %s, and merges are told',
    how => {
      const live = open([UP, DOWN]);
      if (how === 'turned off') {
        live.roles.turn(false);
      } else {
        live.settings.show = 'never';
      }
      expect(live.roles.isOn).toBe(false);
      NotebookActions.insertBelow(live.notebook);
      expect(live.shown).toEqual(['upstream', 'upstream', 'downstream']);
      live.select(1, 2);
      NotebookActions.mergeCells(live.notebook);
      expect(live.merges).toHaveLength(1);
    }
  );

  it('gets no role when the user wants none, and is asked for when he wants that', () => {
    const live = open([UP]);
    live.settings.newCells = 'none';
    NotebookActions.insertBelow(live.notebook);
    expect(live.shown).toEqual(['upstream', 'none']);
    expect(live.asked).toEqual([]);
    live.settings.newCells = 'ask';
    live.select(0);
    NotebookActions.insertBelow(live.notebook);
    expect(live.shown).toEqual(['upstream', 'none', 'none']);
    expect(live.asked).toEqual([
      { cells: [live.ids[1]], suggested: 'upstream' }
    ]);
  });

  it('gets its role from the panel that the user works in, of two', () => {
    const live = open([UP]);
    live.isInCharge = false;
    NotebookActions.insertBelow(live.notebook);
    expect(live.shown).toEqual(['upstream', 'none']);
  });

  it('gets no role when it is loaded', () => {
    const live = open([UP, DOWN]);
    const content = live.model.toJSON();
    content.cells.splice(1, 0, {
      id: 'from-disk',
      cell_type: 'code',
      source: 'z',
      metadata: {},
      outputs: [],
      execution_count: null
    });
    live.model.fromJSON(content);
    expect(live.shown).toEqual(['upstream', 'none', 'downstream']);
  });
});

describe('what keeps its role', () => {
  it.each<[string, (live: LiveNotebook) => void, (string | null)[]]>([
    [
      'a moved cell',
      live => NotebookActions.moveDown(live.notebook),
      ['downstream', 'none', 'upstream']
    ],
    [
      'code that becomes text and code again',
      live => {
        NotebookActions.changeCellType(live.notebook, 'markdown');
        NotebookActions.changeCellType(live.notebook, 'code');
      },
      ['none', 'downstream', 'upstream']
    ]
  ])('%s', (_, act, shown) => {
    const live = open([{ ...NONE, source: '' }, DOWN, UP]);
    live.settings.newCells = 'none';
    live.select(0);
    act(live);
    expect(live.shown).toEqual(shown);
  });

  it('a moved cell without a role has none afterwards', () => {
    const live = open([UP, NONE, DOWN]);
    live.select(1);
    NotebookActions.moveUp(live.notebook);
    expect(live.shown).toEqual(['none', 'upstream', 'downstream']);
    NotebookActions.moveDown(live.notebook);
    NotebookActions.moveDown(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream', 'none']);
  });

  it('code with other tags that becomes text and code again', () => {
    const live = open([{ tags: ['hide', 'upstream'] }, DOWN]);
    NotebookActions.changeCellType(live.notebook, 'markdown');
    expect(live.shown).toEqual([null, 'downstream']);
    NotebookActions.changeCellType(live.notebook, 'code');
    expect(live.tags).toEqual([['hide', 'upstream'], ['downstream']]);
  });
});

describe('a merge', () => {
  it('of mixed roles is told, and has the role of the active cell', () => {
    const live = open([UP, DOWN, SHARED]);
    live.select(1, 0);
    NotebookActions.mergeCells(live.notebook);
    expect(live.shown).toEqual(['downstream', 'shared']);
    expect(live.merges.map(({ roles }) => roles)).toEqual([
      ['upstream', 'downstream']
    ]);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream', 'shared']);
    expect(live.merges).toHaveLength(1);
  });

  it.each([true, false])('with one neighbor is told, too (above: %s)', up => {
    const live = open([UP, DOWN, UP]);
    live.select(1);
    NotebookActions.mergeCells(live.notebook, up, !up);
    expect(live.merges).toHaveLength(1);
  });

  it('of one role is not told', () => {
    const live = open([UP, UP, TEXT]);
    live.select(1, 0, 2);
    NotebookActions.mergeCells(live.notebook);
    expect(live.shown).toEqual(['upstream']);
    expect(live.merges).toEqual([]);
  });

  it('into a cell without a role has the one role that there is', () => {
    const live = open([UP, NONE, DOWN]);
    live.select(1, 0);
    NotebookActions.mergeCells(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream']);
    expect(live.merges).toEqual([]);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream', 'none', 'downstream']);
  });

  it('of several roles into a cell without one has none, and is told', () => {
    const live = open([UP, NONE, DOWN]);
    live.select(1, 0, 2);
    NotebookActions.mergeCells(live.notebook);
    expect(live.shown).toEqual(['none']);
    expect(live.merges).toHaveLength(1);
  });
});

describe('tags that others write', () => {
  /** As JupyterLab's tag editor does it. */
  const edit = (live: LiveNotebook, index: number, tags: string[]): void => {
    live.shared.cells[index].setMetadata('tags', tags);
  };

  it('are undone by the notebook’s undo, one by one', () => {
    const live = open([{ tags: ['a', 'upstream'] }, DOWN]);
    edit(live, 0, ['a', 'downstream']);
    edit(live, 1, ['downstream', 'upstream']);
    expect(live.shown).toEqual(['downstream', 'conflict']);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([['a', 'downstream'], ['downstream']]);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([['a', 'upstream'], ['downstream']]);
    expect(live.shared.canUndo()).toBe(false);
    NotebookActions.redo(live.notebook);
    expect(live.tags).toEqual([['a', 'downstream'], ['downstream']]);
  });

  it('are told and undone when the tag editor adds to the very list that it gave', () => {
    for (const cells of [[NONE], [NONE, UP]]) {
      const live = open(cells);
      const tags: string[] = [];
      edit(live, 0, tags);
      tags.push('upstream');
      edit(live, 0, tags);
      expect(live.shown[0]).toBe('upstream');
      NotebookActions.undo(live.notebook);
      expect(live.shown[0]).toBe('none');
      expect(live.tags[0]).toEqual([]);
    }
  });

  it('are undone when they were taken away altogether', () => {
    const live = open([UP, DOWN]);
    live.shared.cells[0].deleteMetadata('tags');
    expect(live.shown).toEqual(['none', 'downstream']);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream', 'downstream']);
  });

  it('are undone when they give a notebook its first role, or take its last', () => {
    const live = open([NONE]);
    edit(live, 0, ['upstream']);
    edit(live, 0, ['x']);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual(['upstream']);
    NotebookActions.undo(live.notebook);
    expect(live.tags).toEqual([undefined]);
  });

  it('are left alone in a notebook without roles, as are outputs and other metadata', () => {
    const plain = open([NONE]);
    edit(plain, 0, ['x']);
    expect(plain.shared.canUndo()).toBe(false);

    const live = open([UP]);
    const [cell] = live.shared.cells;
    cell.setMetadata('name', 'x');
    if (cell.cell_type === 'code') {
      cell.setOutputs([{ output_type: 'stream', name: 'stdout', text: 'x' }]);
      cell.execution_count = 3;
    }
    expect(live.shared.canUndo()).toBe(false);
  });

  it('are not taken for ours when they come from elsewhere', () => {
    const live = open([UP]);
    const { ydoc, undoManager } = live.shared;
    ydoc.transact(() => {
      live.shared.cells[0].setMetadata('tags', ['downstream']);
    }, 'somebody');
    expect(live.shown).toEqual(['downstream']);
    expect(undoManager.undoStack).toEqual([]);
  });
});

it('leaves no trace when it is disposed', () => {
  const live = open([UP]);
  live.keeper.dispose();
  live.keeper.dispose();
  NotebookActions.insertBelow(live.notebook);
  const notebook: YNotebook = live.shared;
  notebook.cells[0].setMetadata('tags', ['downstream']);
  expect(live.shown).toEqual(['downstream', 'none']);
  expect(notebook.undoManager.undoStack).toHaveLength(1);
});
