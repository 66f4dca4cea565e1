import type { ITable } from '../../workload/answer';
import type { ITranslator } from '../../workload/translator';
import type { IViewModel } from '../view-model';
import type { IOpened } from './open-source';
import type { After } from './retry';

/** What a session needs; tests stand in for what reaches a server. */
export interface ISessionOptions {
  readonly model: IViewModel;
  readonly trans: ITranslator;
  /** Paths as whoever lists files knows them, for those in the view, which may start at the view's document. */
  readonly resolve: (paths: readonly string[]) => readonly string[];
  /** Find the files of a source and open them. Rejects with an `EngineError`. */
  readonly open: (
    paths: readonly string[],
    signal: AbortSignal
  ) => Promise<IOpened>;
  /** Run a transform; rejects with its error. */
  readonly transform: (code: string, table: ITable) => Promise<ITable>;
  readonly after: After;
}
