import fc from 'fast-check';

import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import { lex } from '../../../src/lint/python/lexer';
import { mend } from '../../../src/lint/python/mend';

fc.configureGlobal({ seed: 4, numRuns: 500 });

/** Pieces of which cells are made up that are nearly Python. */
const PIECES = [
  ...'()[]{}:=,;.@~*#!?%/\\"\'\n\t\f\r',
  ' ',
  '\n    ',
  '\r\n',
  '\\\n',
  '"""',
  'f"',
  't"{',
  'rf"\\{',
  ':=',
  '**',
  '->',
  '1.',
  'x',
  'y.z',
  'é',
  '😀',
  '\ud800',
  'and ',
  'as ',
  'async ',
  'await ',
  'case ',
  'class ',
  'def ',
  'del ',
  'else:',
  'except ',
  'for ',
  'from ',
  'global ',
  'if ',
  'import ',
  'in ',
  'lambda ',
  'match ',
  'not ',
  'print ',
  'try:',
  'type ',
  'with ',
  'yield',
  '%%time\n',
  '%%capture out\n',
  '%timeit ',
  '!ls {x}',
  '# workload: allow order why\n'
];

const sources = fc.oneof(
  fc
    .array(fc.constantFrom(...PIECES), { maxLength: 40 })
    .map(pieces => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 })
);

/** All ranges in facts, wherever they are. */
function* rangesIn(
  value: unknown
): Generator<{ readonly from: number; readonly to: number }> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (
    'from' in value &&
    'to' in value &&
    typeof value.from === 'number' &&
    typeof value.to === 'number'
  ) {
    yield { from: value.from, to: value.to };
  }
  for (const part of Object.values(value)) {
    yield* rangesIn(part);
  }
}

describe('any text at all', () => {
  it('is analyzed, and every range lies in it', () => {
    fc.assert(
      fc.property(sources, source => {
        for (const { from, to } of rangesIn(analyzeCell(source))) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(source.length);
        }
      })
    );
  });

  it('keeps its length when it is mended', () => {
    fc.assert(
      fc.property(sources, source => {
        const lexed = lex(source);
        mend(lexed.chars, lexed.lines);
        expect(lexed.chars).toHaveLength(source.length);
        expect(lexed.chars.every(char => char.length === 1)).toBe(true);
      })
    );
  });

  it('says nothing else when a comment stands below it', () => {
    fc.assert(
      fc.property(sources, source => {
        const facts = analyzeCell(source);
        fc.pre(
          facts.unparsed.length === 0 &&
            facts.language === 'python' &&
            !/\\\s*$/.test(source) &&
            !facts.statements.some(one => one.kind === 'magic')
        );
        expect(analyzeCell(`${source}\n# below`).steps).toEqual(facts.steps);
      })
    );
  });
});
