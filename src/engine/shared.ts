import type { Mapping } from '../workload/fields';
import type { Filter } from '../workload/query';
import type { ISegment } from './dataset';
import type { Codes, Dictionary } from './dictionary';
import type { EnvironmentColumn } from './environment-column';
import type { FilterMask } from './filter-mask';
import type { Keys, KeyUnit } from './keys';
import { EngineError } from './engine';
import type { TimeAxis } from './time-axis';
import type { WorkloadIndex } from './workload-index';

/** A code a row, and what the codes mean. */
export interface IRowCodes {
  readonly dictionary: Dictionary;
  readonly codes: (segment: ISegment) => Codes;
}

/** What populations of one mapping share. */
export interface IShared {
  readonly index: WorkloadIndex;
  readonly mapping: Mapping;
  /** Keys of a unit; null when it has none. */
  keys(unit: KeyUnit): Keys | null;
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
  shared: IShared,
  role: 'package' | 'nodes' | 'count'
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
