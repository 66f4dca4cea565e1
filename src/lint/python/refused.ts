import type { IRange } from '../finding';
import { assignmentParts, between, parametersOf } from './bindings';
import { argumentsOf } from './calls';
import type { IUnparsed, Step } from './facts';
import type { INode } from './tree';
import type { Walk } from './walk';

/**
 * What Python refuses though its grammar allows it: the compiler's SyntaxErrors. One of them, and nothing of the cell runs.
 *
 * IPython's own liberties are none: `await` and what else is asynchronous may stand outside of functions.
 */
export function refused(
  walk: Walk,
  nodes: readonly INode[]
): readonly IUnparsed[] {
  const search = new Search(walk);
  search.scope(nodes, { kind: 'module', isAsync: true, isLoop: false });
  return search.found.sort((a, b) => a.from - b.from);
}

/**
 * The steps of a cell without `return`, `break` and `continue` that lead nowhere: those that Python refuses, and those that are left of
 * code which cannot be read.
 */
export function withoutStrayExits(
  steps: readonly Step[],
  isLoop = false
): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    switch (step.kind) {
      case 'exit':
        return step.how === 'raise' || (isLoop && step.how !== 'return')
          ? [step]
          : [];
      case 'branch':
        return [
          {
            ...step,
            alternatives: step.alternatives.map(one =>
              withoutStrayExits(one, isLoop)
            )
          }
        ];
      case 'loop':
        return [
          {
            ...step,
            body: withoutStrayExits(step.body, true),
            otherwise: withoutStrayExits(step.otherwise, isLoop)
          }
        ];
      case 'try':
        return [
          {
            ...step,
            body: withoutStrayExits(step.body, isLoop),
            handlers: step.handlers.map(one => withoutStrayExits(one, isLoop)),
            otherwise: withoutStrayExits(step.otherwise, isLoop),
            finally: withoutStrayExits(step.finally, isLoop)
          }
        ];
      default:
        return [step];
    }
  });
}

/** Where a node stands. */
interface IPlace {
  readonly kind: 'module' | 'function' | 'class';
  readonly isAsync: boolean;
  readonly isLoop: boolean;
}

/** What can be neither bound nor deleted. */
const NO_TARGETS: ReadonlySet<string> = new Set(
  `ArithmeticExpression AwaitExpression BinaryExpression Boolean CallExpression ComprehensionExpression ConditionalExpression
  ContinuedString DictionaryComprehensionExpression DictionaryExpression Ellipsis FormatString LambdaExpression None Number
  SetComprehensionExpression SetExpression String UnaryExpression`.split(/\s+/)
);

const GROUPS: ReadonlySet<string> = new Set([
  'ArrayExpression',
  'ParenthesizedExpression',
  'TupleExpression'
]);

class Search {
  constructor(private readonly _walk: Walk) {}

  /** Search a scope of its own. */
  scope(
    nodes: readonly INode[],
    place: IPlace,
    parameters: readonly INode[] = []
  ): void {
    this._declarations(
      nodes,
      new Set(parameters.map(one => this._walk.source.name(one)))
    );
    this._all(nodes, place);
  }

  readonly found: IUnparsed[] = [];

  private _all(nodes: readonly INode[], place: IPlace): void {
    nodes.forEach(node => this._node(node, place));
  }

  private _node(node: INode, place: IPlace): void {
    const { children } = node;
    switch (node.type) {
      case 'FunctionDefinition': {
        const list = children.find(one => one.type === 'ParamList');
        this._parameters(list);
        this._all(
          children.filter(one => one.type === 'ParamList'),
          place
        );
        this.scope(
          children.filter(one => one.type === 'Body'),
          {
            kind: 'function',
            isAsync: children[0].type === 'async',
            isLoop: false
          },
          parametersOf(this._walk.source, list)
        );
        return;
      }
      case 'LambdaExpression':
        this._parameters(children.find(one => one.type === 'ParamList'));
        this._all(children, { ...place, isAsync: true });
        return;
      case 'ClassDefinition':
        this._all(
          children.filter(one => one.type !== 'Body'),
          place
        );
        this.scope(
          children.filter(one => one.type === 'Body'),
          { kind: 'class', isAsync: place.isAsync, isLoop: false }
        );
        return;
      case 'ForStatement':
      case 'WhileStatement': {
        this._async(node, place);
        const end = children.findIndex(one => one.type === 'else');
        const head = end < 0 ? children : children.slice(0, end);
        if (node.type === 'ForStatement') {
          this._targets(between(node, 'for', 'in'));
        }
        this._all(head, { ...place, isLoop: true });
        this._all(children.slice(head.length), place);
        return;
      }
      case 'WithStatement':
        this._async(node, place);
        break;
      case 'ReturnStatement':
        if (place.kind !== 'function') {
          this._tell(node, '“return” stands outside of a function');
        }
        break;
      case 'BreakStatement':
      case 'ContinueStatement':
        if (!place.isLoop) {
          const word = this._walk.source.text(children[0]);
          this._tell(node, `“${word}” stands outside of a loop`);
        }
        break;
      case 'AwaitExpression':
        this._async(node, place);
        break;
      case 'AssignStatement':
        for (const group of assignmentParts(node).targets) {
          this._targets(group);
          if (group.length === 2 && group[0].type === '*') {
            this._tell(node, '“*” stands outside of a list or tuple');
          }
        }
        break;
      case 'UpdateStatement':
        this._targets(children.slice(0, 1));
        if (/^(?:Array|Tuple)Expression$/.test(children[0].type)) {
          this._tell(node, 'a list or tuple cannot be changed so');
        }
        break;
      case 'DeleteStatement':
        this._targets(children.slice(1));
        break;
      case 'ArgList':
        this._arguments(node);
        break;
      case 'ImportStatement':
        if (
          place.kind !== 'module' &&
          children[children.length - 1].type === '*'
        ) {
          this._tell(node, '“import *” stands in a function or class');
        }
        return;
      case 'ScopeStatement':
        if (place.kind === 'module' && children[0].type === 'nonlocal') {
          this._tell(node, '“nonlocal” stands outside of a function');
        }
        return;
      case 'TryStatement':
        if (
          !node.hasError &&
          !children.some(one => /^(?:except|finally)$/.test(one.type))
        ) {
          this._tell(node, '“try” has no “except” and no “finally”');
        }
        break;
      case 'Number':
        if (/^0[\d_]*[1-9][\d_]*$/.test(this._walk.source.text(node))) {
          this._tell(node, 'a whole number begins with 0');
        }
        return;
      case 'String':
        if (
          this._isBytes(node) &&
          /[^\0-\x7f]/.test(this._walk.source.text(node))
        ) {
          this._tell(node, 'bytes have letters other than those of ASCII');
        }
        return;
      case 'ContinuedString':
        if (new Set(children.map(one => this._isBytes(one))).size > 1) {
          this._tell(node, 'bytes and texts are put together');
        }
        break;
    }
    // What a comprehension may await is a matter of its own.
    const isComprehension = children.some(one => one.type === 'for');
    this._all(children, isComprehension ? { ...place, isAsync: true } : place);
  }

  /** `await`, `async for` and `async with`. */
  private _async(node: INode, place: IPlace): void {
    const [first] = node.children;
    if (/^(?:async|await)$/.test(first.type) && !place.isAsync) {
      this._tell(
        node,
        `“${first.type}” stands in a function that is not “async”`
      );
    }
  }

  private _targets(nodes: readonly INode[]): void {
    for (const node of nodes) {
      if (GROUPS.has(node.type)) {
        if (!node.children.some(one => one.type === 'for')) {
          this._targets(node.children);
        }
      } else if (
        NO_TARGETS.has(node.type) &&
        !this._walk.source.islandAt(node) &&
        !/^\s*[*(]/.test(this._walk.source.text(node))
      ) {
        this._tell(
          node,
          'what stands there is no name, attribute or item that could be bound'
        );
      }
    }
  }

  private _parameters(list: INode | undefined): void {
    const names = new Set<string>();
    for (const one of parametersOf(this._walk.source, list)) {
      const name = this._walk.source.name(one);
      if (names.has(name)) {
        this._tell(one, `there are two parameters “${name}”`);
      }
      names.add(name);
    }
  }

  private _arguments(list: INode): void {
    if (list.children.some(one => one.type === 'for')) {
      return;
    }
    const names = new Set<string>();
    let last: string | null = null;
    for (const { node, keyword, star } of argumentsOf(this._walk, list)) {
      if (keyword !== undefined) {
        if (names.has(keyword)) {
          this._tell(node, `the argument “${keyword}” is given twice`);
        }
        names.add(keyword);
        last = '=';
      } else if (star === '**') {
        last = '**';
      } else if (last === '**' || (last === '=' && star === '')) {
        this._tell(
          node,
          'an argument without a name follows one that has a name'
        );
        return;
      }
    }
  }

  /** Tell of `global` below what uses the name in the same scope; of functions, classes and comprehensions within, the name only. */
  private _declarations(nodes: readonly INode[], seen: Set<string>): void {
    nodes.forEach((node, i) => {
      const { type, children } = node;
      if (type === 'ScopeStatement') {
        for (const one of children.filter(
          each => each.type === 'VariableName'
        )) {
          const name = this._walk.source.name(one);
          if (seen.has(name)) {
            const word = this._walk.source.text(children[0]);
            this._tell(node, `“${word} ${name}” stands below what uses it`);
          }
        }
      } else if (type === 'VariableName') {
        if (nodes[i + 1]?.type !== 'AssignOp' || !isArgument(nodes)) {
          seen.add(this._walk.source.name(node));
        }
      } else if (type === 'FunctionDefinition' || type === 'ClassDefinition') {
        this._declarations(
          children.filter(one => one.type === 'VariableName').slice(0, 1),
          seen
        );
      } else if (
        type !== 'ImportStatement' &&
        type !== 'LambdaExpression' &&
        type !== 'MatchStatement' &&
        !(type !== 'ForStatement' && children.some(one => one.type === 'for'))
      ) {
        this._declarations(children, seen);
      }
    });
  }

  private _isBytes(node: INode): boolean {
    return /^[rR]?[bB]/.test(this._walk.source.text(node));
  }

  private _tell(at: IRange, reason: string): void {
    const { from } = at;
    const to = from + this._walk.source.text(at).trimEnd().length;
    this.found.push({ from, to, reason });
  }
}

/** Whether nodes are the children of a list of arguments. */
function isArgument(nodes: readonly INode[]): boolean {
  return nodes[0].type === '(';
}
