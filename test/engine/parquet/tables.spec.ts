import fc from 'fast-check';
import { PairTable } from '../../../src/engine/parquet/pair-table';
import { TextTable } from '../../../src/engine/parquet/text-table';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('tables', () => {
  test('text: equal bytes have equal codes, numbered by first appearance', () => {
    const encoder = new TextEncoder();
    const tableOfText = new TextTable();
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ maxLength: 40 }), fc.nat(3000).map(String)),
          { maxLength: 2000, size: 'max' }
        ),
        values => {
          tableOfText.clear();
          const seen = new Map<string, number>();
          for (const value of values) {
            const bytes = encoder.encode(`..${value}.`);
            const code = tableOfText.intern(
              bytes,
              viewOf(bytes),
              2,
              bytes.length - 1
            );
            if (!seen.has(value)) {
              seen.set(value, seen.size + 1);
            }
            expect(code).toBe(seen.get(value));
          }
          expect(tableOfText.size).toBe(seen.size);
          const { bytes, offsets } = tableOfText.finish();
          const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
          const back = Array.from({ length: seen.size }, (_, i) =>
            decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]))
          );
          expect(back).toEqual([...seen.keys()]);
        }
      ),
      { numRuns: 60, seed: 1 }
    );
  });

  test('pairs: equal bits have equal codes, numbered by first appearance', () => {
    const pairs = new PairTable();
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.oneof(fc.integer(), fc.nat(20)),
            fc.oneof(fc.constant(0), fc.integer())
          ),
          { maxLength: 2000, size: 'max' }
        ),
        values => {
          pairs.clear();
          const seen = new Map<string, number>();
          for (const [low, high] of values) {
            const key = `${low} ${high}`;
            const code = pairs.intern(low, high);
            if (!seen.has(key)) {
              seen.set(key, seen.size + 1);
            }
            expect(code).toBe(seen.get(key));
          }
          const back = pairs.finish();
          expect([...seen.keys()]).toEqual(
            Array.from(
              { length: seen.size },
              (_, i) => `${back[2 * i]} ${back[2 * i + 1]}`
            )
          );
        }
      ),
      { numRuns: 60, seed: 1 }
    );
  });
});
