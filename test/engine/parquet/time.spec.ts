import fc from 'fast-check';
import {
  floorDivide,
  floorDivide64,
  millisOfInt96,
  plainSeconds,
  secondsOfNumber
} from '../../../src/engine/parquet/time';
import { parseTimeText } from '../../../src/engine/parquet/time-text';

function parse(text: string): number {
  const bytes = new TextEncoder().encode(`12${text}34`);
  return parseTimeText(bytes, 2, bytes.length - 2);
}

describe('parseTimeText', () => {
  test.each([
    ['2021-01-31T12:34:56Z', '2021-01-31T12:34:56Z'],
    ['2021-01-31T12:34:56.999999Z', '2021-01-31T12:34:56Z'],
    ['2021-01-31 12:34:56', '2021-01-31T12:34:56Z'],
    ['2021-01-31t12:34:56z', '2021-01-31T12:34:56Z'],
    ['2021-01-31 12:34:56,5', '2021-01-31T12:34:56Z'],
    ['2021-01-31 12:34', '2021-01-31T12:34:00Z'],
    ['2021-01-31', '2021-01-31T00:00:00Z'],
    ['2021-01-31T12:34:56+01:00', '2021-01-31T11:34:56Z'],
    ['2021-01-31T12:34:56-0830', '2021-01-31T21:04:56Z'],
    ['2021-01-31T12:34:56.25-08', '2021-01-31T20:34:56Z'],
    ['2021-01-31 12:34:56 +00:00', '2021-01-31T12:34:56Z'],
    ['2021-01-31 12:34:56 UTC', '2021-01-31T12:34:56Z'],
    ['2021-01-31T00:30:00+05:30', '2021-01-30T19:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2020-02-29', '2020-02-29T00:00:00Z'],
    ['2000-02-29', '2000-02-29T00:00:00Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z']
  ])('%s', (text, iso) => {
    expect(parse(text)).toBe(Date.parse(iso) / 1000);
  });

  test.each([
    '',
    'yesterday',
    '2021-1-31',
    '2021-13-01',
    '2021-00-01',
    '2021-02-29',
    '1900-02-29',
    '2021-04-31',
    '2021-01-00',
    '20210131',
    '2021-01-31T',
    '2021-01-31T24:00:00',
    '2021-01-31T12:60',
    '2021-01-31T12:34:61',
    '2021-01-31T12:34:56.',
    '2021-01-31T12:34:56Zx',
    '2021-01-31T12:34:56+1',
    '2021-01-31T12:34:56+24:00',
    '2021-01-31T12:34:56+01:60',
    '2021-01-31T12:34:56 CET',
    '2021-01-31T12:34:56 ',
    '2021-01-31x12:34:56',
    '2021-01-31 1:34:56',
    ' 2021-01-31',
    '１２３４-01-01'
  ])('“%s” is no time', text => {
    expect(parse(text)).toBeNaN();
  });

  test('agrees with Date on every day of four centuries', () => {
    for (let day = -80_000; day < 80_000; day += 7) {
      const iso = new Date(day * 86_400_000).toISOString();
      expect(parse(iso)).toBe(day * 86_400);
    }
  });
});

describe('whole numbers', () => {
  test('floorDivide64 is exact for all 64 bits', () => {
    const near = fc
      .tuple(
        fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
        fc.constantFrom(-1n, 0n, 1n)
      )
      // Near multiples, where rounding would show.
      .map(([value, off]) => (value / 1_000_000n) * 1_000_000n + off);
    const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(
        fc.oneof(near, any),
        fc.constantFrom(1000n, 1_000_000n),
        (value, per) => {
          const want = floorDivide(value, per);
          fc.pre(want > -(2n ** 53n) && want < 2n ** 53n);
          const high = Number(value >> 32n);
          const low = Number(BigInt.asIntN(32, value));
          expect(floorDivide64(high, low, Number(per))).toBe(Number(want));
        }
      ),
      { numRuns: 5000, seed: 1 }
    );
  });

  test('floorDivide rounds down on both sides of 0', () => {
    expect([7n, -7n, 6n, -6n, 0n].map(value => floorDivide(value, 3n))).toEqual(
      [2n, -3n, 2n, -2n, 0n]
    );
  });
});

describe('plainSeconds', () => {
  function longs(values: bigint[]): DataView {
    const view = new DataView(new ArrayBuffer(8 * values.length));
    values.forEach((value, i) => view.setBigInt64(8 * i, value, true));
    return view;
  }

  test.each([
    ['MILLIS', 1000n],
    ['MICROS', 1_000_000n],
    ['NANOS', 1_000_000_000n]
  ] as const)(
    '%s are rounded down, and those that do not fit are told',
    (unit, per) => {
      const values = [
        0n,
        1n,
        -1n,
        per,
        per - 1n,
        -per,
        1_612_051_200n * per + per - 1n
      ];
      const out = new Int32Array(values.length);
      expect(plainSeconds(longs(values), 0, values.length, unit, out, 0)).toBe(
        true
      );
      expect([...out]).toEqual(
        values.map(value => Number(floorDivide(value, per)))
      );
      for (const far of [2n ** 31n, -(2n ** 31n), -(2n ** 31n) - 1n]) {
        const one = new Int32Array(1);
        expect(plainSeconds(longs([far * per]), 0, 1, unit, one, 0)).toBe(
          false
        );
        const wide = new Float64Array(1);
        plainSeconds(longs([far * per]), 0, 1, unit, wide, 0);
        expect(wide[0]).toBe(Number(far));
      }
      for (const edge of [2n ** 31n - 1n, -(2n ** 31n) + 1n]) {
        const one = new Int32Array(1);
        expect(plainSeconds(longs([edge * per]), 0, 1, unit, one, 0)).toBe(
          true
        );
        expect(one[0]).toBe(Number(edge));
      }
    }
  );

  test('INT96 counts nanoseconds of a Julian day', () => {
    // 2021-01-31T00:00:01.999999999Z
    expect(millisOfInt96(0, 1_999_999_999, 2_459_246)).toBe(
      Date.UTC(2021, 0, 31, 0, 0, 1, 999)
    );
    const view = new DataView(new ArrayBuffer(12));
    view.setBigInt64(0, 86_399_999_999_999n, true);
    view.setInt32(8, 2_440_587, true);
    const out = new Int32Array(1);
    expect(plainSeconds(view, 0, 1, 'INT96', out, 0)).toBe(true);
    expect(out[0]).toBe(-1);
  });

  test('days', () => {
    const view = new DataView(new ArrayBuffer(8));
    view.setInt32(0, 18_658, true);
    view.setInt32(4, -1, true);
    const out = new Int32Array(2);
    expect(plainSeconds(view, 0, 2, 'DAYS', out, 0)).toBe(true);
    expect([...out]).toEqual([Date.UTC(2021, 0, 31) / 1000, -86_400]);
    view.setInt32(0, 30_000, true);
    expect(plainSeconds(view, 0, 2, 'DAYS', out, 0)).toBe(false);
  });
});

test('numbers are seconds, milliseconds, microseconds or nanoseconds by their size', () => {
  for (const factor of [1, 1e3, 1e6, 1e9]) {
    expect(secondsOfNumber(1_612_051_200 * factor)).toBe(1_612_051_200);
  }
  expect(secondsOfNumber(0)).toBe(0);
  expect(secondsOfNumber(-1.5)).toBe(-2);
  expect(secondsOfNumber(1_612_051_200.75)).toBe(1_612_051_200);
  expect(secondsOfNumber(NaN)).toBeNaN();
  expect(secondsOfNumber(Infinity)).toBeNaN();
});
