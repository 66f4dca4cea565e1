import fc from 'fast-check';

import { pearson } from '../../../src/engine/kernels/pearson';

const SEED = { seed: 20210109, numRuns: 300 };

/** The textbook formula over two 0/1 vectors. */
function direct(x: readonly number[], y: readonly number[]): number | null {
  const n = x.length;
  const mean = (v: readonly number[]) =>
    v.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((s, _, i) => s + f(i), 0);
  const covariance = sum(i => (x[i] - mx) * (y[i] - my));
  const spread = sum(i => (x[i] - mx) ** 2) * sum(i => (y[i] - my) ** 2);
  const constant = (v: readonly number[]) => new Set(v).size < 2;
  return constant(x) || constant(y) ? null : covariance / Math.sqrt(spread);
}

describe('pearson', () => {
  it('is the correlation of two 0/1 vectors', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })), {
          maxLength: 60
        }),
        pairs => {
          const x = pairs.map(pair => pair[0]);
          const y = pairs.map(pair => pair[1]);
          const count = (hit: (i: number) => boolean) =>
            x.filter((_, i) => hit(i)).length;
          const r = pearson(
            pairs.length,
            count(i => x[i] === 1),
            count(i => y[i] === 1),
            count(i => x[i] === 1 && y[i] === 1)
          );
          const expected = direct(x, y);
          if (expected === null) {
            expect(r).toBeNull();
          } else {
            expect(r).toBeCloseTo(expected, 12);
          }
        }
      ),
      SEED
    );
  });

  it.each([
    ['nobody', 0, 0, 0, 0],
    ['no job with the first', 10, 0, 3, 0],
    ['every job with the second', 10, 3, 10, 3],
    ['both everywhere', 5, 5, 5, 5]
  ])('is undefined for %s', (_, n, a, b, both) => {
    expect(pearson(n, a, b, both)).toBeNull();
  });

  it('is exactly one for packages that always come together, and minus one for those that never do', () => {
    for (let n = 2; n < 2000; n += 7) {
      for (const a of [1, Math.ceil(n / 3), n - 1]) {
        expect(pearson(n, a, a, a)).toBe(1);
        expect(pearson(n, a, n - a, 0)).toBe(-1);
      }
    }
  });

  it('stays exact for hundreds of millions of jobs', () => {
    expect(pearson(4e8, 2e8, 2e8, 1e8)).toBe(0);
    expect(pearson(4e8, 2e8, 2e8, 2e8)).toBe(1);
    expect(pearson(1e9, 3e8, 3e8, 3e8)).toBe(1);
  });
});
