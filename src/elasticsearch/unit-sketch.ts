import { keyColumns } from '../engine/keys';
import type { KeyUnit } from '../engine/keys';
import type { Mapping } from '../workload/fields';
import { bucketIn, bucketsIn, valueIn } from './answers';
import type { Columns } from './conditions';
import type { Aggregations } from './protocol';
import { fieldOf } from './quick-levels';

/** Values that a sketch of distinct values tells apart as good as exactly. */
export const PRECISION = 3000;
/** Values of a second column of a key that are told apart. */
const MOST_PARTS = 50;
/** What stands for a missing value, which is one of its own: no text of data. */
const NONE = '\uffff';

/**
 * The sketch of the distinct units among documents.
 *
 * #### Notes
 * A job is told by its id and its system. Where there are several systems, the ids of each are sketched apart and added.
 *
 * @param name Name of the aggregation.
 * @returns null where the key has no single field, or more than two.
 */
export function unitSketch(
  name: string,
  unit: KeyUnit,
  columns: Columns,
  mapping: Mapping
): Aggregations | null {
  if (mapping[unit]?.length !== 1) {
    return null;
  }
  const [own, ...others] = keyColumns(unit, mapping);
  const field = fieldOf(columns, own);
  const telling = others.filter(other => !columns.get(other)?.constant);
  if (field === null || telling.length > 1) {
    return null;
  }
  const sketch: Aggregations = {
    [name]: { cardinality: { field, precision_threshold: PRECISION } }
  };
  if (telling.length === 0) {
    return sketch;
  }
  const part = fieldOf(columns, telling[0]);
  return part === null || columns.get(telling[0])?.type !== 'text'
    ? null
    : {
        [name]: {
          terms: { field: part, size: MOST_PARTS, missing: NONE },
          aggs: sketch
        }
      };
}

/** The units that a sketch tells of; null where there is none. */
export function unitsIn(
  bucket: Readonly<Record<string, unknown>> | undefined,
  name: string
): number | null {
  const found = bucketIn(bucket, name);
  return found && 'buckets' in found
    ? bucketsIn(bucket ?? {}, name).reduce(
        (sum, part) => sum + (valueIn(part, name) ?? 0),
        0
      )
    : valueIn(bucket, name);
}

/** Whether a sketch leaves out units, because their key has too many parts. */
export function lacksUnits(
  bucket: Readonly<Record<string, unknown>> | undefined,
  name: string
): boolean {
  return Number(bucketIn(bucket, name)?.sum_other_doc_count ?? 0) > 0;
}
