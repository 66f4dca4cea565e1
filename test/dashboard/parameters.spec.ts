import {
  floatText,
  parametersCode,
  parametersFromJson,
  parametersRecord
} from '../../src/dashboard/parameters';
import type { ParameterValue } from '../../src/dashboard/parameters';
import { sourceOf } from '../../src/dashboard/notebook-json';
import type { ICompiled } from '../../src/dashboard/compile';
import { code, compiledOf, notebookOf } from './compile-notebook';

const one = (value: ParameterValue): string =>
  parametersCode(new Map([['v', value]]));

/** Values, and what Papermill's translator of Python makes of them. */
const TRANSLATED: readonly (readonly [ParameterValue, string])[] = [
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [0n, '0'],
  [-12n, '-12'],
  [12345678901234567890123n, '12345678901234567890123'],
  [1, '1.0'],
  [-0, '-0.0'],
  [0.1, '0.1'],
  [-2.5, '-2.5'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [5e-324, '5e-324'],
  [123456789.125, '123456789.125'],
  [9999999999999998, '9999999999999998.0'],
  [1e16, '1e+16'],
  [1.25e100, '1.25e+100'],
  [NaN, "float('nan')"],
  [Infinity, "float('inf')"],
  [-Infinity, "float('-inf')"],
  ['', '""'],
  ['it\'s "so"', `"it's \\"so\\""`],
  ['a\\b\n\r\t\0\x1f\x7f', '"a\\\\b\\n\\r\\t\\x00\\x1f\\x7f"'],
  ['é ¥ ÿ', '"\\xe9 \\xa5 \\xff"'],
  ['Ā漢', '"\\u0100\\u6f22"'],
  ['𝒳', '"\\U0001d4b3"'],
  ['\ud800', '"\\ud800"'],
  ['"; import os', '"\\"; import os"'],
  [[], '[]'],
  [[1n, 'a', [null, 2.5]], '[1, "a", [None, 2.5]]'],
  [new Map(), '{}'],
  [
    new Map<string, ParameterValue>([
      ['b', [true]],
      ['a "q"', new Map([['10', 1n]])],
      ['2', 2n]
    ]),
    '{"b": [True], "a \\"q\\"": {"10": 1}, "2": 2}'
  ]
];

describe('parameters', () => {
  it.each(TRANSLATED)(
    'are written as Papermill writes %p: %s',
    (value, text) => {
      expect(one(value)).toBe(`# Parameters\nv = ${text}\n`);
    }
  );

  it('stand in their order', () => {
    const parameters = parametersFromJson({ z: 1, a: 'x', _ü: 1.5 });
    expect(parametersCode(parameters)).toBe(
      '# Parameters\nz = 1\na = "x"\n_ü = 1.5\n'
    );
  });

  it.each(['', 'a b', '1a', 'a\n', 'a = 1\nb', 'a-b', 'a.b', '${x}'])(
    'cannot be named %p',
    name => {
      expect(() => parametersCode(new Map([[name, 1n]]))).toThrow(
        'is no name of Python'
      );
    }
  );

  it.each(['class', 'None', 'True', '__debug__'])(
    'cannot be named by the reserved word %s',
    name => {
      expect(() => parametersCode(new Map([[name, 1n]]))).toThrow(
        'is a reserved word'
      );
    }
  );

  it('are recorded as JSON, exactly or as text', () => {
    const parameters = new Map<string, ParameterValue>([
      ['n', 5n],
      ['big', 12345678901234567890n],
      ['nan', NaN],
      ['all', [null, true, 'x', new Map([['k', 0.5]])]]
    ]);
    expect(parametersRecord(parameters)).toEqual({
      n: 5,
      big: '12345678901234567890',
      nan: "float('nan')",
      all: [null, true, 'x', { k: 0.5 }]
    });
  });

  it('have numbers that JavaScript reads back', () => {
    for (const value of [1 / 3, 1e21, 1e-5, 123456.789, Number.MAX_VALUE]) {
      expect(Number(floatText(value))).toBe(value);
    }
  });
});

describe('the cell of parameters', () => {
  const defaults = code('year = 2020\nsite: str = "north"', 'parameters');
  const chart = code('print(year, site)', 'downstream');
  const given = {
    parameters: parametersFromJson({ year: 2021 }),
    force: true
  };
  const told = ({ notebook, notes }: ICompiled): unknown => [
    notebook.cells.map(cell => [cell.id, sourceOf(cell).split('\n')[1] ?? '']),
    notes
  ];

  it('comes after the one of defaults', () => {
    const compiled = compiledOf(notebookOf([chart, defaults, chart]), given);
    expect(told(compiled)).toEqual([
      [
        ['c0', ''],
        ['c1', 'site: str = "north"'],
        ['injected-parameters', 'year = 2021'],
        ['c2', '']
      ],
      []
    ]);
    expect(compiled.notebook.cells[2]).toEqual({
      cell_type: 'code',
      id: 'injected-parameters',
      execution_count: null,
      metadata: { tags: ['injected-parameters'] },
      outputs: [],
      source: '# Parameters\nyear = 2021\n'
    });
    expect(compiled.record.parameters).toEqual({ year: 2021 });
  });

  it('takes the place of one that was injected before', () => {
    const injected = code('# Parameters\nyear = 1999\n', 'injected-parameters');
    const source = notebookOf([defaults, injected, chart]);
    expect(told(compiledOf(source, given))).toEqual([
      [
        ['c0', 'site: str = "north"'],
        ['c1', 'year = 2021'],
        ['c2', '']
      ],
      []
    ]);
    // Without values that one stays.
    expect(compiledOf(source).text).toContain('year = 1999');
  });

  it('comes first where no cell has defaults, which is told', () => {
    const compiled = compiledOf(notebookOf([chart, chart]), given);
    expect(told(compiled)).toEqual([
      [
        ['injected-parameters', 'year = 2021'],
        ['c0', ''],
        ['c1', '']
      ],
      [expect.stringContaining('No cell is tagged “parameters”')]
    ]);
    expect(compiledOf(notebookOf([]), given).notebook.cells).toHaveLength(1);
  });

  it('stands where the defaults stood when these have another role', () => {
    const upstream = code('year = 2020', 'parameters', 'upstream');
    const compiled = compiledOf(notebookOf([chart, upstream, chart]), given);
    expect(told(compiled)).toEqual([
      [
        ['c0', ''],
        ['injected-parameters', 'year = 2021'],
        ['c2', '']
      ],
      [
        'Cell 2, tagged “parameters”, has another role, too, so it is left out, and its values are not set. Remove the other role.'
      ]
    ]);
    expect(compiled.text).not.toContain('2020');
  });

  it('is told of names that the defaults do not have', () => {
    const parameters = parametersFromJson({ site: 'x', yaer: 1 });
    const { notes } = compiledOf(notebookOf([defaults]), { parameters });
    expect(notes).toEqual([
      'The parameter “yaer” is not assigned in cell 1, which is tagged “parameters”. Check its name.'
    ]);
  });

  it('has an id of its own', () => {
    const cells = [{ ...defaults, id: 'injected-parameters' }];
    const source = { ...notebookOf([]), cells };
    expect(
      compiledOf(source, given).notebook.cells.map(({ id }) => id)
    ).toEqual(['injected-parameters', 'injected-parameters-2']);
  });

  it('is not there without values', () => {
    const { notebook, record } = compiledOf(notebookOf([defaults]), {
      parameters: new Map()
    });
    expect(notebook.cells).toHaveLength(1);
    expect(record.parameters).toBeUndefined();
  });
});
