import { WorkerEngine } from '../engine/client';
import type { IEngine } from '../engine/engine';
import { Caller } from '../engine/rpc';
import { workerEndpoint } from '../engine/web-endpoint';
import type { ElasticApi, IOpenIndices } from './elastic-api';

/** How the browser's engine over indices is set up. */
export interface IElasticClientOptions extends IOpenIndices {
  readonly signal?: AbortSignal;
}

/** Time for the worker to let go of its point in time, milliseconds. */
const FAREWELL = 2000;

/**
 * Open indices of Elasticsearch in a worker of its own.
 *
 * @throws EngineError when they cannot be read.
 */
export async function createElasticEngine({
  signal,
  ...options
}: IElasticClientOptions): Promise<IEngine> {
  const caller = new Caller<ElasticApi>(
    workerEndpoint(new Worker(new URL('./elastic.worker.js', import.meta.url)))
  );
  try {
    const info = await caller.call('open', options, { signal });
    return new WorkerEngine(caller, info, () => {
      const end = () => caller.close();
      caller.call('close', null).then(end, end);
      setTimeout(end, FAREWELL);
    });
  } catch (error) {
    // The worker may have a point in time that it has yet to let go of.
    setTimeout(() => caller.close(), FAREWELL);
    throw error;
  }
}
