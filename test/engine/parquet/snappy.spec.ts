import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';

import { decompressSnappy } from '../../../src/engine/parquet/snappy';

const SEED = { seed: 20210120, numRuns: 500 };

/** Bytes that repeat themselves near and far, so that all kinds of copies occur. */
const content = fc
  .array(
    fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 40 })
    ),
    { maxLength: 12 }
  )
  .map(parts =>
    Uint8Array.from(
      parts.flatMap(([bytes, times]) =>
        new Array<number[]>(times).fill([...bytes]).flat()
      )
    )
  );

/** A compressed block without the length in front. */
function bodyOf(bytes: Uint8Array): Uint8Array {
  const block = snappyCompress(bytes);
  return block.subarray(block.findIndex(byte => byte < 128) + 1);
}

it('gives back what was compressed', () => {
  fc.assert(
    fc.property(content, bytes => {
      const output = new Uint8Array(bytes.length);
      expect(decompressSnappy(bodyOf(bytes), output)).toBe(true);
      expect([...output]).toEqual([...bytes]);
    }),
    SEED
  );
});

it('refuses what is cut off, too short or too long', () => {
  fc.assert(
    fc.property(content, fc.nat(), (bytes, at) => {
      const body = bodyOf(bytes);
      fc.pre(body.length > 0);
      const cut = body.subarray(0, at % body.length);
      expect(decompressSnappy(cut, new Uint8Array(bytes.length))).toBe(false);
      for (const length of [bytes.length - 1, bytes.length + 1]) {
        expect(decompressSnappy(body, new Uint8Array(length))).toBe(false);
      }
    }),
    SEED
  );
});

it('ends on any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(200),
      (body, length) => {
        expect(typeof decompressSnappy(body, new Uint8Array(length))).toBe(
          'boolean'
        );
      }
    ),
    SEED
  );
  // A literal whose length has the highest bit set.
  expect(
    decompressSnappy(Uint8Array.of(252, 250, 255, 255, 255), new Uint8Array(5))
  ).toBe(false);
});
