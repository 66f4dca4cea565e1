import type { IArgument } from './calls';
import { methodName } from './expressions';
import { textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** Reads the names that the text of `df.query('a > @limit')` and `df.eval` asks for; texts of SQL have variables of their own. */
export function readQuery(
  walk: Walk,
  callee: INode,
  args: readonly IArgument[]
): void {
  const method = methodName(walk, callee);
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
