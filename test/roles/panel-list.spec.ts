import fc from 'fast-check';

import type { ICellSummary } from '../../src/lint/result';
import type { ICellRoleState } from '../../src/roles/model';
import { dropPlace } from '../../src/roles/panel/cell-row';
import { movesTo, placeBeside } from '../../src/roles/panel/move';
import {
  crossLinks,
  NO_FILTER,
  rowsOf,
  titleLine
} from '../../src/roles/panel/rows';
import {
  choose,
  chooseAll,
  keep,
  NO_SELECTION,
  step
} from '../../src/roles/panel/selection';
import type { CellRole } from '../../src/workload/roles';

describe('rowsOf', () => {
  const cells: ICellRoleState[] = [
    { id: 'a', type: 'code', role: 'upstream', needsRole: true },
    { id: 'b', type: 'markdown', role: 'none', needsRole: false },
    { id: 'c', type: 'code', role: 'none', needsRole: true },
    { id: 'd', type: 'code', role: 'shared', needsRole: true }
  ];
  const sources = ['Load()', '# Load it', 'x = 1', 'import os'];
  const ids = (roles: CellRole[], text = ''): string[] =>
    rowsOf(cells, { roles: new Set(roles), text }, i => sources[i]).map(
      ({ id, index }) => `${id}${index}`
    );

  it('lists all cells with their places', () => {
    expect(ids([])).toEqual(['a0', 'b1', 'c2', 'd3']);
  });

  it('keeps cells of the chosen roles; without role are those that need one', () => {
    expect(ids(['shared', 'upstream'])).toEqual(['a0', 'd3']);
    expect(ids(['none'])).toEqual(['c2']);
  });

  it('keeps cells whose source holds a text, in any case', () => {
    expect(ids([], ' load ')).toEqual(['a0', 'b1']);
    expect(ids(['upstream'], 'os')).toEqual([]);
  });

  it('asks for no source without a text', () => {
    expect(() =>
      rowsOf(cells, NO_FILTER, () => {
        throw new Error('asked');
      })
    ).not.toThrow();
  });
});

describe('titleLine', () => {
  it.each([
    ['\n\n  x = 1\ny = 2', 'code', 'x = 1'],
    ['# Load the data\nload()', 'code', 'load()'],
    ['# only a comment', 'code', '# only a comment'],
    ['## Results\ntext', 'markdown', 'Results'],
    ['', 'code', '']
  ] as const)('of %j (%s) is %j', (source, type, line) => {
    expect(titleLine(source, type)).toBe(line);
  });

  it('is cut when it is long', () => {
    expect(titleLine('x'.repeat(500), 'code')).toHaveLength(121);
  });
});

describe('crossLinks', () => {
  const cell = (
    role: CellRole,
    defines: ICellSummary['defines'] = [],
    uses: ICellSummary['uses'] = []
  ): ICellSummary => ({ id: null, role, needsRole: true, defines, uses });

  it('tells only what ties a cell to other roles', () => {
    const cells = [
      cell('upstream', [
        { name: 'df', cells: [1, 2] },
        { name: 'x', cells: [1] }
      ]),
      cell('upstream', [], [{ name: 'df', cells: [0] }]),
      cell('downstream', [], [{ name: 'df', cells: [0] }])
    ];
    expect(crossLinks(0, cells)).toEqual({
      defines: [{ name: 'df', cells: [2] }],
      uses: []
    });
    expect(crossLinks(1, cells).uses).toEqual([]);
    expect(crossLinks(2, cells).uses).toEqual([{ name: 'df', cells: [0] }]);
    expect(crossLinks(9, cells)).toEqual({ defines: [], uses: [] });
  });
});

describe('selection', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const of = (selection: { selected: ReadonlySet<string> }): string =>
    [...selection.selected].sort().join('');

  it('takes one item by a click, a range with Shift, single ones with Ctrl', () => {
    const one = choose(NO_SELECTION, items, 'b');
    expect(of(one)).toBe('b');
    const range = choose(one, items, 'd', { shift: true });
    expect(of(range)).toBe('bcd');
    expect(of(choose(range, items, 'a', { shift: true }))).toBe('ab');
    const without = choose(range, items, 'c', { toggle: true });
    expect(of(without)).toBe('bd');
    expect(of(choose(without, items, 'e', { toggle: true }))).toBe('bde');
  });

  it('follows the arrow keys, and stays within the list', () => {
    let selection = step(NO_SELECTION, items, 1);
    expect(selection.focus).toBe('a');
    selection = step(selection, items, -1);
    expect(selection.focus).toBe('a');
    selection = step(selection, items, Infinity);
    expect(of(selection)).toBe('e');
    selection = step(selection, items, -2, { shift: true });
    expect(of(selection)).toBe('cde');
    selection = step(selection, items, -1, { toggle: true });
    expect(selection.focus).toBe('b');
    expect(of(selection)).toBe('cde');
  });

  it('takes all, and forgets what is gone', () => {
    const all = chooseAll(NO_SELECTION, items);
    expect(of(all)).toBe('abcde');
    expect(keep(all, items)).toBe(all);
    const left = keep(all, ['b', 'c']);
    expect(of(left)).toBe('bc');
    expect(left.focus).toBeNull();
  });

  it.each([
    [1, 'a'],
    [-1, 'e'],
    [-Infinity, 'a'],
    [Infinity, 'e']
  ])('starts at an end of the list: %d at %s', (by, focus) => {
    expect(step(NO_SELECTION, items, by).focus).toBe(focus);
  });

  it('does nothing in an empty list', () => {
    expect(step(NO_SELECTION, [], 1)).toBe(NO_SELECTION);
  });
});

describe('movesTo', () => {
  /** The list after the moves, one after the other. */
  const after = (length: number, items: number[], before: number): number[] => {
    const list = Array.from({ length }, (_, i) => i);
    for (const { from, to } of movesTo(items, before)) {
      const [item] = list.splice(from, 1);
      list.splice(to, 0, item);
    }
    return list;
  };

  it('brings items together at a place, in their order, and leaves all else in its order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain(length =>
          fc.record({
            length: fc.constant(length),
            items: fc
              .uniqueArray(fc.nat(length - 1), { minLength: 1 })
              .map(list => list.sort((a, b) => a - b)),
            before: fc.nat(length)
          })
        ),
        ({ length, items, before }) => {
          const rest = Array.from({ length }, (_, i) => i).filter(
            i => !items.includes(i)
          );
          const at = rest.filter(i => i < before).length;
          const expected = [...rest.slice(0, at), ...items, ...rest.slice(at)];
          expect(after(length, items, before)).toEqual(expected);
        }
      ),
      { seed: 7, numRuns: 500 }
    );
  });
});

describe('placeBeside', () => {
  const all = [0, 1, 2, 3, 4];

  it.each([
    [[2], 'up', 1],
    [[2], 'down', 4],
    [[0], 'up', null],
    [[4], 'down', null],
    [[1, 2], 'down', 4],
    [[0, 2], 'up', 0],
    [[2, 4], 'down', 5]
  ] as const)('%j %s goes before %j', (items, direction, before) => {
    expect(placeBeside(items, all, direction)).toBe(before);
  });

  it('passes over what is not in sight', () => {
    expect(placeBeside([4], [0, 4], 'up')).toBe(0);
    expect(placeBeside([0], [0, 4], 'down')).toBe(5);
  });
});

describe('dropPlace', () => {
  it('is the nearest gap between lines', () => {
    expect(dropPlace(-5, 40, 3)).toBe(0);
    expect(dropPlace(19, 40, 3)).toBe(0);
    expect(dropPlace(21, 40, 3)).toBe(1);
    expect(dropPlace(500, 40, 3)).toBe(3);
  });
});
