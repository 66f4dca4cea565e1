import fc from 'fast-check';
import { RE2JS } from 're2js';

import {
  codeTest,
  flagOf,
  globPattern,
  instant
} from '../../src/engine/conditions';
import { Dictionary, EMPTY, MISSING } from '../../src/engine/dictionary';
import { EngineError } from '../../src/engine/engine';
import type { ValueType } from '../../src/workload/fields';
import type { Filter } from '../../src/workload/query';
import { localDictionary } from './tables';
import type { Value } from './tables';

const SEED = { seed: 20210110, numRuns: 300 };

/** Those values that a filter keeps, the missing one (`null`) and the empty text among what is tried. */
function kept(
  filter: Filter,
  type: ValueType,
  values: readonly Value[],
  zone = 'UTC'
): Value[] {
  const dictionary = new Dictionary(type);
  const lut = dictionary.merge(localDictionary(type, values));
  const test = codeTest(filter, dictionary, zone);
  const result: Value[] = values.filter((_, i) => test(lut[i + 1]));
  if (type === 'text' && test(EMPTY)) {
    result.push('');
  }
  if (test(MISSING)) {
    result.push(null);
  }
  return result;
}

const any = (field: string, ...values: string[]): Filter => ({
  field,
  op: 'any',
  values
});
const not = (filter: Filter): Filter => ({ ...filter, not: true });
const NAMES = ['numpy', 'NumPy', 'numpy2', 'scipy', '007', '7', '1.5', 'a*b'];

describe('a condition on texts', () => {
  it.each<[string, Filter, Value[]]>([
    ['any of', any('x', 'numpy', '7', 'absent'), ['numpy', '7']],
    ['the empty text', any('x', ''), ['']],
    ['any of none', any('x'), []],
    [
      'a prefix',
      { field: 'x', op: 'prefix', value: 'num' },
      ['numpy', 'numpy2']
    ],
    [
      'an empty prefix',
      { field: 'x', op: 'prefix', value: '' },
      [...NAMES, '']
    ],
    ['a glob', { field: 'x', op: 'glob', value: 'num*' }, ['numpy', 'numpy2']],
    [
      'a glob that spans the value',
      { field: 'x', op: 'glob', value: 'ump' },
      []
    ],
    [
      'a glob of a star',
      { field: 'x', op: 'glob', value: '*' },
      [...NAMES, '']
    ],
    [
      'a pattern found anywhere',
      { field: 'x', op: 'regexp', value: 'um' },
      ['numpy', 'NumPy', 'numpy2'].filter(n => n.includes('um'))
    ],
    [
      'an anchored pattern',
      { field: 'x', op: 'regexp', value: '^num.*y$' },
      ['numpy']
    ],
    [
      'a pattern without regard to case',
      { field: 'x', op: 'regexp', value: '(?i)^numpy$' },
      ['numpy', 'NumPy']
    ],
    ['numbers from', { field: 'x', op: 'range', from: '7' }, ['007', '7']],
    ['numbers below', { field: 'x', op: 'range', to: '7' }, ['1.5']],
    [
      'numbers between',
      { field: 'x', op: 'range', from: '1', to: '2' },
      ['1.5']
    ],
    ['no bounds', { field: 'x', op: 'range' }, ['007', '7', '1.5']],
    ['missing', { field: 'x', op: 'missing' }, [null]]
  ])('keeps %s', (_, filter, expected) => {
    expect(kept(filter, 'text', NAMES)).toEqual(expected);
    // A negation keeps all others, and those without a value wherever the condition does not.
    const rest = [...NAMES, '', null].filter(
      value => !expected.includes(value)
    );
    expect(kept(not(filter), 'text', NAMES)).toEqual(rest);
  });

  it('takes time linear in the value for a pattern that backtracking does not', () => {
    const long = `${'a'.repeat(5000)}b`;
    expect(
      kept({ field: 'x', op: 'regexp', value: '^(a+)+$' }, 'text', [long])
    ).toEqual([]);
  });

  it.each([
    [
      'regexp',
      '(',
      'The pattern “(” for “package” cannot be read (RE2 syntax)'
    ],
    ['regexp', '(?=a)', 'RE2 syntax'],
    ['glob', '[z-a]', 'The pattern “[z-a]” for “package” cannot be read']
  ] as const)('refuses the %s %s', (op, value, message) => {
    expect(() => kept({ field: 'package', op, value }, 'text', NAMES)).toThrow(
      message
    );
    expect(() => kept({ field: 'package', op, value }, 'text', NAMES)).toThrow(
      expect.objectContaining({ code: 'query', field: 'package' })
    );
  });
});

describe('a condition on numbers', () => {
  const NUMBERS: Value[] = [0, 1, 2, 33, -4, 1.5, NaN];

  it.each<[string, Filter, Value[]]>([
    ['any of', any('nodes', '1', '33', '99'), [1, 33]],
    [
      'another way to write a number',
      any('nodes', '1.0', ' 33', '-4e0'),
      [1, 33, -4]
    ],
    ['what is blank', any('nodes', '', ' '), []],
    ['NaN by name', any('nodes', 'NaN'), [NaN]],
    [
      'a range',
      { field: 'nodes', op: 'range', from: '1', to: '33' },
      [1, 2, 1.5]
    ],
    ['from', { field: 'nodes', op: 'range', from: '2' }, [2, 33]],
    ['below', { field: 'nodes', op: 'range', to: '0' }, [-4]],
    [
      'a prefix of digits',
      { field: 'nodes', op: 'prefix', value: '1' },
      [1, 1.5]
    ],
    [
      'a pattern of digits',
      { field: 'nodes', op: 'regexp', value: '^3+$' },
      [33]
    ],
    ['missing', { field: 'nodes', op: 'missing' }, [null]]
  ])('keeps %s', (_, filter, expected) => {
    expect(kept(filter, 'number', NUMBERS)).toEqual(expected);
    const rest = [...NUMBERS, null].filter(value => !expected.includes(value));
    expect(kept(not(filter), 'number', NUMBERS)).toEqual(rest);
  });

  it('tells 64-bit ids apart', () => {
    const ids = [2n ** 53n, 2n ** 53n + 1n, 2n ** 60n];
    expect(kept(any('job', '9007199254740993'), 'number', ids)).toEqual([
      2n ** 53n + 1n
    ]);
    expect(
      kept(
        { field: 'job', op: 'range', from: '9007199254740994' },
        'number',
        ids
      )
    ).toEqual([2n ** 60n]);
    expect(
      kept(
        {
          field: 'job',
          op: 'range',
          from: '9007199254740993',
          to: '1152921504606846976'
        },
        'number',
        ids
      )
    ).toEqual([2n ** 53n + 1n]);
  });

  it('finds no id that is a text where ids are numbers', () => {
    for (const field of ['user', 'job', 'process']) {
      expect(kept(any(field, 'no such', '2'), 'number', NUMBERS)).toEqual([2]);
      expect(kept(not(any(field, 'no such')), 'number', NUMBERS)).toEqual([
        ...NUMBERS,
        null
      ]);
    }
  });

  it('refuses a value that is no number', () => {
    expect(() => kept(any('nodes', '1', 'one'), 'number', NUMBERS)).toThrow(
      '“nodes” is compared with numbers, and “one” is none.'
    );
  });

  it.each(['many', ' ', '1,5', '2021-01-01'])(
    'refuses the bound “%s”',
    bound => {
      const filter: Filter = { field: 'nodes', op: 'range', from: bound };
      expect(() => kept(filter, 'number', NUMBERS)).toThrow(
        `“nodes” is compared with numbers, and “${bound}” is none.`
      );
    }
  );
});

describe('a condition on times that are no time axis', () => {
  const day = Date.UTC(2021, 0, 2);
  const TIMES: Value[] = [day - 1, day, day + 500, day + 86_400_000];

  it.each<[string, Filter, Value[]]>([
    ['an instant', any('submit', '2021-01-02'), [day]],
    [
      'a range',
      { field: 'submit', op: 'range', from: '2021-01-02', to: '2021-01-03' },
      [day, day + 500]
    ],
    ['missing', { field: 'submit', op: 'missing' }, [null]],
    [
      'a pattern of its text',
      { field: 'submit', op: 'regexp', value: '^2021-01-03' },
      [day + 86_400_000]
    ]
  ])('keeps %s', (_, filter, expected) => {
    expect(kept(filter, 'time', TIMES)).toEqual(expected);
    const rest = [...TIMES, null].filter(value => !expected.includes(value));
    expect(kept(not(filter), 'time', TIMES)).toEqual(rest);
  });

  it('reads dates in the zone of the question', () => {
    const filter: Filter = { field: 'submit', op: 'range', from: '2021-01-02' };
    const tokyo = Date.UTC(2021, 0, 1, 15);
    expect(kept(filter, 'time', [tokyo - 1, tokyo], 'Asia/Tokyo')).toEqual([
      tokyo
    ]);
  });

  it('refuses what is no date', () => {
    expect(() => kept(any('submit', 'noon'), 'time', TIMES)).toThrow(
      EngineError
    );
    expect(() => instant('noon', 'UTC')).toThrow(
      expect.objectContaining({ code: 'query' })
    );
    expect(() => instant('2021-01-01', 'Nowhere')).toThrow(
      '“Nowhere” is not a time zone'
    );
  });
});

describe('a condition on yes and no', () => {
  it.each<[ValueType, Value[], Value[]]>([
    ['boolean', [true, false], [true]],
    ['number', [0, 1, 2], [1]],
    [
      'text',
      ['true', 'True', 'no', 'Y', '0', 'f', 'maybe'],
      ['true', 'True', 'Y']
    ]
  ])('reads a column of %s', (type, values, yes) => {
    for (const field of ['is_staff', 'is_compute', 'is_container']) {
      for (const spelling of ['true', 'TRUE', 'yes', '1', 't', 'y']) {
        expect(kept(any(field, spelling), type, values)).toEqual(yes);
      }
    }
    const others = [
      ...values.filter(value => !yes.includes(value)),
      ...(type === 'text' ? [''] : []),
      null
    ];
    expect(kept(not(any('is_staff', 'true')), type, values)).toEqual(others);
    expect(kept(any('is_staff', 'true', 'false'), type, values)).not.toContain(
      null
    );
  });

  it('refuses other words', () => {
    expect(() => kept(any('is_staff', 'maybe'), 'boolean', [true])).toThrow(
      '“is_staff” is yes or no: write is_staff=true or is_staff=false, not “maybe”.'
    );
  });

  it('reads other columns of yes and no by any spelling too', () => {
    expect(kept(any('preempted', 'yes'), 'boolean', [true, false])).toEqual([
      true
    ]);
    expect(kept(any('preempted', 'perhaps'), 'boolean', [true, false])).toEqual(
      []
    );
  });

  it('gives a flag a number, NaN when it is neither', () => {
    const dictionary = new Dictionary('text');
    expect(flagOf(dictionary.internText('Yes'), dictionary)).toBe(1);
    expect(flagOf(dictionary.internText('off'), dictionary)).toBeNaN();
    expect(flagOf(MISSING, dictionary)).toBeNaN();
  });
});

describe('globPattern', () => {
  it.each<[string, string[], string[]]>([
    ['*.py', ['a.py', '.py', 'a\nb.py'], ['a.pyc', 'apy']],
    ['?', ['a', '💾', '\n'], ['', 'ab']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x', '[a-c]x']],
    ['[!a-c]x', ['dx', '^x'], ['ax']],
    ['[^a]', ['^', 'a'], ['b']],
    ['[\\]', ['\\'], ['a']],
    ['[ab', ['[ab'], ['a']],
    ['a.b+(c)|{2}^$', ['a.b+(c)|{2}^$'], ['aXb+(c)|{2}^$']],
    ['a\\b', ['a\\b'], ['ab']]
  ])('of %s', (glob, matching, others) => {
    const pattern = RE2JS.compile(globPattern(glob));
    expect(matching.filter(text => !pattern.matches(text))).toEqual([]);
    expect(others.filter(text => pattern.matches(text))).toEqual([]);
  });

  it('takes all but its own signs as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 10 }), text => {
        fc.pre(!/[*?[]/.test(text));
        const pattern = RE2JS.compile(globPattern(text));
        expect(pattern.matches(text)).toBe(true);
        expect(pattern.matches(`${text}x`)).toBe(false);
      }),
      SEED
    );
  });
});
