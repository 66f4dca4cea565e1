import { parseParameters } from '../../src/dashboard/parameters-text';
import { parametersCode } from '../../src/dashboard/parameters';

const read = async (text: string): Promise<string> =>
  parametersCode(await parseParameters(text)).replace('# Parameters\n', '');

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
  it.each(VALUES)('has %j as %s', async (text, value) => {
    expect(await read(`v: ${text}\n`)).toBe(`v = ${value}\n`);
  });

  it('has anchors, merges, and names twice, of which the last counts', async () => {
    expect(
      await read('a: &x {p: 1}\nb: {<<: *x, q: 2}\na2: *x\nb2: 1\nb2: 2')
    ).toBe('a = {"p": 1}\nb = {"p": 1, "q": 2}\na2 = {"p": 1}\nb2 = 2\n');
  });

  it('must be named as Python names things', async () => {
    await expect(parseParameters('a b: 1')).rejects.toThrow(
      'is no name of Python'
    );
  });

  it('may begin with a byte order mark', async () => {
    expect(await read('\ufeff{"a": 1}')).toBe('a = 1\n');
  });

  it.each(['', '# nothing\n'])('may be empty: %j', async text => {
    expect([...(await parseParameters(text))]).toEqual([]);
  });

  it.each([
    ['a: 1\n---\nb: 2', 'multiple documents'],
    ['a: &x [*x]', 'or one holds itself'],
    ['? [1, 2]\n: 1', 'a list or a map is used as a key'],
    ['a: {[1]: 2}', 'a list or a map is used as a key'],
    ['a: !!set {b}', 'Unresolved tag'],
    ['text', 'no names with values']
  ])('must not be %j', async (text, says) => {
    await expect(parseParameters(text)).rejects.toThrow(
      new RegExp(says.replace(/[.*]/g, '\\$&'), 'i')
    );
  });

  it('does not grow without end', async () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]`
    );
    await expect(
      parseParameters(`a0: &a0 [1]\n${lines.join('\n')}`)
    ).rejects.toThrow('Excessive alias count');
  });
});

describe('parameters in JSON', () => {
  it('tell whole numbers from others', async () => {
    expect(
      await read(
        '{"a": 1, "b": 1.0, "c": 1e5, "d": -0, "e": 123456789012345678901, "f": {"10": [null, true], "9": "yes"}}'
      )
    ).toBe(
      'a = 1\nb = 1.0\nc = 100000.0\nd = 0\ne = 123456789012345678901\nf = {"10": [None, True], "9": "yes"}\n'
    );
  });

  it('must not be nested without end', async () => {
    await expect(
      parseParameters(`{"a": ${'['.repeat(100)}${']'.repeat(100)}}`)
    ).rejects.toThrow('nested too deeply');
  });
});
