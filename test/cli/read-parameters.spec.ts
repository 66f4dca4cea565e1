import { parseParameters } from '../../src/cli/read-parameters';
import { parametersCode } from '../../src/dashboard/parameters';

const read = (text: string): string =>
  parametersCode(parseParameters(text)).replace('# Parameters\n', '');

/** What stands behind a name, and what PyYAML and Papermill's translator make of it. */
const VALUES: readonly (readonly [string, string])[] = [
  ['yes', 'True'],
  ['Off', 'False'],
  ['TRUE', 'True'],
  ['y', '"y"'],
  ['tRue', '"tRue"'],
  ['"yes"', '"yes"'],
  ['!!str yes', '"yes"'],
  ['', 'None'],
  ['~', 'None'],
  ['Null', 'None'],
  ['none', '"none"'],
  ['12', '12'],
  ['+1_000', '1000'],
  ['-0x1F', '-31'],
  ['0b101', '5'],
  ['010', '8'],
  ['08', '"08"'],
  ['0o7', '"0o7"'],
  ['1:30', '90'],
  ['1:99', '"1:99"'],
  ['123456789012345678901', '123456789012345678901'],
  ['1.0', '1.0'],
  ['1.', '1.0'],
  ['.5', '0.5'],
  ['-.5', '"-.5"'],
  ['-0.0', '-0.0'],
  ['1.0e+22', '1e+22'],
  ['1.e-7', '1e-07'],
  ['1e5', '"1e5"'],
  ['1.0e5', '"1.0e5"'],
  ['1:30.5', '90.5'],
  ['-.inf', "float('-inf')"],
  ['.NaN', "float('nan')"],
  ['inf', '"inf"'],
  ['2021-01-01', '"2021-01-01"'],
  ['2021-01-01 10:00:00', '"2021-01-01 10:00:00"'],
  ['"\\u00e9\\n"', '"\\xe9\\n"'],
  ['|\n  a\n  b', '"a\\nb\\n"'],
  ['[1, 2.0, {a: ~}]', '[1, 2.0, {"a": None}]'],
  [
    '{2021: a, 1.5: b, yes: c, ~: d}',
    '{"2021": "a", "1.5": "b", "True": "c", "None": "d"}'
  ]
];

describe('parameters in YAML', () => {
  it.each(VALUES)('has %j as %s', (text, value) => {
    expect(read(`v: ${text}\n`)).toBe(`v = ${value}\n`);
  });

  it('has anchors, merges, and names twice, of which the last counts', () => {
    expect(read('a: &x {p: 1}\nb: {<<: *x, q: 2}\na2: *x\nb2: 1\nb2: 2')).toBe(
      'a = {"p": 1}\nb = {"p": 1, "q": 2}\na2 = {"p": 1}\nb2 = 2\n'
    );
  });

  it('may be empty', () => {
    expect([...parseParameters(''), ...parseParameters('# nothing\n')]).toEqual(
      []
    );
  });

  it.each([
    ['a: 1\n---\nb: 2', 'multiple documents'],
    ['a: &x [*x]', 'or one holds itself'],
    ['? [1, 2]\n: 1', 'a list or a map is used as a key'],
    ['a: {[1]: 2}', 'a list or a map is used as a key'],
    ['a: !!set {b}', 'Unresolved tag'],
    ['text', 'no names with values']
  ])('must not be %j', (text, says) => {
    expect(() => parseParameters(text)).toThrow(
      new RegExp(says.replace(/[.*]/g, '\\$&'), 'i')
    );
  });

  it('does not grow without end', () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]`
    );
    expect(() => parseParameters(`a0: &a0 [1]\n${lines.join('\n')}`)).toThrow(
      'Excessive alias count'
    );
  });
});

describe('parameters in JSON', () => {
  it('tell whole numbers from others', () => {
    expect(
      read(
        '{"a": 1, "b": 1.0, "c": 1e5, "d": -0, "e": 123456789012345678901, "f": {"10": [null, true], "9": "yes"}}'
      )
    ).toBe(
      'a = 1\nb = 1.0\nc = 100000.0\nd = 0\ne = 123456789012345678901\nf = {"10": [None, True], "9": "yes"}\n'
    );
  });

  it('must not be nested without end', () => {
    expect(() =>
      parseParameters(`{"a": ${'['.repeat(100)}${']'.repeat(100)}}`)
    ).toThrow('nested too deeply');
  });
});
