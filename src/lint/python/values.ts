import { mayRun } from './inline';
import { withoutText } from './parts';
import type { Step, Text, Value } from './facts';
import { isNoText } from './texts';
import type { INode } from './tree';
import { UNKNOWN } from './walk';
import type { Walk } from './walk';

/** Functions whose result calls what they were given. */
const HANDS_ON: ReadonlySet<string> = new Set([
  'cache',
  'delayed',
  'dict',
  'enumerate',
  'filter',
  'iter',
  'list',
  'lru_cache',
  'map',
  'partial',
  'set',
  'sorted',
  'tuple',
  'vectorize',
  'zip'
]);

/** Several values in one, as in a list. */
export function merged(values: readonly Value[]): Value {
  const names = new Set<string>();
  const body: Step[] = [];
  for (const each of values) {
    const value = withoutText(each);
    if (value.kind === 'names') {
      value.names.forEach(name => names.add(name));
    } else if (value.kind === 'function') {
      body.push(...mayRun(value.body));
    }
  }
  if (body.length === 0) {
    return names.size > 0 ? { kind: 'names', names: [...names] } : UNKNOWN;
  }
  for (const name of names) {
    body.push({
      kind: 'use',
      name,
      how: 'argument',
      attributes: [],
      guarded: true,
      from: 0,
      to: 0
    });
  }
  return { kind: 'function', body };
}

/** What an expression is made of, by the steps that it takes. */
export function madeOf(walk: Walk, node: INode, steps: readonly Step[]): Value {
  const value = namesRead(steps);
  switch (node.type) {
    case 'VariableName':
      return value.kind === 'names' ? { ...value, made: 'alias' } : UNKNOWN;
    case 'CallExpression': {
      const [callee] = node.children;
      const name = walk.source.name(callee);
      return callee.type === 'VariableName' &&
        !HANDS_ON.has(name) &&
        walk.scope.readsGlobal(name)
        ? { kind: 'names', names: [name], made: 'call' }
        : value;
    }
    case 'MemberExpression':
    case 'BinaryExpression':
      return value;
    default:
      return UNKNOWN;
  }
}

/** The names that the steps of an expression call, hand on, or read. */
function namesRead(steps: readonly Step[]): Value {
  const names = new Set<string>();
  for (const step of steps) {
    if (step.kind === 'use') {
      names.add(step.name);
    }
  }
  return names.size > 0 ? { kind: 'names', names: [...names] } : UNKNOWN;
}

/** A value with what it is where it is a text. */
export function withText(value: Value, text: Text): Value {
  if (isNoText(text)) {
    return value;
  }
  switch (value.kind) {
    case 'unknown':
      return { kind: 'text', text };
    case 'names':
      return value.made === 'alias' ? value : { ...value, text };
    default:
      return value;
  }
}
