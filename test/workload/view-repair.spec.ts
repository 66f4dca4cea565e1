import * as fc from 'fast-check';
import * as Y from 'yjs';

import { english } from '../../src/workload/translator';
import { newView } from '../../src/workload/view';
import type { IView } from '../../src/workload/view';
import { applyEdits, editView } from '../../src/workload/view-edit';
import type { ITextEdit } from '../../src/workload/view-edit';
import { formatView } from '../../src/workload/view-format';
import { readView } from '../../src/workload/view-read';
import { repairView } from '../../src/workload/view-repair';
import { isBalanced } from '../../src/workload/view-tree';
import { recipes, views } from '../support/views';

/** A text that several people change at the same time, as Yjs merges their changes. */
class Copies {
  constructor(text: string, people: number) {
    this.docs = Array.from({ length: people }, (_, i) => {
      const doc = new Y.Doc();
      doc.clientID = i + 1;
      return doc;
    });
    this.docs[0].getText('source').insert(0, text);
    this.merge();
  }

  text(i: number): string {
    return this.docs[i].getText('source').toJSON();
  }

  edit(i: number, edits: readonly ITextEdit[]): void {
    const source = this.docs[i].getText('source');
    this.docs[i].transact(() => {
      for (const { from, to, insert } of [...edits].reverse()) {
        source.insert(from, insert);
        source.delete(from + insert.length, to - from);
      }
    });
  }

  change(i: number, change: (view: IView) => IView): void {
    const text = this.text(i);
    const { view, root } = readView(text, english);
    this.edit(i, editView(text, root!, view, change(view!)));
  }

  merge(): string {
    for (const from of this.docs) {
      for (const to of this.docs) {
        Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
      }
    }
    return this.text(0);
  }

  readonly docs: readonly Y.Doc[];
}

function repaired(text: string): string {
  const edits = repairView(text, english);
  if (!edits) {
    throw new Error(`cannot be repaired: ${text}`);
  }
  return applyEdits(text, edits);
}

const concurrent = fc.array(fc.array(recipes, { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 3
});

describe('repairView', () => {
  it('makes a view of whatever concurrent changes leave', () => {
    let broken = 0;
    fc.assert(
      fc.property(views, concurrent, (view, people) => {
        const copies = new Copies(formatView(view), people.length);
        people.forEach((changes, i) =>
          changes.forEach(change => copies.change(i, change))
        );
        const text = copies.merge();
        expect(isBalanced(text)).toBe(true);
        broken += readView(text, english).problem === null ? 0 : 1;
        const result = repaired(text);
        expect(readView(result, english).problem).toBeNull();
        expect(repairView(result, english)).toEqual([]);
      }),
      { seed: 8, numRuns: 600 }
    );
    expect(broken).toBeGreaterThan(100);
  });

  it('comes to an end when everybody repairs at the same time', () => {
    fc.assert(
      fc.property(views, concurrent, (view, people) => {
        const copies = new Copies(formatView(view), people.length);
        people.forEach((changes, i) =>
          changes.forEach(change => copies.change(i, change))
        );
        copies.merge();
        for (let round = 0; round < 4; round++) {
          copies.docs.forEach((_, i) =>
            copies.edit(i, repairView(copies.text(i), english)!)
          );
          copies.merge();
        }
        expect(repairView(copies.text(0), english)).toEqual([]);
        expect(readView(copies.text(0), english).problem).toBeNull();
      }),
      { seed: 9, numRuns: 200 }
    );
  });

  /** What two people get who change the start view at the same time. */
  function both(a: (view: IView) => IView, b: (view: IView) => IView): IView {
    const copies = new Copies(
      formatView(newView({ paths: ['records.parquet'] })),
      2
    );
    copies.change(0, a);
    copies.change(1, b);
    const { view, problem } = readView(repaired(copies.merge()), english);
    expect(problem).toBeNull();
    return view!;
  }

  const top =
    (n: number) =>
    (view: IView): IView => ({
      ...view,
      board: view.board.map((chart, i) =>
        i === 0 ? { ...chart, question: { ...chart.question, top: n } } : chart
      )
    });

  it('keeps one of two values for the same thing, never a mixture', () => {
    expect([10, 15]).toContain(both(top(10), top(15)).board[0].question.top);
  });

  it.each([
    [
      'two members of a key',
      '  "a": 1,\n  "zone": "UTC""zone": "X",\n',
      '  "a": 1,\n  "zone": "X",\n'
    ],
    [
      'two members of a key in lines',
      '  "zone": "UTC",\n  "zone": "X",\n',
      '  "zone": "X",\n'
    ],
    [
      'two texts',
      '  "defaults": ["is_staff""is_compute"],\n',
      '  "defaults": ["is_staff", "is_compute"],\n'
    ],
    ['leavings', '  "filters": [, "a"],\n', '  "filters": [],\n'],
    [
      'two objects',
      '  "filters": [\n    {"field": "a", "op": "missing"}{"field": "b", "op": "missing"}\n  ],\n',
      '  "filters": [\n    {"field": "a", "op": "missing"},\n    {"field": "b", "op": "missing"}\n  ],\n'
    ]
  ])('leaves %s in good shape', (_, part, wanted) => {
    const text = (rest: string) =>
      `{\n  "version": 1,\n${rest}  "source": {"paths": []}\n}\n`;
    expect(repaired(text(part))).toBe(text(wanted));
  });

  it('keeps both of two filters', () => {
    const add =
      (field: string) =>
      (view: IView): IView => ({
        ...view,
        filters: [{ field, op: 'missing' }]
      });
    const { filters } = both(add('user'), add('job'));
    expect(filters.map(({ field }) => field).sort()).toEqual(['job', 'user']);
  });

  it('keeps both of two charts, with ids of their own', () => {
    const add = (view: IView): IView => ({
      ...view,
      board: [...view.board, { ...view.board[0], id: 'c9' }]
    });
    const ids = both(add, add).board.map(({ id }) => id);
    expect(ids.slice(-2)).toEqual(['c9', 'c9-2']);
  });

  it('drops a change within what somebody else removed', () => {
    const { board } = both(top(10), view => ({
      ...view,
      board: view.board.slice(1)
    }));
    expect(board.map(({ id }) => id)).toEqual([
      'c2',
      'c3',
      'c4',
      'c5',
      'c6',
      'c7',
      'c8'
    ]);
  });

  it('merges changes of different things without a repair', () => {
    const copies = new Copies(
      formatView(newView({ paths: ['records.parquet'] })),
      2
    );
    copies.change(0, top(10));
    copies.change(1, view => ({
      ...view,
      zone: 'Asia/Tokyo',
      board: view.board.slice(0, 6)
    }));
    const text = copies.merge();
    expect(repairView(text, english)).toEqual([]);
    const { view } = readView(text, english);
    expect(view).toMatchObject({ zone: 'Asia/Tokyo' });
    expect(view?.board[0].question.top).toBe(10);
    expect(view?.board).toHaveLength(6);
  });

  it.each([
    [
      'a text that somebody is typing',
      '{"version": 1, "source": {"paths": ["a]}}'
    ],
    [
      'brackets that do not match',
      '{"version": 1, "source": {"paths": ["a"}}}'
    ],
    ['a view without a source', '{"version": 1, "sou": {"paths": ["a"]}}'],
    ['a view of another version', '{"version": 2,, "source": {"paths": ["a"]}}']
  ])('leaves %s alone', (_, text) => {
    expect(repairView(text, english)).toBeNull();
  });
});
