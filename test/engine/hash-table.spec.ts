import fc from 'fast-check';

import { BytesTable } from '../../src/engine/bytes-table';
import { NumberTable, PairTable } from '../../src/engine/hash-table';

const SEED = { seed: 20210101, numRuns: 100 };
const encoder = new TextEncoder();
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer);

/** Entry numbers as a Map hands them out: dense, in order of arrival. */
function expectedEntries<T>(keys: readonly T[]): number[] {
  const known = new Map<T, number>();
  return keys.map(key => {
    if (!known.has(key)) {
      known.set(key, known.size);
    }
    return known.get(key) ?? -1;
  });
}

describe('NumberTable', () => {
  const anyNumber = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 32 + 1, -1, -(2 ** 31), 1.5)
  );

  it('numbers keys as a Map does', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { maxLength: 300 }), numbers => {
        const keys = numbers.map(n => n + 0);
        const table = new NumberTable();
        expect(keys.map(key => table.intern(key))).toEqual(
          expectedEntries(keys)
        );
        expect(table.size).toBe(new Set(keys).size);
        for (const key of keys) {
          expect(table.keys[table.find(key)]).toBe(key);
        }
      }),
      SEED
    );
  });

  it('keeps its entries while it grows', () => {
    const table = new NumberTable();
    const keys = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 100_003);
    expect(keys.map(key => table.intern(key))).toEqual(expectedEntries(keys));
    expect(keys.map(key => table.find(key))).toEqual(expectedEntries(keys));
    expect(table.find(100_004)).toBe(-1);
  });

  it('takes −0 for 0', () => {
    const table = new NumberTable();
    expect(table.intern(0)).toBe(0);
    expect(table.intern(-0)).toBe(0);
    expect(table.find(-0)).toBe(0);
  });

  it('finds no entry that was only appended, however it grows', () => {
    const table = new NumberTable();
    table.append(NaN);
    table.append(NaN);
    const keys = Array.from({ length: 3000 }, (_, i) => i);
    expect(keys.map(key => table.intern(key))).toEqual(
      keys.map(key => key + 2)
    );
    expect(table.find(3000)).toBe(-1);
    expect(table.size).toBe(3002);
  });

  it('grows with many appended entries', () => {
    // All of them have one hash: were they put into slots, this would take some 10^11 steps, which are minutes.
    const table = new NumberTable();
    for (let i = 0; i < 400_000; i++) {
      table.append(NaN);
    }
    const keys = Array.from({ length: 3000 }, (_, i) => -i - 1);
    expect(keys.map(key => table.intern(key))).toEqual(
      keys.map(key => 400_000 - key - 1)
    );
    expect(table.find(-5)).toBe(400_004);
  });

  it('keeps numbers apart that have places of their own from those that are hashed', () => {
    // Far from each other, so that soon no more places are given; then near ones, before and after, in every order.
    const table = new NumberTable();
    const keys = [
      ...Array.from({ length: 2000 }, (_, i) => 37_800_000 + i * 3),
      ...Array.from({ length: 4000 }, (_, i) => (i * 7_368_787) % 2 ** 27),
      ...Array.from({ length: 4000 }, (_, i) => 37_800_000 + i),
      ...Array.from({ length: 4000 }, (_, i) => 2 ** 27 - 2000 + i),
      ...Array.from({ length: 4000 }, (_, i) => (i * 7_368_787) % 2 ** 27)
    ];
    expect(keys.map(key => table.intern(key))).toEqual(expectedEntries(keys));
    expect(keys.map(key => table.find(key))).toEqual(expectedEntries(keys));
    expect(table.find(37_804_001)).toBe(-1);
  });

  it('forgets all keys when it is cleared', () => {
    const table = new NumberTable();
    for (const step of [1, 50_021, 3, 1.5, 77_777]) {
      const keys = Array.from({ length: 3000 }, (_, i) => i * step);
      expect(keys.map(key => table.intern(key))).toEqual(expectedEntries(keys));
      table.clear();
      expect(table.size).toBe(0);
      expect(keys.filter(key => table.find(key) !== -1)).toEqual([]);
    }
  });
});

describe('BytesTable', () => {
  it('numbers byte strings as a Map does texts, also after it was cleared', () => {
    const table = new BytesTable();
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 6 }), {
          maxLength: 300
        }),
        texts => {
          table.clear();
          const coded = texts.map(text => encoder.encode(`<${text}>`));
          const entries = coded.map(b =>
            table.intern(b, viewOf(b), 1, b.length - 1)
          );
          expect(entries).toEqual(expectedEntries(texts));
          const finished = table.finish();
          coded.forEach((bytes, i) => {
            const own = bytes.subarray(1, bytes.length - 1);
            expect(table.bytes(entries[i]).join()).toBe(own.join());
            const { bytes: all, offsets } = finished;
            const [from, to] = offsets.subarray(entries[i], entries[i] + 2);
            expect(all.subarray(from, to).join()).toBe(own.join());
            expect(table.find(bytes, viewOf(bytes), 1, bytes.length - 1)).toBe(
              entries[i]
            );
          });
        }
      ),
      SEED
    );
  });

  it('keeps thousands of strings, long ones among them', () => {
    const table = new BytesTable();
    const coded = Array.from({ length: 4000 }, (_, i) =>
      encoder.encode(`${'x'.repeat(i % 17 === 0 ? 5000 : 3)}${i}`)
    );
    const numbers = coded.map((_, i) => i);
    expect(coded.map(b => table.intern(b, viewOf(b), 0, b.length))).toEqual(
      numbers
    );
    expect(coded.map(b => table.find(b, viewOf(b), 0, b.length))).toEqual(
      numbers
    );
    expect(
      numbers.filter(
        i => !coded[i].every((byte, k) => byte === table.bytes(i)[k])
      )
    ).toEqual([]);
    const absent = encoder.encode('absent');
    expect(table.find(absent, viewOf(absent), 0, absent.length)).toBe(-1);
  });
});

describe('PairTable', () => {
  it('numbers pairs as a Map does, also after it was cleared', () => {
    const word = fc.oneof(fc.nat({ max: 20 }), fc.integer());
    const table = new PairTable();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.oneof(fc.constant(0), word)), {
          maxLength: 300
        }),
        pairs => {
          table.clear();
          expect(pairs.map(([a, b]) => table.intern(a, b))).toEqual(
            expectedEntries(pairs.map(pair => pair.join()))
          );
          const distinct = [...new Set(pairs.map(pair => pair.join()))];
          expect([...table.finish()].join()).toBe(distinct.join());
        }
      ),
      SEED
    );
  });

  it('takes a number and the same one without a sign for equal', () => {
    const table = new PairTable();
    expect(table.intern(-1, 5)).toBe(0);
    expect(table.intern(0xffffffff, 5)).toBe(0);
    expect(table.intern(-1, 0)).toBe(1);
    expect(table.intern(0xffffffff, 0)).toBe(1);
  });

  it('keeps its entries while it grows', () => {
    const table = new PairTable();
    const pairs = Array.from({ length: 90 * 90 }, (_, i) => [
      i % 90,
      (i / 90) | 0
    ]);
    const numbers = pairs.map((_, i) => i);
    expect(pairs.map(([a, b]) => table.intern(a, b))).toEqual(numbers);
    expect(pairs.map(([a, b]) => table.intern(a, b))).toEqual(numbers);
    expect(table.size).toBe(8100);
  });
});
