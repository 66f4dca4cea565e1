import { isRole } from '../workload/fields';
import type { IColumn, Mapping } from '../workload/fields';
import type { IDatasetInfo } from './engine';

/** The piece in which a dataset is fetched, coded and skipped: a row group of a Parquet file, or a slice of an index by time. */
export interface ISegment {
  /** Position in `IDataset.segments`. */
  readonly id: number;
  /** Rows here; until it has arrived, what is announced. */
  readonly rows: number;
  /** Records that were read for them, or are to be: one each in a file, while a row from an index may stand for several documents. */
  readonly records: number;
}

/** Bounds of time stamps, epoch seconds, both inclusive and rounded outwards. */
export interface ITimeBounds {
  readonly from: number;
  readonly to: number;
}

/** What can be asked about: columns, and the segments that hold them. */
export interface IDataset {
  readonly columns: ReadonlyMap<string, IColumn>;
  readonly segments: readonly ISegment[];
  readonly mapping: Mapping;
  readonly info: IDatasetInfo;
  /**
   * The column that says how many records each row stands for, in place of the one mapped as `count`, which is then a column like
   * others; it arrives with any of them. Undefined where the mapping says it.
   */
  readonly weights?: string;
  /**
   * Bounds of a segment's time stamps, as far as they are known before it is read.
   *
   * @returns null when they are not.
   */
  timeBounds(segment: ISegment, column: string): ITimeBounds | null;
}

/** Columns that a field stands for: a role's, or the column itself. */
export function fieldColumns(
  field: string,
  mapping: Mapping
): readonly string[] {
  return (isRole(field) ? mapping[field] : undefined) ?? [field];
}
