import type { IDatasetInfo } from '../engine/engine';
import type { QuestionApi } from '../engine/engine-api';
import type { IEngineOptions } from '../engine/local-engine';

/** What the worker is told when indices are opened. */
export interface IOpenIndices extends Pick<
  IEngineOptions,
  'tool' | 'environments' | 'memory'
> {
  /** Absolute address of the connection's gateway. */
  readonly base: string;
  /** Names, aliases, data streams and patterns, separated by commas. */
  readonly indices: string;
  /** Headers of requests to the Jupyter server. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls of the engine in its worker. */
export type ElasticApi = QuestionApi & {
  open: { args: IOpenIndices; result: IDatasetInfo; event: never };
  close: { args: null; result: null; event: never };
};
