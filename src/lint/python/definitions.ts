import { assignmentParts, bindingsOf, targetNames } from './bindings';
import { isNotEmpty } from './displays';
import { evaluate, read, readKept } from './expressions';
import { iterates } from './protocols';
import type { IParameter, ISignature, Parts, Step, Text, Value } from './facts';
import { mayRun } from './inline';
import { signatureOf } from './parameters';
import { givenBack, returnedBy } from './returns';
import { noBindings, Scope } from './scope';
import { runBody } from './statements';
import { bindTarget } from './targets';
import { isNoText, textOf } from './texts';
import type { INode } from './tree';
import { child, UNKNOWN } from './walk';
import type { Walk } from './walk';

/** `def`: decorators are already read. Defaults and annotations are evaluated here, the body waits for a call. */
export function defineFunction(
  walk: Walk,
  node: INode,
  isStatic: boolean
): Value {
  const name = child(node, 'VariableName');
  const list = child(node, 'ParamList');
  const body = child(node, 'Body');
  if (name === undefined || list === undefined || body === undefined) {
    return UNKNOWN;
  }
  readDefaults(walk, list);
  const outer = walk.scope;
  const scope = typeScope(walk, node);
  return walk.within(scope, () => {
    if (!walk.annotationsAreTexts) {
      const annotations = [
        ...list.children.filter(one => one.type === 'TypeDef'),
        ...node.children.filter(one => one.type === 'TypeDef')
      ];
      walk.annotated(() => annotations.forEach(one => read(walk, one)));
    }
    const parameters = signatureOf(walk, list);
    const own = new Scope(
      'function',
      walk.scope,
      bindingsOf(
        walk.source,
        body.children,
        parameters.map(one => one.name)
      )
    );
    if (outer.kind === 'class' && !isStatic) {
      own.self = selfOf(own, parameters);
    }
    const steps = walk.collect(() => {
      takeParameters(walk, own, parameters);
      walk.unguarded(() => walk.within(own, () => runBody(walk, body)));
    });
    const returned = returnedBy(walk, own, body);
    const gives =
      node.children[0].type === 'async' ? null : givenBack(walk, own, body);
    return {
      kind: 'function',
      body: steps,
      parameters,
      ...(returned === null ? {} : { returned }),
      ...(gives === null ? {} : { gives })
    };
  });
}

/** `class`: decorators are already read. The body runs here; methods wait for their calls. */
export function defineClass(
  walk: Walk,
  node: INode,
  decorators: readonly string[] = []
): Value {
  const { source } = walk;
  const list = child(node, 'ArgList');
  const body = child(node, 'Body');
  if (body === undefined) {
    return UNKNOWN;
  }
  return walk.within(typeScope(walk, node), () => {
    const bases: string[] = [];
    // What making a class calls.
    const hooks: { readonly one: INode; readonly method: string }[] = [];
    list?.children.forEach((one, i) => {
      if (list.children[i + 1]?.type === 'AssignOp') {
        return;
      }
      read(walk, one);
      if (one.type === 'VariableName') {
        const isKeyword = list.children[i - 1]?.type === 'AssignOp';
        const isMeta =
          isKeyword && source.textOf(list.children[i - 2]) === 'metaclass';
        hooks.push(
          ...(isMeta
            ? ['__new__', '__init__']
            : isKeyword
              ? []
              : ['__init_subclass__']
          ).map(method => ({ one, method }))
        );
      }
      const isGeneric =
        one.type === 'MemberExpression' && one.children[1]?.type === '[';
      const base = source
        .text(isGeneric ? one.children[0] : one)
        .replace(/\s/g, '');
      if (
        /^[^\W\d][\w.]*$/u.test(base) &&
        list.children[i - 1]?.type !== 'AssignOp'
      ) {
        bases.push(base);
      }
    });
    const name = source.textOf(child(node, 'VariableName'));
    const own = source.inClass(name, () => {
      const bindings = bindingsOf(source, body.children);
      const scope = new Scope('class', walk.scope, bindings);
      walk.within(scope, () => runBody(walk, body));
      return scope;
    });
    for (const { one, method } of hooks) {
      walk.method(source.name(one), one, [method], { isMadeHere: true });
    }
    const methods = Object.fromEntries(
      [...own.bodies].map(([name, one]) => [name, one.steps])
    );
    const signatures = Object.fromEntries(
      [...own.bodies].flatMap(([name, one]): [string, ISignature][] =>
        one.signature === null ? [] : [[name, one.signature]]
      )
    );
    const properties = [...own.bodies].flatMap(([name, { isProperty }]) =>
      isProperty ? [name] : []
    );
    const parts =
      own.bodies.size === 0 && isPlain(list, decorators)
        ? partsOfClass(own)
        : null;
    return {
      kind: 'class',
      methods,
      signatures,
      properties,
      bases,
      ...(parts && { parts }),
      ...(parts && decorators.length > 0 && { fields: fieldsOf(walk, body) })
    };
  });
}

/** Whether nothing but the body of a class says what its attributes are. */
function isPlain(
  bases: INode | undefined,
  decorators: readonly string[]
): boolean {
  return (
    (bases === undefined || bases.children.length <= 2) &&
    decorators.every(text =>
      /^@(?:dataclasses\.)?dataclass(?:\(.*\))?$/s.test(text)
    )
  );
}

/** The texts that the body of a class binds; what else it binds is not known. */
function partsOfClass(scope: Scope): Parts {
  return Object.fromEntries(
    [...scope.texts].map(([name, { text }]) => [
      `.${name}`,
      scope.holds(name) === 'yes' ? text : { kind: 'unknown' as const }
    ])
  );
}

/** What making an object of a dataclass sets, in order. */
function fieldsOf(walk: Walk, body: INode): readonly string[] {
  return body.children.flatMap(one => {
    const { targets, annotation } =
      one.type === 'AssignStatement'
        ? assignmentParts(one)
        : { targets: [], annotation: undefined };
    const name = targets.at(0)?.at(0);
    return annotation === undefined ||
      name?.type !== 'VariableName' ||
      /\bClassVar\b/.test(walk.source.text(annotation))
      ? []
      : [walk.source.name(name)];
  });
}

/** The first parameter of a method; null where there is none, or the body binds it. */
function selfOf(
  scope: Scope,
  parameters: readonly IParameter[]
): string | null {
  const first = parameters.at(0);
  return first?.takes === 'any' && scope.owner(first.name) === scope
    ? first.name
    : null;
}

/** In the body of a function, a parameter is what the call gives, until it is bound anew. */
function takeParameters(
  walk: Walk,
  scope: Scope,
  parameters: readonly IParameter[]
): void {
  const list = walk.steps;
  for (const { name, id, takes } of parameters) {
    if (takes !== 'rest') {
      scope.texts.set(name, { text: { kind: 'parameter', id }, list });
    }
  }
}

/** `lambda`: evaluates its defaults and gives its body. */
export function readLambda(walk: Walk, node: INode): Step[] {
  return defineLambda(walk, node).body;
}

/** `lambda`, which waits for its call. */
export function defineLambda(
  walk: Walk,
  node: INode
): {
  readonly body: Step[];
  readonly parameters: readonly IParameter[];
  readonly gives?: Text;
} {
  const list = child(node, 'ParamList');
  const body = node.children[node.children.length - 1];
  if (list !== undefined) {
    readDefaults(walk, list);
  }
  const parameters = signatureOf(walk, list);
  const scope = new Scope(
    'function',
    walk.scope,
    bindingsOf(
      walk.source,
      [body],
      parameters.map(one => one.name)
    )
  );
  if (walk.scope.kind === 'class') {
    scope.self = selfOf(scope, parameters);
  }
  const steps = walk.collect(() => {
    takeParameters(walk, scope, parameters);
    walk.unguarded(() => walk.within(scope, () => read(walk, body)));
  });
  const gives = walk.within(scope, () => textOf(walk, body, 'path'));
  return { body: steps, parameters, ...(isNoText(gives) ? {} : { gives }) };
}

/** A comprehension, all of it. */
export function readComprehension(walk: Walk, node: INode): void {
  walk.steps.push(...readGenerator(walk, node));
}

/**
 * A comprehension: evaluates its first iterable where it stands, and gives the rest, which runs now or, of a generator expression, later.
 *
 * @param nodes - The children from the element to the last clause; by default all of the node's, without brackets.
 */
export function readGenerator(
  walk: Walk,
  node: INode,
  nodes: readonly INode[] = node.children.slice(1, -1)
): Step[] {
  const clauses: INode[][] = [[]];
  for (const one of nodes) {
    if (one.type === 'for' || one.type === 'if') {
      clauses.push([]);
    }
    if (one.type !== 'async') {
      clauses[clauses.length - 1].push(one);
    }
  }
  const [element, ...rest] = clauses;
  const locals = rest
    .filter(([word]) => word.type === 'for')
    .flatMap(clause => forParts(clause).targets.flatMap(targetNames));
  const scope = new Scope(
    'comprehension',
    walk.scope,
    noBindings(locals.map(one => walk.source.name(one)))
  );
  const first = rest.length > 0 ? forParts(rest[0]) : undefined;
  first?.iterables.forEach(one => {
    readKept(walk, one, 'argument');
    iterates(walk, one);
  });
  const runs =
    rest.length === 1 && first?.iterables.every(one => isNotEmpty(walk, one));
  const clause = (i: number): void => {
    if (i === rest.length) {
      element.forEach(one => read(walk, one));
      return;
    }
    const [word, ...parts] = rest[i];
    if (word.type === 'if') {
      parts.forEach(one => read(walk, one));
      const steps = walk.collect(() => clause(i + 1));
      if (steps.length > 0) {
        walk.emit({ kind: 'branch', alternatives: [steps, []] });
      }
      return;
    }
    const { targets, iterables } = forParts(rest[i]);
    if (i > 0) {
      iterables.forEach(one => read(walk, one, 'argument'));
    }
    const body = walk.collect(() => {
      targets.forEach(one => bindTarget(walk, one, 'for', UNKNOWN));
      clause(i + 1);
    });
    if (body.length > 0) {
      const atLeastOnce = i === 0 && runs === true;
      walk.emit({ kind: 'loop', body, atLeastOnce, otherwise: [] });
    }
  };
  return walk.collect(() => walk.within(scope, () => clause(0)));
}

function forParts(clause: readonly INode[]): {
  readonly targets: readonly INode[];
  readonly iterables: readonly INode[];
} {
  const split = clause.findIndex(one => one.type === 'in');
  return split < 0
    ? { targets: [], iterables: [] }
    : { targets: clause.slice(1, split), iterables: clause.slice(split + 1) };
}

function readDefaults(walk: Walk, list: INode): void {
  list.children.forEach((one, i) => {
    if (list.children[i - 1]?.type === 'AssignOp') {
      const value = evaluate(walk, one, false);
      if (value.kind === 'function') {
        walk.steps.push(...mayRun(value.body));
      }
    }
  });
}

/** The scope of type parameters; that of the walk where there are none. */
export function typeScope(walk: Walk, node: INode): Scope {
  const list = child(node, 'TypeParamList');
  if (list === undefined) {
    return walk.scope;
  }
  const names = list.children
    .filter(one => one.type === 'TypeParam')
    .flatMap(one => child(one, 'VariableName') ?? [])
    .map(one => walk.source.name(one));
  return new Scope('type', walk.scope, noBindings(names));
}
