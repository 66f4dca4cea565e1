import { inner } from './expressions';
import type { Step, Text } from './facts';
import { textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';
import { leafSteps } from './walk-steps';

/** Loops over more are not followed one by one. */
const MOST_TEXTS = 12;

/**
 * The texts that a loop goes over, where it opens files by them: `for month in ["jan", "feb"]`.
 *
 * @param steps What the body does.
 * @returns Null where they cannot be told, or nothing is won by it, or `break` may leave some of them out.
 */
export function textsLooped(
  walk: Walk,
  targets: readonly INode[],
  iterables: readonly INode[],
  body: INode | undefined,
  steps: readonly Step[]
): readonly Text[] | null {
  const list = iterables.length === 1 ? inner(iterables[0]) : undefined;
  if (
    walk.scope.kind !== 'module' ||
    targets.length !== 1 ||
    targets[0].type !== 'VariableName' ||
    body === undefined ||
    !isPlain(body) ||
    (list?.type !== 'ArrayExpression' && list?.type !== 'TupleExpression')
  ) {
    return null;
  }
  const items = list.children.filter(one => !/^[[\](),]$/.test(one.type));
  if (items.length > MOST_TEXTS || items.some(one => one.type !== 'String')) {
    return null;
  }
  const name = walk.source.name(targets[0]);
  const isOpened = [...leafSteps(steps)].some(
    step => step.kind === 'file' && isMadeOf(step.path, name)
  );
  const texts = items.map(one => textOf(walk, one, 'value'));
  return isOpened && texts.every(({ kind }) => kind === 'literal')
    ? texts
    : null;
}

/** Whether each round does the same, and comes to its end. */
function isPlain(body: INode): boolean {
  return body.children.every(
    one =>
      !/^(?:Import|For|While|Break|Return)Statement$|Definition$|^DecoratedStatement$/.test(
        one.type
      ) && isPlain(one)
  );
}

function isMadeOf(text: Text, name: string): boolean {
  return text.kind === 'join'
    ? text.parts.some(part => isMadeOf(part, name))
    : text.kind === 'name' && text.name === name;
}
