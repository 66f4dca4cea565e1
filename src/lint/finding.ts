import type { Severity } from '../workload/role-policy';

/** A part of a cell's source: UTF-16 offsets, `to` exclusive. */
export interface IRange {
  readonly from: number;
  readonly to: number;
}

/** What a rule found. */
export interface IFinding {
  readonly rule: string;
  /** Index over all cells of the notebook, from 0. */
  readonly cell: number;
  readonly cellId: string | null;
  readonly severity: Severity;
  /** Where in the source; null for the cell as a whole. */
  readonly range: IRange | null;
  /** The name, module or file that it is about. */
  readonly name?: string;
  /** A sentence or two: what is wrong, and what to do. */
  readonly message: string;
  readonly fix?: IFix;
}

/** A change of the notebook that settles a finding; all of it is one undo step. */
export interface IFix {
  /** What it does, as the label of a button: “Move the import to the shared cell 2”. */
  readonly title: string;
  /** None of a cell's edits overlap; offsets are those before any edit. */
  readonly edits: readonly ITextEdit[];
  readonly tags: readonly ITagEdit[];
  /** Cells to insert; few fixes have any. */
  readonly insert?: readonly IInsertedCell[];
}

/** Replaces `range` of a cell's source. */
export interface ITextEdit extends IRange {
  readonly cell: number;
  readonly text: string;
}

/** Changes the tags of a cell; other tags stay. */
export interface ITagEdit {
  readonly cell: number;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A new code cell, before the cell that has the index `before` in the notebook as it is. */
export interface IInsertedCell {
  readonly before: number;
  readonly source: string;
  readonly tags: readonly string[];
}

/** Findings that `# workload: allow RULE reason` keeps quiet. */
export interface IAllowance {
  readonly cell: number;
  readonly range: IRange;
  readonly rule: string;
  readonly reason: string;
  /** How many findings it keeps quiet; with 0 it can go. */
  readonly findings: number;
}
