import { parse } from 'acorn';
import type { Node } from 'acorn';
import fc from 'fast-check';

import { emitFunction } from '../../src/transform/emit';
import { TransformError } from '../../src/transform/error';
import type { Expr } from '../../src/transform/expression';
import { FUNCTIONS } from '../../src/transform/functions';
import { parseTransform, parseVerbs } from '../../src/transform/parse';
import { VERBS } from '../../src/transform/verbs';
import type { ITable } from '../../src/workload/answer';
import { runCode } from './support';

fc.configureGlobal({ seed: 20210501 });

const COLUMNS = ['a', 'b', 'name'];

/** Numeric expressions as code, with a plain function that computes the same. */
interface IPair {
  readonly code: string;
  readonly value: (row: Readonly<Record<string, number>>) => unknown;
}

const { numeric } = fc.letrec<{ numeric: IPair; test: IPair }>(tie => ({
  numeric: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b').map((name): IPair => ({
      code: `d.${name}`,
      value: row => row[name]
    })),
    fc
      .integer({ min: -9, max: 9 })
      .map((n): IPair => ({ code: `${n}`, value: () => n })),
    fc
      .tuple(
        tie('numeric'),
        fc.constantFrom('+', '-', '*', '/', '%'),
        tie('numeric')
      )
      .map(([left, op, right]): IPair => ({
        code: `(${left.code}) ${op} (${right.code})`,
        value: row => calculate(op, left.value(row), right.value(row))
      })),
    fc
      .tuple(tie('test'), tie('numeric'), tie('numeric'))
      .map(([test, yes, no]): IPair => ({
        code: `(${test.code}) ? (${yes.code}) : (${no.code})`,
        value: row => (test.value(row) ? yes.value(row) : no.value(row))
      })),
    tie('numeric').map((x): IPair => ({
      code: `op.abs(${x.code})`,
      value: row => Math.abs(Number(x.value(row)))
    }))
  ),
  test: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(
        tie('numeric'),
        fc.constantFrom('<', '<=', '>', '>=', '==', '!=='),
        tie('numeric')
      )
      .map(([left, op, right]): IPair => ({
        code: `(${left.code}) ${op} (${right.code})`,
        value: row => calculate(op, left.value(row), right.value(row))
      })),
    tie('test').map((x): IPair => ({
      code: `!(${x.code})`,
      value: row => !x.value(row)
    }))
  )
}));

function calculate(op: string, left: unknown, right: unknown): unknown {
  const [x, y] = [Number(left), Number(right)];
  switch (op) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    case '==':
      return x === y;
    default:
      return x !== y;
  }
}

const rows = fc.array(
  fc.record({
    a: fc.integer({ min: -20, max: 20 }),
    b: fc.integer({ min: -20, max: 20 })
  }),
  { maxLength: 12 }
);

const plain = (value: unknown) =>
  typeof value === 'number' ? (Number.isFinite(value) ? value : null) : value;

describe('generated programs', () => {
  it('compute what plain JavaScript computes', () => {
    fc.assert(
      fc.property(numeric, rows, ({ code, value }, data) => {
        const table: ITable = { columns: ['a', 'b'], rows: data };
        expect(
          runCode(`derive({x: d => ${code}})`, table).rows.map(row => row.x)
        ).toEqual(data.map(row => plain(value(row))));
        expect(runCode(`filter(d => (${code}) > 3)`, table).rows).toEqual(
          data.filter(row => Number(value(row)) > 3)
        );
        const sum = data.reduce((total, row) => total + row.a, 0);
        expect(
          runCode("rollup({s: op.sum('a'), n: op.count()})", table).rows
        ).toEqual([{ s: data.length > 0 ? sum : null, n: data.length }]);
      }),
      { numRuns: 120 }
    );
  });
});

/** Pieces of JavaScript of which random programs are made, dangerous ones among them. */
const SCRAPS = [
  'd',
  'op',
  '$',
  'd.a',
  'd.name',
  "d['a']",
  'd[',
  ']',
  '.constructor',
  "['constructor']",
  '.__proto__',
  'op.sum(',
  'op.lower(',
  'op.includes(',
  'trap(',
  ')',
  '(',
  '=>',
  'd => ',
  '() => ',
  '{',
  '}',
  '{a: ',
  '[',
  ',',
  ':',
  '?',
  '+',
  '-',
  '*',
  '/',
  '==',
  '===',
  '&&',
  '??',
  '!',
  '=',
  '...',
  '`',
  '${',
  "'x'",
  "'a'",
  '1',
  '-1',
  'null',
  'true',
  'this',
  'new ',
  'import(',
  'async ',
  'await ',
  'function ',
  'class ',
  ';',
  '\n',
  '/*',
  '*/',
  '//',
  '/x/',
  '\\u0061',
  'filter(',
  'derive({x: ',
  '})',
  '.orderby(',
  "desc('a')",
  '.select(',
  'not(',
  'rolling(',
  '.escape(',
  'escape(',
  '.rename({a: ',
  '.pivot(',
  '.slice(0, 2)',
  'yield ',
  'eval(',
  'get a()',
  'x: '
];

const scribble = fc
  .array(fc.constantFrom(...SCRAPS), { maxLength: 14 })
  .map(parts => parts.join(''));
const wrapped = fc
  .tuple(
    fc.constantFrom(
      'filter(d => ',
      'derive({x: d => ',
      'rollup({x: ',
      'orderby(',
      'select(',
      ''
    ),
    scribble,
    fc.constantFrom(')', '})', '')
  )
  .map(parts => parts.join(''));

/** Node types that generated source may hold; anything else would be a way out. */
const ALLOWED = new Set([
  'Program',
  'ExpressionStatement',
  'ArrowFunctionExpression',
  'Identifier',
  'Literal',
  'UnaryExpression',
  'BinaryExpression',
  'LogicalExpression',
  'ConditionalExpression',
  'MemberExpression',
  'CallExpression',
  'ArrayExpression'
]);

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'start' in value
  );
}

/** Check generated source by reading it again, with nothing of our own parser. */
function checkSource(source: string): void {
  const walk = (node: Node, parent: Node | null): void => {
    expect(ALLOWED).toContain(node.type);
    const record = new Map(Object.entries(node));
    if (node.type === 'Identifier') {
      const name = String(record.get('name'));
      const isProperty =
        parent?.type === 'MemberExpression' &&
        new Map(Object.entries(parent)).get('property') === node;
      expect(
        isProperty
          ? /^([ct]\d+|[a-z_0-9]+)$/.test(name)
          : ['d', '$', 'op'].includes(name)
      ).toBe(true);
    }
    if (node.type === 'MemberExpression') {
      expect(record.get('computed')).toBe(false);
      expect(source.slice(node.start, node.end)).toMatch(
        /^(d\.c\d+|\$\.t\d+|op\.[a-z_0-9]+)$/
      );
    }
    if (node.type === 'CallExpression') {
      const callee = record.get('callee');
      expect(isNode(callee) && source.slice(callee.start, callee.end)).toMatch(
        /^op\./
      );
      expect([...FUNCTIONS.keys()]).toContain(
        isNode(callee) ? source.slice(callee.start + 3, callee.end) : ''
      );
    }
    if (node.type === 'Literal') {
      // Texts travel as parameters; none is ever in the source.
      expect(['number', 'boolean', 'object']).toContain(
        typeof record.get('value')
      );
      expect(record.get('regex')).toBeUndefined();
    }
    for (const value of record.values()) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) {
          walk(child, node);
        }
      }
    }
  };
  walk(parse(source, { ecmaVersion: 2020 }), null);
}

/** All expressions of a parsed transform, whatever verb holds them. */
function expressions(value: unknown): Expr[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if ('kind' in value && 'from' in value) {
    return [value as Expr];
  }
  return Object.values(value).flatMap(expressions);
}

describe('random code', () => {
  it('is refused with a place, or means nothing but the allowlist', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          wrapped,
          scribble,
          numeric.map(x => `filter(d => ${x.code})`)
        ),
        code => {
          let verbs;
          try {
            ({ verbs } = parseTransform(code, COLUMNS));
          } catch (error) {
            if (!(error instanceof TransformError)) {
              throw error;
            }
            expect(error.from).toBeLessThanOrEqual(error.to);
            expect(error.to).toBeLessThanOrEqual(
              Math.max(code.length, error.from)
            );
            return;
          }
          accepted++;
          for (const verb of verbs) {
            expect(VERBS.has(verb.verb)).toBe(true);
          }
          for (const expr of expressions(verbs)) {
            checkSource(
              emitFunction(expr, {
                column: name => `c${COLUMNS.indexOf(name) + 1}`,
                text: () => 't1'
              })
            );
          }
        }
      ),
      { numRuns: 1500 }
    );
    // A test in which nothing got through would prove nothing.
    expect(accepted).toBeGreaterThan(300);
  });

  it('never makes the parser throw anything but its own error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), code => {
        try {
          parseVerbs(code);
        } catch (error) {
          expect(error).toBeInstanceOf(TransformError);
        }
      }),
      { numRuns: 2000 }
    );
  });
});
