import type { Filter } from '../../../src/workload/query';
import type { IView } from '../../../src/workload/view';
import {
  asks,
  boardSelection,
  chartSelection,
  constraintKey,
  constraints,
  largeKey,
  mayShowAll,
  replacesDefault,
  without
} from '../../../src/explorer/panel/asks';
import {
  addFilter,
  keepPick,
  pick,
  setQuestion,
  setTransform,
  toggled
} from '../../../src/explorer/panel/edits';
import { smallView } from './fakes';

const numpy: Filter = { field: 'package', op: 'any', values: ['numpy'] };
const account: Filter = { field: 'account', op: 'any', values: ['m1'] };

const busy = (): IView =>
  pick(
    'a',
    [numpy],
    'replace'
  )({
    ...addFilter(account)(smallView()),
    period: { from: '2021-01-01', to: '2021-02-01' }
  });

describe('selections', () => {
  it('lets a click filter every chart but its own', () => {
    expect(chartSelection(busy(), 'a').filters).toEqual([account]);
    expect(chartSelection(busy(), 'b').filters).toEqual([account, numpy]);
    expect(boardSelection(busy()).filters).toEqual([account, numpy]);
  });

  it('takes a period that was clicked as the period, where there is one', () => {
    const clicked = (from: string, to: string) =>
      boardSelection(
        pick('b', [{ field: 'time', op: 'range', from, to }], 'replace')(busy())
      );
    const within = clicked('2021-01-15', '2021-03-01');
    expect(within.period).toEqual({ from: '2021-01-15', to: '2021-02-01' });
    expect(within.filters).toEqual([account, numpy]);
    const [, clickedPeriod] = constraints(
      pick(
        'b',
        [{ field: 'time', op: 'range', from: '2021-01-15' }],
        'replace'
      )(busy())
    ).filter(one => one.kind === 'pick');
    const kept = keepPick(clickedPeriod)(busy());
    expect(kept.period).toEqual({ from: '2021-01-15', to: '2021-02-01' });
    expect(kept.filters).toEqual([account]);
    // Nothing is in both, and the period in sight stays as it is.
    const beside = clicked('2021-03-01', '2021-04-01');
    expect(beside.period).toEqual(busy().period);
    expect(beside.filters).toHaveLength(3);
  });

  it('asks one question a chart, with nothing of how it looks', () => {
    const [first] = asks(busy(), null);
    expect(first.key).toBe('a');
    expect(Object.keys(first.query)).not.toContain('board');
    expect(Object.keys(first.query)).not.toContain('look');
  });

  it('asks for the large chart first, and for all its rows if it may', () => {
    const view = setQuestion('b', { top: 5 })(smallView());
    expect(asks(view, { id: 'b', all: false }).map(ask => ask.key)).toEqual([
      'b',
      'a'
    ]);
    const all = asks(view, { id: 'b', all: true });
    expect(all.map(ask => ask.key)).toEqual([largeKey('b'), 'a', 'b']);
    expect(all[0].query.top).toBeNull();
    expect(asks(view, { id: 'gone', all: true }).map(ask => ask.key)).toEqual([
      'a',
      'b'
    ]);
  });

  it('keeps a transform to the rows that its question names', () => {
    const view = setTransform(
      'a',
      'count()'
    )(setQuestion('a', { top: 5 })(smallView()));
    expect(mayShowAll(view.board[0])).toBe(false);
    expect(asks(view, { id: 'a', all: true })[0].query.top).toBe(5);
  });
});

describe('constraints', () => {
  it('lists all that narrows the records, in the order of the chips', () => {
    expect(constraints(busy()).map(one => one.kind)).toEqual([
      'default',
      'default',
      'filter',
      'pick',
      'period'
    ]);
  });

  it('leaves out what is not in force', () => {
    const off = addFilter(toggled(account))(smallView());
    expect(constraints(off).map(one => one.kind)).toEqual([
      'default',
      'default'
    ]);
    const staff = addFilter({ field: 'is_staff', op: 'any', values: ['true'] })(
      smallView()
    );
    expect(replacesDefault(staff, 'is_staff')).toBe(true);
    expect(replacesDefault(staff, 'is_compute')).toBe(false);
    expect(constraints(staff).map(constraintKey)).toEqual([
      'default:is_compute',
      'filter:{"field":"is_staff","op":"any","values":["true"]}'
    ]);
  });

  it('takes away each of them, and nothing else', () => {
    for (const constraint of constraints(busy())) {
      const rest = constraints(without(busy(), constraint)).map(constraintKey);
      expect(rest).toEqual(
        constraints(busy())
          .map(constraintKey)
          .filter(key => key !== constraintKey(constraint))
      );
    }
  });
});
