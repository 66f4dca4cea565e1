import type { ISharedCell } from '@jupyter/ydoc';
import type { PartialJSONValue } from '@lumino/coreutils';

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
 * Change a cell's tags; an empty list leaves no trace.
 *
 * Undoable only within a transaction of the notebook (see `undo-steps.ts`). What stands there and is no text is kept: an item of the list
 * in its place, and what is no list as the first item of one.
 *
 * @param change Makes new tags of those that are there; with the same array nothing is written, but that roles must be in a list to be read.
 */
export function editTags(
  cell: ISharedCell,
  change: (tags: readonly string[]) => readonly string[]
): void {
  const value = cell.getMetadata('tags');
  const isList = Array.isArray(value);
  const items: readonly PartialJSONValue[] = isList
    ? value
    : value === undefined || value === null
      ? []
      : [value];
  const tags = items.filter(item => typeof item === 'string');
  const next = change(tags);
  if (next === tags && (isList || tags.length === 0)) {
    return;
  }
  const edited = [
    ...items.filter(item => typeof item !== 'string' || next.includes(item)),
    ...next.filter(tag => !tags.includes(tag))
  ];
  if (edited.length === 0) {
    cell.deleteMetadata('tags');
  } else {
    cell.setMetadata('tags', edited);
  }
}

/** Give a cell a role, or none; every other tag stays. */
export function writeRole(
  cell: ISharedCell,
  role: Role | null,
  names: IRoleTags
): void {
  editTags(cell, tags => withRole(tags, role, names));
}
