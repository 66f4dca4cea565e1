import type { IArgument } from './calls';
import { dottedName, inner } from './expressions';
import { textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** Functions that look at the functions and classes they are given, and call none of them. */
const LOOKERS =
  /^(?:callable|dir|hasattr|hash|help|id|isinstance|issubclass|print|repr|str|type|vars|inspect\.\w+)$/;

/** Whether a call only looks at what it is given, as `isinstance(x, A)` and `inspect.signature(f)` do. */
export function onlyLooks(walk: Walk, callee: INode): boolean {
  const dotted = dottedName(inner(callee));
  if (dotted === null) {
    return false;
  }
  const root = walk.source.name(dotted.root);
  const module = walk.imports.get(root);
  const isOwn =
    module === undefined &&
    (walk.bound.has(root) || !walk.scope.readsGlobal(root));
  const names = dotted.attributes.map(one => walk.source.name(one));
  return !isOwn && LOOKERS.test([module ?? root, ...names].join('.'));
}

/** Reads the names that the text of `df.query('a > @limit')` and `df.eval` asks for; texts of SQL have variables of their own. */
export function readQuery(
  walk: Walk,
  callee: INode,
  args: readonly IArgument[]
): void {
  const method =
    callee.type === 'MemberExpression' && callee.children[1]?.type === '.'
      ? walk.source.textOf(callee.children[2])
      : '';
  const hasOwnNames = args.some(({ keyword }) =>
    /^(?:local_dict|global_dict|resolvers)$/.test(keyword ?? '')
  );
  const arg = args.find(
    ({ keyword, star }, i) =>
      star === '' && (keyword === undefined ? i === 0 : keyword === 'expr')
  );
  if (!/^(?:query|eval)$/.test(method) || hasOwnNames || arg === undefined) {
    return;
  }
  const text = textOf(walk, arg.node, 'value');
  if (
    text.kind !== 'literal' ||
    /^\s*(?:select|with|insert|exec)\b/i.test(text.value)
  ) {
    return;
  }
  const code = text.value.replace(/(['"`]).*?\1/gs, ' ');
  for (const [, name] of code.matchAll(/(?<![\w@])@([^\W\d]\w*)/gu)) {
    walk.use(name, arg.node, 'read', [], undefined, true);
  }
}
