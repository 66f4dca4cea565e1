/** The thread that holds the index and answers; it starts the threads that read. */
import { DecoderPool } from './decoder-pool';
import { EngineError } from './engine';
import type { EngineApi } from './engine-api';
import { httpSource } from './http-source';
import type { LocalEngine } from './local-engine';
import { openFiles } from './open';
import { parquetEngine } from './parquet-engine';
import { serve } from './rpc';
import { serveEngine } from './serve-engine';
import { parentEndpoint, workerEndpoint } from './web-endpoint';

/** More readers than this compete for the line and for memory. */
const MOST_READERS = 4;

let engine: LocalEngine | null = null;

serve<EngineApi>(parentEndpoint(), {
  open: async ({ files, headers, ...options }, { signal }) => {
    const readers = Math.min(
      MOST_READERS,
      Math.max(1, navigator.hardwareConcurrency || 2)
    );
    // They start while footers are read.
    const endpoints = Array.from({ length: readers }, () =>
      workerEndpoint(
        new Worker(new URL('./decoder.worker.js', import.meta.url), {
          name: JSON.stringify(headers)
        })
      )
    );
    const opened = await openFiles(files, httpSource(headers), signal).catch(
      (error: unknown) => {
        endpoints.forEach(endpoint => endpoint.close());
        throw error;
      }
    );
    engine = parquetEngine(
      opened.dataset,
      new DecoderPool(endpoints, file => opened.files[file]),
      { ...options, parallel: readers * 2, anticipate: true }
    );
    return { value: engine.info };
  },
  ...serveEngine(current)
});

function current(): LocalEngine {
  if (!engine) {
    throw new EngineError('internal', 'No dataset is open.');
  }
  return engine;
}
