import type { IRolePolicy } from '../workload/role-policy';
import type { ICell } from './notebook';
import type { ICheckResult } from './result';
import type { ISuggestion } from './suggest';

/** A notebook as it travels to the worker. */
export interface ISentNotebook {
  /** Names the open notebook, so that the worker knows what it has of it. */
  readonly key: string;
  readonly path: string | null;
  readonly cells: readonly ISentCell[];
  readonly policy: IRolePolicy;
}

/** A cell; without a source, it is the one sent last under the same id. */
export type ISentCell = Omit<ICell, 'source' | 'id'> & {
  readonly id: string;
  readonly source?: string;
};

/** Calls of the worker that checks. Its texts are deferred: see `translateDeferred`. */
export type LintApi = {
  check: {
    args: {
      notebook: ISentNotebook;
      /** What is known of files, by the path that cells name. */
      files: ReadonlyMap<string, boolean>;
    };
    result: ICheckResult;
    event: never;
  };
  suggest: {
    args: { notebook: ISentNotebook };
    result: readonly ISuggestion[];
    event: never;
  };
  /** The notebook is closed. */
  forget: { args: { key: string }; result: null; event: never };
};
