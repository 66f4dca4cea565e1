import type { Mapping } from '../workload/fields';
import type { Filter } from '../workload/query';
import type { IDataset, ISegment } from './dataset';
import type { Codes, Dictionary } from './dictionary';
import type { EnvironmentColumn } from './environment-column';
import type { FilterMask } from './filter-mask';
import type { IKeys, KeyUnit } from './keys';
import { EngineError } from './engine';
import type { ISharedLists } from './kernels/package-sets';
import type { TimeAxis } from './time-axis';
import type { ICodedColumn, Seconds } from './workload-index';

/** A code a row, and what the codes mean. */
export interface IRowCodes {
  readonly dictionary: Dictionary;
  readonly codes: (segment: ISegment) => Codes;
}

/** Columns in memory, as counting needs them. */
export interface IIndex {
  readonly dataset: IDataset;
  coded(name: string): ICodedColumn;
  /** The time axis, by segment. */
  times(name: string): readonly (Seconds | undefined)[];
  /** What is said of rows that stand for several records and jobs; undefined where each is a record. */
  readonly condensed?: {
    /** Jobs, numbered already; null where none are told apart. */
    readonly jobs: IKeys | null;
    /** Lists of packages by number. */
    readonly lists: ISharedLists;
    /** Records by list element of the packages. */
    readonly records: Uint32Array;
    /** Records by row. */
    readonly recordsOfRows: Uint32Array;
  };
}

/** What populations of one mapping share. */
export interface IShared {
  readonly index: IIndex;
  readonly mapping: Mapping;
  /** Keys of a unit; null when it has none. */
  keys(unit: KeyUnit): IKeys | null;
  readonly environments: EnvironmentColumn | null;
  /** The time axis; null when no time is mapped. */
  readonly times: TimeAxis | null;
  /** A column's dictionary, and the code of each row. */
  column(name: string): IRowCodes;
  /** The rows that one condition chooses. */
  filterMask(filter: Filter, zone: string): FilterMask;
}

/**
 * The column mapped to a role.
 *
 * @throws EngineError `missing-column` when none is.
 */
export function mappedColumn(
  shared: Pick<IShared, 'mapping' | 'column'>,
  role: 'package' | 'nodes'
): IRowCodes {
  const name = shared.mapping[role]?.[0];
  if (name === undefined) {
    throw new EngineError(
      'missing-column',
      `No column is mapped as “${role}”. Map one.`,
      role
    );
  }
  return shared.column(name);
}
