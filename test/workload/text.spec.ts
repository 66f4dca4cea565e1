import fc from 'fast-check';

import { compareText } from '../../src/workload/text';

const SEED = { seed: 20210113, numRuns: 1000 };

/** Compare code point by code point, the plain way. */
function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i].codePointAt(0) ?? 0) - (y[i].codePointAt(0) ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return x.length - y.length;
}

describe('compareText', () => {
  const texts = fc
    .array(
      fc.constantFrom(
        'a',
        'B',
        'é',
        '\uffff',
        '\ue000',
        '💾',
        '💿',
        '𐀀',
        '\ud7ff'
      ),
      { maxLength: 4 }
    )
    .map(parts => parts.join(''));

  it('orders by code point', () => {
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.string({ unit: 'binary' })),
        texts,
        (a, b) => {
          expect(Math.sign(compareText(a, b))).toBe(
            Math.sign(byCodePoint(a, b))
          );
        }
      ),
      SEED
    );
  });

  it('orders what UTF-16 units order otherwise', () => {
    expect('\uffff' < '💾').toBe(false);
    expect(compareText('\uffff', '💾')).toBeLessThan(0);
    expect(compareText('💾', '💾')).toBe(0);
    expect(compareText('num', 'numpy')).toBeLessThan(0);
    expect(compareText('Zarr', 'dask')).toBeLessThan(0);
  });
});
