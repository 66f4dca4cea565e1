import type { CallExpression, Property } from 'acorn';
import type { ITranslator } from '../workload/translator';
import type { TransformError } from './error';
import { fail, literalValue, parseFunction } from './parse-expression';
import type { AnyNode, IExpressionRules, Span } from './parse-expression';
import { VERBS } from './verbs';
import type { Choice, IFrame, IMade, IName, IRenamed, ISortKey } from './verbs';

/** What may be called in an expression that sorts, groups or fills in. */
export const NO_WINDOWS: IExpressionRules = {
  aggregates: true,
  windows: false,
  grouped: false
};

/** Reads the arguments of one verb; whatever is not expected is an error at its place. */
export class VerbReader {
  constructor(
    private readonly verb: string,
    private readonly node: CallExpression,
    private readonly trans: ITranslator
  ) {}

  count(least: number, most = Infinity): void {
    const { length } = this.node.arguments;
    if (length < least || length > most) {
      throw this.misused(this.node);
    }
  }

  /** Arguments, with lists of them opened. */
  flat(nodes: readonly AnyNode[]): AnyNode[] {
    return nodes.flatMap((node): AnyNode[] =>
      node.type === 'ArrayExpression'
        ? node.elements.map(element => {
            if (!element) {
              throw this.misused(node);
            }
            return element;
          })
        : [node]
    );
  }

  /** A column's name as a text. */
  name(node: AnyNode): IName {
    if (node.type !== 'Literal' || typeof node.value !== 'string') {
      throw fail(
        node,
        this.trans.__(
          "Here the name of a column is expected, as a text: 'users'."
        )
      );
    }
    return { name: node.value, from: node.start, to: node.end };
  }

  /** A name that a column is to get. */
  newName(node: AnyNode): IName {
    const name = this.name(node);
    this.checkNew(name);
    return name;
  }

  /** `{name: d => …, …}`. */
  made(node: AnyNode, rules: IExpressionRules, rolling = false): IMade[] {
    const made = this.properties(node).map(([name, value]) => {
      this.checkNew(name);
      if (rolling && isCallOf(value, 'rolling')) {
        return this.rolling(name, value, rules);
      }
      return {
        name,
        expr: parseFunction(value, rules, this.trans),
        frame: null
      };
    });
    if (made.length === 0) {
      throw this.misused(node);
    }
    return made;
  }

  /** `{old: 'new', …}`. */
  renamed(node: AnyNode): IRenamed[] {
    return this.properties(node).map(([column, value]) => ({
      column,
      as: this.newName(value)
    }));
  }

  choice(node: AnyNode): Choice {
    if (node.type === 'Literal') {
      const column = this.name(node);
      return { kind: 'names', names: [{ column, as: column }] };
    }
    if (node.type === 'ObjectExpression') {
      return { kind: 'names', names: this.renamed(node) };
    }
    if (node.type === 'ArrayExpression') {
      return {
        kind: 'names',
        names: this.flat([node]).map(element => {
          const column = this.name(element);
          return { column, as: column };
        })
      };
    }
    if (
      node.type === 'CallExpression' &&
      !node.optional &&
      node.callee.type === 'Identifier'
    ) {
      const args = node.arguments;
      switch (node.callee.name) {
        case 'all':
          if (args.length === 0) {
            return { kind: 'all' };
          }
          break;
        case 'not':
          if (args.length > 0) {
            return {
              kind: 'not',
              choices: args.map(arg => this.innerChoice(arg))
            };
          }
          break;
        case 'range':
          if (args.length === 2) {
            return {
              kind: 'range',
              first: this.name(args[0]),
              last: this.name(args[1])
            };
          }
          break;
        case 'startswith':
        case 'endswith':
          if (args.length === 1) {
            return { kind: node.callee.name, text: this.name(args[0]).name };
          }
      }
    }
    throw fail(
      node,
      this.trans.__(
        "Here columns are expected: 'users', not('users'), all(), range('a', 'b'), startswith('a') or endswith('a')."
      )
    );
  }

  sortKey(node: AnyNode): ISortKey {
    if (isCallOf(node, 'desc')) {
      if (node.arguments.length !== 1 || isCallOf(node.arguments[0], 'desc')) {
        throw this.misused(node);
      }
      return { ...this.sortKey(node.arguments[0]), descending: true };
    }
    return {
      expr:
        node.type === 'Literal'
          ? { ...this.name(node), kind: 'column' }
          : parseFunction(node, NO_WINDOWS, this.trans),
      descending: false
    };
  }

  /** `{as: 'name'}`: which of the options, and its text. */
  option(node: AnyNode, keys: readonly string[]): [string, IName] {
    const properties = this.properties(node);
    const [key, value] = properties[0] ?? [];
    if (properties.length !== 1 || !key || !value || !keys.includes(key.name)) {
      throw this.misused(node);
    }
    return [
      key.name,
      key.name === 'as' ? this.newName(value) : this.name(value)
    ];
  }

  /** A whole number; null for `Infinity`, where it is allowed. */
  whole(node: AnyNode, open = false): number | null {
    if (open && node.type === 'Identifier' && node.name === 'Infinity') {
      return null;
    }
    const value = literalValue(node);
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw fail(node, this.trans.__('Here a whole number is expected.'));
    }
    return value;
  }

  /** `{as: ['key', 'value']}` of a fold. */
  foldNames(
    node: AnyNode | null,
    call: CallExpression
  ): readonly [IName, IName] {
    const place = { from: call.start, to: call.end };
    if (!node) {
      return [
        { ...place, name: 'key' },
        { ...place, name: 'value' }
      ];
    }
    const properties = this.properties(node);
    const [key, value] = properties[0] ?? [];
    const names =
      key?.name === 'as' && value?.type === 'ArrayExpression'
        ? this.flat([value])
        : [];
    if (properties.length !== 1 || names.length !== 2) {
      throw this.misused(node);
    }
    return [this.newName(names[0]), this.newName(names[1])];
  }

  /** `not` takes texts and the other choices, but renames nothing. */
  private innerChoice(node: AnyNode): Choice {
    if (node.type === 'ObjectExpression') {
      throw this.misused(node);
    }
    return this.choice(node);
  }

  private rolling(
    name: IName,
    node: CallExpression,
    rules: IExpressionRules
  ): IMade {
    const [fn, frame, peers] = node.arguments;
    const extra = node.arguments.length > 3;
    const ties = peers ? literalValue(peers) : false;
    if (!fn || extra || typeof ties !== 'boolean') {
      throw this.misused(node);
    }
    return {
      name,
      expr: parseFunction(fn, rules, this.trans),
      frame: { ...this.frame(frame), peers: ties }
    };
  }

  /** `[before, after]` of `rolling`; without it all rows up to the current one. */
  private frame(node: AnyNode | undefined): Pick<IFrame, 'before' | 'after'> {
    if (!node) {
      return { before: null, after: 0 };
    }
    const ends = node.type === 'ArrayExpression' ? this.flat([node]) : [];
    if (ends.length !== 2) {
      throw fail(
        node,
        this.trans.__('Here two numbers of rows are expected, such as [-2, 0].')
      );
    }
    // arquero takes the absolute values; a sign that means nothing would mislead.
    const before = this.end(ends[0], -1);
    const after = this.end(ends[1], 1);
    return { before, after };
  }

  private end(node: AnyNode, sign: -1 | 1): number | null {
    const bare =
      sign === -1 && node.type === 'UnaryExpression' && node.operator === '-'
        ? node.argument
        : node;
    if (
      bare.type === 'Identifier' &&
      bare.name === 'Infinity' &&
      (sign === 1 || bare !== node)
    ) {
      return null;
    }
    const value = this.whole(node) ?? 0;
    if (value * sign < 0) {
      throw fail(
        node,
        this.trans.__(
          'A frame goes from rows before (0 or less) to rows after (0 or more).'
        )
      );
    }
    return Math.abs(value);
  }

  /** Names and values of an object literal that holds nothing but plain properties. */
  private properties(node: AnyNode): [IName, AnyNode][] {
    if (node.type !== 'ObjectExpression') {
      throw this.misused(node);
    }
    const seen = new Set<string>();
    return node.properties.map(property => {
      if (
        property.type !== 'Property' ||
        property.kind !== 'init' ||
        property.method ||
        property.shorthand ||
        property.computed
      ) {
        throw fail(property, this.trans.__('Write “name: value” here.'));
      }
      const name = this.key(property);
      if (seen.has(name.name)) {
        throw fail(property, this.trans.__('“%1” is given twice.', name.name));
      }
      seen.add(name.name);
      return [name, property.value];
    });
  }

  private key({ key }: Property): IName {
    if (key.type === 'Identifier') {
      return { name: key.name, from: key.start, to: key.end };
    }
    return this.name(key);
  }

  private checkNew(name: IName): void {
    if (
      name.name === '' ||
      name.name.length > 200 ||
      name.name === '__proto__'
    ) {
      throw fail(
        { start: name.from, end: name.to },
        this.trans.__('A column cannot have this name.')
      );
    }
  }

  private misused(node: Span): TransformError {
    return fail(
      node,
      this.trans.__(
        '“%1” is written like this: %2.',
        this.verb,
        VERBS.get(this.verb) ?? ''
      )
    );
  }
}

function isCallOf(node: AnyNode, name: string): node is CallExpression {
  return (
    node.type === 'CallExpression' &&
    !node.optional &&
    node.callee.type === 'Identifier' &&
    node.callee.name === name
  );
}
