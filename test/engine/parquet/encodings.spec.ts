/** The loops of the fast path against plain, slow definitions of the same encodings. */
import fc from 'fast-check';
import { crc32 } from '../../../src/engine/parquet/crc';
import { decodeDelta } from '../../../src/engine/parquet/delta';
import {
  boundOfIndices,
  readIndices
} from '../../../src/engine/parquet/hybrid';
import {
  allLevelsAre,
  areEmptyLevels,
  levelWidth,
  readLevels
} from '../../../src/engine/parquet/levels';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** Bits of the values one after the other, least significant first, in whole bytes. */
function pack(values: readonly (number | bigint)[], width: number): number[] {
  let bits = 0n;
  values.forEach((value, i) => {
    bits |= BigInt(value) << BigInt(i * width);
  });
  return Array.from(
    { length: Math.ceil((values.length * width) / 8) },
    (_, i) => Number((bits >> BigInt(8 * i)) & 255n)
  );
}

/** A run of the hybrid: one value repeated, or several packed. */
type Run = { repeat: number; value: number } | { packed: number[] };

function encodeHybrid(
  runs: readonly Run[],
  width: number
): { bytes: number[]; values: number[] } {
  const bytes: number[] = [];
  const values: number[] = [];
  for (const run of runs) {
    if ('packed' in run) {
      const padded = [...run.packed];
      while (padded.length % 8 > 0) {
        padded.push(0);
      }
      bytes.push(
        ...varint((padded.length / 8) * 2 + 1),
        ...pack(padded, width)
      );
      values.push(...padded);
    } else {
      bytes.push(...varint(run.repeat * 2));
      for (let i = 0; i < Math.ceil(width / 8); i++) {
        bytes.push(Math.floor(run.value / 2 ** (8 * i)) % 256);
      }
      values.push(...Array.from({ length: run.repeat }, () => run.value));
    }
  }
  return { bytes, values };
}

function runs(most: number): fc.Arbitrary<Run[]> {
  const value = fc.integer({ min: 0, max: most });
  return fc.array(
    fc.oneof(
      fc.record({ repeat: fc.integer({ min: 1, max: 200 }), value }),
      fc.record({ packed: fc.array(value, { minLength: 1, maxLength: 70 }) })
    ),
    { minLength: 1, maxLength: 8 }
  );
}

describe('readIndices', () => {
  test('reads runs of every width', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 32 })
          .chain(width => fc.tuple(fc.constant(width), runs(2 ** width - 1))),
        fc.nat(5),
        fc.nat(9),
        ([width, made], before, behind) => {
          const { bytes, values } = encodeHybrid(made, width);
          // Bytes before and behind must not matter.
          const data = Uint8Array.from([
            ...Array.from({ length: before }, () => 255),
            ...bytes,
            ...Array.from({ length: behind }, () => 255)
          ]);
          const out = new Uint32Array(values.length + 3);
          const stop = readIndices(
            data,
            viewOf(data),
            before,
            before + bytes.length,
            width,
            values.length,
            out,
            2,
            0
          );
          expect(stop).toBe(before + bytes.length);
          expect([...out.subarray(2, 2 + values.length)]).toEqual(values);
          expect([out[0], out[1], out[values.length + 2]]).toEqual([0, 0, 0]);
          expect(boundOfIndices()).toBeGreaterThanOrEqual(Math.max(...values));
        }
      ),
      { numRuns: 500, seed: 1 }
    );
  });

  test('refuses data that end too early, and adds the base', () => {
    const { bytes, values } = encodeHybrid(
      [{ repeat: 9, value: 5 }, { packed: [1, 2, 3, 4, 5, 6, 7, 8] }],
      11
    );
    for (let length = 0; length < bytes.length; length++) {
      const data = Uint8Array.from(bytes.slice(0, length));
      const out = new Uint32Array(values.length);
      expect(
        readIndices(data, viewOf(data), 0, length, 11, values.length, out, 0, 1)
      ).toBe(-1);
    }
    const data = Uint8Array.from(bytes);
    const out = new Uint32Array(values.length);
    expect(
      readIndices(
        data,
        viewOf(data),
        0,
        data.length,
        11,
        values.length,
        out,
        0,
        1
      )
    ).toBe(data.length);
    expect([...out]).toEqual(values.map(value => value + 1));
  });

  test('takes a last run that is cut after the last value', () => {
    const data = Uint8Array.from([3, ...pack([1, 2, 3], 5)]);
    const out = new Uint32Array(3);
    expect(
      readIndices(data, viewOf(data), 0, data.length, 5, 3, out, 0, 0)
    ).toBe(data.length);
    expect([...out]).toEqual([1, 2, 3]);
  });

  test('refuses runs of nothing and widths over 32', () => {
    const out = new Uint32Array(8);
    for (const [width, ...bytes] of [
      [4, 0, 0, 0],
      [4, 1, 0, 0],
      [33, 16, 0, 0, 0, 0, 0]
    ]) {
      const data = Uint8Array.from(bytes);
      expect(
        readIndices(data, viewOf(data), 0, data.length, width, 8, out, 0, 0)
      ).toBe(-1);
    }
  });
});

describe('readLevels', () => {
  test('reads levels of every height and counts the full ones', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 100 })
          .chain(max => fc.tuple(fc.constant(max), runs(max))),
        ([max, made]) => {
          const { bytes, values } = encodeHybrid(made, levelWidth(max));
          const data = Uint8Array.from([...bytes, 255, 255]);
          const out = new Uint8Array(values.length);
          const full = readLevels(
            data,
            0,
            bytes.length,
            max,
            values.length,
            out
          );
          expect([...out]).toEqual(values);
          expect(full).toBe(values.filter(value => value === max).length);
          if (allLevelsAre(data, 0, bytes.length, values.length, max)) {
            expect(full).toBe(values.length);
          }
        }
      ),
      { numRuns: 500, seed: 1 }
    );
  });

  test('refuses levels above the highest, and data that end too early', () => {
    for (const max of [2, 4, 5]) {
      const made: Run[] = [{ packed: [0, 1, max, max + 1, 0, 0, 0, 0] }];
      const { bytes, values } = encodeHybrid(made, levelWidth(max));
      const data = Uint8Array.from(bytes);
      expect(
        readLevels(data, 0, data.length, max, values.length, new Uint8Array(8))
      ).toBe(-1);
    }
    const { bytes } = encodeHybrid([{ repeat: 9, value: 3 }], 2);
    const data = Uint8Array.from(bytes);
    expect(readLevels(data, 0, data.length, 2, 9, new Uint8Array(9))).toBe(-1);
    expect(readLevels(data, 0, data.length, 3, 10, new Uint8Array(10))).toBe(
      -1
    );
    expect(readLevels(data, 0, 1, 3, 9, new Uint8Array(9))).toBe(-1);
  });

  test('sees that a run makes all levels full', () => {
    const data = Uint8Array.from(
      encodeHybrid([{ repeat: 300, value: 3 }], 2).bytes
    );
    expect(allLevelsAre(data, 0, data.length, 300, 3)).toBe(true);
    expect(allLevelsAre(data, 0, data.length, 301, 3)).toBe(false);
    expect(allLevelsAre(data, 0, data.length, 300, 2)).toBe(false);
    expect(allLevelsAre(data, 0, 2, 300, 3)).toBe(false);
  });
});

test('levels without bits are nothing, or one run of all values', () => {
  const empty = (bytes: number[], count: number): boolean =>
    areEmptyLevels(
      Uint8Array.from([7, ...bytes, 7]),
      1,
      1 + bytes.length,
      count
    );
  expect(empty([], 68)).toBe(true);
  expect(empty(varint(68 * 2), 68)).toBe(true);
  expect(empty(varint(67 * 2), 68)).toBe(false);
  expect(empty([9 * 2 + 1], 68)).toBe(false);
  expect(empty([...varint(68 * 2), 0], 68)).toBe(false);
  expect(empty([0x88], 68)).toBe(false);
});

test('indices without bits are all 0, and their runs may be left out', () => {
  const read = (bytes: number[], count: number): number => {
    const data = Uint8Array.from([7, ...bytes, 7]);
    const out = new Uint32Array(count).fill(9);
    const stop = readIndices(
      data,
      viewOf(data),
      1,
      1 + bytes.length,
      0,
      count,
      out,
      0,
      5
    );
    expect([...out]).toEqual(Array.from({ length: count }, () => 5));
    return stop;
  };
  expect(read([], 68)).toBe(1);
  expect(read(varint(68 * 2), 68)).toBe(3);
  expect(read([9 * 2 + 1], 68)).toBe(2);
  expect(read([30 * 2, 38 * 2, 0, 0], 68)).toBe(3);
  expect(read(varint(67 * 2), 68)).toBe(-1);
  expect(read([0, 0], 68)).toBe(-1);
  expect(read([0x88], 68)).toBe(-1);
});

describe('decodeDelta', () => {
  /** The encoding, with BigInt: blocks of 128 values in four miniblocks. */
  function encode(values: readonly bigint[], bits: 32 | 64): number[] {
    const zigzag = (value: bigint): number[] =>
      varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
    const bytes = [
      ...varint(128),
      ...varint(4),
      ...varint(values.length),
      ...zigzag(values[0] ?? 0n)
    ];
    for (let at = 1; at < values.length; at += 128) {
      const deltas = values
        .slice(at, at + 128)
        .map((value, i) => BigInt.asIntN(bits, value - values[at + i - 1]));
      const least = deltas.reduce((a, b) => (b < a ? b : a));
      const rest = deltas.map(delta => BigInt.asUintN(bits, delta - least));
      const widths: number[] = [];
      const body: number[] = [];
      for (let mini = 0; mini < 4; mini++) {
        const part = rest.slice(mini * 32, mini * 32 + 32);
        const width = part.reduce(
          (most, value) => Math.max(most, value.toString(2).length),
          0
        );
        widths.push(part.length > 0 ? width : 77);
        if (part.length > 0) {
          while (part.length < 32) {
            part.push(0n);
          }
          body.push(...pack(part, width));
        }
      }
      bytes.push(...zigzag(least), ...widths, ...body);
    }
    return bytes;
  }

  test.each([32, 64] as const)(
    'reads %i-bit integers, also where deltas wrap',
    bits => {
      const half = 2n ** BigInt(bits - 1);
      const any = fc.bigInt({ min: -half, max: half - 1n });
      const near = fc.bigInt({ min: 1_600_000_000n, max: 1_600_100_000n });
      fc.assert(
        fc.property(
          fc.oneof(
            fc.array(any, { minLength: 1, maxLength: 300 }),
            fc.array(near, { minLength: 1, maxLength: 300 })
          ),
          values => {
            const bytes = encode(values, bits);
            const data = Uint8Array.from([...bytes, 255, 255, 255]);
            const words = bits === 64 ? 2 : 1;
            const out = new Int32Array(values.length * words);
            const stop = decodeDelta(
              data,
              viewOf(data),
              0,
              bytes.length,
              values.length,
              words,
              out
            );
            expect(stop).toBe(bytes.length);
            expect(
              bits === 64
                ? [...new BigInt64Array(out.buffer)]
                : Array.from(out, BigInt)
            ).toEqual(values);
          }
        ),
        { numRuns: 300, seed: 1 }
      );
    }
  );

  test('refuses data that end too early, another count, and absurd headers', () => {
    const values = Array.from({ length: 140 }, (_, i) =>
      BigInt(i * i * 77_777)
    );
    const bytes = encode(values, 64);
    const out = new Int32Array(2 * values.length);
    const data = Uint8Array.from(bytes);
    expect(decodeDelta(data, viewOf(data), 0, data.length, 139, 2, out)).toBe(
      -1
    );
    // The last miniblock is padded, so its end may be missing.
    for (let length = 0; length < bytes.length - 60; length++) {
      expect(decodeDelta(data, viewOf(data), 0, length, 140, 2, out)).toBe(-1);
    }
    for (const header of [
      [0, 4],
      [128, 0],
      [127, 4],
      [2 ** 31, 4],
      [128, 2 ** 31]
    ]) {
      const bad = Uint8Array.from([
        ...varint(header[0]),
        ...varint(header[1]),
        ...bytes.slice(3)
      ]);
      expect(decodeDelta(bad, viewOf(bad), 0, bad.length, 140, 2, out)).toBe(
        -1
      );
    }
  });
});

test('crc32 is that of the definition, bit by bit', () => {
  const plain = (bytes: Uint8Array): number => {
    let crc = -1;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) {
        crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
      }
    }
    return ~crc >>> 0;
  };
  // The check value of the catalogue of CRC algorithms.
  const digits = new TextEncoder().encode('123456789');
  expect(crc32(digits, 0, 9)).toBe(0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(5), (bytes, from) => {
      const start = Math.min(from, bytes.length);
      expect(crc32(bytes, start, bytes.length)).toBe(
        plain(bytes.subarray(start))
      );
    }),
    { seed: 1 }
  );
});
