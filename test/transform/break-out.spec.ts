import { TransformError } from '../../src/transform/error';
import { parseTransform } from '../../src/transform/parse';
import { runTransform } from '../../src/transform/run';
import type { ITable } from '../../src/workload/answer';

/*
 * A view from somebody else is untrusted: nothing but the allowlist may reach arquero's compiler.
 * Every attempt calls this trap when it gets through.
 */
const trap = jest.fn();
beforeAll(() => {
  Object.defineProperty(globalThis, 'trap', {
    value: trap,
    configurable: true
  });
});
beforeEach(() => trap.mockClear());
afterEach(() => {
  expect(trap).not.toHaveBeenCalled();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const TABLE: ITable = {
  columns: ['package', 'users'],
  rows: [
    { package: 'numpy', users: 3 },
    { package: 'scipy', users: 2 }
  ]
};

const REJECTED: readonly string[] = [
  // Ways to the Function constructor.
  'filter(d => d.constructor)',
  "filter(d => d['constructor'])",
  "filter(d => d.users.constructor('trap()')())",
  "filter(d => d.users['constructor'])",
  "filter(d => d['users']['constructor'])",
  "filter(d => ''.constructor)",
  "filter(d => (() => 1).constructor('trap()')())",
  "filter(d => op.constructor('trap()')())",
  "filter(d => op.sum.constructor('trap()')())",
  "filter(d => op['sum'](d.users))",
  "filter(d => op['constructor'])",
  'filter(d => op.toString())',
  'filter(d => op.hasOwnProperty(d.users))',
  'filter(d => op.__proto__)',
  'filter(d => op.__proto__(d.users))',
  'filter(d => op)',
  'filter(d => d.__proto__)',
  "filter(d => d['__proto__'])",
  'filter(d => d.toString)',
  'filter(d => d.hasOwnProperty)',
  // Functions of arquero that are left out.
  'filter(escape(d => trap()))',
  'derive({a: escape(() => trap())})',
  'derive({a: aq.escape(() => trap())})',
  'derive({a: d => op.row_object()})',
  'derive({a: d => op.match(d.package, /a/)})',
  'derive({a: d => op.recode(d.package, {numpy: 1})})',
  'derive({a: d => op.array_agg(d.users)})',
  "derive({a: d => op.repeat('x', 1e9)})",
  'derive({a: d => op.random()})',
  'derive({a: d => op.now()})',
  'derive({a: op.object_agg("package", "users")})',
  'params({a: 1})',
  "join('x')",
  'lookup(trap)',
  'unroll("users")',
  'spread("users")',
  'sample(1)',
  'print()',
  'toJSON()',
  'objects()',
  'constructor()',
  '__proto__()',
  'toString()',
  // Other calls and names.
  'filter(d => trap())',
  'filter(trap)',
  'filter(trap())',
  'trap()',
  'filter(d => Math.max(1, 2))',
  'filter(d => globalThis)',
  'filter(d => window.trap())',
  'filter(d => this.trap())',
  'filter(d => self)',
  'filter(d => arguments)',
  'filter(d => undefined)',
  'filter(d => eval("trap()"))',
  'filter(d => Function("trap()")())',
  'filter(d => $.a)',
  'filter((d, $) => $.a)',
  'filter(d => data.users)',
  'filter(d => row)',
  'filter(d => fn.sum)',
  'filter(op => op.users)',
  // Things that run by themselves.
  'filter(d => `${trap()}`)',
  'filter(d => `users`)',
  'filter(d => trap`x`)',
  'filter(d => op.lower`x`)',
  'filter(d => new Date())',
  "filter(d => import('x'))",
  "import 'x'",
  'export default 1',
  'await trap()',
  'filter(async d => d.users)',
  'filter(async function () {})',
  'filter(function (d) { return trap() })',
  'filter(function* () {})',
  'filter(class { static x = trap() })',
  'filter(d => { trap(); return true })',
  'filter(d => (() => trap())())',
  'filter(d => (trap(), true))',
  'filter((trap(), d => true))',
  'filter(d => true, trap())',
  'filter(d => d.users = 1)',
  'filter(d => d.users++)',
  'filter(d => delete d.users)',
  'filter(d => typeof d.users)',
  'filter(d => void 0)',
  "filter(d => 'users' in d)",
  'filter(d => d instanceof Object)',
  'filter(d => d.users & 1)',
  'filter(d => ~d.users)',
  // Computed access.
  'filter(d => d[trap()])',
  "filter(d => d['us' + 'ers'])",
  'filter(d => d[`users`])',
  'filter(d => d[0])',
  'filter(d => d[d.package])',
  'filter(d => d?.users)',
  "filter(d => d?.['users'])",
  'filter(d => op?.sum(d.users))',
  'filter(d => op.sum?.(d.users))',
  'filter?.(d => true)',
  'filter(d => true)?.ungroup()',
  "filter(d => true)['ungroup']()",
  'filter(d => true)[trap()]()',
  'filter(d => d.users.length)',
  // Parameters.
  'filter((d = trap()) => true)',
  'filter(({users}) => users)',
  'filter(([d]) => true)',
  'filter((...d) => true)',
  'filter(({[trap()]: d}) => true)',
  // Values.
  'filter(d => /x/)',
  'filter(d => 1n)',
  'filter(d => 1e999)',
  'filter(d => [1])',
  'filter(d => ({a: 1}))',
  'filter(d => op.includes([trap()], 1))',
  'filter(d => op.includes([...d.users], 1))',
  'filter(d => op.includes([, 1], 1))',
  'filter(d => op.sum(...d.users))',
  'filter(...[d => true])',
  'filter(true)',
  "filter('trap()')",
  'filter("d => trap()")',
  "derive({a: 'trap()'})",
  'derive({a: 1})',
  // Object literals.
  'derive({get a() { return trap() }})',
  'derive({set a(x) {}})',
  'derive({a() { trap() }})',
  'derive({async a() {}})',
  'derive({[trap()]: d => 1})',
  "derive({['a']: d => 1})",
  'derive({...trap()})',
  'derive({trap})',
  'derive({1: d => 1})',
  'derive({__proto__: d => 1})',
  "derive({'__proto__': d => 1})",
  "derive({'__pro\\u0074o__': d => 1})",
  "rename({users: '__proto__'})",
  "select({users: '__proto__'})",
  "count({as: '__proto__'})",
  "fold(['users'], {as: ['__proto__', 'value']})",
  "fold(['users'], {as: ['a', 'b'], __proto__: 1})",
  'derive([])',
  'derive()',
  'derive({})',
  // Statements.
  'filter(d => true); trap()',
  'filter(d => true)\ntrap()',
  'var a = trap()',
  'if (true) trap()',
  'x: filter(d => true)',
  '{ filter(d => true) }',
  '"use strict"',
  'filter(d => true) <!-- trap()',
  '-->trap()',
  'filter(d => true) + trap()',
  '(filter(d => true), trap())',
  'new filter(d => true)',
  'new.target',
  'super.filter()',
  'filter(d => true).x',
  'table.filter(d => true)',
  'with (trap) filter(d => true)',
  // Texts that would end the generated code.
  `select('"];trap()//')`,
  `rename({'"];trap()//': 'a'})`,
  `pivot('users"];trap()//', 'users')`,
  `orderby('users)');trap();//')`,
  `filter(d => d['users"]);trap();//'])`,
  `groupby('\\u2028trap()')`,
  // Arguments of the wrong kind.
  'orderby(desc(desc("users")))',
  'orderby({a: d => trap()})',
  'select(d => trap())',
  'select(matches(/x/))',
  'select(0)',
  'slice("0")',
  'slice(trap())',
  'slice(d => 1)',
  'count({as: trap()})',
  'count({as: "a", b: 1})',
  'relocate("users", {before: trap()})',
  'relocate("users", {})',
  'groupby(d => d.users)',
  'pivot(d => d.users, "users")',
  'derive({a: rolling(trap(), [-1, 0])})',
  'derive({a: rolling(d => op.sum(d.users), [trap(), 0])})',
  'derive({a: rolling(d => op.sum(d.users), [-1, 0], trap())})',
  'filter(rolling(d => op.sum(d.users)))',
  // Unicode escapes are only another way to write a name.
  'filter(d => d.\\u0063onstructor)',
  'filter(d => \\u0074rap())',
  'filt\\u0065r(d => trap())'
];

describe('attempts to break out', () => {
  it.each(REJECTED)('refuses %s', code => {
    let error: unknown = null;
    try {
      parseTransform(code, TABLE.columns);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TransformError);
    if (error instanceof TransformError) {
      expect(error.from).toBeGreaterThanOrEqual(0);
      expect(error.to).toBeGreaterThanOrEqual(error.from);
      expect(error.to).toBeLessThanOrEqual(code.length);
      expect(error.message).toMatch(/[.:?]$/);
    }
  });

  it('takes hostile names and texts for what they are', () => {
    const name = '"];trap()//\u2028\\u0027';
    const hostile: ITable = {
      columns: ['package', name, 'constructor', "a'b"],
      rows: [
        { package: '__proto__', [name]: 3, constructor: 1, "a'b": 1 },
        { package: 'constructor', [name]: 2, constructor: 2, "a'b": 1 },
        { package: 'constructor', [name]: 5, constructor: 2, "a'b": 1 }
      ]
    };
    const run = (code: string) =>
      runTransform(parseTransform(code, hostile.columns), hostile);
    const quoted = JSON.stringify(name);

    expect(
      run(`derive({${quoted}: d => d[${quoted}] + 1})`).rows[0][name]
    ).toBe(4);
    expect(run('filter(d => d.constructor == 2)').rows).toHaveLength(2);
    expect(
      run(
        `filter(d => d.package != ${JSON.stringify('`${trap()}`\'"); trap(); //')})`
      ).rows
    ).toHaveLength(3);
    expect(run(`groupby('package').rollup({n: op.sum(${quoted})})`)).toEqual({
      columns: ['package', 'n'],
      rows: [
        { package: '__proto__', n: 3 },
        { package: 'constructor', n: 7 }
      ]
    });
    const pivoted = run(
      `groupby('constructor').pivot('package', {n: op.count()})`
    );
    expect(pivoted.columns).toEqual([
      'constructor',
      '__proto__ ',
      'constructor 2'
    ]);
    expect(pivoted.rows.map(row => row['constructor 2'])).toEqual([null, 2]);
    expect(run(`fold([${quoted}, 'constructor'])`).rows[0]).toEqual({
      package: '__proto__',
      "a'b": 1,
      key: name,
      value: 3
    });
  });

  it('does not let texts grow without end', () => {
    const doubling = Array(40)
      .fill('derive({package: d => d.package + d.package})')
      .join('.');
    expect(() =>
      runTransform(parseTransform(doubling, TABLE.columns), TABLE)
    ).toThrow('too long');
  });

  it('does not let rows and columns grow without end', () => {
    const rows = Array.from({ length: 600 }, (_, i) => ({
      package: `p${i}`,
      users: i
    }));
    const many: ITable = { columns: ['package', 'users'], rows };
    expect(() =>
      runTransform(
        parseTransform("pivot('package', 'users')", many.columns),
        many
      )
    ).toThrow('too large: 1 rows and 600 columns');
    const folds = Array(24).fill(
      "derive({a: () => 1, b: () => 1}).fold(['a', 'b'], {as: ['k', 'v']})"
    );
    expect(() =>
      runTransform(parseTransform(folds.join('.'), many.columns), many)
    ).toThrow('too large');
  });
});
