import fc from 'fast-check';

import type { FieldValue } from '../../src/elasticsearch/protocol';
import { secondsChunk, ValueCoder } from '../../src/elasticsearch/value-coder';
import { Dictionary, EMPTY, MISSING } from '../../src/engine/dictionary';
import { WorkloadIndex } from '../../src/engine/workload-index';
import type { ValueType } from '../../src/workload/fields';
import { datasetOf } from '../engine/tables';

const SEED = { seed: 20210103, numRuns: 200 };

/** What a column shows after values went through the coder and the index, one segment for each list of values. */
function throughIndex(
  type: ValueType,
  ...segments: (readonly FieldValue[])[]
): unknown[] {
  const rows = segments.flat();
  const dataset = datasetOf(
    { column: { type, values: rows.map(() => null) } },
    segments.slice(0, -1).map((_, i) => segments.slice(0, i + 1).flat().length)
  );
  const index = new WorkloadIndex(dataset);
  dataset.segments.forEach((segment, i) => {
    const coder = new ValueCoder(type);
    segments[i].forEach(value => coder.add(value));
    index.add(segment, 'column', coder.chunk());
  });
  const { dictionary, codes } = index.coded('column');
  return codes.flatMap(own =>
    Array.from(own ?? [], code => dictionary.value(code))
  );
}

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

describe('ValueCoder', () => {
  it('gives texts back as they went in', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '',
        '0',
        '007',
        '12',
        '9007199254740993',
        'naïve',
        '\ufeffx'
      )
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(orNull(text), { minLength: 1 }), { minLength: 1 }),
        segments => {
          expect(throughIndex('text', ...segments)).toEqual(segments.flat());
        }
      ),
      SEED
    );
  });

  it('gives numbers back, big integers with all digits', () => {
    const number = fc.oneof(
      fc.integer().map(n => [n, n] as const),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map(n => [n, n + 0] as const)
    );
    const big = fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map(n => [String(n), safe(n)] as const);
    const unsigned = fc
      .bigInt({ min: 0n, max: 2n ** 64n - 1n })
      .map(n => [String(n), safe(n)] as const);
    const whole = fc.integer().map(n => [n, n] as const);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(number),
          fc.array(fc.oneof(big, whole)),
          fc.array(
            fc.oneof(
              unsigned,
              fc.nat().map(n => [n, n] as const)
            )
          )
        ),
        pairs => {
          expect(
            throughIndex(
              'number',
              pairs.map(([value]) => value)
            )
          ).toEqual(pairs.map(([, shown]) => shown));
        }
      ),
      SEED
    );
  });

  it('gives booleans back, however they are written', () => {
    expect(
      throughIndex(
        'boolean',
        [true, false, null, 'true', 'false', 1, 0],
        [false]
      )
    ).toEqual([true, false, null, true, false, true, false, false]);
  });

  it('gives times back to the millisecond, from numbers and from texts', () => {
    const time = fc.integer({ min: -5e12, max: 5e12 });
    fc.assert(
      fc.property(fc.array(orNull(time)), fc.boolean(), (times, texts) => {
        const sent = times.map(t => (t === null || !texts ? t : String(t)));
        expect(throughIndex('time', sent)).toEqual(
          times.map(t => (t === null ? null : new Date(t).toISOString()))
        );
      }),
      SEED
    );
  });

  it('gives the same code to the same value, and none to what is missing', () => {
    const coder = new ValueCoder('text');
    ['b', null, 'a', 'b', ''].forEach(value => coder.add(value));
    const chunk = coder.chunk();
    expect([...chunk.codes]).toEqual([1, 0, 2, 1, 3]);
    const lut = new Dictionary('text').merge(chunk.dictionary);
    expect(lut[0]).toBe(MISSING);
    expect(lut[3]).toBe(EMPTY);
  });

  it('makes texts of numbers and of yes and no where a column is of texts', () => {
    expect(throughIndex('text', [12, true, '0012'])).toEqual([
      '12',
      'true',
      '0012'
    ]);
  });

  it('takes −0 for 0', () => {
    const coder = new ValueCoder('number');
    [0, -0].forEach(value => coder.add(value));
    expect([...coder.chunk().codes]).toEqual([1, 1]);
  });

  it('widens codes when there are many values', () => {
    const coder = new ValueCoder('number');
    for (let i = 0; i < 0xffff; i++) {
      coder.add(i);
    }
    expect(coder.chunk().codes).toBeInstanceOf(Uint16Array);
    coder.add(0xffff);
    const { codes } = coder.chunk();
    expect(codes).toBeInstanceOf(Uint32Array);
    expect(codes.at(-1)).toBe(0x10000);
  });

  it('counts the rows of lists, not their elements', () => {
    const coder = new ValueCoder('text');
    ['a', 'b', 'a'].forEach(value => coder.add(value));
    expect(coder.chunk(Uint32Array.of(0, 2, 2, 3))).toMatchObject({
      rows: 3,
      codes: Uint16Array.of(1, 2, 1)
    });
  });
});

/** How a column shows an integer: as digits where a double may not hold it. */
function safe(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

describe('secondsChunk', () => {
  it('rounds times down to seconds, also before 1970', () => {
    expect([
      ...secondsChunk([1999, 2000, '2999', -1, null], 'time').seconds
    ]).toEqual([1, 2, 2, -1, -(2 ** 31)]);
  });

  it('takes numbers for the unit that their size tells', () => {
    const { seconds } = secondsChunk([1609459200, 1609459200000], 'number');
    expect([...seconds]).toEqual([1609459200, 1609459200]);
  });

  it('reads texts, and counts those that are no times', () => {
    const { seconds, unparsable } = secondsChunk(
      ['2021-01-01T00:00:00Z', 'yesterday', '', null],
      'text'
    );
    expect(seconds[0]).toBe(1609459200);
    expect(unparsable).toBe(1);
    expect([...seconds].slice(1)).toEqual(Array<number>(3).fill(-(2 ** 31)));
  });

  it('keeps times that do not fit 32 bits', () => {
    const { seconds } = secondsChunk([2 ** 31 * 1000, null], 'time');
    expect(seconds).toBeInstanceOf(Float64Array);
    expect([...seconds]).toEqual([2 ** 31, NaN]);
  });
});
