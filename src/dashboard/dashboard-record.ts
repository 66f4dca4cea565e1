import { VERSION } from '../version';
import { isObject } from '../workload/json';
import type { IJsonObject } from '../workload/json';
import { contentHash } from './content-hash';
import { memberOf } from './notebook-json';
import type { INotebookJson } from './notebook-json';

/** Who writes the records. */
export const TOOL = `workload-explorer ${VERSION}`;

/** Why a cell is not in a compiled notebook. */
export type DropReason = 'upstream' | 'no role' | 'conflict' | 'blank';

/** A cell that was left out. */
export interface IDroppedCell {
  readonly cell: string | null;
  /** In the source, from 0. */
  readonly index: number;
  readonly type: 'code' | 'markdown' | 'raw';
  readonly why: DropReason;
}

/** What a compiled notebook says of itself, under `metadata.workload.dashboard`. */
export interface IDashboardRecord {
  readonly version: 1;
  readonly tool: string;
  /** The source, relative to the folder of the compiled notebook, with `/`. */
  readonly source: string;
  /** The content hash of the source. */
  readonly source_hash: string;
  /** The values that were set; absent when none were. */
  readonly parameters?: IJsonObject;
  readonly dropped: readonly IDroppedCell[];
  /** Set when it was compiled in spite of errors. */
  readonly forced?: {
    readonly errors: number;
    readonly rules: readonly string[];
  };
}

/** What a check of a notebook found, kept in it under `metadata.workload.check`. */
export interface ICheckRecord {
  readonly version: 1;
  readonly tool: string;
  /** The content hash of the notebook that was checked. */
  readonly hash: string;
  /** How many findings were errors. */
  readonly errors: number;
  /** Why errors are accepted, where they are. */
  readonly allowed?: string;
}

/** Whether a notebook was compiled by us: such a one is written anew, never compiled. */
export function isCompiled(notebook: INotebookJson): boolean {
  return isObject(memberOf(notebook.metadata, 'workload', 'dashboard'));
}

/** Whether a compiled notebook is of another state of its source than this one, or says of none. */
export function isStale(
  compiled: INotebookJson,
  source: INotebookJson
): boolean {
  return (
    memberOf(compiled.metadata, 'workload', 'dashboard', 'source_hash') !==
    contentHash(source)
  );
}

/** The record of a check of a notebook as it stands. */
export function checkRecord(
  notebook: INotebookJson,
  errors: number
): ICheckRecord {
  return { version: 1, tool: TOOL, hash: contentHash(notebook), errors };
}
