import { argumentsOf, readCall } from './calls';
import { constantOf } from './conditions';
import {
  defineLambda,
  readComprehension,
  readGenerator,
  readLambda
} from './definitions';
import type { IGiven, IUse, Value } from './facts';
import { mayRun } from './inline';
import { islandSteps } from './islands';
import { keywordParts, partsOf } from './parts';
import { asksTruth, callsMethod, formats, operates } from './protocols';
import { isUnknownText, textOf } from './texts';
import type { INode } from './tree';
import { madeOf, merged, withText } from './values';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** What `x.name` has after its last dot; empty for anything else. */
export function methodName(walk: Walk, callee: INode): string {
  return callee.type === 'MemberExpression' && callee.children[1]?.type === '.'
    ? walk.source.textOf(callee.children[2])
    : '';
}

/** A name with the attributes that are read of it: `a.b.c`; null for anything else. */
export function dottedName(
  node: INode
): { readonly root: INode; readonly attributes: readonly INode[] } | null {
  const attributes: INode[] = [];
  let at = node;
  while (at.type === 'MemberExpression' && at.children[1]?.type === '.') {
    if (at.children[2] === undefined) {
      return null;
    }
    attributes.unshift(at.children[2]);
    at = at.children[0];
  }
  return at.type === 'VariableName' ? { root: at, attributes } : null;
}

/** The node inside parentheses. */
export function inner(node: INode): INode {
  return node.type === 'ParenthesizedExpression' && node.children.length === 3
    ? inner(node.children[1])
    : node;
}

/** Emits what evaluating an expression does. `how` says what becomes of its value. */
export function read(walk: Walk, node: INode, how: IUse['how'] = 'read'): void {
  const { source } = walk;
  switch (node.type) {
    case 'VariableName':
      if (source.text(node) !== 'yield') {
        walk.use(source.name(node), node, how);
      }
      return;
    case 'MemberExpression':
      readMember(walk, node, how);
      return;
    case 'CallExpression':
      readCall(walk, node);
      return;
    case 'NamedExpression':
      readWalrus(walk, node);
      return;
    case 'BinaryExpression':
      readBinary(walk, node);
      return;
    case 'ConditionalExpression':
      readConditional(walk, node, how);
      return;
    case 'LambdaExpression':
      readLambdaLater(walk, node, how);
      return;
    case 'ComprehensionExpression':
      walk.steps.push(...readGenerator(walk, node));
      return;
    case 'ArrayComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
      readComprehension(walk, node);
      return;
    case 'ParenthesizedExpression':
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
    case 'DictionaryExpression':
    case 'UnaryExpression':
    case 'AwaitExpression':
      for (const child of node.children) {
        const isSame = how === 'argument' || inner(node) === child;
        read(walk, child, isSame ? how : 'read');
      }
      return;
    case 'Number': {
      const island = source.islandAt(node);
      if (island !== undefined) {
        islandSteps(walk, island);
      }
      return;
    }
    case 'FormatString':
      readFormat(walk, node);
      return;
    case 'String':
    case 'PropertyName':
    case 'Boolean':
      return;
    default:
      for (const child of node.children) {
        read(walk, child);
      }
  }
}

/** Reads an expression of whose object nothing is kept that may change it: a part of it is read, or it gets another name. */
export function readKept(
  walk: Walk,
  node: INode,
  how: IUse['how'] = 'read'
): void {
  if (node.type === 'VariableName' && walk.source.text(node) !== 'yield') {
    walk.use(walk.source.name(node), node, how, [], undefined, true);
  } else {
    read(walk, node, how);
  }
}

/**
 * Emits what evaluating an expression does, and says what is known of its value; the body of a lambda waits for its call.
 *
 * @param isNamed - Whether what it gives gets a name, and is not put into something else.
 */
export function evaluate(walk: Walk, node: INode, isNamed = true): Value {
  const { source } = walk;
  switch (node.type) {
    case 'ParenthesizedExpression':
      return node.children.length === 3
        ? evaluate(walk, node.children[1], isNamed)
        : (read(walk, node), UNKNOWN);
    case 'LambdaExpression':
      return { kind: 'function', ...defineLambda(walk, node) };
    case 'ComprehensionExpression': {
      const body = readGenerator(walk, node);
      return body.length > 0 ? { kind: 'function', body } : UNKNOWN;
    }
    case 'NamedExpression':
      return readWalrus(walk, node);
    case 'AwaitExpression':
      return evaluate(walk, node.children[1]);
    case 'ConditionalExpression': {
      const [body, , test, , otherwise] = node.children;
      const values: Value[] = [];
      branch(
        walk,
        test,
        () => values.push(evaluate(walk, body, false)),
        () => values.push(evaluate(walk, otherwise, false))
      );
      return merged(values);
    }
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
    case 'DictionaryExpression': {
      const parts = partsOf(walk, node);
      const value = merged(
        node.children
          .filter(
            child => child.children.length > 0 || /^[A-Z]/.test(child.type)
          )
          .map(child => evaluate(walk, child, false))
      );
      return parts === null ? value : { kind: 'parts', parts, value };
    }
  }
  const text = textOf(walk, node, 'value');
  const before = walk.steps.length;
  if (node.type === 'VariableName' && isNamed) {
    readKept(walk, node);
  } else {
    read(walk, node, node.type === 'BinaryExpression' ? 'argument' : 'read');
  }
  if (!isUnknownText(text) && node.type !== 'VariableName') {
    return { kind: 'text', text };
  }
  if (node.type === 'VariableName') {
    const known = walk.localText(source.name(node));
    if (known !== undefined) {
      return { kind: 'text', text: known };
    }
  }
  const value = madeOf(walk, node, walk.steps.slice(before));
  const parts =
    node.type === 'CallExpression'
      ? keywordParts(
          source.text(node.children[0]).replace(/\s/g, ''),
          walk,
          argumentsOf(walk, node.children[1])
        )
      : null;
  return parts === null
    ? withText(value, text)
    : { kind: 'parts', parts, value };
}

/** Runs one of two ways by what a test says, as far as that can be told. */
export function branch(
  walk: Walk,
  test: INode,
  then: () => void,
  otherwise: () => void
): void {
  read(walk, test);
  asksTruth(walk, test);
  const constant = constantOf(walk, test);
  if (constant !== null) {
    (constant ? then : otherwise)();
    return;
  }
  const alternatives = [walk.collect(then), walk.collect(otherwise)];
  if (alternatives.some(steps => steps.length > 0)) {
    walk.emit({ kind: 'branch', alternatives });
  }
}

/** A lambda that is called here, handed to a call, which calls it as a loop runs its body, or put away. */
function readLambdaLater(walk: Walk, node: INode, how: IUse['how']): void {
  const body = readLambda(walk, node);
  if (how === 'call') {
    walk.steps.push(...body);
  } else if (how === 'read') {
    walk.steps.push(...mayRun(body));
  } else if (body.length > 0) {
    walk.emit({ kind: 'loop', body, atLeastOnce: false, otherwise: [] });
  }
}

/** @param given - What it is called with, where it is. */
export function readMember(
  walk: Walk,
  node: INode,
  how: IUse['how'],
  given?: readonly IGiven[]
): void {
  const { source } = walk;
  const dotted = dottedName(node);
  if (dotted !== null) {
    const attributes = dotted.attributes.map(one => source.name(one));
    walk.use(source.name(dotted.root), dotted.root, how, attributes);
    return;
  }
  const [base, sign, ...rest] = node.children;
  readKept(walk, base, how);
  if (sign?.type === '.' && rest[0] !== undefined) {
    callsMethod(walk, base, [source.name(rest[0])], how, given);
  }
  if (sign?.type === '[') {
    for (const child of rest) {
      read(walk, child);
    }
    callsMethod(walk, base, ['__getitem__', '__class_getitem__']);
  }
}

function readWalrus(walk: Walk, node: INode): Value {
  const [name, , value] = node.children;
  if (value === undefined) {
    return UNKNOWN;
  }
  const known = evaluate(walk, value);
  if (name.type === 'VariableName') {
    walk.bind(walk.source.name(name), name, 'assignment', known);
  }
  return known;
}

function readBinary(walk: Walk, node: INode): void {
  const [left, operator, ...rest] = node.children;
  if (operator !== undefined && walk.source.text(operator) === ':=') {
    readWalrus(walk, node);
    return;
  }
  const sign = walk.source.textOf(operator);
  const isAsked = /^(?:[<>]=?|[=!]=|in|not|is)$/.test(sign);
  (isAsked ? readKept : read)(walk, left);
  if (operator?.type === 'and' || operator?.type === 'or') {
    const constant = constantOf(walk, left);
    if (constant === (operator.type === 'or')) {
      return;
    }
    const right = () => rest.forEach(child => read(walk, child));
    if (constant !== null) {
      right();
      return;
    }
    const steps = walk.collect(right);
    if (steps.length > 0) {
      walk.emit({ kind: 'branch', alternatives: [steps, []] });
    }
    return;
  }
  for (const child of rest) {
    (isAsked ? readKept : read)(walk, child);
  }
  operates(walk, sign, left, rest.at(-1));
}

/** The fields of an f-string, with what `str` or `repr` calls. */
function readFormat(walk: Walk, node: INode): void {
  for (const field of node.children) {
    read(walk, field);
    const [, value, ...rest] = field.children;
    if (value !== undefined) {
      const isRepr = /^![ra]/.test(
        rest.map(one => walk.source.text(one)).join('')
      );
      formats(walk, value, isRepr);
    }
  }
}

function readConditional(walk: Walk, node: INode, how: IUse['how']): void {
  const [body, , test, , otherwise] = node.children;
  if (otherwise === undefined) {
    node.children.forEach(child => read(walk, child));
    return;
  }
  branch(
    walk,
    test,
    () => read(walk, body, how),
    () => read(walk, otherwise, how)
  );
}
