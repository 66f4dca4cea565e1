import type { CellRole } from '../workload/roles';
import type { IAllowance, IFinding } from './finding';

/** What a check of a notebook gives. */
export interface ICheckResult {
  /** By cell, then by place. */
  readonly findings: readonly IFinding[];
  readonly allowances: readonly IAllowance[];
  /** One for each cell of the notebook, in order. */
  readonly cells: readonly ICellSummary[];
  /** Files whose existence decides findings, as the cells name them; `exists` was asked, or would have been. */
  readonly paths: readonly string[];
}

/** What is told of a cell besides findings. */
export interface ICellSummary {
  readonly id: string | null;
  readonly role: CellRole;
  /** Whether it must have a role: a code cell with more than blanks and comments. */
  readonly needsRole: boolean;
  /** Names that it defines and other cells use. */
  readonly defines: readonly ILink[];
  /** Names that it uses and other cells define. */
  readonly uses: readonly ILink[];
}

/** A name that ties a cell to others. */
export interface ILink {
  readonly name: string;
  /** The other cells, by index, in order. */
  readonly cells: readonly number[];
}
