import type { IArgument } from './calls';
import type { IGiven, IParameter, Text } from './facts';
import { textOf } from './texts';
import type { INode } from './tree';
import type { Walk } from './walk';

const UNKNOWN_TEXT: Text = { kind: 'unknown' };

const NOTHING: readonly IGiven[] = [];

/** The parameters of a function or lambda, with what their defaults are where it is made. */
export function signatureOf(walk: Walk, list: INode | undefined): IParameter[] {
  const { source } = walk;
  const found: IParameter[] = [];
  let takes: IParameter['takes'] = 'any';
  let star = '';
  let isStart = true;
  (list?.children ?? []).forEach((one, i, children) => {
    if (one.type === ',' || one.type === '(') {
      if (star === '*') {
        // What follows `*` or `*args` has to be named.
        takes = 'keyword';
      }
      isStart = true;
      star = '';
    } else if (one.type === '*' || one.type === '**') {
      star = one.type;
    } else if (one.type === 'VariableName' && isStart) {
      isStart = false;
      const name = source.name(one);
      if (source.text(one) !== '/') {
        found.push({
          name,
          id: `${one.from}`,
          takes: star === '' ? takes : 'rest',
          fallback: defaultOf(walk, children, i)
        });
      }
    }
  });
  return found;
}

function defaultOf(walk: Walk, children: readonly INode[], at: number): Text {
  for (let i = at + 1; i < children.length; i++) {
    const { type } = children[i];
    if (type === 'AssignOp') {
      return children[i + 1] === undefined
        ? UNKNOWN_TEXT
        : textOf(walk, children[i + 1], 'value');
    }
    if (type !== 'TypeDef') {
      break;
    }
  }
  return UNKNOWN_TEXT;
}

/** What a call gives, as texts. */
export function givenBy(
  walk: Walk,
  args: readonly IArgument[]
): readonly IGiven[] {
  return args.length === 0
    ? NOTHING
    : args.map(({ node, keyword, star }) => ({
        text: textOf(walk, node, 'value'),
        ...(keyword === undefined ? {} : { keyword }),
        star
      }));
}
