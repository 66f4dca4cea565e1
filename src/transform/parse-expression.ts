import type {
  Expression,
  Node,
  Pattern,
  PrivateIdentifier,
  SpreadElement,
  Super
} from 'acorn';
import type { ITranslator } from '../workload/translator';
import { TransformError } from './error';
import { isBinaryOp, isUnaryOp } from './expression';
import type { Expr, ILiteral, Scalar } from './expression';
import { FUNCTIONS, arity } from './functions';
import type { IFunction } from './functions';
import { LIMITS } from './limits';
import { nearest } from '../workload/nearest';

/** Any node that can stand where an expression is expected. */
export type AnyNode =
  Expression | SpreadElement | Super | PrivateIdentifier | Pattern;

/** Where a node is in the code. */
export type Span = Pick<Node, 'start' | 'end'>;

/** What is allowed where an expression stands. */
export interface IExpressionRules {
  /** Whether functions over groups or neighbouring rows may be called. */
  readonly aggregates: boolean;
  readonly windows: boolean;
  /** Columns may be read inside aggregates only, as there is one row for a whole group. */
  readonly grouped: boolean;
}

/**
 * Read the function that stands for an expression: `d => …`, `() => …`, or a call of an `op` function with the names of columns,
 * `op.sum('users')`.
 */
export function parseFunction(
  node: AnyNode,
  rules: IExpressionRules,
  trans: ITranslator
): Expr {
  if (node.type === 'CallExpression') {
    return new ExpressionReader(null, rules, trans).directCall(node);
  }
  if (node.type !== 'ArrowFunctionExpression') {
    throw fail(
      node,
      trans.__('Here a function is expected, such as “d => d.users”.')
    );
  }
  if (node.async || node.generator) {
    throw fail(node, trans.__('A function here cannot be async.'));
  }
  if (node.params.length > 1) {
    throw fail(
      node.params[1],
      trans.__('A function here has one parameter, the row.')
    );
  }
  const [param] = node.params;
  if (param && param.type !== 'Identifier') {
    throw fail(
      param,
      trans.__('The parameter must be a plain name, such as “d”.')
    );
  }
  if (param?.name === 'op') {
    throw fail(
      param,
      trans.__(
        '“op” holds the functions; call the row something else, such as “d”.'
      )
    );
  }
  if (node.body.type === 'BlockStatement') {
    throw fail(
      node.body,
      trans.__(
        'Write the expression directly after “=>”, without braces and “return”.'
      )
    );
  }
  return new ExpressionReader(param?.name ?? null, rules, trans).read(
    node.body
  );
}

/** Read a literal, signed numbers included; null when the node is something else. */
export function literalValue(node: AnyNode): Scalar | undefined {
  if (node.type === 'Literal') {
    const { value } = node;
    const plain =
      value === null
        ? node.raw === 'null'
        : typeof value === 'string' ||
          typeof value === 'boolean' ||
          Number.isFinite(value);
    return plain && !(value instanceof RegExp) && typeof value !== 'bigint'
      ? value
      : undefined;
  }
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const value = literalValue(node.argument);
    return typeof value === 'number' ? -value : undefined;
  }
  return undefined;
}

export function fail(node: Span, message: string): TransformError {
  return new TransformError(message, node.start, node.end);
}

class ExpressionReader {
  /** @param param Name of the row; null when the function has none. */
  constructor(
    private readonly param: string | null,
    private readonly rules: IExpressionRules,
    private readonly trans: ITranslator
  ) {}

  /** `op.sum('users')`, where texts name columns. */
  directCall(node: AnyNode): Expr {
    return this.read(node, 0, null, true);
  }

  /**
   * Check a node, and all it holds, and write it down.
   *
   * @param inside The aggregate or window function that the node is an argument of.
   */
  read(
    node: AnyNode,
    depth = 0,
    inside: IFunction | null = null,
    direct = false
  ): Expr {
    const place = { from: node.start, to: node.end };
    this.nodes += 1;
    if (depth > LIMITS.depth || this.nodes > LIMITS.nodes) {
      throw fail(
        node,
        this.trans.__('This expression is too long; derive it in steps.')
      );
    }
    switch (node.type) {
      case 'Literal': {
        const value = literalValue(node);
        if (value === undefined) {
          throw fail(
            node,
            this.trans.__(
              'Only texts, numbers, true, false and null can stand here.'
            )
          );
        }
        return { ...place, kind: 'literal', value };
      }
      case 'UnaryExpression':
        if (!isUnaryOp(node.operator)) {
          throw this.noOperator(node, node.operator);
        }
        return {
          ...place,
          kind: 'unary',
          op: node.operator,
          argument: this.read(node.argument, depth + 1, inside)
        };
      case 'BinaryExpression':
      case 'LogicalExpression':
        if (!isBinaryOp(node.operator)) {
          throw this.noOperator(node, node.operator);
        }
        return {
          ...place,
          kind: 'binary',
          op: node.operator,
          left: this.read(node.left, depth + 1, inside),
          right: this.read(node.right, depth + 1, inside)
        };
      case 'ConditionalExpression':
        return {
          ...place,
          kind: 'conditional',
          test: this.read(node.test, depth + 1, inside),
          yes: this.read(node.consequent, depth + 1, inside),
          no: this.read(node.alternate, depth + 1, inside)
        };
      case 'MemberExpression':
        return this.readColumn(node, inside);
      case 'CallExpression':
        return this.readCall(node, depth, inside, direct);
      case 'Identifier':
        throw this.unknownName(node, node.name);
      default:
        throw fail(
          node,
          this.trans.__(
            'This cannot stand in an expression: only columns of the row, texts, numbers, operators and op functions can.'
          )
        );
    }
  }

  /** `d.users` or `d['users']`. */
  private readColumn(
    node: Extract<Expression, { type: 'MemberExpression' }>,
    inside: IFunction | null
  ): Expr {
    const { object, property } = node;
    if (
      object.type !== 'Identifier' ||
      object.name !== this.param ||
      node.optional
    ) {
      throw object.type === 'Identifier' && object.name === 'op'
        ? fail(
            node,
            this.trans.__('An op function must be called, with parentheses.')
          )
        : object.type === 'Identifier'
          ? this.unknownName(object, object.name)
          : fail(
              node,
              this.trans.__(
                'Only columns of the row can be read, such as “d.users”.'
              )
            );
    }
    const name = node.computed
      ? property.type === 'Literal' && typeof property.value === 'string'
        ? property.value
        : null
      : property.type === 'Identifier'
        ? property.name
        : null;
    if (name === null) {
      throw fail(
        property,
        this.trans.__("A column is named by a text: d['name'].")
      );
    }
    if (this.rules.grouped && inside === null) {
      throw fail(
        node,
        this.trans.__(
          'Here columns stand inside an aggregate, such as “op.sum(d.%1)”.',
          name
        )
      );
    }
    return { from: node.start, to: node.end, kind: 'column', name };
  }

  /** `op.name(…)`. */
  private readCall(
    node: Extract<Expression, { type: 'CallExpression' }>,
    depth: number,
    inside: IFunction | null,
    direct: boolean
  ): Expr {
    const { callee } = node;
    if (
      node.optional ||
      callee.type !== 'MemberExpression' ||
      callee.computed ||
      callee.optional ||
      callee.object.type !== 'Identifier' ||
      callee.object.name !== 'op' ||
      callee.property.type !== 'Identifier'
    ) {
      throw fail(
        callee,
        this.trans.__(
          'Only op functions can be called, such as “op.sum(d.users)”.'
        )
      );
    }
    const { name } = callee.property;
    const fn = FUNCTIONS.get(name);
    if (!fn) {
      const meant = nearest(name, FUNCTIONS.keys());
      throw fail(
        callee.property,
        meant
          ? this.trans.__(
              'There is no function op.%1 here. Is op.%2 meant?',
              name,
              meant
            )
          : this.trans.__('There is no function op.%1 here.', name)
      );
    }
    this.checkKind(callee, name, fn, inside);
    this.checkCount(node, name, fn);
    const within = fn.kind === 'scalar' ? inside : fn;
    const first = node.arguments[0];
    const list =
      name === 'includes' && first.type === 'ArrayExpression'
        ? this.literals(first)
        : null;
    const args = node.arguments.slice(list ? 1 : 0).map((arg, i) => {
      if (
        direct &&
        i < fn.fields &&
        arg.type === 'Literal' &&
        typeof arg.value === 'string'
      ) {
        const column: Expr = {
          from: arg.start,
          to: arg.end,
          kind: 'column',
          name: arg.value
        };
        return column;
      }
      if (
        fn.kind !== 'scalar' &&
        i >= fn.fields &&
        literalValue(arg) === undefined
      ) {
        throw fail(
          arg,
          this.trans.__('This argument of op.%1 must be a plain value.', name)
        );
      }
      return this.read(arg, depth + 1, within);
    });
    return { from: node.start, to: node.end, kind: 'call', name, list, args };
  }

  private checkKind(
    node: Span,
    name: string,
    fn: IFunction,
    inside: IFunction | null
  ): void {
    if (fn.kind === 'scalar') {
      return;
    }
    if (inside !== null) {
      throw fail(
        node,
        this.trans.__(
          'op.%1 cannot stand inside another such function; derive it first.',
          name
        )
      );
    }
    if (
      fn.kind === 'aggregate' ? !this.rules.aggregates : !this.rules.windows
    ) {
      throw fail(
        node,
        this.trans.__(
          'op.%1 cannot be used in this verb; derive it first.',
          name
        )
      );
    }
  }

  private checkCount(
    node: Span & { arguments: unknown[] },
    name: string,
    fn: IFunction
  ): void {
    const [least, most] = arity(fn);
    if (node.arguments.length < least || node.arguments.length > most) {
      throw fail(
        node,
        this.trans.__(
          'op.%1 takes these arguments: (%2).',
          name,
          fn.args.join(', ')
        )
      );
    }
  }

  private literals(
    node: Extract<Expression, { type: 'ArrayExpression' }>
  ): ILiteral[] {
    return node.elements.map(element => {
      const value = element === null ? undefined : literalValue(element);
      this.nodes += 1;
      if (
        element === null ||
        value === undefined ||
        this.nodes > LIMITS.nodes
      ) {
        throw fail(
          element ?? node,
          this.trans.__('A list may hold only texts and numbers.')
        );
      }
      return { from: element.start, to: element.end, kind: 'literal', value };
    });
  }

  private noOperator(node: Span, operator: string): TransformError {
    return fail(
      node,
      this.trans.__('The operator “%1” cannot be used here.', operator)
    );
  }

  private unknownName(node: Span, name: string): TransformError {
    if (name === this.param) {
      return fail(
        node,
        this.trans.__('Name a column of the row, such as “%1.users”.', name)
      );
    }
    return fail(
      node,
      this.param === null
        ? this.trans.__(
            '“%1” is not known here. To read columns, write “d => d.…”.',
            name
          )
        : this.trans.__(
            '“%1” is not known here. Columns are written “%2.%1”, functions “op.%1(…)”.',
            name,
            this.param
          )
    );
  }

  private nodes = 0;
}
