/**
 * What an expression may be, once it is checked. Nothing else can be written down in these types, so
 * whatever is made from them is safe to run; offsets point into the typed code, for messages.
 */
export type Expr =
  | ILiteral
  | IColumnRef
  | (IPlace & {
      readonly kind: 'unary';
      readonly op: UnaryOp;
      readonly argument: Expr;
    })
  | (IPlace & {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
    })
  | (IPlace & {
      readonly kind: 'conditional';
      readonly test: Expr;
      readonly yes: Expr;
      readonly no: Expr;
    })
  | ICall;

/** Offsets in the typed code. */
export interface IPlace {
  readonly from: number;
  readonly to: number;
}

export type Scalar = string | number | boolean | null;

export interface ILiteral extends IPlace {
  readonly kind: 'literal';
  readonly value: Scalar;
}

export interface IColumnRef extends IPlace {
  readonly kind: 'column';
  readonly name: string;
}

/** A call of a function of `FUNCTIONS`; `list` is the literals of `op.includes([…], value)`. */
export interface ICall extends IPlace {
  readonly kind: 'call';
  readonly name: string;
  readonly list: readonly ILiteral[] | null;
  readonly args: readonly Expr[];
}

export const UNARY_OPS = ['!', '-', '+'] as const;
export type UnaryOp = (typeof UNARY_OPS)[number];

export const BINARY_OPS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '**',
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  '??'
] as const;
export type BinaryOp = (typeof BINARY_OPS)[number];

export function isUnaryOp(text: string): text is UnaryOp {
  return (UNARY_OPS as readonly string[]).includes(text);
}

export function isBinaryOp(text: string): text is BinaryOp {
  return (BINARY_OPS as readonly string[]).includes(text);
}

/** The expressions directly inside one. */
export function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'unary':
      return [expr.argument];
    case 'binary':
      return [expr.left, expr.right];
    case 'conditional':
      return [expr.test, expr.yes, expr.no];
    case 'call':
      return expr.args;
  }
}

/** All columns that an expression reads, in the order of the text. */
export function columnRefs(expr: Expr): IColumnRef[] {
  return expr.kind === 'column' ? [expr] : parts(expr).flatMap(columnRefs);
}
