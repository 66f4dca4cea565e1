import type { ISharedCell } from '@jupyter/ydoc';

import { withRole } from '../workload/roles';
import type { IRoleTags, Role } from '../workload/roles';

/** The tags of a cell; none where its metadata have something else in their place. */
export function cellTags(cell: ISharedCell): readonly string[] {
  return readTags(cell.getMetadata('tags'));
}

/** Tags as they stand in a cell's metadata. */
export function readTags(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((tag): tag is string => typeof tag === 'string')
    : [];
}

/**
 * Write a cell's tags; an empty list leaves no trace.
 *
 * Undoable only within a transaction of the notebook (see `undo-steps.ts`).
 */
export function writeTags(cell: ISharedCell, tags: readonly string[]): void {
  if (tags.length === 0) {
    cell.deleteMetadata('tags');
  } else {
    cell.setMetadata('tags', [...tags]);
  }
}

/** Give a cell a role, or none; every other tag stays. */
export function writeRole(
  cell: ISharedCell,
  role: Role | null,
  names: IRoleTags
): void {
  const tags = cellTags(cell);
  const next = withRole(tags, role, names);
  if (next !== tags) {
    writeTags(cell, next);
  }
}
