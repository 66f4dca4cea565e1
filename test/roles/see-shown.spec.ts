/** @jest-environment jsdom */
import { NotebookActions } from '@jupyterlab/notebook';

import { ShownCells } from '../../src/roles/show/shown-cells';
import { LiveNotebook } from './live-notebook';

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
});
