import type { IDecoder } from './decoder';
import { LocalEngine } from './local-engine';
import type { IEngineOptions } from './local-engine';
import type { IParquetDataset } from './parquet-dataset';
import { ParquetLoader } from './parquet-loader';

/** Requests under way at a time, unless said otherwise. */
const PARALLEL = 4;

/** An engine over Parquet files. */
export function parquetEngine(
  dataset: IParquetDataset,
  decoder: IDecoder,
  { parallel = PARALLEL, ...options }: IEngineOptions & { parallel?: number }
): LocalEngine {
  return new LocalEngine(
    dataset,
    index => new ParquetLoader(dataset, index, decoder, parallel),
    options
  );
}
