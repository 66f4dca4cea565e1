import fc from 'fast-check';

import {
  allOf,
  finer,
  intervalFor,
  SLICE_DOCUMENTS,
  together,
  within,
  without
} from '../../src/elasticsearch/slices';
import type { IStretch } from '../../src/elasticsearch/slices';

const SEED = { seed: 20210104, numRuns: 60 };

describe('together', () => {
  const stretch = fc
    .array(
      fc.tuple(
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat({ max: 30 })
      )
    )
    .map(parts => {
      let now = 0;
      return parts.map(([gap, length, documents]): IStretch => {
        const from = now + gap;
        now = from + length;
        return { from, to: now, documents };
      });
    });

  it('keeps order, documents and bounds, and merges what fits', () => {
    fc.assert(
      fc.property(stretch, fc.integer({ min: 1, max: 60 }), (parts, most) => {
        const found = together(parts, most);
        const sum = (list: readonly IStretch[]) =>
          list.reduce((all, { documents }) => all + documents, 0);
        expect(sum(found)).toBe(sum(parts));
        expect(found.at(0)?.from).toBe(parts.at(0)?.from);
        expect(found.at(-1)?.to).toBe(parts.at(-1)?.to);
        found.forEach(({ from, documents }, i) => {
          const single = parts.some(
            part => part.from === from && part.documents === documents
          );
          expect(documents <= most || single).toBe(true);
          const next = found.at(i + 1);
          const more = parts.find(part => part.from === next?.from);
          if (more) {
            expect(more.from).toBeGreaterThanOrEqual(found[i].to);
            expect(documents + more.documents).toBeGreaterThan(most);
          }
        });
        for (const part of parts) {
          expect(
            found.filter(({ from, to }) => from <= part.from && part.to <= to)
          ).toHaveLength(1);
        }
      }),
      SEED
    );
  });

  it('makes few slices of many stretches', () => {
    const hours = Array.from({ length: 3000 }, (_, i) => ({
      from: i,
      to: i + 1,
      documents: 100
    }));
    expect(together(hours)).toHaveLength(300_000 / SLICE_DOCUMENTS);
  });
});

describe('conditions of slices', () => {
  it('leave ends open', () => {
    expect(within('t', -Infinity, 5)).toEqual({
      range: { t: { lt: 5, format: 'epoch_millis' } }
    });
    expect(within('t', 5, Infinity)).toEqual({
      range: { t: { gte: 5, format: 'epoch_millis' } }
    });
  });

  it('are put together without idle nesting', () => {
    const condition = without('t');
    expect(allOf([null, null])).toBeNull();
    expect(allOf([null, condition])).toBe(condition);
    expect(allOf([condition, null, condition])).toEqual({
      bool: { filter: [condition, condition] }
    });
  });

  it('cut a span in steps that are powers of two, more of them for more documents', () => {
    const span = (to: number, documents: number) => ({
      from: 0,
      to,
      documents
    });
    expect(intervalFor(span(1, 1), 100)).toBe(1);
    expect(intervalFor(span(1024, 1), 100)).toBe(1);
    expect(intervalFor(span(1025, 1), 100)).toBe(2);
    expect(intervalFor(span(2 ** 30, 1), 100)).toBe(2 ** 20);
    expect(intervalFor(span(2 ** 30, 2 ** 20), 2 ** 12)).toBe(2 ** 18);
    expect(intervalFor(span(2 ** 30, 1e9), 100)).toBe(2 ** 16);
    expect(intervalFor(span(2 ** 30, 1e9), 100, 64)).toBe(2 ** 24);
    // Nine digits are allowed.
    expect(String(intervalFor(span(1e15, 1), 100))).toHaveLength(9);
  });

  it('cut crowded stretches into powers of two, down to a millisecond', () => {
    const crowd = [{ from: 0, to: 2 ** 20, documents: 1000 }];
    const crowds = Array.from({ length: 1024 }, () => crowd[0]);
    expect(finer(2 ** 20, crowds, 100)).toBe(2 ** 14);
    expect(finer(2 ** 20, crowds, 100, 16)).toBe(2 ** 16);
    expect(finer(2 ** 20, crowds, 10)).toBe(2 ** 11);
    // As many as one request has.
    expect(finer(2 ** 20, crowd, 100)).toBe(2 ** 6);
    expect(finer(2 ** 20, crowd, 100, 24)).toBe(2 ** 16);
    expect(finer(2, crowd, 100)).toBe(1);
  });
});
