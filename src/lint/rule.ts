import type { IRolePolicy, Severity } from '../workload/role-policy';
import type { CellRole } from '../workload/roles';
import type { ITranslator } from '../workload/translator';
import type { IFinding } from './finding';
import type { NotebookFlow } from './flow/flow';
import type { ICell, INotebook } from './notebook';
import type { ICellFacts } from './python/facts';

/** A rule: one file in `rules/`, one page in `docs/checks/`. */
export interface IRule {
  readonly id: string;
  /** Where nobody says otherwise. */
  readonly severity: Severity;
  /** What it finds, in a few words for a user. */
  title(trans: ITranslator): string;
  /** Why it matters and what to do, in a sentence or two. */
  description(trans: ITranslator): string;
  /** The smallest notebooks that must and must not fire; tests run them, and the documentation shows them. */
  readonly examples: {
    readonly fires: readonly IExample[];
    readonly clean: readonly IExample[];
  };
  check(context: IRuleContext): Iterable<IRuleFinding>;
}

/** A notebook for an example. */
export interface IExample {
  readonly cells: readonly {
    readonly source: string;
    readonly tags?: readonly string[];
    readonly type?: ICell['type'];
    readonly hasOutputs?: boolean;
  }[];
  /** Files that are there. */
  readonly files?: readonly string[];
  /** The cells that findings are at; all of the rule's findings. */
  readonly at?: readonly number[];
}

/** A finding, but for what the check adds. */
export type IRuleFinding = Omit<IFinding, 'rule' | 'cellId' | 'severity'> & {
  /** At most this severity: what may go wrong is no error. */
  readonly atMost?: Severity;
};

/** What a rule sees. */
export interface IRuleContext {
  readonly notebook: INotebook;
  readonly policy: IRolePolicy;
  readonly cells: readonly ICheckedCell[];
  readonly flow: NotebookFlow;
  readonly trans: ITranslator;
  /** Whether a file exists, by the path that a cell names; undefined when nobody can tell. */
  readonly exists: (path: string) => boolean | undefined;
}

/** A cell with all that is known of it alone. */
export interface ICheckedCell {
  readonly index: number;
  readonly cell: ICell;
  readonly role: CellRole;
  readonly needsRole: boolean;
  /** Null for markdown and raw cells. */
  readonly facts: ICellFacts | null;
}
