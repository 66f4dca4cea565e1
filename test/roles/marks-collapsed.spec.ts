/**
 * @jest-environment jsdom
 */
import { Notification } from '@jupyterlab/apputils';

import type { IFinding } from '../../src/lint/finding';
import {
  fixAtCursor,
  goToFinding,
  showAtCursor
} from '../../src/roles/marks/at-cursor';
import { viewOf } from '../../src/roles/marks/editor-marks';
import { findingBeside } from '../../src/roles/marks/navigate';
import { setFindings } from '../../src/roles/marks/state';
import { findingMarks, isTooltipOpen } from '../../src/roles/marks/tooltip';
import type { IChecked, IOpenNotebook } from '../../src/roles/model';
import { english } from '../../src/workload/translator';
import type { LiveNotebook } from './live-notebook';
import { liveNotebooks } from './live-notebook';
import { StateEffect } from '@codemirror/state';

function finding(cell: number, rest: Partial<IFinding> = {}): IFinding {
  return {
    rule: 'name-undefined',
    cell,
    cellId: `cell-${cell}`,
    severity: 'error',
    range: { from: 6, to: 8 },
    name: 'df',
    message: `Nothing defines df of cell ${cell}.`,
    ...rest
  };
}

describe('a cell whose input is collapsed', () => {
  const openNotebook = liveNotebooks();
  const fix = { title: 'Make it shared', edits: [], tags: [] };
  const findings = [
    finding(0, { fix }),
    finding(0, { rule: 'order', message: 'It comes too early.' }),
    finding(1)
  ];
  let live: LiveNotebook;
  let open: IOpenNotebook;
  let fixed: unknown[];

  beforeEach(() => {
    live = openNotebook([
      { source: 'print(df)', tags: ['shared'] },
      { source: 'print(df)', tags: ['shared'] }
    ]);
    const cells = live.ids.map(id => ({ id, source: 'print(df)' }));
    const checked = { result: { findings }, cells } as unknown as IChecked;
    fixed = [];
    jest.spyOn(live.roles, 'applyFix').mockImplementation(each => {
      fixed.push(each);
      return true;
    });
    open = {
      roles: live.roles,
      check: { checked, isStale: false, now: async () => checked }
    } as unknown as IOpenNotebook;
    const extension = findingMarks({
      draw: () => document.createElement('div')
    });
    live.notebook.widgets.forEach((cell, i) => {
      viewOf(cell)?.dispatch({
        effects: StateEffect.appendConfig.of(extension)
      });
      viewOf(cell)?.dispatch({
        effects: setFindings.of({
          findings: findings.filter(each => each.cell === i),
          source: 'print(df)'
        })
      });
    });
    live.notebook.widgets[0].inputHidden = true;
    live.select(0);
    Notification.dismiss();
  });

  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);
  const isOpen = (index: number): boolean => {
    const view = viewOf(live.notebook.widgets[index]);
    return view !== null && isTooltipOpen(view);
  };

  it('has its findings told one by one, and then left', async () => {
    await goToFinding(open, 'next', english);
    expect(told()).toEqual([findings[0].message]);
    expect(isOpen(0)).toBe(false);
    await goToFinding(open, 'next', english);
    expect(told()).toContain(findings[1].message);
    await goToFinding(open, 'next', english);
    expect(live.notebook.activeCellIndex).toBe(1);
    expect(isOpen(1)).toBe(true);
    await goToFinding(open, 'next', english);
    expect(live.notebook.activeCellIndex).toBe(0);
    await goToFinding(open, 'previous', english);
    expect(live.notebook.activeCellIndex).toBe(1);
  });

  it('opens no card that cannot be seen', () => {
    const view = viewOf(live.notebook.widgets[0]);
    view?.dispatch({ selection: { anchor: 7 } });
    expect(showAtCursor(open)).toBe(false);
    expect(isOpen(0)).toBe(false);
    live.notebook.widgets[0].inputHidden = false;
    expect(showAtCursor(open)).toBe(true);
  });

  it('has what was told last fixed, not what an unseen cursor is at', async () => {
    await goToFinding(open, 'next', english);
    await goToFinding(open, 'next', english);
    viewOf(live.notebook.widgets[0])?.dispatch({ selection: { anchor: 7 } });
    const { length } = fixed;
    await goToFinding(open, 'previous', english);
    expect(length).toBe(0);
    await fixAtCursor(open, english);
    expect(fixed).toEqual([fix]);
  });
});

describe('findingBeside', () => {
  const [a, b, c, d] = [
    finding(1, { range: null }),
    finding(1, { rule: 'order', range: null }),
    finding(1),
    finding(4)
  ];

  it('goes through findings at the same place, round and round', () => {
    const all = [d, b, a, c].sort((x, y) => x.cell - y.cell);
    const seen: (IFinding | null)[] = [a];
    for (let i = 0; i < 4; i++) {
      seen.push(findingBeside(all, seen[i] ?? a, 'next'));
    }
    expect(new Set(seen)).toEqual(new Set([a, b, c, d]));
    expect(seen[4]).toBe(a);
    expect(findingBeside([a, b, c, d], a, 'previous')).toBe(d);
    expect(findingBeside([a, b, c, d], { ...b }, 'next')).toBe(c);
  });

  it('goes on from where a settled one was', () => {
    expect(findingBeside([b, c, d], a, 'next')).toBe(b);
    expect(findingBeside([a, d], c, 'next')).toBe(d);
    expect(findingBeside([a, d], c, 'previous')).toBe(a);
    expect(findingBeside([], a, 'next')).toBeNull();
  });
});
