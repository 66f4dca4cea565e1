import type { IImport, IUse } from '../python/facts';
import { UNBOUND } from './name-table';
import type { NameTable } from './name-table';

/** Under this, which is no name of Python, the table keeps that annotations are texts. */
const ANNOTATIONS = '%annotations';

/** Note `from __future__ import annotations`: IPython keeps to it in all cells that follow. */
export function noteFuture(
  { module, member }: IImport,
  cell: number,
  table: NameTable
): void {
  if (module === '__future__' && member === 'annotations') {
    table.set(ANNOTATIONS, { ...UNBOUND, presence: 'yes', cells: [cell] });
  }
}

/** Whether a use is in an annotation that is not evaluated. */
export function isText({ isAnnotation }: IUse, table: NameTable): boolean {
  return isAnnotation === true && table.get(ANNOTATIONS).presence === 'yes';
}
