import type { IAnswer } from '../workload/answer';
import type { IEnvironmentRule } from '../workload/environment';
import type { IQuery, ISelection } from '../workload/query';
import type {
  ICost,
  IDatasetInfo,
  IFileEntry,
  IOverview,
  IProgress,
  IRequestLog
} from './engine';
import type { IFrequentValue } from './frequent-values';

/** What the engine's worker is told when a dataset is opened. */
export interface IOpenArguments {
  readonly files: readonly IFileEntry[];
  /** Headers of requests to the Jupyter server: its token, where cookies do not serve. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tool: string;
  readonly environments?: readonly IEnvironmentRule[];
  readonly memory?: number;
}

type Told = { progress: IProgress } | { partial: IAnswer };

/** Calls of an engine in a worker. */
export type EngineApi = QuestionApi & {
  open: { args: IOpenArguments; result: IDatasetInfo; event: never };
};

/** Questions to an engine in a worker, whatever it reads. */
export type QuestionApi = {
  answer: {
    args: { query: IQuery; partial: boolean };
    result: IAnswer;
    event: Told;
  };
  overview: {
    args: { selection: ISelection; estimate: boolean };
    result: IOverview;
    event: { progress: IProgress } | { estimate: IOverview };
  };
  values: {
    args: {
      field: string;
      selection: ISelection;
      contains?: string;
      limit?: number;
    };
    result: IFrequentValue[];
    event: never;
  };
  estimate: {
    args: { query: IQuery; atOnce: boolean };
    result: IAnswer | null;
    event: never;
  };
  estimateOverview: {
    args: ISelection;
    result: IOverview | null;
    event: never;
  };
  quiet: { args: null; result: null; event: never };
  cost: {
    args: readonly IQuery[];
    result: ICost;
    /** Positions of questions that lack something. */
    event: readonly number[];
  };
  requests: { args: number | null; result: IRequestLog; event: never };
};
