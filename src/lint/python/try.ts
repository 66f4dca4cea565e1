import { argumentsOf } from './calls';
import { dottedName, inner, read } from './expressions';
import type { Step } from './facts';
import { runBody } from './statements';
import type { INode } from './tree';
import { UNKNOWN } from './walk';
import type { IGuards, Walk } from './walk';

const EVERYTHING = ['Exception', 'BaseException'];
const NAMES = ['NameError', ...EVERYTHING];
const IMPORTS = ['ImportError', 'ModuleNotFoundError', ...EVERYTHING];
const FILES = [
  'FileNotFoundError',
  'OSError',
  'IOError',
  'EnvironmentError',
  ...EVERYTHING
];

interface IHandler {
  readonly types: readonly INode[];
  readonly name: INode | undefined;
  readonly body: INode;
}

/** `try`: what its handlers catch is provided for in its body. */
export function runTry(walk: Walk, node: INode): void {
  const { body, handlers, otherwise, final } = parts(node);
  const caught = handlers
    .filter(handler => !raisesAgain(handler.body))
    .flatMap(handler => exceptionNames(walk, handler.types));
  const steps = walk.collect(() =>
    walk.guarded(guardsOf(caught), () => {
      if (body !== undefined) {
        runBody(walk, body);
      }
    })
  );
  const handled = handlers.map(handler =>
    walk.collect(() => runHandler(walk, handler))
  );
  const rest = (one: INode | undefined): Step[] =>
    one === undefined ? [] : walk.collect(() => runBody(walk, one));
  walk.emit({
    kind: 'try',
    body: steps,
    handlers: handled,
    otherwise: rest(otherwise),
    finally: rest(final)
  });
}

function parts(node: INode): {
  body: INode | undefined;
  handlers: IHandler[];
  otherwise: INode | undefined;
  final: INode | undefined;
} {
  let body: INode | undefined;
  let otherwise: INode | undefined;
  let final: INode | undefined;
  const handlers: IHandler[] = [];
  let word = '';
  let header: INode[] = [];
  for (const one of node.children) {
    if (['try', 'except', 'else', 'finally'].includes(one.type)) {
      word = one.type;
      header = [];
    } else if (one.type !== 'Body') {
      header.push(one);
    } else if (word === 'try') {
      body = one;
    } else if (word === 'else') {
      otherwise = one;
    } else if (word === 'finally') {
      final = one;
    } else {
      const as = header.findIndex(each => each.type === 'as');
      handlers.push({
        types: (as < 0 ? header : header.slice(0, as)).filter(
          each => each.type !== '*'
        ),
        name: as < 0 ? undefined : header[as + 1],
        body: one
      });
    }
  }
  return { body, handlers, otherwise, final };
}

function runHandler(walk: Walk, handler: IHandler): void {
  const { types, name, body } = handler;
  types.forEach(one => read(walk, one));
  if (name !== undefined) {
    walk.bind(walk.source.name(name), name, 'except', UNKNOWN);
  }
  runBody(walk, body);
  if (name !== undefined) {
    walk.delete(walk.source.name(name), name);
  }
}

/** Whether a handler ends in `raise`, whatever happens: it catches nothing then. */
function raisesAgain(body: INode): boolean {
  return body.children.some(one => one.type === 'RaiseStatement');
}

/** The names of exceptions, without modules; `BaseException` where all are caught. */
function exceptionNames(walk: Walk, types: readonly INode[]): string[] {
  if (types.length === 0) {
    return ['BaseException'];
  }
  return types.flatMap(type => {
    const node = inner(type);
    const dotted = dottedName(node);
    const last = dotted?.attributes.at(-1) ?? dotted?.root;
    return last !== undefined
      ? [walk.source.name(last)]
      : node.type === 'TupleExpression' || node.type === 'BinaryExpression'
        ? node.children
            .filter(
              one => one.children.length > 0 || one.type === 'VariableName'
            )
            .flatMap(one => exceptionNames(walk, [one]))
        : [];
  });
}

function guardsOf(caught: readonly string[]): Partial<IGuards> {
  const any = (names: readonly string[]) =>
    caught.some(name => names.includes(name));
  return { names: any(NAMES), imports: any(IMPORTS), files: any(FILES) };
}

/** The exceptions that `with contextlib.suppress(…)` catches; null where there is none. */
export function suppresses(walk: Walk, node: INode): readonly string[] | null {
  for (const one of node.children) {
    if (one.type === 'CallExpression') {
      const [callee, list] = one.children;
      if (/(?:^|\.)suppress$/.test(walk.source.text(callee))) {
        return argumentsOf(walk, list).flatMap(arg =>
          exceptionNames(walk, [arg.node])
        );
      }
    }
  }
  return null;
}

/** The body of `with suppress(…)`, which may end anywhere. */
export function runWithSuppress(
  walk: Walk,
  body: INode,
  caught: readonly string[]
): void {
  const steps = walk.collect(() =>
    walk.guarded(guardsOf(caught), () => runBody(walk, body))
  );
  walk.emit({
    kind: 'try',
    body: steps,
    handlers: [[]],
    otherwise: [],
    finally: []
  });
}
