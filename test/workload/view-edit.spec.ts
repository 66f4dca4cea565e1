import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';

import { english } from '../../src/workload/translator';
import { newView } from '../../src/workload/view';
import type { IView } from '../../src/workload/view';
import { applyEdits, editView, overlay } from '../../src/workload/view-edit';
import { formatView } from '../../src/workload/view-format';
import { readView } from '../../src/workload/view-read';
import { recipes, views } from '../support/views';

/** What becomes of a text when its view is changed. */
function edited(text: string, change: (view: IView) => IView): string {
  const { view, root } = readView(text, english);
  if (!view || !root) {
    throw new Error('not a view');
  }
  return applyEdits(text, editView(text, root, view, change(view)));
}

/** Lines of the second text that are not in the first, and the other way round. */
function lineDiff(a: string, b: string): string[] {
  const linesA = a.split('\n');
  const linesB = b.split('\n');
  return [
    ...linesA.filter(line => !linesB.includes(line)).map(line => `-${line}`),
    ...linesB.filter(line => !linesA.includes(line)).map(line => `+${line}`)
  ];
}

describe('editView', () => {
  it('writes what the view became, in the layout of a view that is written anew', () => {
    fc.assert(
      fc.property(
        views,
        fc.array(recipes, { minLength: 1, maxLength: 3 }),
        (view, changes) => {
          let text = formatView(view);
          let current = view;
          for (const change of changes) {
            const next = change(current);
            text = edited(text, () => next);
            current = next;
            expect(readView(text, english)).toMatchObject({
              problem: null,
              view: current
            });
            expect(text).toBe(formatView(current));
          }
        }
      ),
      { seed: 6, numRuns: 1000 }
    );
  });

  it('keeps keys that are not known and any layout', () => {
    fc.assert(
      fc.property(
        views,
        recipes,
        fc.constantFrom(0, 1, 4, '\t'),
        (view, change, indent) => {
          const raw = {
            ...view,
            'x-owner': { of: [1, 2] },
            board: view.board.map(chart => ({
              ...chart,
              'x-note': `of ${chart.id}`
            }))
          };
          const next = change(view);
          const text = edited(JSON.stringify(raw, null, indent), () => next);
          expect(readView(text, english)).toMatchObject({
            problem: null,
            view: next
          });
          expect(JSON.parse(text)).toEqual(overlay(raw, view, next));
          expect(JSON.parse(text)).toHaveProperty('x-owner', { of: [1, 2] });
          const kept = next.board.filter(({ id }) =>
            view.board.some(chart => chart.id === id)
          );
          const notes = kept.map(
            ({ id }) => `"x-note":${indent === 0 ? '' : ' '}"of ${id}"`
          );
          notes.forEach(note => expect(text).toContain(note));
        }
      ),
      { seed: 7, numRuns: 1000 }
    );
  });

  it('changes one line for one change', () => {
    const text = formatView(newView({ paths: ['records.parquet'] }));
    const after = edited(text, view => ({
      ...view,
      board: view.board.map(chart =>
        chart.id === 'c1'
          ? { ...chart, question: { ...chart.question, top: 33 } }
          : chart
      )
    }));
    expect(lineDiff(text, after)).toEqual([
      '-        "top": 20,',
      '+        "top": 33,'
    ]);
    expect(text.split('\n')).toHaveLength(after.split('\n').length);
  });

  it('leaves the text alone when nothing changes', () => {
    const file = join(__dirname, '../fixtures/views/version-1.workload.json');
    const text = readFileSync(file, 'utf8');
    expect(edited(text, view => structuredClone(view))).toBe(text);
  });

  it('writes what is left out only when it is changed', () => {
    const text = '{"version": 1, "source": {"paths": ["x"]}, "owner": 1}\n';
    expect(edited(text, view => ({ ...view, zone: 'Asia/Tokyo' }))).toBe(
      '{"version": 1, "source": {"paths": ["x"]}, "zone": "Asia/Tokyo", "owner": 1}\n'
    );
  });

  it('moves a chart with all that it holds', () => {
    const view = newView({ paths: [] });
    const text = formatView({
      ...view,
      board: view.board
        .slice(0, 3)
        .map(chart => ({ ...chart, note: `about ${chart.id}` }))
    });
    const after = edited(text, ({ board: [a, b, c], ...rest }) => ({
      ...rest,
      board: [c, a, b]
    }));
    const notes = [...after.matchAll(/about \w+/g)].map(([note]) => note);
    expect(notes).toEqual(['about c3', 'about c1', 'about c2']);
  });

  it('replaces members as a whole, so that two new values can be told apart', () => {
    const text = formatView(newView({ paths: ['a'] }));
    const { view, root } = readView(text, english);
    const edits = editView(text, root!, view, { ...view!, zone: 'Asia/Tokyo' });
    expect(edits).toEqual([
      {
        from: expect.any(Number),
        to: expect.any(Number),
        insert: '"zone": "Asia/Tokyo"'
      }
    ]);
  });
});

describe('formatView', () => {
  it('writes keys in one order and short lists in one line', () => {
    const long = Array.from({ length: 12 }, (_, i) => `package-${i}`);
    const text = formatView({
      extra: 1,
      filters: [{ values: long, op: 'any', field: 'package' }],
      source: { paths: ['a', 'b'] },
      version: 1
    });
    expect(text.split('\n').slice(0, 11)).toEqual([
      '{',
      '  "version": 1,',
      '  "source": {',
      '    "paths": ["a", "b"]',
      '  },',
      '  "filters": [',
      '    {',
      '      "field": "package",',
      '      "op": "any",',
      '      "values": [',
      '        "package-0",'
    ]);
    expect(text.endsWith('  "extra": 1\n}\n')).toBe(true);
  });
});
