import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import { withoutText } from '../../../src/lint/python/parts';
import type { Step } from '../../../src/lint/python/facts';

describe('a cell', () => {
  it.each([
    ['', true],
    [' \n\t\n# comment\n  # another', true],
    ['pass', false],
    ['"""text"""', false],
    ['%matplotlib inline', false],
    ['%%bash', false]
  ])('%j is blank: %s', (source, expected) => {
    expect(analyzeCell(source).isBlank).toBe(expected);
  });

  it.each([
    ['x', 'python'],
    ['%%time\nx', 'python'],
    ['%%bash\nx', 'other'],
    ['%%time\n%%html\nx', 'other'],
    ['%%unheard\nx', 'other']
  ])('%j is in language %s', (source, expected) => {
    expect(analyzeCell(source).language).toBe(expected);
  });

  it('has statements', () => {
    const source = [
      'import a',
      'x = 1; y: int = -2',
      "z = ['a', (1, None), {'k': True}]",
      'w = f(1)',
      'a = b = 1',
      'c, d = 1, 2',
      'u = 1, 2',
      'd[0] = 1',
      'x: int',
      'def f(): pass',
      '@g\nclass A: pass',
      '%time x',
      'v = !ls',
      'f()'
    ].join('\n');
    expect(
      analyzeCell(source).statements.map(one => [
        one.kind,
        one.name,
        one.isLiteral,
        source.slice(one.from, one.to)
      ])
    ).toEqual([
      ['import', undefined, undefined, 'import a'],
      ['assignment', 'x', true, 'x = 1'],
      ['assignment', 'y', true, 'y: int = -2'],
      ['assignment', 'z', true, "z = ['a', (1, None), {'k': True}]"],
      ['assignment', 'w', false, 'w = f(1)'],
      ['assignment', undefined, undefined, 'a = b = 1'],
      ['assignment', undefined, undefined, 'c, d = 1, 2'],
      ['assignment', 'u', true, 'u = 1, 2'],
      ['assignment', undefined, undefined, 'd[0] = 1'],
      ['assignment', undefined, undefined, 'x: int'],
      ['function', undefined, undefined, 'def f(): pass'],
      ['class', undefined, undefined, '@g\nclass A: pass'],
      ['magic', undefined, undefined, '%time x'],
      ['assignment', 'v', false, 'v = !ls'],
      ['other', undefined, undefined, 'f()']
    ]);
  });

  it('has comments that allow findings', () => {
    const source =
      '# workload: allow order it is on purpose\nx = 1  #workload: allow name-undefined\n"# workload: allow no"\n# allow y';
    expect(
      analyzeCell(source).allowances.map(one => [
        one.rule,
        one.reason,
        source.slice(one.from, one.to)
      ])
    ).toEqual([
      ['order', 'it is on purpose', '# workload: allow order it is on purpose'],
      ['name-undefined', '', '#workload: allow name-undefined']
    ]);
    expect(
      analyzeCell('%%bash\n# workload: allow order x\nls').allowances
    ).toMatchObject([{ rule: 'order', reason: 'x', from: 7, to: 32 }]);
  });

  it('tells where each name stands', () => {
    const source = 'x = f(y.a, key=z)\n%time w = x\ndel x';
    const named = (step: Step) =>
      'name' in step
        ? [[step.kind, step.name, source.slice(step.from, step.to)]]
        : [];
    expect(analyzeCell(source).steps.flatMap(named)).toEqual([
      ['use', 'y', 'y'],
      ['use', 'z', 'z'],
      ['use', 'f', 'f'],
      ['bind', 'x', 'x'],
      ['use', 'x', 'x'],
      ['bind', 'w', 'w'],
      ['delete', 'x', 'x']
    ]);
  });

  it('tells of imports what a fix needs', () => {
    const source = 'x = 1\nfrom .a.b import (c as d,\n    e)';
    const imports = analyzeCell(source).steps.flatMap(step =>
      step.kind === 'bind' && step.module !== undefined ? [step.module] : []
    );
    const statement = { from: 6, to: source.length };
    expect(imports).toEqual([
      {
        module: '.a.b',
        member: 'c',
        statement,
        text: 'from .a.b import c as d',
        guarded: false
      },
      {
        module: '.a.b',
        member: 'e',
        statement,
        text: 'from .a.b import e',
        guarded: false
      }
    ]);
  });

  it('says how values are made', () => {
    const values = analyzeCell(
      'a = f\nb = A(x)\nc = partial(f, x)'
    ).steps.flatMap(step => (step.kind === 'bind' ? [step.value] : []));
    expect(values.map(withoutText)).toEqual([
      { kind: 'names', names: ['f'], made: 'alias' },
      { kind: 'names', names: ['A'], made: 'call' },
      { kind: 'names', names: ['f', 'x', 'partial'] }
    ]);
  });
});
