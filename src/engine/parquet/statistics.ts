import type { Statistics } from 'hyparquet';
import { floorDivide } from './time';
import type { LeafLayout } from './types';

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Bounds of a chunk's values from its statistics, in the unit that `ColumnChunkInfo` promises; null where there are
 * none that hold for certain. The older pair `min`/`max` was ordered as signed integers by every writer, and so is
 * taken only for those.
 */
export function readBounds(
  statistics: Statistics | undefined,
  layout: LeafLayout
): { min: number | null; max: number | null } {
  const none = { min: null, max: null };
  if (
    !statistics ||
    layout.bytesAs ||
    layout.scale !== null ||
    layout.unit === 'INT96'
  ) {
    return none;
  }
  const signed = layout.physical.startsWith('INT') && !layout.unsigned;
  const lowest = statistics.min_value ?? (signed ? statistics.min : undefined);
  const highest = statistics.max_value ?? (signed ? statistics.max : undefined);
  const [min, max] =
    layout.type === 'time'
      ? [toMillis(lowest, layout, false), toMillis(highest, layout, true)]
      : layout.type === 'number'
        ? [toNumber(lowest), toNumber(highest)]
        : [null, null];
  return min === null || max === null || min > max ? none : { min, max };
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'bigint') {
    return value <= SAFE && value >= -SAFE ? Number(value) : null;
  }
  // A file whose floating-point columns hold NaN has no order; writers that noted it are not to be trusted.
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}

/** Milliseconds that do not lie above the value or, with `up`, not below it. */
function toMillis(
  value: unknown,
  layout: LeafLayout,
  up: boolean
): number | null {
  if (layout.unit === 'DAYS') {
    return typeof value === 'number' && Number.isInteger(value)
      ? value * 86_400_000
      : null;
  }
  if (typeof value !== 'bigint') {
    return null;
  }
  const per =
    layout.unit === 'MILLIS'
      ? 1n
      : layout.unit === 'MICROS'
        ? 1000n
        : 1_000_000n;
  const floor = floorDivide(value, per);
  return toNumber(up && floor * per !== value ? floor + 1n : floor);
}
