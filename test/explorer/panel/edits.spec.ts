import type { Filter } from '../../../src/workload/query';
import type { IView } from '../../../src/workload/view';
import {
  addChart,
  addFilter,
  clearFilters,
  clearPicks,
  duplicateChart,
  freeId,
  isChanged,
  moveChart,
  negated,
  openAffinity,
  pick,
  removeChart,
  setDefault,
  setLook,
  shiftChart,
  toggled
} from '../../../src/explorer/panel/edits';
import { smallView } from './fakes';

const numpy: Filter = { field: 'package', op: 'any', values: ['numpy'] };
const scipy: Filter = { field: 'package', op: 'any', values: ['scipy'] };
const small: Filter = { field: 'nodes', op: 'range', from: '1', to: '2' };
const big: Filter = { field: 'nodes', op: 'range', from: '64', to: '128' };

const ids = (view: IView) => view.board.map(chart => chart.id).join('');
const three = () => addChart('c', 'mkl-share')(smallView());
const picks = (view: IView) => view.board[0].picks;

describe('the board', () => {
  it.each([
    ['a', 0, 'abc'],
    ['a', 1, 'bac'],
    ['a', 2, 'bca'],
    ['c', 0, 'cab'],
    ['b', 99, 'acb'],
    ['x', 0, 'abc']
  ])('moves %s to place %i: %s', (id, place, order) => {
    expect(ids(moveChart(id, place)(three()))).toBe(order);
  });

  it('moves a chart by places and stops at the ends', () => {
    expect(ids(shiftChart('b', 1)(three()))).toBe('acb');
    expect(ids(shiftChart('c', 1)(three()))).toBe('abc');
    expect(ids(shiftChart('a', -1)(three()))).toBe('abc');
  });

  it('does not change the view when nothing moves', () => {
    const view = three();
    expect(moveChart('a', 0)(view)).toBe(view);
  });

  it('copies a chart beside the original, without what was clicked in it', () => {
    const view = duplicateChart(
      'a',
      'z'
    )(pick('a', [numpy], 'replace')(three()));
    expect(ids(view)).toBe('azbc');
    expect(view.board[0].picks).toEqual([numpy]);
    expect(view.board[1].picks).toBeUndefined();
  });

  it('finds an id that is free', () => {
    const view = addChart('c3', 'users')(smallView());
    expect(freeId(view)).toBe('c4');
    expect(freeId(removeChart('a')(view))).toBe('c4');
  });

  it('knows a chart that differs from its default', () => {
    const [chart] = smallView().board;
    expect(isChanged(chart)).toBe(false);
    expect(isChanged(setLook('a', { log: true })(smallView()).board[0])).toBe(
      true
    );
  });

  it('opens affinity in the chart that is there, or a new one', () => {
    const first = openAffinity(smallView(), 'dask');
    expect(first.view.board).toHaveLength(3);
    expect(first.view.board[2].question).toMatchObject({
      analysis: 'package-affinity',
      package: 'dask'
    });
    const second = openAffinity(first.view, 'numpy');
    expect(second.id).toBe(first.id);
    expect(second.view.board[2].question.package).toBe('numpy');
  });
});

describe('conditions', () => {
  it('puts a condition that is there already back in force', () => {
    const off = addFilter(toggled(numpy))(smallView());
    expect(addFilter(numpy)(off).filters).toEqual([numpy]);
    expect(addFilter(scipy)(off).filters).toHaveLength(2);
  });

  it('turns a condition round and back', () => {
    expect(negated(numpy)).toEqual({ ...numpy, not: true });
    expect(negated(negated(numpy))).toEqual(numpy);
    expect(toggled(toggled(numpy))).toEqual(numpy);
  });

  it('keeps the parts of the default population in order', () => {
    const without = setDefault('is_staff', false)(smallView());
    expect(without.defaults).toEqual(['is_compute']);
    expect(setDefault('is_staff', true)(without).defaults).toEqual([
      'is_staff',
      'is_compute'
    ]);
  });

  it('clears everything but the default population', () => {
    const view = clearFilters(
      pick(
        'a',
        [numpy],
        'replace'
      )({
        ...addFilter(small)(smallView()),
        period: { from: '2021-01-01', to: null }
      })
    );
    expect(view).toEqual(smallView());
  });
});

describe('pick', () => {
  const start = smallView();

  it('picks one bar, another instead, and none by the same click again', () => {
    const one = pick('a', [numpy], 'replace')(start);
    expect(picks(one)).toEqual([numpy]);
    expect(picks(pick('a', [scipy], 'replace')(one))).toEqual([scipy]);
    expect(pick('a', [numpy], 'replace')(one)).toEqual(start);
  });

  it('adds a bar, and takes it out again', () => {
    const two = pick('a', [scipy], 'add')(pick('a', [numpy], 'replace')(start));
    expect(picks(two)).toEqual([
      { field: 'package', op: 'any', values: ['numpy', 'scipy'] }
    ]);
    expect(picks(pick('a', [numpy], 'add')(two))).toEqual([scipy]);
    expect(
      picks(pick('a', [scipy], 'add')(pick('a', [numpy], 'add')(two)))
    ).toBeUndefined();
  });

  it('leaves bars out, beside what is picked', () => {
    const out = pick('a', [numpy], 'exclude')(start);
    expect(picks(out)).toEqual([{ ...numpy, not: true }]);
    expect(picks(pick('a', [scipy], 'exclude')(out))).toEqual([
      { field: 'package', op: 'any', values: ['numpy', 'scipy'], not: true }
    ]);
    expect(pick('a', [numpy], 'exclude')(out)).toEqual(start);
  });

  it('picks a cell by both its sides', () => {
    const cell = pick('a', [numpy, small], 'replace')(start);
    expect(picks(cell)).toEqual([numpy, small]);
    expect(picks(pick('a', [numpy, big], 'replace')(cell))).toEqual([
      numpy,
      big
    ]);
    expect(pick('a', [numpy, small], 'replace')(cell)).toEqual(start);
  });

  it('adds a cell without losing what it shares with the first', () => {
    const cells = pick(
      'a',
      [numpy, big],
      'add'
    )(pick('a', [numpy, small], 'replace')(start));
    expect(picks(cells)).toEqual([numpy, big]);
    const rows = pick(
      'a',
      [scipy, small],
      'add'
    )(pick('a', [numpy, small], 'replace')(start));
    expect(picks(rows)).toEqual([
      { field: 'package', op: 'any', values: ['numpy', 'scipy'] },
      small
    ]);
  });

  it('leaves out the row of a cell', () => {
    expect(picks(pick('a', [numpy, small], 'exclude')(start))).toEqual([
      { ...numpy, not: true }
    ]);
  });

  it('takes the newer of two ranges', () => {
    const view = pick('a', [big], 'add')(pick('a', [small], 'replace')(start));
    expect(picks(view)).toEqual([big]);
  });

  it('is cleared in one chart or in all', () => {
    const both = pick(
      'b',
      [small],
      'replace'
    )(pick('a', [numpy], 'replace')(start));
    expect(clearPicks('a')(both).board.map(chart => chart.picks)).toEqual([
      undefined,
      [small]
    ]);
    expect(clearPicks()(both)).toEqual(start);
    expect(clearPicks()(start)).toBe(start);
  });
});
