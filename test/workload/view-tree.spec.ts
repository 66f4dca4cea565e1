import * as fc from 'fast-check';

import {
  isBalanced,
  parseText,
  placeOf,
  valueOf
} from '../../src/workload/view-tree';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseText', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.constantFrom(0, 1, 2),
        (json, indent) => {
          const value: unknown = JSON.parse(json);
          const text = JSON.stringify(value, null, indent);
          const { roots, faults } = parseText(text);
          expect(faults).toEqual([]);
          expect(roots.map(valueOf)).toEqual([value]);
        }
      ),
      { seed: 1, numRuns: 500 }
    );
  });

  it('finds fault where JSON.parse does, and only there', () => {
    const bits = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        ' ',
        '\n',
        '"a"',
        '"',
        '1',
        '-',
        '01',
        '1.5e3',
        '.'
      ],
      ...['true', 'nul', 'null', '"\\x"', '"\\u00e9"', '"\t"', '\u00a0', '//']
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), parts => {
        const text = parts.join('');
        expect([text, parseText(text).faults.length === 0]).toEqual([
          text,
          parses(text)
        ]);
      }),
      { seed: 2, numRuns: 20000 }
    );
  });

  it.each([
    ['{"a": 1 "b": 2}', 'comma-missing', 8, { a: 1, b: 2 }],
    ['{"a": 1,, "b": 2,}', 'comma-extra', 8, { a: 1, b: 2 }],
    ['{"a" 1, "b": 2}', 'colon-missing', 5, { b: 2 }],
    ['{"a": , "b": 2}', 'value-expected', 6, { b: 2 }],
    ['{1, "b": 2}', 'key-expected', 1, { b: 2 }],
    ['{"a": "x, "b": 2}', 'character', 11, { a: 'x, ' }],
    [
      '{"a": [1, "k": {"x": [2]}, 3], "b": 2}',
      'not-expected',
      13,
      { a: [1, 3], b: 2 }
    ],
    ['{"a": [1, 2}', 'not-expected', 11, { a: [1, 2] }],
    ['{"a": 1', 'not-closed', 7, { a: 1 }],
    ['{"a": 1} {"b": 2}', 'not-expected', 9, { a: 1 }],
    ['{"a": 1, "a": 2}', null, null, { a: 2 }]
  ])('keeps what is sound of %s', (text, kind, at, value) => {
    const { roots, faults } = parseText(text);
    expect(faults.at(0) ?? { kind: null, at: null }).toEqual({ kind, at });
    expect(valueOf(roots[0])).toEqual(value);
  });

  it('survives texts that are nested beyond reason', () => {
    expect(parseText('['.repeat(1e5)).faults.map(({ kind }) => kind)).toContain(
      'too-deep'
    );
  });
});

describe('isBalanced', () => {
  it.each([
    ['{"a": [1 "k": }', false],
    ['{"a": [1 "k": ]}', true],
    ['{"a": [1}]', false],
    ['{"a": 1x}', false],
    ['{"a": "}"} {}', true]
  ])('%s: %s', (text, balanced) => {
    expect(isBalanced(text)).toBe(balanced);
  });
});

describe('placeOf', () => {
  it('counts from one', () => {
    expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });
});
