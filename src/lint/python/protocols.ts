import { inner } from './expressions';
import type { IGiven, IUse } from './facts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** The methods by which Python's operators, functions and statements call an object, the first that it has. */
const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '@': 'matmul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '<<': 'lshift',
  '>>': 'rshift',
  '&': 'and',
  '|': 'or',
  '^': 'xor'
};

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['__lt__'],
  '<=': ['__le__'],
  '>': ['__gt__'],
  '>=': ['__ge__'],
  '==': ['__eq__'],
  '!=': ['__ne__', '__eq__']
};

const TEXT = ['__str__', '__repr__'];
const ITERATION = ['__iter__', '__aiter__', '__getitem__'];
const STEPPING = ['__next__', '__anext__'];

/** Of builtin functions, what they call of each of their arguments. */
const FUNCTIONS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  Object.entries({
    ascii: [['__repr__']],
    bool: [['__bool__', '__len__']],
    float: [['__float__', '__index__']],
    format: [['__format__', ...TEXT]],
    hash: [['__hash__']],
    int: [['__int__', '__index__', '__trunc__']],
    iter: [ITERATION],
    len: [['__len__']],
    next: [STEPPING],
    print: [TEXT],
    repr: [['__repr__']],
    reversed: [['__reversed__', '__len__']],
    round: [['__round__']],
    str: [TEXT],
    abs: [['__abs__']],
    ...Object.fromEntries(
      'all any dict frozenset list max min set sorted sum tuple'
        .split(' ')
        .map(name => [name, [ITERATION, STEPPING]])
    )
  })
);

/** Emits that a method, or a property, is called of what a name holds or `Name(…)` gives. */
export function callsMethod(
  walk: Walk,
  node: INode,
  methods: readonly string[],
  how: IUse['how'] = 'call',
  given?: readonly IGiven[]
): void {
  const it = inner(node);
  if (it.type === 'VariableName') {
    walk.method(walk.source.name(it), it, methods, { how, given });
    return;
  }
  const owner = it.type === 'CallExpression' ? inner(it.children[0]) : null;
  if (owner?.type === 'VariableName') {
    const name = walk.source.name(owner);
    const isInherited = name === 'super';
    walk.method(name, owner, methods, {
      how,
      isMadeHere: true,
      isInherited,
      given
    });
  }
}

/** `for … in x`, `*x`. */
export function iterates(walk: Walk, node: INode): void {
  callsMethod(walk, node, ITERATION);
  callsMethod(walk, node, STEPPING);
}

/** `if x`. */
export function asksTruth(walk: Walk, node: INode): void {
  callsMethod(walk, node, ['__bool__', '__len__']);
}

/** `f'{x}'`. */
export function formats(walk: Walk, node: INode, isRepr: boolean): void {
  callsMethod(walk, node, isRepr ? ['__repr__'] : ['__format__', ...TEXT]);
}

/** `x + y`, `x < y`, `x in y`, and `x += y`. */
export function operates(
  walk: Walk,
  sign: string,
  left: INode,
  right: INode | undefined
): void {
  const isInPlace = /[^<>=!]=$|(?:<<|>>)=$/.test(sign);
  const name = OPERATORS[isInPlace ? sign.slice(0, -1) : sign];
  if (name !== undefined) {
    const usual = `__${name}__`;
    callsMethod(walk, left, isInPlace ? [`__i${name}__`, usual] : [usual]);
    if (right !== undefined && !isObject(left)) {
      callsMethod(walk, right, [`__r${name}__`]);
    }
  } else if (sign in COMPARISONS) {
    callsMethod(walk, left, COMPARISONS[sign]);
  } else if ((sign === 'in' || sign === 'not') && right !== undefined) {
    callsMethod(walk, right, ['__contains__', ...ITERATION]);
  }
}

/** Whether it may be an object of a class of one's own, which is asked first. */
function isObject(node: INode): boolean {
  return !['Number', 'String', 'ArrayExpression', 'TupleExpression'].includes(
    inner(node).type
  );
}

/** `print(x)`, `len(x)` and the like. */
export function callsByFunction(
  walk: Walk,
  name: string,
  args: readonly INode[]
): void {
  const calls = FUNCTIONS.get(name);
  if (calls === undefined || !walk.scope.readsGlobal(name)) {
    return;
  }
  const used = name === 'print' ? args : args.slice(0, 1);
  for (const one of used) {
    for (const methods of calls) {
      callsMethod(walk, one, methods);
    }
  }
}
