import type { Expr, ILiteral, Scalar } from './expression';

/**
 * Where canonical source text takes names and texts from. No character that anybody typed ever reaches arquero's compiler:
 * columns go by internal names, and texts are passed as parameters.
 */
export interface INames {
  /** Internal name of a column. */
  column(name: string): string;
  /** Name of a parameter that holds a text. */
  text(value: string): string;
}

/** The source of a table expression for arquero, made from a checked one. */
export function emitFunction(expr: Expr, names: INames): string {
  return `(d, $) => ${emit(expr, names)}`;
}

function emit(expr: Expr, names: INames): string {
  switch (expr.kind) {
    case 'literal':
      return emitValue(expr.value, names);
    case 'column':
      return `d.${names.column(expr.name)}`;
    case 'unary':
      return `(${expr.op} ${emit(expr.argument, names)})`;
    case 'binary': {
      const left = emit(expr.left, names);
      const right = emit(expr.right, names);
      return `(${left} ${looseAboutNothing(expr.op, expr.left, expr.right)} ${right})`;
    }
    case 'conditional':
      return `(${emit(expr.test, names)} ? ${emit(expr.yes, names)} : ${emit(expr.no, names)})`;
    case 'call': {
      const args = expr.args.map(arg => emit(arg, names));
      const list = expr.list === null ? [] : [emitList(expr.list, names)];
      return `op.${expr.name}(${[...list, ...args].join(', ')})`;
    }
  }
}

/**
 * A missing cell is `undefined` while verbs run, because then no comparison with it holds (`null <= 5` would);
 * so "is null" must not mind which of the two it is.
 */
function looseAboutNothing(op: string, left: Expr, right: Expr): string {
  const isNull = [left, right].some(
    side => side.kind === 'literal' && side.value === null
  );
  return isNull && (op === '===' || op === '!==') ? op.slice(0, -1) : op;
}

function emitList(list: readonly ILiteral[], names: INames): string {
  return `[${list.map(item => emitValue(item.value, names)).join(', ')}]`;
}

function emitValue(value: Scalar, names: INames): string {
  switch (typeof value) {
    case 'string':
      return `$.${names.text(value)}`;
    case 'number':
      // Parentheses keep a sign from meeting an operator.
      return Object.is(value, -0) || value < 0
        ? `(- ${-value})`
        : String(value);
    default:
      return String(value);
  }
}
