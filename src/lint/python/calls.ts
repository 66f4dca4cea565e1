import {
  dottedName,
  evaluate,
  inner,
  methodName,
  read,
  readKept,
  readMember
} from './expressions';
import { fileAccesses, fullName } from './file-calls';
import { readGenerator, readLambda } from './definitions';
import { importByName, loadExtension } from './imports';
import { readQuery } from './frame-queries';
import { onlyLooks } from './lookers';
import { givenBy } from './parameters';
import { changeEnvironment } from './places';
import { callsByFunction } from './protocols';
import { textOf } from './texts';
import { mutateRoot } from './targets';
import type { INode } from './tree';
import { runsUnknown, writesUnknown } from './unknown-code';
import type { Walk } from './walk';

/** An argument of a call. */
export interface IArgument {
  readonly node: INode;
  readonly keyword?: string;
  readonly star: '' | '*' | '**';
}

/** Methods that change the object whose they are. */
const MUTATING: ReadonlySet<string> = new Set([
  'add',
  'append',
  'appendleft',
  'clear',
  'difference_update',
  'discard',
  'extend',
  'extendleft',
  'insert',
  'intersection_update',
  'pop',
  'popitem',
  'popleft',
  'remove',
  'reverse',
  'rotate',
  'setdefault',
  'sort',
  'symmetric_difference_update',
  'update',
  'write',
  'writelines'
]);

/** Functions that change their first argument. */
const MUTATES_ARGUMENT: ReadonlySet<string> = new Set([
  'delattr',
  'heapq.heapify',
  'heapq.heappop',
  'heapq.heappush',
  'np.random.shuffle',
  'numpy.random.shuffle',
  'random.shuffle',
  'setattr'
]);

/** Functions that neither change nor keep what they are given. */
const KEEPS =
  /^(?:print|display|len|str|repr|list|tuple|set|sorted|enumerate|any|all|max|min|type|isinstance|id|hash|json\.dumps?|(?:pprint\.)?pprint|(?:pd|pandas|pl)\.(?:DataFrame|Series))$/;

/** Calls that end the run. */
const ENDS: ReadonlySet<string> = new Set(['sys.exit', 'exit', 'quit']);

/** Functions that import the module that a text names. */
const IMPORTS: ReadonlySet<string> = new Set([
  '__import__',
  'builtins.__import__',
  'importlib.__import__',
  'importlib.import_module'
]);

/** The arguments in an `ArgList`, but for a generator expression without parentheses of its own. */
export function argumentsOf(walk: Walk, list: INode | undefined): IArgument[] {
  const { source } = walk;
  const result: IArgument[] = [];
  const children = list?.children ?? [];
  let star: IArgument['star'] = '';
  for (let i = 0; i < children.length; i++) {
    const one = children[i];
    if (one.type === '*' || one.type === '**') {
      star = one.type;
    } else if (/^[(),]$/.test(one.type)) {
      star = '';
    } else if (
      children[i + 1]?.type === 'AssignOp' &&
      source.text(children[i + 1]) === '=' &&
      children[i + 2] !== undefined
    ) {
      const keyword = source.name(one);
      result.push({ node: children[i + 2], keyword, star: '' });
      i += 2;
    } else {
      result.push({ node: one, star });
    }
  }
  return result;
}

/** Emits what a call does: arguments first, then what it calls, then what the call is known to do. */
export function readCall(walk: Walk, node: INode): void {
  const { source } = walk;
  const [callee, list] = node.children;
  const dotted = dottedName(inner(callee));
  const lambda = inner(callee);
  // Its defaults come first, its body after the arguments.
  const body =
    lambda.type === 'LambdaExpression' ? readLambda(walk, lambda) : null;
  const isComprehension = list?.children.some(one => one.type === 'for');
  const args = isComprehension ? [] : argumentsOf(walk, list);
  if (dotted === null && callee.type === 'MemberExpression') {
    const given = isComprehension === true ? undefined : givenBy(walk, args);
    readMember(walk, callee, 'call', given);
  } else if (dotted === null && body === null) {
    read(walk, callee, 'call');
  }
  if (list !== undefined && isComprehension) {
    walk.steps.push(...readGenerator(walk, list));
  } else if (list !== undefined) {
    const isKept =
      dotted !== null && KEEPS.test(source.text(callee).replace(/\s/g, ''));
    readArguments(walk, list, isKept, onlyLooks(walk, callee));
    readQuery(walk, callee, args);
  }
  if (body !== null) {
    walk.steps.push(...body);
  }
  if (dotted === null) {
    knownMethod(walk, callee, args);
    knownOnCall(walk, node, args);
    walk.steps.push(...fileAccesses(walk, callee, args));
    return;
  }
  const attributes = dotted.attributes.map(one => source.name(one));
  const root = source.name(dotted.root);
  const isModule = walk.imports.has(root) && attributes.length > 0;
  const given =
    isModule || isComprehension === true ? undefined : givenBy(walk, args);
  walk.use(root, dotted.root, 'call', attributes, given);
  if (attributes.length === 0) {
    callsByFunction(
      walk,
      root,
      args.filter(arg => arg.keyword === undefined).map(arg => arg.node)
    );
  }
  knownMethod(walk, callee, args);
  walk.steps.push(...fileAccesses(walk, callee, args));
  knownFunction(walk, node, [root, ...attributes].join('.'), args);
}

function readArguments(
  walk: Walk,
  list: INode,
  isKept: boolean,
  isLookedAt: boolean
): void {
  const { children } = list;
  children.forEach((one, i) => {
    const operator = walk.source.textOf(children[i + 1]);
    if (children[i + 1]?.type === 'AssignOp') {
      if (operator === ':=' && children[i + 2] !== undefined) {
        const value = evaluate(walk, children[i + 2]);
        walk.bind(walk.source.name(one), one, 'assignment', value);
      }
      return;
    }
    const before = walk.source.textOf(children[i - 1]);
    if (before !== ':=') {
      const how = isLookedAt && before !== '=' ? 'read' : 'argument';
      (isKept ? readKept : read)(walk, one, how);
    }
  });
}

/** Methods that change what they are methods of. */
function knownMethod(
  walk: Walk,
  callee: INode,
  args: readonly IArgument[]
): void {
  const method = methodName(walk, callee);
  const inPlace = args.some(
    arg => arg.keyword === 'inplace' && walk.source.text(arg.node) === 'True'
  );
  if (method !== '' && (MUTATING.has(method) || inPlace)) {
    mutateRoot(walk, callee);
  }
}

function knownFunction(
  walk: Walk,
  node: INode,
  name: string,
  args: readonly IArgument[]
): void {
  const [first] = args;
  if (MUTATES_ARGUMENT.has(name) && first !== undefined) {
    mutateRoot(walk, first.node);
  }
  changeEnvironment(walk, node, name, args);
  if (ENDS.has(name) && walk.scope.readsGlobal(name.split('.')[0])) {
    walk.emit({ kind: 'exit', how: 'raise' });
  }
  const isExec = name === 'exec' || name === 'builtins.exec';
  const isShell =
    /^(?:get_ipython|ip|ipython)\b/.test(name) &&
    /(?:run_line_magic|run_cell_magic|magic|run_cell|ex|push|user_ns\.update)$/.test(
      name
    );
  if (isShell) {
    runsUnknown(walk, node, 'exec');
  } else if (isExec) {
    execCall(walk, node, args);
  } else if (IMPORTS.has(fullName(walk, node.children[0]) ?? '')) {
    const module =
      first === undefined ? undefined : textOf(walk, first.node, 'value');
    if (module?.kind === 'literal' && /^[^\W\d][\w.]*$/u.test(module.value)) {
      importByName(walk, node, module.value);
    } else {
      writesUnknown(walk, node);
    }
  }
}

/** `exec(code)` and `exec(code, globals())` run code here, `exec(code, names)` does with names of its own. */
function execCall(walk: Walk, node: INode, args: readonly IArgument[]): void {
  const { from, to } = node;
  const [code, names] = args;
  const bound = assignedBy(walk, code);
  const space =
    names === undefined ? '' : walk.source.text(names.node).replace(/\s/g, '');
  const isHere =
    names === undefined ||
    space === 'globals()' ||
    (space === 'locals()' && walk.scope.body.kind === 'module');
  if (isHere) {
    walk.emit({ kind: 'unknown', names: bound, why: 'exec', from, to });
  }
  if (bound === null) {
    writesUnknown(walk, node);
  }
}

/** The names that a literal text of plain assignments binds when it is run; null where it may do anything. */
function assignedBy(walk: Walk, arg: IArgument | undefined): string[] | null {
  const text = arg === undefined ? null : textOf(walk, arg.node, 'value');
  if (text?.kind !== 'literal') {
    return null;
  }
  const names: string[] = [];
  for (const line of text.value.split(/[\n;]/).map(each => each.trim())) {
    const name = /^([^\W\d]\w*)\s*=(?!=)/u.exec(line)?.[1];
    if (name !== undefined) {
      names.push(name);
    } else if (line !== '') {
      return null;
    }
  }
  return names;
}

/** Calls on the result of another: `globals().update(…)` and `get_ipython().run_line_magic(…)`. */
function knownOnCall(
  walk: Walk,
  node: INode,
  args: readonly IArgument[]
): void {
  const callee = node.children[0];
  const text = walk.source.text(callee).replace(/\s/g, '');
  const { from, to } = node;
  if (
    /^(?:globals|locals|vars)\(\)\.(?:update|__setitem__|setdefault)$/.test(
      text
    )
  ) {
    const names = args.every(arg => arg.keyword !== undefined)
      ? args.flatMap(arg => arg.keyword ?? [])
      : null;
    walk.emit({ kind: 'unknown', names, why: 'exec', from, to });
  } else if (
    /^get_ipython\(\)\.(?:run_\w+|magic|ex|push|user_ns\.\w+|runcode|safe_\w+)$/.test(
      text
    )
  ) {
    shellCall(walk, node, args);
  } else if (
    /^get_ipython\(\)\.(?:system|getoutput|getoutput_\w+)$/.test(text)
  ) {
    writesUnknown(walk, node);
  }
}

/** `get_ipython().run_line_magic('matplotlib', 'inline')` is what nbconvert makes of `%matplotlib inline`. */
function shellCall(walk: Walk, node: INode, args: readonly IArgument[]): void {
  const magic =
    args[0] === undefined ? undefined : textOf(walk, args[0].node, 'value');
  const isHarmless =
    magic?.kind === 'literal' &&
    /^(?:matplotlib|config|env|set_env|cd|pip|conda|time|timeit|load_ext|reload_ext|autoreload|html|javascript|bash|sh)$/.test(
      magic.value
    );
  const line =
    args[1] === undefined ? undefined : textOf(walk, args[1].node, 'value');
  if (!isHarmless) {
    runsUnknown(walk, node, 'magic');
  } else if (/^(?:bash|sh)$/.test(magic.value)) {
    writesUnknown(walk, node);
  } else if (magic.value === 'load_ext' && line?.kind === 'literal') {
    loadExtension(walk, node, line.value);
  }
}
