import { LocalDecoder } from '../../src/engine/decoder';
import { listDataset } from '../../src/engine/listing';
import type { LocalEngine } from '../../src/engine/local-engine';
import { openFiles } from '../../src/engine/open';
import { parquetEngine } from '../../src/engine/parquet-engine';
import { nodeLister, nodeSource } from '../../src/cli/node-files';

/** An engine over files on disk that starts no threads. */
export async function engineInThisThread(
  paths: readonly string[]
): Promise<LocalEngine> {
  const { dataset, files } = await openFiles(
    await listDataset(paths, nodeLister),
    nodeSource
  );
  return parquetEngine(
    dataset,
    new LocalDecoder(file => files[file], nodeSource),
    { tool: 'workload-explorer 0.0.0' }
  );
}
