import fc from 'fast-check';

import {
  Dictionary,
  EMPTY,
  FIRST,
  flag,
  MISSING,
  recode
} from '../../src/engine/dictionary';
import { idDictionary, localDictionary } from './tables';
import type { Value } from './tables';

const SEED = { seed: 20210102, numRuns: 150 };

/** A text as it comes back from UTF-8: a lone surrogate has none, and becomes U+FFFD. */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    new TextEncoder().encode(text)
  );
}

function mergeTexts(dictionary: Dictionary, values: readonly string[]) {
  return dictionary.merge(localDictionary('text', values));
}

describe('a dictionary of texts', () => {
  const tricky = fc.constantFrom(
    '',
    '0',
    '00',
    '007',
    '7',
    '12',
    '-1',
    '+1',
    '1.0',
    '1e3',
    ' 12',
    '12 ',
    '999999999999999',
    '9999999999999999',
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '١٢',
    'naïve',
    'naïve',
    '\ufeffnumpy',
    'numpy',
    'NumPy',
    '💾',
    '\ud83d',
    '\u0000',
    'true',
    'null'
  );
  const texts = fc.array(
    fc.oneof(
      tricky,
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.nat().map(String)
    ),
    { maxLength: 60 }
  );
  const chunks = fc.tuple(texts, fc.boolean());

  it('gives each distinct text one code over all chunks, and the text back', () => {
    fc.assert(
      fc.property(fc.array(chunks, { maxLength: 4 }), merged => {
        const dictionary = new Dictionary('text');
        const codes = new Map<string, number>();
        for (const [chunk, asIds] of merged) {
          const distinct = [...new Set(chunk.map(wellFormed))];
          const lut = asIds
            ? dictionary.merge(idDictionary(distinct))
            : mergeTexts(dictionary, distinct);
          expect(lut[0]).toBe(MISSING);
          expect(lut.length).toBe(distinct.length + 1);
          distinct.forEach((text, i) => {
            const code = lut[i + 1];
            expect(codes.get(text) ?? code).toBe(code);
            codes.set(text, code);
          });
        }
        expect(new Set(codes.values()).size).toBe(codes.size);
        for (const [text, code] of codes) {
          expect(dictionary.value(code)).toBe(text);
          expect(dictionary.text(code)).toBe(text);
          expect(dictionary.find(text)).toBe(code);
          expect(code === EMPTY).toBe(text === '');
          expect(code).toBeLessThan(dictionary.size);
        }
        expect(dictionary.find('not there')).toBe(-1);
      }),
      SEED
    );
  });

  it('tells digits with leading zeros from numbers', () => {
    const dictionary = new Dictionary('text');
    const lut = mergeTexts(dictionary, ['7', '07', '007', '0', '00']);
    expect([...lut.slice(1)].map(code => dictionary.value(code))).toEqual([
      '7',
      '07',
      '007',
      '0',
      '00'
    ]);
    expect(dictionary.find('7')).not.toBe(dictionary.find('007'));
  });

  it('makes the same text of numbers in other files', () => {
    const dictionary = new Dictionary('text');
    const [, fromText] = mergeTexts(dictionary, ['12']);
    const [, fromNumber, huge] = dictionary.merge(
      localDictionary('number', [12, 1e15])
    );
    const [, big] = dictionary.merge(
      localDictionary('number', [2n ** 60n, 12n])
    );
    expect(fromNumber).toBe(fromText);
    expect(dictionary.value(huge)).toBe('1000000000000000');
    expect(dictionary.find('1000000000000000')).toBe(huge);
    expect(dictionary.value(big)).toBe('1152921504606846976');
    expect(dictionary.find('1152921504606846976')).toBe(big);
  });

  it('reads numbers out of texts, and out of nothing else', () => {
    const dictionary = new Dictionary('text');
    const numberOf = (value: string) =>
      dictionary.number(dictionary.internText(value));
    expect(numberOf('12')).toBe(12);
    expect(numberOf('-5')).toBe(-5);
    expect(numberOf('007')).toBe(7);
    expect(numberOf('1.5')).toBe(1.5);
    expect(numberOf('1234567890123456')).toBe(1234567890123456);
    for (const value of ['', ' ', '\t', 'abc', '1.2.3', '12 nodes']) {
      expect(numberOf(value)).toBeNaN();
    }
    expect(dictionary.number(MISSING)).toBeNaN();
  });

  it('has codes for what is missing and for the empty text before any value', () => {
    const dictionary = new Dictionary('text');
    expect(dictionary.size).toBe(FIRST);
    expect(dictionary.value(MISSING)).toBeNull();
    expect(dictionary.text(MISSING)).toBeNull();
    expect(dictionary.value(EMPTY)).toBe('');
    expect(dictionary.find('')).toBe(EMPTY);
    expect(dictionary.internText('')).toBe(EMPTY);
  });
});

describe('a dictionary of numbers', () => {
  it('gives each distinct number one code, NaN and integers beyond 2^53 among them', () => {
    const value = fc.oneof(
      fc.nat({ max: 30 }),
      fc.double(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { maxLength: 30 }), { maxLength: 4 }),
        chunks => {
          const dictionary = new Dictionary('number');
          const codes = new Map<string, number>();
          for (const values of chunks) {
            // A chunk with one integer beyond 2^53 holds integers only.
            const wide = values.some(v => typeof v === 'bigint');
            const chunk: Value[] = wide
              ? values.map(v =>
                  typeof v === 'bigint'
                    ? v
                    : BigInt(Number.isFinite(v) ? Math.trunc(v) % 1e6 : 0)
                )
              : values.map(v => v);
            // −0 is 0, and one of them is in a dictionary.
            const distinct = [...new Set(chunk.map(v => (v === 0 ? 0 : v)))];
            const lut = dictionary.merge(localDictionary('number', distinct));
            distinct.forEach((v, i) => {
              const name =
                typeof v === 'bigint' ? String(v) : bigName(Number(v));
              expect(codes.get(name) ?? lut[i + 1]).toBe(lut[i + 1]);
              codes.set(name, lut[i + 1]);
            });
          }
          expect(new Set(codes.values()).size).toBe(codes.size);
          for (const [name, code] of codes) {
            expect(String(dictionary.value(code))).toBe(name);
            expect(dictionary.find(name)).toBe(code);
          }
        }
      ),
      SEED
    );
    function bigName(n: number): string {
      return String(n + 0);
    }
  });

  it('loses no digit of a 64-bit id', () => {
    const dictionary = new Dictionary('number');
    const ids = [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n)];
    const lut = dictionary.merge(localDictionary('number', ids));
    expect(
      [...lut.slice(1)].map(code => String(dictionary.value(code)))
    ).toEqual(ids.map(String));
    expect(new Set(lut).size).toBe(5);
    expect(ids.map(id => dictionary.find(String(id)))).toEqual([
      ...lut.slice(1)
    ]);
    expect(dictionary.number(lut[3])).toBe(2 ** 53);
  });

  it('reads unsigned integers', () => {
    const dictionary = new Dictionary('number');
    const [, code] = dictionary.merge({
      type: 'bigint',
      values: BigInt64Array.of(-1n),
      unsigned: true
    });
    expect(dictionary.value(code)).toBe('18446744073709551615');
  });

  it('finds numbers however they are written, and nothing for what is none', () => {
    const dictionary = new Dictionary('number');
    const [, seven, zero, nan] = dictionary.merge(
      localDictionary('number', [7, 0, NaN])
    );
    expect(dictionary.find('7')).toBe(seven);
    expect(dictionary.find('7.0')).toBe(seven);
    expect(dictionary.find('007')).toBe(seven);
    expect(dictionary.find('-0')).toBe(zero);
    expect(dictionary.find('NaN')).toBe(nan);
    for (const wrong of ['', ' ', 'abc', '8', 'seven']) {
      expect(dictionary.find(wrong)).toBe(-1);
    }
  });
});

describe('dictionaries of times and of yes and no', () => {
  it('shows times as RFC 3339, and others that have no such form as milliseconds', () => {
    const dictionary = new Dictionary('time');
    const [, code, far] = dictionary.merge(
      localDictionary('time', [Date.UTC(2021, 0, 2, 3), 9e15])
    );
    expect(dictionary.value(code)).toBe('2021-01-02T03:00:00.000Z');
    expect(dictionary.text(code)).toBe('2021-01-02T03:00:00.000Z');
    expect(dictionary.number(code)).toBe(Date.UTC(2021, 0, 2, 3));
    expect(dictionary.find(String(Date.UTC(2021, 0, 2, 3)))).toBe(code);
    expect(dictionary.value(far)).toBe('9000000000000000');
  });

  it('shows yes and no, and finds them in all spellings', () => {
    const dictionary = new Dictionary('boolean');
    const [, no, yes] = dictionary.merge(
      localDictionary('boolean', [false, true])
    );
    expect(dictionary.value(no)).toBe(false);
    expect(dictionary.value(yes)).toBe(true);
    expect(['true', 'TRUE', 'yes', '1'].map(t => dictionary.find(t))).toEqual([
      yes,
      yes,
      yes,
      yes
    ]);
    expect(dictionary.find('false')).toBe(no);
    expect(dictionary.find('perhaps')).toBe(-1);
  });
});

describe('flag', () => {
  it.each([
    [['true', 'True', 't', 'T', 'yes', 'Y', '1'], 1],
    [['false', 'FALSE', 'f', 'no', 'N', '0'], 0],
    [['', '2', 'on', 'truth', ' true'], NaN]
  ])('reads %j as %d', (spellings, expected) => {
    expect(spellings.map(flag)).toEqual(spellings.map(() => expected));
  });
});

describe('recode', () => {
  it.each([
    ['narrow to narrow', Uint16Array, 0xffff, Uint16Array],
    ['narrow to wide', Uint16Array, 0x10000, Uint32Array],
    ['wide to wide', Uint32Array, 0x10000, Uint32Array],
    ['wide to narrow', Uint32Array, 0xffff, Uint16Array]
  ])('translates %s', (_, From, highest, To) => {
    const codes = From.of(0, 1, 2, 1, 2, 0);
    const result = recode(codes, Uint32Array.of(0, 5, highest));
    expect(result).toBeInstanceOf(To);
    expect([...result]).toEqual([0, 5, highest, 5, highest, 0]);
  });

  it('leaves codes alone that stay what they are', () => {
    const codes = Uint16Array.of(2, 0, 1);
    expect(recode(codes, Uint32Array.of(0, 1, 2))).toBe(codes);
    expect([...codes]).toEqual([2, 0, 1]);
  });

  it('keeps the last code of sixteen bits apart from the first of seventeen', () => {
    const dictionary = new Dictionary('text');
    const names = Array.from({ length: 0x10000 }, (_, i) => `p${i}`);
    const lut = mergeTexts(dictionary, names);
    const last = 0xffff - FIRST + 1;
    expect(lut[last]).toBe(0xffff);
    const narrow = recode(Uint32Array.of(last), lut.slice(0, last + 1));
    expect(narrow).toEqual(Uint16Array.of(0xffff));
    const wide = recode(Uint32Array.of(last, last + 1), lut);
    expect(wide).toEqual(Uint32Array.of(0xffff, 0x10000));
    expect(dictionary.value(wide[1])).toBe(names[last]);
  });
});
