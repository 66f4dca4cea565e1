import type { CallExpression } from 'acorn';
import type { ITranslator } from '../workload/translator';
import type { Expr } from './expression';
import { fail, parseFunction } from './parse-expression';
import type { IExpressionRules } from './parse-expression';
import { NO_WINDOWS, VerbReader } from './verb-arguments';
import type { IMade, IName, Verb } from './verbs';

const EVERYTHING: IExpressionRules = {
  aggregates: true,
  windows: true,
  grouped: false
};
const PER_GROUP: IExpressionRules = {
  aggregates: true,
  windows: false,
  grouped: true
};

/**
 * Check one verb's arguments and write it down.
 *
 * @param name A name of `VERBS`.
 * @param from Where that name begins in the code.
 */
export function parseVerb(
  name: string,
  node: CallExpression,
  from: number,
  trans: ITranslator
): Verb {
  const place = { from, to: node.end };
  const read = new VerbReader(name, node, trans);
  const args = node.arguments;
  switch (name) {
    case 'filter':
      read.count(1, 1);
      return {
        ...place,
        verb: name,
        test: parseFunction(args[0], EVERYTHING, trans)
      };
    case 'derive':
      read.count(1, 1);
      return {
        ...place,
        verb: name,
        made: read.made(args[0], EVERYTHING, true)
      };
    case 'impute':
      read.count(1, 1);
      return { ...place, verb: name, made: read.made(args[0], NO_WINDOWS) };
    case 'rollup':
      read.count(1, 1);
      return { ...place, verb: name, made: read.made(args[0], PER_GROUP) };
    case 'groupby':
      read.count(1);
      return {
        ...place,
        verb: name,
        keys: read
          .flat(args)
          .flatMap(arg =>
            arg.type === 'ObjectExpression'
              ? read.made(arg, NO_WINDOWS)
              : [columnItself(read.name(arg))]
          )
      };
    case 'ungroup':
    case 'unorder':
      read.count(0, 0);
      return { ...place, verb: name };
    case 'orderby':
      read.count(1);
      return {
        ...place,
        verb: name,
        keys: read.flat(args).map(arg => read.sortKey(arg))
      };
    case 'count':
      read.count(0, 1);
      return {
        ...place,
        verb: name,
        as: args[0]
          ? read.option(args[0], ['as'])[1]
          : { from, to: node.end, name: 'count' }
      };
    case 'select':
      read.count(1);
      return {
        ...place,
        verb: name,
        choices: args.map(arg => read.choice(arg))
      };
    case 'dedupe':
      return {
        ...place,
        verb: name,
        choices: args.map(arg => read.choice(arg))
      };
    case 'rename':
      read.count(1);
      return {
        ...place,
        verb: name,
        names: args.flatMap(arg => read.renamed(arg))
      };
    case 'relocate': {
      read.count(2, 2);
      const [side, anchor] = read.option(args[1], ['before', 'after']);
      return {
        ...place,
        verb: name,
        choices: read.flat([args[0]]).map(arg => read.choice(arg)),
        side: side === 'before' ? 'before' : 'after',
        anchor
      };
    }
    case 'slice':
      read.count(1, 2);
      return {
        ...place,
        verb: name,
        start: read.whole(args[0]) ?? 0,
        end: args[1] ? read.whole(args[1], true) : null
      };
    case 'pivot':
      read.count(2, 2);
      return {
        ...place,
        verb: name,
        on: read.name(args[0]),
        values: read
          .flat([args[1]])
          .flatMap(arg =>
            arg.type === 'ObjectExpression'
              ? read.made(arg, PER_GROUP)
              : [anyOf(read.name(arg))]
          )
      };
    case 'fold':
      read.count(1, 2);
      return {
        ...place,
        verb: name,
        choices: read.flat([args[0]]).map(arg => read.choice(arg)),
        as: read.foldNames(args[1] ?? null, node)
      };
    default:
      throw fail(node, trans.__('There is no verb “%1”.', name));
  }
}

/** The value of a column as it is. */
function columnItself(name: IName): IMade {
  return { name, expr: { ...name, kind: 'column' }, frame: null };
}

/** One of the values of a column: what `pivot('a', 'b')` puts in its cells. */
function anyOf(name: IName): IMade {
  const { from, to } = name;
  const column: Expr = { ...name, kind: 'column' };
  return {
    name,
    expr: { from, to, kind: 'call', name: 'any', list: null, args: [column] },
    frame: null
  };
}
