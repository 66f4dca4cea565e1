import fc from 'fast-check';

import { decimal, encode, Texts } from '../../src/engine/texts';

/** What is kept as a number, by another definition. */
const DECIMAL = /^(0|[1-9][0-9]{0,14})$/;

const anyText = fc.oneof(
  fc.nat().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String),
  fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 17 }),
  // The characters beside the digits, and those with their low bits.
  fc.string({
    unit: fc.constantFrom(...'0129/:;?@ \u0010\u0019\u001aÀ°'),
    maxLength: 9
  }),
  fc.string({ unit: 'binary', maxLength: 6 })
);

function decimalOf(text: string): number {
  const { bytes, view } = encode(`x${text}x`);
  return decimal(bytes, view, 1, bytes.length - 1);
}

describe('decimal', () => {
  it('is the number of digits whose number prints as they are, and −1 of all else', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(decimalOf(text)).toBe(DECIMAL.test(text) ? Number(text) : -1);
      }),
      { seed: 20210103, numRuns: 3000 }
    );
  });

  it.each([
    ['0', 0],
    ['9', 9],
    ['1234', 1234],
    ['37800026', 37_800_026],
    ['999999999999999', 999_999_999_999_999],
    ['', -1],
    ['00', -1],
    ['007', -1],
    ['01234567', -1],
    ['1000000000000000', -1],
    ['1234:678', -1],
    ['12 4', -1],
    ['-1', -1],
    ['1.5', -1]
  ])('of “%s” is %d', (text, number) => {
    expect(decimalOf(text)).toBe(number);
  });
});

describe('Texts', () => {
  it('number texts as a Map does, also after they were cleared', () => {
    const texts = new Texts();
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 200 }), values => {
        texts.clear();
        const known = new Map<string, number>();
        for (const value of values) {
          // A lone surrogate has no bytes of its own.
          const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
            encode(value).bytes
          );
          expect(texts.find(text)).toBe(known.get(text) ?? -1);
          if (!known.has(text)) {
            known.set(text, known.size);
          }
          const { bytes, view } = encode(`<${text}>`);
          expect(texts.intern(bytes, view, 1, bytes.length - 1)).toBe(
            known.get(text)
          );
        }
        expect(texts.numbers.size).toBe(known.size);
      }),
      { seed: 20210104, numRuns: 200 }
    );
  });
});
