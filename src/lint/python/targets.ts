import { read } from './expressions';
import { mayRun } from './inline';
import { stringValue } from './literals';
import type { IBind, IMutate, Text, Value } from './facts';
import { partOf } from './parts';
import { keyOf, setVariable } from './places';
import type { INode } from './tree';
import type { Walk } from './walk';

/** Binds a target, or changes the object whose attribute or item it is. A plain name gets the value, one of several an unknown one. */
export function bindTarget(
  walk: Walk,
  node: INode,
  by: IBind['by'],
  value: Value
): void {
  switch (node.type) {
    case 'VariableName':
      walk.bind(walk.source.name(node), node, by, value);
      return;
    case 'MemberExpression':
      read(walk, node);
      bindByNamespace(walk, node, value);
      setVariable(walk, node, textIn(value));
      mutateRoot(
        walk,
        node,
        by === 'assignment' ? setBy(walk, node, value) : undefined
      );
      if (value.kind === 'function') {
        // Nobody can tell when it is called.
        walk.steps.push(...mayRun(value.body));
      }
      return;
    case 'ParenthesizedExpression':
    case 'UnaryExpression':
      node.children.forEach(child => bindTarget(walk, child, by, value));
      return;
    case 'TupleExpression':
    case 'ArrayExpression': {
      const targets = node.children.filter(
        child => !/^[[\](),]$/.test(child.type)
      );
      bindTargets(walk, targets, by, value);
    }
  }
}

/** Binds several targets to the parts of one value. */
export function bindTargets(
  walk: Walk,
  targets: readonly INode[],
  by: IBind['by'],
  value: Value
): void {
  const isPlain = targets.every(one => one.type !== '*' && one.type !== ',');
  targets.forEach((one, i) => {
    const part = partOf(value, isPlain ? i : -1, targets.length);
    bindTarget(walk, one, by, part);
  });
}

function textIn(value: Value): Text {
  return (
    (value.kind === 'text' || value.kind === 'names'
      ? value.text
      : undefined) ?? { kind: 'unknown' }
  );
}

/** What of an object a target sets; unset when it may be more than one attribute or item of it. */
function setBy(walk: Walk, node: INode, value: Value): IMutate['part'] {
  const key =
    node.children[0].type === 'VariableName' ? keyOf(walk, node) : null;
  return key === null || /^\[-?\d/.test(key)
    ? undefined
    : { key, text: textIn(value) };
}

/** `globals()['x'] = …` binds x; with another key, who knows what. `builtins.x = …` binds x wherever it stands. */
function bindByNamespace(walk: Walk, node: INode, value: Value): void {
  const [base, bracket, key] = node.children;
  const root = walk.source.text(base);
  if (
    bracket?.type === '.' &&
    key !== undefined &&
    /^(?:__builtins__|builtins)$/.test(walk.imports.get(root) ?? root) &&
    walk.scope.readsGlobal(root)
  ) {
    const { from, to } = node;
    const name = walk.source.name(key);
    if (walk.scope.kind === 'module') {
      walk.bind(name, key, 'assignment', value);
    } else {
      walk.emit({ kind: 'unknown', names: [name], why: 'exec', from, to });
    }
    return;
  }
  const namespace = /^(globals|locals|vars)\s*\(\s*\)$/.exec(
    walk.source.text(base)
  )?.[1];
  const isGlobal = namespace === 'globals' || walk.scope.kind === 'module';
  if (namespace === undefined || bracket?.type !== '[' || !isGlobal) {
    return;
  }
  const name =
    key?.type === 'String' ? stringValue(walk.source.text(key)) : null;
  const { from, to } = node;
  if (name === null || walk.scope.kind !== 'module') {
    const names = name === null ? null : [name];
    walk.emit({ kind: 'unknown', names, why: 'exec', from, to });
  } else {
    walk.bind(name, key, 'assignment', value);
  }
}

/** The name at the root of `a.b[0].c`; null when something else is there. */
export function rootName(node: INode): INode | null {
  let at = node;
  while (at.type === 'MemberExpression') {
    at = at.children[0];
  }
  return at.type === 'VariableName' ? at : null;
}

/** Says that the object is changed which the name at the root of an expression holds. */
export function mutateRoot(
  walk: Walk,
  node: INode,
  part?: IMutate['part']
): void {
  const root = rootName(node);
  if (root !== null) {
    walk.mutate(walk.source.name(root), root, part);
  }
}
