import { parser } from '@lezer/python';

import type { IRange } from '../finding';

/** A node of the syntax tree, as plain data; comments are left out. */
export interface INode extends IRange {
  /** The grammar's name: `CallExpression`, or a keyword or sign such as `if` and `,`; `⚠` for an error. */
  readonly type: string;
  readonly children: readonly INode[];
  /** Whether there is an error node in it, or it is one. */
  readonly hasError: boolean;
}

interface IOpenNode extends IRange {
  readonly type: string;
  readonly children: INode[];
  hasError: boolean;
}

/** The syntax tree of mended source. */
export function parseTree(code: string): INode {
  const cursor = parser.parse(code).cursor();
  const open: IOpenNode[] = [];
  for (;;) {
    const isError = cursor.type.isError;
    const node: IOpenNode = {
      type: isError ? '⚠' : cursor.name,
      from: cursor.from,
      to: cursor.to,
      children: [],
      hasError: isError
    };
    if (node.type !== 'Comment') {
      open.at(-1)?.children.push(node);
    }
    if (node.type !== 'Comment' && cursor.firstChild()) {
      open.push(node);
      continue;
    }
    let done = node;
    while (!cursor.nextSibling()) {
      const parent = open.pop();
      if (parent === undefined) {
        return done;
      }
      parent.hasError ||= parent.children.some(child => child.hasError);
      done = parent;
      cursor.parent();
    }
  }
}
