import { defineClass, defineFunction } from './definitions';
import { read } from './expressions';
import type { Text, Value } from './facts';
import type { INode } from './tree';
import { child } from './walk';
import type { Walk } from './walk';

/** `def` and `class`, with their decorators. */
export function define(walk: Walk, node: INode): void {
  const definition =
    node.type === 'DecoratedStatement'
      ? node.children[node.children.length - 1]
      : node;
  for (const decorator of node.children) {
    if (decorator.type === 'Decorator') {
      decorate(walk, decorator);
    }
  }
  const name = child(definition, 'VariableName');
  if (name === undefined) {
    return;
  }
  const isFunction = definition.type === 'FunctionDefinition';
  const value = isFunction
    ? decorated(
        walk,
        node,
        defineFunction(walk, definition, isStatic(walk, node))
      )
    : defineClass(walk, definition, decoratorTexts(walk, node));
  const accessor = isFunction && accessorOf(walk, node);
  if (accessor && value.kind === 'function' && walk.scope.kind === 'class') {
    // Beside the property, which stays what it is.
    walk.scope.addBody(accessor, value.body, null);
    return;
  }
  const by = isFunction ? 'function' : 'class';
  walk.bind(walk.source.name(name), name, by, value);
  const isGlobal = walk.scope.owner(walk.source.name(name)) === null;
  if (isFunction && isGlobal && !decoratorTexts(walk, node).every(keepsCalls)) {
    // The decorator is handed the function, and may call it at once, as `interact` of ipywidgets does.
    walk.use(walk.source.name(name), name, 'argument', []);
  }
}

/** Decorators that hand a function what it is given. */
const HANDS_OVER =
  /^@(?:\w+\.)*(?:cache|cached_property|classmethod|contextmanager|lru_cache|njit|jit|property|staticmethod)\b/;

/** Whether a decorator is known not to call the function that it is handed. */
function keepsCalls(text: string): boolean {
  return HANDS_OVER.test(text) || /^@(?:dask\.)?delayed\b/.test(text);
}

function decoratorTexts(walk: Walk, node: INode): string[] {
  return node.children
    .filter(one => one.type === 'Decorator')
    .map(one => walk.source.text(one).replace(/\s/g, ''));
}

/** What a function is under its decorators: others than well-known ones may give it anything. */
function decorated(walk: Walk, node: INode, value: Value): Value {
  const texts = decoratorTexts(walk, node);
  if (value.kind !== 'function' || texts.length === 0) {
    return value;
  }
  const { body, parameters = [] } = value;
  const isSame = texts.every(text =>
    /^@(?:\w+\.)*(?:cache|lru_cache|staticmethod)\b/.test(text)
  );
  if (!texts.every(text => HANDS_OVER.test(text))) {
    const decorators = texts
      .map(text => text.slice(1))
      .filter(
        text => /^[^\W\d]\w*$/u.test(text) && walk.scope.readsGlobal(text)
      );
    return { kind: 'function', body, decorators };
  }
  if (texts.some(text => /property\b/.test(text))) {
    return { ...withoutGiven(value), isProperty: true };
  }
  return texts.includes('@classmethod')
    ? {
        kind: 'function',
        body,
        parameters: parameters.slice(1),
        isBound: false
      }
    : texts.includes('@staticmethod')
      ? { ...value, isBound: false }
      : isSame
        ? value
        : withoutGiven(value);
}

/** A function of which nobody can tell what it gives back. */
function withoutGiven<T extends { readonly gives?: Text }>(value: T): T {
  return { ...value, gives: undefined };
}

/** A decorator is a dotted name, called, or with arguments; its names stand side by side in the tree. */
function decorate(walk: Walk, node: INode): void {
  const { source } = walk;
  const [root, ...attributes] = node.children.filter(
    one => one.type === 'VariableName'
  );
  const list = child(node, 'ArgList');
  if (list !== undefined) {
    const isComprehension = list.children.some(one => one.type === 'for');
    if (!isComprehension) {
      list.children.forEach((one, i) => {
        if (list.children[i + 1]?.type !== 'AssignOp') {
          read(walk, one, 'argument');
        }
      });
    }
  }
  if (root !== undefined) {
    walk.use(
      source.name(root),
      root,
      'call',
      attributes.map(one => source.name(one))
    );
  }
}

function isStatic(walk: Walk, node: INode): boolean {
  return node.children.some(
    one =>
      one.type === 'Decorator' &&
      walk.source.text(one).trim() === '@staticmethod'
  );
}

/** `x.setter` or `x.deleter` of `@x.setter` and `@x.deleter`; null where there is none. */
function accessorOf(walk: Walk, node: INode): string | null {
  for (const one of node.children) {
    const found =
      one.type === 'Decorator'
        ? /^@(\w+\.(?:setter|deleter))\s*$/.exec(walk.source.text(one))
        : null;
    if (found !== null) {
      return found[1];
    }
  }
  return null;
}
