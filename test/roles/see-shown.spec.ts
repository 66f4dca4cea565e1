/** @jest-environment jsdom */
import { NotebookActions } from '@jupyterlab/notebook';

import { ShownCells } from '../../src/roles/show/shown-cells';
import { LiveNotebook } from './live-notebook';

/** After what was put off to the end of the turn, and what that has put off. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await Promise.resolve();
  }
}

describe('cells out of sight', () => {
  it('are not selected, so that nothing is done to them', async () => {
    const live = new LiveNotebook([
      { tags: ['downstream'] },
      { tags: ['upstream'] },
      { tags: ['downstream'] }
    ]);
    const { notebook, roles } = live;
    const shown = new ShownCells({ notebook, roles });
    const selected = (): boolean[] =>
      notebook.widgets.map(cell => notebook.isSelectedOrActive(cell));
    NotebookActions.selectAll(notebook);
    roles.show('downstream');
    await Promise.resolve();
    expect(shown.hidden).toBe(1);
    expect(selected()).toEqual([true, false, true]);
    NotebookActions.selectAll(notebook);
    await Promise.resolve();
    expect(selected()).toEqual([true, false, true]);
    NotebookActions.deleteCells(notebook);
    expect(live.tags).toEqual([['upstream']]);
    shown.dispose();
    live.dispose();
  });

  it('stop a selection, which stays as it is', async () => {
    const live = new LiveNotebook([
      { tags: ['downstream'] },
      { tags: ['downstream'] },
      { tags: ['upstream'] },
      { tags: ['upstream'] },
      { tags: ['downstream'] }
    ]);
    const { notebook, roles } = live;
    const shown = new ShownCells({ notebook, roles });
    roles.show('downstream');
    await Promise.resolve();
    const selected = (): number[] =>
      notebook.widgets.flatMap((cell, i) =>
        notebook.isSelectedOrActive(cell) ? [i] : []
      );
    NotebookActions.extendSelectionBelow(notebook);
    await Promise.resolve();
    expect(selected()).toEqual([0, 1]);
    for (let i = 0; i < 2; i++) {
      NotebookActions.extendSelectionBelow(notebook);
      await Promise.resolve();
      expect(selected()).toEqual([0, 1]);
      expect(notebook.activeCellIndex).toBe(1);
    }
    NotebookActions.extendSelectionAbove(notebook);
    await Promise.resolve();
    expect(selected()).toEqual([0]);
    live.select(4);
    NotebookActions.extendSelectionAbove(notebook);
    await Promise.resolve();
    expect(selected()).toEqual([4]);
    shown.dispose();
    live.dispose();
  });

  it('are shown once all others are gone, so that it can be undone', async () => {
    const live = new LiveNotebook([
      { tags: ['downstream'] },
      { tags: ['upstream'] }
    ]);
    const { notebook, roles } = live;
    const shown = new ShownCells({ notebook, roles });
    roles.show('downstream');
    await Promise.resolve();
    NotebookActions.deleteCells(notebook);
    await settled();
    expect(roles.shown).toBe('all');
    expect(notebook.activeCell?.isVisible).toBe(true);
    NotebookActions.undo(notebook);
    expect(live.shown).toEqual(['downstream', 'upstream']);
    shown.dispose();
    live.dispose();
  });

  it('stay hidden where they are all there is', async () => {
    const live = new LiveNotebook([{ tags: ['upstream'] }]);
    const { notebook, roles } = live;
    const shown = new ShownCells({ notebook, roles });
    roles.show('downstream');
    await settled();
    expect(shown.hidden).toBe(1);
    shown.dispose();
    live.dispose();
  });

  it.each(['code', 'markdown'] as const)(
    'are not merged with %s unseen',
    async type => {
      const live = new LiveNotebook([{ type }, { tags: ['upstream'] }]);
      const { notebook, roles } = live;
      const shown = new ShownCells({ notebook, roles });
      roles.show('downstream');
      await Promise.resolve();
      NotebookActions.mergeCells(notebook, false);
      expect(live.merges).toMatchObject([
        { hasHidden: true, roles: ['upstream'] }
      ]);
      expect(live.shown).toEqual([type === 'code' ? 'upstream' : null]);
      expect(live.tags).toEqual([type === 'code' ? ['upstream'] : undefined]);
      NotebookActions.undo(notebook);
      expect(live.tags).toEqual([undefined, ['upstream']]);
      shown.dispose();
      live.dispose();
    }
  );
});
