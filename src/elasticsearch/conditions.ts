import { boundsOf } from '../engine/selection';
import { fieldColumns } from '../engine/dataset';
import { FLAG_ROLES } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { Filter, ISelection } from '../workload/query';
import type { IIndexColumn } from './fields';
import { within } from './slices';
import type { Condition, Scalar } from './protocol';

/** Columns by name. */
export type Columns = ReadonlyMap<string, IIndexColumn>;

/** The times that a field of nanoseconds can hold, epoch milliseconds: it refuses to be compared with others. */
const NANOS = [0, 9_223_372_036_854] as const;
/** Most values of a condition that are sent along. */
const MOST_VALUES = 1000;

/**
 * A filter as a condition of Elasticsearch that chooses the very same documents.
 *
 * @returns null where there is none: patterns, globs and conditions on the packages of the job are tried on values here.
 */
export function conditionOf(
  filter: Filter,
  columns: Columns,
  mapping: Mapping
): Condition | null {
  const names = fieldColumns(filter.field, mapping);
  const column = columns.get(names[0]);
  if (names.length !== 1 || !column || column.list) {
    return null;
  }
  const positive = positiveOf(filter, column, mapping);
  return positive && filter.not ? { bool: { must_not: [positive] } } : positive;
}

function positiveOf(
  filter: Filter,
  { variants, type, name }: IIndexColumn,
  mapping: Mapping
): Condition | null {
  if (variants.length !== 1) {
    return null;
  }
  const [{ field, mapped }] = variants;
  switch (filter.op) {
    case 'any': {
      const isFlag = FLAG_ROLES.some(role => mapping[role]?.includes(name));
      const values = filter.values.map(value => scalarOf(value, mapped));
      return values.length <= MOST_VALUES &&
        values.every(value => value !== null) &&
        // Yes and no are written in many ways in a text or a number.
        !(isFlag && type !== 'boolean')
        ? { terms: { [field]: values } }
        : null;
    }
    case 'missing':
      return { bool: { must_not: [{ exists: { field } }] } };
    default:
      return null;
  }
}

/** A value as a field of some type stores it; null when that is not certain. */
function scalarOf(text: string, mapped: string): Scalar | null {
  switch (mapped) {
    case 'keyword':
    case 'constant_keyword':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'long':
    case 'integer':
      // Within the range of both.
      return /^(0|-?[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
    default:
      return null;
  }
}

/** The period of a selection as a condition; null when it is open at both ends, or time is none by its type. */
export function periodCondition(
  { period, zone }: Pick<ISelection, 'period' | 'zone'>,
  columns: Columns,
  mapping: Mapping
): Condition | null | 'unsure' {
  if (period.from === null && period.to === null) {
    return null;
  }
  const column = columns.get(mapping.time?.[0] ?? '');
  if (column?.type !== 'time' || column.variants.length !== 1) {
    return 'unsure';
  }
  const { from, to } = boundsOf(period, zone);
  const [{ field, mapped }] = column.variants;
  const [least, most] = mapped === 'date_nanos' ? NANOS : [-Infinity, Infinity];
  const inRange = (time: number) => Math.min(most, Math.max(least, time));
  return within(
    field,
    from === -Infinity ? from : inRange(from * 1000),
    to === Infinity ? to : inRange(to * 1000)
  );
}
