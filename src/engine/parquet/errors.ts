import { ParquetError, type LeafLayout } from './types';

/** The error for a column whose data are damaged. `detail` completes the sentence. */
export function damagedColumn(
  layout: LeafLayout,
  detail: string
): ParquetError {
  return new ParquetError(
    'corrupt',
    `The Parquet file is damaged in column “${layout.name}”: ${detail}.`
  );
}

/** The error for a column that is sound, as far as is known, but cannot be read. `detail` completes the sentence. */
export function unsupportedColumn(
  layout: LeafLayout,
  detail: string
): ParquetError {
  return new ParquetError(
    'unsupported',
    `The column “${layout.name}” cannot be read: ${detail}.`
  );
}
