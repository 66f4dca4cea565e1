/**
 * The functions of arquero that expressions may call, by what they do to a table. Left out on purpose: whatever makes
 * or takes arrays, objects or regular expressions, whatever can blow up a text (`repeat`, `padstart`),
 * local time and the clock, and chance: the same transform gives the same table everywhere.
 */
export interface IFunction {
  /** One value from one row; one value from a group; one value for each row from its neighbours. */
  readonly kind: 'scalar' | 'aggregate' | 'window';
  /** Names of the arguments, for completion; a trailing `?` marks those that may be left out, `…` any number. */
  readonly args: readonly string[];
  /** How many of the leading arguments are expressions over columns; the others are literals. All, for scalars. */
  readonly fields: number;
}

function scalar(args: string): IFunction {
  const names = list(args);
  return { kind: 'scalar', args: names, fields: names.length };
}

function aggregate(args: string, fields = list(args).length): IFunction {
  return { kind: 'aggregate', args: list(args), fields };
}

function over(args: string, fields: number): IFunction {
  return { kind: 'window', args: list(args), fields };
}

function list(args: string): string[] {
  return args === '' ? [] : args.split(' ');
}

/** By name, as written after `op.`; a `Map`, so that no inherited name is ever found. */
export const FUNCTIONS: ReadonlyMap<string, IFunction> = new Map([
  ['abs', scalar('value')],
  ['ceil', scalar('value')],
  ['floor', scalar('value')],
  ['round', scalar('value')],
  ['trunc', scalar('value')],
  ['sign', scalar('value')],
  ['sqrt', scalar('value')],
  ['cbrt', scalar('value')],
  ['exp', scalar('value')],
  ['log', scalar('value')],
  ['log2', scalar('value')],
  ['log10', scalar('value')],
  ['log1p', scalar('value')],
  ['pow', scalar('base exponent')],
  ['greatest', scalar('value …')],
  ['least', scalar('value …')],
  ['is_nan', scalar('value')],
  ['is_finite', scalar('value')],
  ['bin', scalar('value min max step offset?')],
  ['equal', scalar('a b')],
  ['lower', scalar('text')],
  ['upper', scalar('text')],
  ['trim', scalar('text')],
  ['length', scalar('text')],
  ['substring', scalar('text start end?')],
  ['startswith', scalar('text search')],
  ['endswith', scalar('text search')],
  ['includes', scalar('textOrList value')],
  ['parse_int', scalar('text radix?')],
  ['parse_float', scalar('text')],
  ['parse_date', scalar('text')],
  ['format_utcdate', scalar('date shorten?')],
  ['utcyear', scalar('date')],
  ['utcquarter', scalar('date')],
  ['utcmonth', scalar('date')],
  ['utcdate', scalar('date')],
  ['utcdayofweek', scalar('date')],

  ['count', aggregate('')],
  ['any', aggregate('value')],
  ['sum', aggregate('value')],
  ['product', aggregate('value')],
  ['mean', aggregate('value')],
  ['average', aggregate('value')],
  ['min', aggregate('value')],
  ['max', aggregate('value')],
  ['median', aggregate('value')],
  ['mode', aggregate('value')],
  ['quantile', aggregate('value p', 1)],
  ['variance', aggregate('value')],
  ['variancep', aggregate('value')],
  ['stdev', aggregate('value')],
  ['stdevp', aggregate('value')],
  ['covariance', aggregate('a b')],
  ['covariancep', aggregate('a b')],
  ['corr', aggregate('a b')],
  ['distinct', aggregate('value')],
  ['valid', aggregate('value')],
  ['invalid', aggregate('value')],

  ['row_number', over('', 0)],
  ['rank', over('', 0)],
  ['avg_rank', over('', 0)],
  ['dense_rank', over('', 0)],
  ['percent_rank', over('', 0)],
  ['cume_dist', over('', 0)],
  ['ntile', over('buckets', 0)],
  ['lag', over('value offset? default?', 1)],
  ['lead', over('value offset? default?', 1)],
  ['first_value', over('value', 1)],
  ['last_value', over('value', 1)],
  ['nth_value', over('value n', 1)],
  ['fill_down', over('value default?', 1)],
  ['fill_up', over('value default?', 1)]
]);

/** Least and greatest number of arguments. */
export function arity(fn: IFunction): readonly [number, number] {
  const open = fn.args.includes('…');
  const needed = fn.args.filter(name => name !== '…' && !name.endsWith('?'));
  return [needed.length, open ? Infinity : fn.args.length];
}
