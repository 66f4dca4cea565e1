import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { ISuggestion } from '../../src/lint/suggest';
import type { ICellRoleState, INotebookRoles } from '../../src/roles/model';
import { NotebookSuggestions } from '../../src/roles/notebook-suggestions';
import type { Role } from '../../src/workload/roles';

/** Roles of a notebook of so many code cells, `c0`, `c1` …, of which some have a role. */
function notebook(...given: (Role | 'none')[]) {
  let cells: ICellRoleState[] = given.map((role, i) => ({
    id: `c${i}`,
    type: 'code',
    role,
    needsRole: true
  }));
  const source: object = {};
  const changed = new Signal<INotebookRoles, void>(source as INotebookRoles);
  const steps: ReadonlyMap<string, Role | null>[] = [];
  const roles = Object.assign(source, {
    changed,
    setRoles: (wanted: ReadonlyMap<string, Role | null>) => {
      steps.push(wanted);
      cells = cells.map(cell => ({
        ...cell,
        role: wanted.get(cell.id) ?? cell.role
      }));
      changed.emit();
    }
  });
  Object.defineProperty(roles, 'cells', { get: () => cells });
  return {
    roles: roles as unknown as INotebookRoles,
    steps,
    remove: (id: string) => {
      cells = cells.filter(cell => cell.id !== id);
      changed.emit();
    }
  };
}

const suggestion = (cell: number, role: Role): ISuggestion => ({
  cell,
  role,
  reasons: ['because'],
  because: 'evidence'
});

describe('NotebookSuggestions', () => {
  const three = [
    suggestion(0, 'shared'),
    suggestion(1, 'upstream'),
    suggestion(3, 'downstream')
  ];

  it('writes nothing before it is accepted', async () => {
    const { roles, steps } = notebook('none', 'none', 'upstream', 'none');
    const suggestions = new NotebookSuggestions(roles, async () => three);
    expect(suggestions.open).toBeNull();
    const making = suggestions.make();
    expect(suggestions.isBusy).toBe(true);
    await making;
    expect(suggestions.isBusy).toBe(false);
    expect(suggestions.open?.map(({ id, role }) => [id, role])).toEqual([
      ['c0', 'shared'],
      ['c1', 'upstream'],
      ['c3', 'downstream']
    ]);
    expect(steps).toEqual([]);
  });

  it('waits until it is known what the site calls roles', async () => {
    const { roles, remove } = notebook('none', 'none', 'upstream', 'none');
    const read = new PromiseDelegate<void>();
    const suggestions = new NotebookSuggestions(
      roles,
      async () => [suggestion(0, 'upstream')],
      read.promise
    );
    const making = suggestions.make();
    remove('c0');
    read.resolve();
    await making;
    // Cells by index are those of when it was asked for.
    expect(suggestions.open?.map(({ id }) => id)).toEqual(['c1']);
  });

  it('accepts one, another one with the user’s role, and the rest in one step', async () => {
    const { roles, steps } = notebook('none', 'none', 'upstream', 'none');
    const suggestions = new NotebookSuggestions(roles, async () => three);
    await suggestions.make();
    suggestions.accept(['c1']);
    suggestions.choose('c3', 'shared');
    expect(suggestions.open?.[1]).toMatchObject({
      role: 'shared',
      because: 'choice'
    });
    suggestions.accept(['c0', 'c3']);
    expect(steps.map(step => [...step])).toEqual([
      [['c1', 'upstream']],
      [
        ['c0', 'shared'],
        ['c3', 'shared']
      ]
    ]);
    expect(suggestions.open).toBeNull();
  });

  it('drops what is dismissed, has got a role, or is gone', async () => {
    const { roles, steps, remove } = notebook('none', 'none', 'none', 'none');
    const suggestions = new NotebookSuggestions(roles, async () => three);
    await suggestions.make();
    roles.setRoles(new Map([['c0', 'upstream']]));
    expect(suggestions.open?.map(({ id }) => id)).toEqual(['c1', 'c3']);
    remove('c1');
    expect(suggestions.open?.map(({ id }) => id)).toEqual(['c3']);
    suggestions.dismiss('c3');
    expect(suggestions.open).toBeNull();
    expect(steps).toHaveLength(1);
  });

  it('names cells as they were when it was asked', async () => {
    const { roles, remove } = notebook('none', 'none', 'none', 'none');
    const suggestions = new NotebookSuggestions(roles, async () => {
      remove('c0');
      return three;
    });
    await suggestions.make();
    expect(suggestions.open?.map(({ id }) => id)).toEqual(['c1', 'c3']);
  });

  it('ends its wait when the check fails', async () => {
    const { roles } = notebook('none');
    const suggestions = new NotebookSuggestions(roles, () =>
      Promise.reject(new Error('no worker'))
    );
    await expect(suggestions.make()).rejects.toThrow('no worker');
    expect(suggestions.isBusy).toBe(false);
    expect(suggestions.open).toBeNull();
  });
});
