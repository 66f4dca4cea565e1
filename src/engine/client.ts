import type { IEnvironmentRule } from '../workload/environment';
import type {
  IAnswerOptions,
  IDatasetInfo,
  IEngine,
  IFileEntry
} from './engine';
import type { EngineApi, QuestionApi } from './engine-api';
import { Caller } from './rpc';
import { workerEndpoint } from './web-endpoint';

/** How the browser's engine is set up. */
export interface IClientOptions {
  /** Headers of requests to the Jupyter server: its token, where cookies do not serve. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name and version of the program, for provenance. */
  readonly tool: string;
  readonly environments?: readonly IEnvironmentRule[];
  /** Most memory that the index may take, bytes. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
}

/**
 * Open a dataset in a worker of its own.
 *
 * @param files Locations are absolute URLs: a worker has no page to resolve them against.
 * @throws EngineError when a file is no Parquet, is damaged, cannot be reached, or differs from the others.
 */
export async function createEngine(
  files: readonly IFileEntry[],
  { signal, headers = {}, ...options }: IClientOptions
): Promise<IEngine> {
  const caller = new Caller<EngineApi>(
    workerEndpoint(new Worker(new URL('./engine.worker.js', import.meta.url)))
  );
  try {
    const info = await caller.call(
      'open',
      { files, headers, ...options },
      { signal }
    );
    return new WorkerEngine(caller, info, () => caller.close());
  } catch (error) {
    caller.close();
    throw error;
  }
}

/** An engine in a worker. */
export class WorkerEngine implements IEngine {
  /**
   * @param _end Ends the worker.
   */
  constructor(
    private readonly _caller: Pick<Caller<QuestionApi>, 'call'>,
    readonly info: IDatasetInfo,
    private readonly _end: () => void
  ) {}

  answer: IEngine['answer'] = (query, options = {}) =>
    this._caller.call(
      'answer',
      { query, partial: options.onPartial !== undefined },
      listening(options)
    );

  overview: IEngine['overview'] = (
    selection,
    { signal, onProgress, onEstimate } = {}
  ) =>
    this._caller.call(
      'overview',
      { selection, estimate: onEstimate !== undefined },
      {
        signal,
        onEvent: told =>
          'progress' in told
            ? onProgress?.(told.progress)
            : onEstimate?.(told.estimate)
      }
    );

  estimate: IEngine['estimate'] = (query, { signal, atOnce = false } = {}) =>
    this._caller.call('estimate', { query, atOnce }, { signal });

  estimateOverview: IEngine['estimateOverview'] = (selection, options) =>
    this._caller.call('estimateOverview', selection, options);

  values: IEngine['values'] = (field, selection, { signal, ...options } = {}) =>
    this._caller.call('values', { field, selection, ...options }, { signal });

  cost: IEngine['cost'] = (queries, { signal, onLacking } = {}) =>
    this._caller.call('cost', queries, { signal, onEvent: onLacking });

  requests: IEngine['requests'] = last =>
    this._caller.call('requests', last ?? null);

  quiet(): void {
    // A worker that is gone is quiet.
    this._caller.call('quiet', null).catch(() => undefined);
  }

  dispose(): void {
    this._end();
  }
}

function listening({ signal, onProgress, onPartial }: IAnswerOptions) {
  return {
    signal,
    onEvent: (told: QuestionApi['answer']['event']) =>
      'progress' in told
        ? onProgress?.(told.progress)
        : onPartial?.(told.partial)
  };
}
