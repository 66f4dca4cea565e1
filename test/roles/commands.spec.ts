/** @jest-environment jsdom */
import { Notification } from '@jupyterlab/apputils';
import { NotebookActions } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { addCommands } from '../../src/roles/add-commands';
import { CommandIDs } from '../../src/roles/commands';
import { RoleQuestion } from '../../src/roles/keep-ask';
import { warnOfMerge } from '../../src/roles/keep-notify';
import type { IOpenNotebook, IRolesManager } from '../../src/roles/model';
import { ShownCells } from '../../src/roles/show/shown-cells';
import { english } from '../../src/workload/translator';
import { liveNotebooks } from './live-notebook';
import type { ITestCell, LiveNotebook } from './live-notebook';

const open = liveNotebooks();

afterEach(() => {
  Notification.dismiss();
});

/** Commands on a notebook in front, or on none. */
function setUp(live: LiveNotebook | null) {
  const commands = new CommandRegistry();
  const manager = {
    current: live && ({ roles: live.roles } as unknown as IOpenNotebook),
    currentChanged: new Signal({})
  } as unknown as IRolesManager;
  const trans = nullTranslator.load('jupyterlab');
  addCommands({
    commands,
    manager,
    trans,
    translator: nullTranslator,
    sessionDialogs: null
  });
  return commands;
}

const UP = { tags: ['upstream'] };
const DOWN = { tags: ['downstream'] };
const HEADING = { type: 'markdown', source: '# Part' } as const;

describe('commands', () => {
  it('set the role of the selected code cells', async () => {
    const live = open([UP, HEADING, {}, {}]);
    const commands = setUp(live);
    live.select(0, 1, 2);
    const toggled = (role: string) =>
      commands.isToggled(CommandIDs.setRole, { role });
    expect(toggled('upstream')).toBe(false);
    await commands.execute(CommandIDs.setRole, { role: 'downstream' });
    expect(live.tags).toEqual([
      ['downstream'],
      undefined,
      ['downstream'],
      undefined
    ]);
    expect(toggled('downstream')).toBe(true);
    await commands.execute(CommandIDs.setRole, { role: 'none' });
    expect(live.tags).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('set the role of cells that are named, and refuse what is no role', async () => {
    const live = open([UP, {}, {}]);
    const commands = setUp(live);
    const cells = [live.ids[1], 'unknown'];
    await commands.execute(CommandIDs.setRole, { role: 'shared', cells });
    expect(live.tags).toEqual([['upstream'], ['shared'], undefined]);
    await commands.execute(CommandIDs.setRole, { role: 'stream', cells });
    expect(live.tags).toEqual([['upstream'], ['shared'], undefined]);
  });

  it('set the role of a section, but for papermill’s cells', async () => {
    const live = open([
      UP,
      HEADING,
      { tags: ['parameters'] },
      {},
      DOWN,
      HEADING,
      DOWN
    ]);
    const commands = setUp(live);
    live.select(3);
    await commands.execute(CommandIDs.setSectionRole, { role: 'upstream' });
    expect(live.tags).toEqual([
      ['upstream'],
      undefined,
      ['parameters'],
      ['upstream'],
      ['upstream'],
      undefined,
      ['downstream']
    ]);
    NotebookActions.undo(live.notebook);
    expect(live.shown).toEqual([
      'upstream',
      null,
      'shared',
      'none',
      'downstream',
      null,
      'downstream'
    ]);
  });

  it('say that papermill’s tags keep cells shared', async () => {
    const live = open([{ tags: ['parameters'] }, UP]);
    const commands = setUp(live);
    live.select(0, 1);
    await commands.execute(CommandIDs.setRole, { role: 'none' });
    expect(live.tags).toEqual([['parameters'], undefined]);
    expect(told().map(({ message }) => message)).toEqual([
      'The cell stays shared: papermill’s tag makes it so (parameters).'
    ]);
  });

  it('tell tags that are named otherwise than their roles', () => {
    const live = open([UP]);
    const commands = setUp(live);
    const label = (role: string) => [
      commands.label(CommandIDs.setRole, { role, cells: live.ids }),
      commands.label(CommandIDs.setSectionRole, { role })
    ];
    expect(label('upstream')).toEqual([
      'Make Cell Upstream',
      'Make Section Upstream'
    ]);
    live.shared.setMetadata('workload', {
      roles: { tags: { upstream: 'reduce' } }
    });
    expect(label('upstream')).toEqual([
      'Make Cell Upstream (reduce)',
      'Make Section Upstream (reduce)'
    ]);
    expect(label('shared')).toEqual([
      'Make Cell Shared',
      'Make Section Shared'
    ]);
    expect(label('none')[0]).toBe('Remove Role from Cell');
  });

  it('select all cells of a role, or of that of the active cell', async () => {
    const live = open([UP, DOWN, {}, UP, { source: '# nothing' }]);
    const commands = setUp(live);
    const selected = () =>
      live.notebook.widgets.flatMap((cell, index) =>
        live.notebook.isSelectedOrActive(cell) ? [index] : []
      );
    live.select(0);
    await commands.execute(CommandIDs.selectRole);
    expect(selected()).toEqual([0, 3]);
    await commands.execute(CommandIDs.selectRole, { role: 'none' });
    expect(selected()).toEqual([2]);
    await commands.execute(CommandIDs.selectRole, { role: 'shared' });
    expect(selected()).toEqual([2]);
  });

  it('turn roles on and off', async () => {
    const live = open([UP]);
    const commands = setUp(live);
    expect(commands.isToggled(CommandIDs.toggleRoles)).toBe(true);
    await commands.execute(CommandIDs.toggleRoles);
    expect(live.roles.isOn).toBe(false);
    await commands.execute(CommandIDs.toggleRoles);
    expect(live.roles.isOn).toBe(true);
  });

  it('wait for a notebook, and set nothing in one that is read-only', () => {
    const none = setUp(null);
    const live = open([UP]);
    const some = setUp(live);
    for (const id of Object.values(CommandIDs)) {
      expect(none.isEnabled(id, { role: 'upstream' })).toBe(false);
      expect(some.isEnabled(id, { role: 'upstream' })).toBe(true);
    }
    live.model.readOnly = true;
    expect(some.isEnabled(CommandIDs.setRole, { role: 'upstream' })).toBe(
      false
    );
    expect(
      some.isEnabled(CommandIDs.setSectionRole, { role: 'upstream' })
    ).toBe(false);
  });
});

describe('commands while cells are hidden', () => {
  const hiding: ShownCells[] = [];
  afterEach(() => {
    hiding.splice(0).forEach(shown => shown.dispose());
  });

  /** Cells of which only the downstream ones are shown. */
  async function onlyDownstream(cells: readonly ITestCell[]) {
    const live = open(cells);
    const { notebook, roles } = live;
    hiding.push(new ShownCells({ notebook, roles }));
    roles.show('downstream');
    await Promise.resolve();
    const selected = (): number[] =>
      notebook.widgets.flatMap((cell, index) =>
        notebook.isSelectedOrActive(cell) ? [index] : []
      );
    return { live, commands: setUp(live), selected };
  }

  const messages = (): string[] => told().map(({ message }) => message);

  it('leave the hidden cells of a section as they are, and say so', async () => {
    const { live, commands } = await onlyDownstream([
      HEADING,
      UP,
      { tags: ['shared'] },
      DOWN,
      UP
    ]);
    live.select(0);
    await commands.execute(CommandIDs.setSectionRole, { role: 'downstream' });
    expect(live.shown).toEqual([
      null,
      'upstream',
      'downstream',
      'downstream',
      'upstream'
    ]);
    expect(messages()).toEqual(['2 hidden cells were left as they are.']);
    click('Show All Cells');
    expect(live.roles.shown).toBe('all');
  });

  it('say nothing of hidden cells of a section that have the role already', async () => {
    const { live, commands } = await onlyDownstream([HEADING, UP, {}, DOWN]);
    live.select(0);
    await commands.execute(CommandIDs.setSectionRole, { role: 'upstream' });
    expect(live.shown).toEqual([null, 'upstream', 'upstream', 'upstream']);
    expect(messages()).toEqual([]);
  });

  it('select no hidden cell, so that the next key changes no other one', async () => {
    const { live, commands, selected } = await onlyDownstream([
      { tags: ['shared'] },
      UP,
      DOWN
    ]);
    live.select(2);
    await commands.execute(CommandIDs.selectRole, { role: 'upstream' });
    await Promise.resolve();
    expect(selected()).toEqual([2]);
    expect(messages()).toEqual(['1 hidden cell was not selected.']);
  });

  it('select of the role’s cells those that are in sight', async () => {
    const { live, commands, selected } = await onlyDownstream([UP, {}, DOWN]);
    // What got in later stays in sight.
    live.shared.insertCell(1, { cell_type: 'code', metadata: UP });
    await Promise.resolve();
    live.select(3);
    await commands.execute(CommandIDs.selectRole, { role: 'upstream' });
    await Promise.resolve();
    expect(selected()).toEqual([1]);
    expect(messages()).toEqual(['1 hidden cell was not selected.']);
  });

  it('set no role of the active cell where all are hidden', async () => {
    const { live, commands } = await onlyDownstream([UP]);
    await commands.execute(CommandIDs.setRole, { role: 'none' });
    expect(live.shown).toEqual(['upstream']);
    expect(messages()).toEqual(['1 hidden cell was left as it is.']);
  });
});

/** What the user is told now, and what of it can be clicked. */
function told() {
  return Notification.manager.notifications.map(({ message, options }) => ({
    message,
    actions: options.actions ?? []
  }));
}

function click(label: string): void {
  const action = told()
    .flatMap(({ actions }) => actions)
    .find(each => each.label === label);
  if (!action) {
    throw new Error(`There is nothing called ${label}.`);
  }
  action.callback(new MouseEvent('click'));
}

describe('a warning of a merge', () => {
  function merged(): LiveNotebook {
    const live = open([UP, DOWN]);
    live.select(0, 1);
    NotebookActions.mergeCells(live.notebook);
    expect(live.shown).toEqual(['upstream']);
    warnOfMerge(live.roles, live.merges[0], english);
    expect(told().map(({ message }) => message)).toEqual([
      'Cells of different roles were merged (Upstream, Downstream). The merged cell counts as: Upstream.'
    ]);
    return live;
  }

  it('offers to undo it', () => {
    const live = merged();
    click('Undo Merge');
    expect(live.shown).toEqual(['upstream', 'downstream']);
    expect(told()).toEqual([]);
  });

  it('goes when it is undone in another way', () => {
    const live = merged();
    NotebookActions.undo(live.notebook);
    expect(told()).toEqual([]);
  });

  it('undoes nothing else', () => {
    const live = merged();
    live.roles.setRole(live.ids, 'shared');
    click('Undo Merge');
    expect(live.shown).toEqual(['shared']);
    expect(told()[0].message).toMatch(/has changed since/);
  });
});

describe('a warning of a merge with a hidden cell', () => {
  it('says so, also when the cells had one role', () => {
    const live = open([UP, {}]);
    warnOfMerge(
      live.roles,
      {
        into: live.roles.list.cells[0],
        roles: ['upstream'],
        hasHidden: true
      },
      english
    );
    expect(told().map(({ message }) => message)).toEqual([
      'A cell that is hidden was merged with the active one.'
    ]);
  });
});

describe('a question for the role of new cells', () => {
  it('has the neighbor’s role first, and goes when it is answered', async () => {
    const live = open([{}, {}, UP]);
    new RoleQuestion(live.roles, english).ask(live.ids.slice(0, 2), 'shared');
    expect(told()[0].message).toBe('Which role have the 2 new cells?');
    expect(told()[0].actions.map(({ label }) => label)).toEqual([
      'Shared',
      'Upstream',
      'Downstream'
    ]);
    click('Downstream');
    expect(live.shown).toEqual(['downstream', 'downstream', 'upstream']);
    await Promise.resolve();
    expect(told()).toEqual([]);
  });

  it('goes when the cells do', async () => {
    const live = open([{}, UP]);
    new RoleQuestion(live.roles, english).ask([live.ids[0]], null);
    live.shared.deleteCell(0);
    await Promise.resolve();
    expect(told()).toEqual([]);
  });

  it('is one for all cells that are still open', async () => {
    const live = open([{}, {}, {}, UP]);
    const question = new RoleQuestion(live.roles, english);
    question.ask([live.ids[0]], 'upstream');
    live.roles.setRole([live.ids[0]], 'shared');
    question.ask([live.ids[1]], 'upstream');
    question.ask([live.ids[2]], null);
    expect(told().map(({ message }) => message)).toEqual([
      'Which role have the 2 new cells?'
    ]);
    click('Upstream');
    expect(live.shown).toEqual(['shared', 'upstream', 'upstream', 'upstream']);
    await Promise.resolve();
    expect(told()).toEqual([]);
  });

  it('is not asked again about cells once it was closed', () => {
    const live = open([{}, {}, UP]);
    const question = new RoleQuestion(live.roles, english);
    question.ask([live.ids[0]], null);
    Notification.dismiss();
    question.ask([live.ids[1]], null);
    expect(told()[0].message).toBe('Which role has the new cell?');
    click('Shared');
    expect(live.shown).toEqual(['none', 'shared', 'upstream']);
  });
});
