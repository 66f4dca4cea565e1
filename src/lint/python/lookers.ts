import { dottedName, inner } from './expressions';
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
