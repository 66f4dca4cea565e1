import { textsLooped } from './loops';
import { assignmentParts, between, isItemWithTarget } from './bindings';
import { branch, evaluate, inner, read, readKept } from './expressions';
import { askedBy, constantOf } from './conditions';
import { define } from './decorators';
import { typeScope } from './definitions';
import { isEmpty, isNotEmpty } from './displays';
import type { Value } from './facts';
import { runImport } from './imports';
import { runMatch } from './match';
import { listParts } from './parts';
import { setVariable } from './places';
import { asksTruth, callsMethod, iterates, operates } from './protocols';
import { bindTarget, bindTargets, mutateRoot } from './targets';
import { runTry, runWithSuppress, suppresses } from './try';
import type { INode } from './tree';
import { brokenGroups, unparsed } from './unparsed';
import { merged } from './values';
import { child, UNKNOWN } from './walk';
import type { Walk } from './walk';

/** Emits what the statements of a body do. */
export function runBody(walk: Walk, body: INode): void {
  runStatements(
    walk,
    body.children.filter(one => one.type !== ':')
  );
}

/** Emits what statements do, one after the other. Those with an error of their own, not one in their body, do something unknown. */
export function runStatements(walk: Walk, nodes: readonly INode[]): void {
  for (const group of brokenGroups(walk.source, nodes)) {
    if (group.isBroken) {
      unparsed(walk, group, null);
    } else {
      runStatement(walk, group.node);
    }
  }
}

function runStatement(walk: Walk, node: INode): void {
  switch (node.type) {
    case 'StatementGroup':
      runStatements(
        walk,
        node.children.filter(one => one.type !== ';')
      );
      return;
    case 'AssignStatement':
      assign(walk, node);
      return;
    case 'UpdateStatement':
      update(walk, node);
      return;
    case 'ExpressionStatement': {
      const isDecorator = walk.source.value[node.from] === '@';
      for (const one of node.children) {
        if (isDecorator) {
          one.children.slice(1).forEach(each => read(walk, each, 'call'));
        } else {
          readKept(walk, one);
        }
      }
      return;
    }
    case 'DeleteStatement':
      node.children.forEach(one => remove(walk, one));
      return;
    case 'ReturnStatement':
      node.children.forEach(one => read(walk, one));
      walk.emit({ kind: 'exit', how: 'return' });
      return;
    case 'RaiseStatement':
      node.children.forEach(one => read(walk, one));
      walk.emit({ kind: 'exit', how: 'raise' });
      return;
    case 'BreakStatement':
      walk.emit({ kind: 'exit', how: 'break' });
      return;
    case 'ContinueStatement':
      walk.emit({ kind: 'exit', how: 'continue' });
      return;
    case 'AssertStatement':
      assertion(walk, node);
      return;
    case 'ImportStatement':
      runImport(walk, node);
      return;
    case 'TypeDefinition':
      typeDefinition(walk, node);
      return;
    case 'IfStatement':
      conditional(walk, node, node.children);
      return;
    case 'WhileStatement':
      whileLoop(walk, node);
      return;
    case 'ForStatement':
      forLoop(walk, node);
      return;
    case 'TryStatement':
      runTry(walk, node);
      return;
    case 'WithStatement':
      runWith(walk, node);
      return;
    case 'MatchStatement':
      runMatch(walk, node);
      return;
    case 'DecoratedStatement':
    case 'FunctionDefinition':
    case 'ClassDefinition':
      define(walk, node);
      return;
    case 'ScopeStatement':
    case 'PassStatement':
      return;
    default:
      node.children.forEach(one => read(walk, one));
  }
}

function assign(walk: Walk, node: INode): void {
  const { targets, annotation, values } = assignmentParts(node);
  const value = valueOfList(walk, values);
  const isMagic =
    values.length === 1 && walk.source.islandAt(values[0]) !== undefined;
  for (const group of values.length > 0 ? targets : []) {
    const by = isMagic ? 'magic' : 'assignment';
    if (group.length > 1) {
      bindTargets(
        walk,
        group.filter(one => one.type !== ','),
        by,
        value
      );
    } else {
      group.forEach(one => bindTarget(walk, one, by, value));
    }
  }
  if (
    annotation !== undefined &&
    walk.scope.kind !== 'function' &&
    !walk.annotationsAreTexts
  ) {
    walk.annotated(() => read(walk, annotation));
  }
}

function valueOfList(walk: Walk, values: readonly INode[]): Value {
  const items = values.filter(one => one.type !== ',');
  const parts =
    values.length > 1 && items.every(one => one.type !== '*')
      ? listParts(walk, items)
      : null;
  const known = items
    .filter(one => one.type !== '*')
    .map(one => evaluate(walk, one, values.length === 1));
  const value =
    known.length === 1 && values.length === 1 ? known[0] : merged(known);
  return parts === null ? value : { kind: 'parts', parts, value };
}

function update(walk: Walk, node: INode): void {
  const { targets, values } = assignmentParts(node);
  const [target] = targets[0];
  const { source } = walk;
  if (target === undefined) {
    return;
  }
  read(walk, target);
  values.forEach(one => read(walk, one));
  operates(walk, source.textOf(node.children[1]), target, values.at(0));
  if (target.type === 'VariableName') {
    const name = source.name(target);
    const names = walk.scope.readsGlobal(name) ? [name] : [];
    const value: Value = names.length > 0 ? { kind: 'names', names } : UNKNOWN;
    walk.bind(name, target, 'augmented', value);
  } else {
    mutateRoot(walk, target);
  }
}

function remove(walk: Walk, node: INode): void {
  switch (node.type) {
    case 'VariableName':
      walk.delete(walk.source.name(node), node);
      return;
    case 'MemberExpression':
      read(walk, node);
      setVariable(walk, node, { kind: 'unknown' });
      mutateRoot(walk, node);
      return;
    default:
      node.children.forEach(one => remove(walk, one));
  }
}

function assertion(walk: Walk, node: INode): void {
  const [, test, , ...message] = node.children;
  if (test === undefined) {
    return;
  }
  read(walk, test);
  const fails = walk.collect(() => {
    message.forEach(one => read(walk, one));
    walk.emit({ kind: 'exit', how: 'raise' });
  });
  const constant = constantOf(walk, test);
  if (constant === false) {
    walk.steps.push(...fails);
  } else if (constant === null && fails.length > 1) {
    walk.emit({ kind: 'branch', alternatives: [fails, []] });
  }
}

function typeDefinition(walk: Walk, node: INode): void {
  const name = child(node, 'VariableName');
  const value = node.children[node.children.length - 1];
  if (name === undefined) {
    return;
  }
  const body = walk.collect(() =>
    walk.within(typeScope(walk, node), () => read(walk, value))
  );
  walk.bind(walk.source.name(name), name, 'type', { kind: 'function', body });
}

function conditional(
  walk: Walk,
  node: INode,
  children: readonly INode[]
): void {
  const [word, test, body, ...rest] = children;
  if (word === undefined) {
    return;
  }
  if (word.type === 'else') {
    runBody(walk, test);
    return;
  }
  if (body === undefined) {
    return;
  }
  const asked = askedBy(walk, test);
  const then = () =>
    walk.guarded({ asked: asked.present, askedFiles: asked.files }, () =>
      runBody(walk, body)
    );
  const otherwise = () =>
    walk.guarded({ asked: asked.absent, askedFiles: asked.files }, () =>
      conditional(walk, node, rest)
    );
  if (asked.absent.size > 0 && rest.length === 0) {
    const steps = walk.collect(then);
    const binds = (name: string) =>
      steps.some(step => step.kind === 'bind' && step.name === name);
    if ([...asked.absent].some(binds)) {
      // It is bound afterwards either way, and this way tells how.
      read(walk, test);
      walk.steps.push(...steps);
      return;
    }
  }
  branch(walk, test, then, otherwise);
}

function whileLoop(walk: Walk, node: INode): void {
  const [, test, body, , otherwise] = node.children;
  read(walk, test);
  asksTruth(walk, test);
  const constant = constantOf(walk, test);
  const after = walk.collect(() => {
    if (otherwise !== undefined) {
      runBody(walk, otherwise);
    }
  });
  if (constant === false) {
    walk.steps.push(...after);
    return;
  }
  const steps = walk.collect(() => {
    runBody(walk, body);
    if (constant === null) {
      read(walk, test);
    }
  });
  walk.emit({
    kind: 'loop',
    body: steps,
    atLeastOnce: constant === true,
    otherwise: after
  });
}

function forLoop(walk: Walk, node: INode): void {
  const iterables = between(node, 'in', 'Body');
  const targets = between(node, 'for', 'in');
  const bodies = node.children.filter(one => one.type === 'Body');
  const before = walk.steps.length;
  iterables.forEach(one => {
    readKept(walk, one, 'argument');
    iterates(walk, one);
  });
  const names = new Set<string>();
  for (const step of walk.steps.slice(before)) {
    if (step.kind === 'use') {
      names.add(step.name);
    }
  }
  const value: Value =
    names.size > 0 ? { kind: 'names', names: [...names] } : UNKNOWN;
  const body = walk.collect(() => {
    targets.forEach(one => bindTarget(walk, one, 'for', value));
    if (bodies[0] !== undefined) {
      runBody(walk, bodies[0]);
    }
  });
  const otherwise = walk.collect(() => {
    if (bodies[1] !== undefined) {
      runBody(walk, bodies[1]);
    }
  });
  if (iterables.length === 1 && isEmpty(walk, inner(iterables[0]))) {
    walk.steps.push(...otherwise);
    return;
  }
  const atLeastOnce =
    iterables.length > 1
      ? !iterables.every(
          one => one.type === ',' || one.type === 'UnaryExpression'
        )
      : iterables.every(one => isNotEmpty(walk, inner(one)));
  const texts = textsLooped(walk, targets, iterables, bodies[0], body);
  const last = texts?.at(-1);
  if (texts === null || last === undefined) {
    walk.emit({ kind: 'loop', body, atLeastOnce, otherwise });
    return;
  }
  for (const text of texts) {
    walk.emit({
      kind: 'loop',
      body: body.map(step =>
        step.kind === 'bind' &&
        step.by === 'for' &&
        step.from === targets[0].from
          ? { ...step, value: { kind: 'text', text } }
          : step
      ),
      atLeastOnce: true,
      otherwise: text === last ? otherwise : []
    });
  }
}

function runWith(walk: Walk, node: INode): void {
  const body = child(node, 'Body');
  const caught = suppresses(walk, node);
  const entered: INode[] = [];
  node.children.forEach((one, i) => {
    const before = node.children[i - 1]?.type;
    if (['with', 'async', 'as', ',', 'Body', ':'].includes(one.type)) {
      return;
    }
    if (before === 'as') {
      return;
    }
    const isItem = isItemWithTarget(walk.source, one);
    const expression = isItem ? one.children[0] : one;
    const target = isItem
      ? one.children[2]
      : node.children[i + 1]?.type === 'as'
        ? node.children[i + 2]
        : undefined;
    const isName = ['VariableName', 'MemberExpression'].includes(
      expression.type
    );
    const value: Value = isName
      ? (read(walk, expression, 'call'), UNKNOWN)
      : evaluate(walk, expression);
    callsMethod(walk, expression, ['__enter__', '__aenter__']);
    entered.push(expression);
    if (target !== undefined) {
      bindTarget(walk, target, 'with', value);
    }
  });
  if (body !== undefined) {
    if (caught === null) {
      runBody(walk, body);
    } else {
      runWithSuppress(walk, body, caught);
    }
  }
  entered.forEach(one => callsMethod(walk, one, ['__exit__', '__aexit__']));
}
