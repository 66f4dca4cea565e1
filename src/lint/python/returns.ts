import type { Step, Text } from './facts';
import type { Scope } from './scope';
import { isNoText, textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** The body of a function within, where that is what a function gives back at its end; null where it is not. */
export function returnedBy(
  walk: Walk,
  scope: Scope,
  body: INode
): readonly Step[] | null {
  const last = body.children.at(-1);
  const value = last?.type === 'ReturnStatement' ? last.children.at(-1) : null;
  return value?.type === 'VariableName'
    ? (scope.bodies.get(walk.source.name(value))?.steps ?? null)
    : null;
}

/** The text that a function gives back at its end, or those at its several returns; null where none can be told. */
export function givenBack(walk: Walk, scope: Scope, body: INode): Text | null {
  if (/\byield\b/.test(walk.source.text(body))) {
    return null;
  }
  const returns = returnsIn(body);
  const texts = returns.flatMap(({ children }) => {
    const text =
      children.length === 2
        ? walk.within(scope, () => textOf(walk, children[1], 'path'))
        : null;
    return text === null || isNoText(text) ? [] : [text];
  });
  if (texts.length === 0) {
    return null;
  }
  return returns.length === 1 && body.children.at(-1) === returns[0]
    ? texts[0]
    : { kind: 'either', of: texts };
}

/** Where a function gives something back, itself. */
function returnsIn(node: INode): INode[] {
  return node.children.flatMap(one =>
    one.type === 'ReturnStatement'
      ? [one]
      : /^(?:Function|Class)Definition$/.test(one.type)
        ? []
        : returnsIn(one)
  );
}
