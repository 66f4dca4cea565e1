import fc from 'fast-check';

import { Dictionary } from '../../src/engine/dictionary';
import { frequentValues } from '../../src/engine/frequent-values';
import { compareText } from '../../src/workload/text';

const SEED = { seed: 20210116, numRuns: 200 };

function of(
  values: readonly string[],
  options: Parameters<typeof frequentValues>[2]
) {
  const dictionary = new Dictionary('text');
  const codes = values.map(value => dictionary.internText(value));
  const counts = new Float64Array(dictionary.size);
  codes.forEach(code => counts[code]++);
  return frequentValues(dictionary, counts, options);
}

describe('frequentValues', () => {
  it('are what sorting all values would give', () => {
    const value = fc.constantFrom(
      'numpy',
      'NumPy',
      'dask',
      'scipy',
      'a',
      'A',
      'an',
      'zarr',
      '12',
      '012',
      '💾',
      ''
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 60 }),
        fc.constantFrom('', 'n', 'A', '1', 'x', 'um'),
        fc.integer({ min: 1, max: 5 }),
        (values, contains, limit) => {
          const wanted = contains.toLowerCase();
          const count = (own: string) =>
            values.filter(other => other === own).length;
          const expected = [...new Set(values)]
            .filter(own => own !== '' && own.toLowerCase().includes(wanted))
            .sort(
              (a, b) =>
                Number(b.toLowerCase().startsWith(wanted)) -
                  Number(a.toLowerCase().startsWith(wanted)) ||
                count(b) - count(a) ||
                compareText(a, b)
            )
            .slice(0, limit)
            .map(own => ({ value: own, records: count(own) }));
          expect(of(values, { contains, limit })).toEqual(expected);
        }
      ),
      SEED
    );
  });

  it('are fifty unless told otherwise, and none when none are wanted', () => {
    const values = Array.from({ length: 60 }, (_, i) => `p${i}`);
    expect(of(values, {})).toHaveLength(50);
    expect(of(values, { limit: 0 })).toEqual([]);
  });
});
