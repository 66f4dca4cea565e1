import { TransformError } from '../../src/transform/error';
import { LIMITS } from '../../src/transform/limits';
import { parseTransform } from '../../src/transform/parse';

const COLUMNS = ['package', 'users', 'num jobs'];

function errorOf(
  code: string,
  columns: readonly string[] = COLUMNS
): TransformError {
  try {
    parseTransform(code, columns);
  } catch (error) {
    if (error instanceof TransformError) {
      return error;
    }
    throw error;
  }
  throw new Error(`accepted: ${code}`);
}

/** The part of the code that an error points at. */
function pointed(code: string): string {
  const { from, to } = errorOf(code);
  return code.slice(from, to);
}

describe('parseTransform', () => {
  it('reads nothing as no verbs', () => {
    expect(parseTransform('', COLUMNS).verbs).toEqual([]);
    expect(parseTransform(' \n // later\n', COLUMNS).verbs).toEqual([]);
  });

  it("reads the issue's example", () => {
    const { verbs } = parseTransform(
      "filter(d => d.users >= 5).derive({share: d => d.users / op.sum(d.users)}).orderby(desc('share'))",
      COLUMNS
    );
    expect(verbs.map(verb => verb.verb)).toEqual([
      'filter',
      'derive',
      'orderby'
    ]);
    expect(verbs[0]).toMatchObject({
      from: 0,
      test: {
        kind: 'binary',
        op: '>=',
        left: { kind: 'column', name: 'users' },
        right: { kind: 'literal', value: 5 }
      }
    });
    expect(verbs[2]).toMatchObject({
      keys: [{ descending: true, expr: { kind: 'column', name: 'share' } }]
    });
  });

  it.each([
    "filter(row => row['num jobs'] > 1 && !(row.users == null))",
    "filter(d => op.includes(['numpy', 'scipy'], d.package))",
    'filter((d) => d.users > 1 ? true : false);',
    'derive({a: d => (-d.users) ** 2, b: () => 1, "c d": d => d.users ?? 0})',
    'derive({sum: rolling(d => op.sum(d.users)), m: rolling(d => op.mean(d.users), [-2, Infinity], true)})',
    'derive({before: d => op.lag(d.users, 1, 0), part: d => op.substring(d.package, 0, 3)})',
    "groupby('package').rollup({n: op.count(), s: op.sum('users'), q: d => op.quantile(d.users, 0.5)})",
    "groupby(['package', 'users']).count({as: 'n'})",
    'groupby({letter: d => op.substring(d.package, 0, 1)}).count().ungroup()',
    "select(not('users'), {users: 'people'})",
    "select(all()).select(range('package', 'users'), startswith('num'), endswith('s'))",
    "rename({users: 'people'}).orderby('people', desc(d => op.length(d.package)))",
    "relocate('users', {before: 'package'}).relocate(['package'], {after: 'users'})",
    'slice(-3).slice(0, Infinity).slice(1, 2)',
    "dedupe().dedupe('package').unorder()",
    "pivot('package', 'users')",
    "pivot('package', {total: d => op.sum(d.users), n: op.count()})",
    "fold(['users', 'num jobs'], {as: ['unit', 'n']}).filter(d => d.n > 1)",
    'impute({users: d => op.mean(d.users)})',
    "filter(d => d.users > 1) // enough\n  /* then */ .orderby('users')",
    "pivot('package', 'users').derive({share: d => d.numpy / d.scipy})"
  ])('accepts %s', code => {
    expect(parseTransform(code, COLUMNS).verbs.length).toBeGreaterThan(0);
  });

  it.each([
    ['filtre(d => true)', 'filtre', 'Is “filter” meant?'],
    ['filter(d => d.usres > 5)', 'd.usres', 'Is “users” meant?'],
    [
      "select('package', 'nope here')",
      "'nope here'",
      'There are: package, users, num jobs.'
    ],
    ['derive({a: d => op.summ(d.users)})', 'summ', 'Is op.sum meant?'],
    ['derive({a: d => users})', 'users', 'd.users'],
    ['filter(d => d)', 'd', 'Name a column'],
    [
      'derive({a: d => op.sum(op.mean(d.users))})',
      'op.mean',
      'derive it first'
    ],
    ['rollup({a: d => d.users})', 'd.users', 'op.sum(d.users)'],
    ['rollup({a: d => op.rank()})', 'op.rank', 'cannot be used in this verb'],
    [
      'derive({a: d => op.quantile(d.users)})',
      'op.quantile(d.users)',
      '(value, p)'
    ],
    [
      'derive({a: d => op.quantile(d.users, d.users)})',
      'd.users',
      'plain value'
    ],
    ['filter(d => d.users > 5', '', 'missing at the end'],
    ['filter(d => d.users >> 5)', 'd.users >> 5', '“>>”'],
    ['orderby(users)', 'users', 'd => d.users'],
    ['slice(1.5)', '1.5', 'whole number'],
    ["rename({users: ''})", "''", 'cannot have this name'],
    ['select()', 'select()', "select('package', 'users')"],
    ['filter', 'filter', 'parentheses'],
    ['derive({a: d => 1, a: d => 2})', 'a: d => 2', 'twice'],
    ['count().filter(d => d.users)', 'd.users', 'There are: count.'],
    ['derive({a: rolling(d => op.sum(d.users), [2, 0])})', '2', 'rows before']
  ])('says what is wrong with %s', (code, place, text) => {
    expect(errorOf(code).message).toContain(text);
    expect(pointed(code)).toBe(place);
  });

  it('knows the columns that verbs make and take away', () => {
    expect(() =>
      parseTransform(
        "derive({a: d => 1}).select('a').filter(d => d.a > 0)",
        COLUMNS
      )
    ).not.toThrow();
    expect(
      errorOf("select('users').filter(d => d.package == 'x')").message
    ).toContain('There are: users.');
    expect(errorOf("rename({users: 'u'}).orderby('users')").message).toContain(
      'There are: package, u'
    );
    expect(errorOf("fold(['users']).orderby('users')").message).toContain(
      'key, value'
    );
    expect(
      errorOf("groupby('package').rollup({n: op.count()}).orderby('users')")
        .message
    ).toContain('There are: package, n.');
  });

  it('is bounded in length, verbs, size and depth of expressions', () => {
    expect(
      errorOf(`filter(d => ${' '.repeat(LIMITS.code)}true)`).message
    ).toContain('too long');
    expect(
      errorOf(
        Array(LIMITS.verbs + 1)
          .fill('ungroup()')
          .join('.')
      ).message
    ).toContain(`At most ${LIMITS.verbs} verbs`);
    expect(
      errorOf(`filter(d => ${Array(300).fill('1').join('+')})`).message
    ).toContain('too long');
    expect(errorOf(`filter(d => ${'!'.repeat(100)}true)`).message).toContain(
      'too long'
    );
    expect(
      errorOf(`filter(d => op.greatest(${Array(600).fill('1').join(',')}))`)
        .message
    ).toContain('too long');
    expect(
      errorOf(`filter(d => ${'('.repeat(4900)}1${')'.repeat(4900)})`)
    ).toBeInstanceOf(TransformError);
    expect(errorOf(`filter(d => ${'['.repeat(9000)}`)).toBeInstanceOf(
      TransformError
    );
  });
});
