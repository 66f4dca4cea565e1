import type { IArgument } from './calls';
import type { IFileAccess } from './facts';
import type { INode } from './tree';
import type { Walk } from './walk';

/** The files that a call reads and writes. */
export function fileAccesses(
  _walk: Walk,
  _node: INode,
  _callee: INode,
  _args: readonly IArgument[]
): IFileAccess[] {
  return [];
}
