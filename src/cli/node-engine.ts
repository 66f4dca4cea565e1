import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

import { LocalDecoder, serveDecoder } from '../engine/decoder';
import type { IDecoder } from '../engine/decoder';
import { DecoderPool } from '../engine/decoder-pool';
import type { IDatasetInfo } from '../engine/engine';
import { listDataset } from '../engine/listing';
import type { IEngineOptions, LocalEngine } from '../engine/local-engine';
import { openFiles } from '../engine/open';
import type { IOpened } from '../engine/open';
import { parquetEngine } from '../engine/parquet-engine';
import type { IEndpoint } from '../engine/rpc';
import { VERSION } from '../version';
import { nodeLister, nodeSource } from './node-files';
import { siteEnvironments } from './site-file';

/** Below this many bytes, starting threads takes longer than it saves. */
const SMALL = 24 * 1024 * 1024;
const MOST_READERS = 8;

/** Open a dataset from disk. */
export async function openNodeEngine(
  paths: readonly string[],
  options: Pick<IEngineOptions, 'worthWhile'> = {}
): Promise<LocalEngine> {
  const opened = await openFiles(
    await listDataset(paths, nodeLister),
    nodeSource
  );
  const { decoder, parallel } = decoderFor(opened, opened.dataset.info);
  return parquetEngine(opened.dataset, decoder, {
    tool: `workload-explorer ${VERSION}`,
    environments: await siteEnvironments(),
    memory: Infinity,
    parallel,
    ...options
  });
}

function decoderFor(
  { files }: IOpened,
  info: IDatasetInfo
): { decoder: IDecoder; parallel: number } {
  const fileAt = (file: number) => files[file];
  // This thread indexes while the others decode.
  const readers = Math.min(MOST_READERS, availableParallelism());
  if (info.bytes < SMALL || readers < 2) {
    return { decoder: new LocalDecoder(fileAt, nodeSource), parallel: 2 };
  }
  const endpoints = Array.from({ length: readers }, () =>
    threadEndpoint(new Worker(new URL(import.meta.url)))
  );
  return {
    decoder: new DecoderPool(endpoints, fileAt),
    parallel: readers * 2
  };
}

/** What the bundle does when it is started as a thread: decode. */
export function runDecoderThread(): void {
  const port = parentPort;
  if (!port) {
    throw new Error('This is not a thread.');
  }
  serveDecoder(
    {
      post: (message, transfer) => port.postMessage(message, [...transfer]),
      listen: handle => port.on('message', handle),
      close: () => port.close()
    },
    nodeSource
  );
}

function threadEndpoint(worker: Worker): IEndpoint {
  // An idle reader must not keep the program alive.
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (handle, fail) => {
      worker.on('message', handle);
      worker.on('error', fail);
      worker.on('messageerror', fail);
    },
    close: () => void worker.terminate()
  };
}
