import { KEY_ROLES } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { IDataset, ISegment } from './dataset';
import { EngineError } from './engine';
import type { INeed } from './loader';
import type { WorkloadIndex } from './workload-index';

/**
 * Bytes a row: codes, seconds, masks and what is kept of populations; for keys also their dictionary and hash table, as if every
 * third row had a new one.
 */
const BYTES_A_ROW = { key: 12, code: 2, seconds: 4, masks: 6 };
const GIGABYTE = 2 ** 30;

/** Memory that an index will take once columns of segments are in it, bytes: what it holds, and an estimate of the rest. */
export function memoryAfter(
  index: WorkloadIndex,
  mapping: Mapping,
  segments: readonly ISegment[],
  needs: readonly INeed[]
): number {
  const keys = new Set(KEY_ROLES.flatMap(role => mapping[role] ?? []));
  let bytes = index.bytes;
  const { weights } = index.dataset;
  const all =
    weights === undefined
      ? needs
      : [...needs, { name: weights, form: 'codes' } as const];
  for (const segment of segments) {
    bytes += segment.rows * BYTES_A_ROW.masks;
    for (const { name, form } of all) {
      if (!index.has(segment, name, form)) {
        bytes += segment.rows * bytesARow(form, keys.has(name));
      }
    }
  }
  return bytes;
}

/** Memory that rows will take in an index of their own, bytes: an estimate. */
export function memoryOf(
  rows: number,
  mapping: Mapping,
  needs: readonly INeed[]
): number {
  const keys = new Set(KEY_ROLES.flatMap(role => mapping[role] ?? []));
  return needs.reduce(
    (bytes, { name, form }) => bytes + rows * bytesARow(form, keys.has(name)),
    rows * BYTES_A_ROW.masks
  );
}

function bytesARow(form: INeed['form'], key: boolean): number {
  return form === 'seconds'
    ? BYTES_A_ROW.seconds
    : key
      ? BYTES_A_ROW.key
      : BYTES_A_ROW.code;
}

/**
 * Refuse what does not fit: says how big it is, and which period would fit.
 *
 * @returns Memory that the index will take, bytes.
 * @throws EngineError `memory`.
 */
export function checkMemory(
  index: WorkloadIndex,
  mapping: Mapping,
  segments: readonly ISegment[],
  needs: readonly INeed[],
  limit: number
): number {
  const bytes = memoryAfter(index, mapping, segments, needs);
  if (bytes <= limit) {
    return bytes;
  }
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  const free = Math.max(0, limit - index.bytes);
  const fitting = Math.floor((rows * free) / Math.max(1, bytes - index.bytes));
  const since = latestDays(index.dataset, mapping, segments, fitting);
  throw new EngineError(
    'memory',
    `${millions(rows)} million rows of ${needs.length} columns would take ${(bytes / GIGABYTE).toFixed(1)} GB of memory, and ${(limit / GIGABYTE).toFixed(1)} GB are allowed. ` +
      `About ${millions(fitting)} million rows fit: choose a shorter period${since === null ? '' : `, such as from ${since} on`}, or remove conditions on further columns.`
  );
}

/** First day of the latest segments that have at most some rows together; null when statistics do not tell. */
function latestDays(
  dataset: IDataset,
  mapping: Mapping,
  segments: readonly ISegment[],
  most: number
): string | null {
  const [time = ''] = mapping.time ?? [];
  const bounded = segments.flatMap(segment => {
    const bounds = dataset.timeBounds(segment, time);
    return bounds ? [{ rows: segment.rows, ...bounds }] : [];
  });
  if (bounded.length < segments.length) {
    return null;
  }
  let rows = 0;
  let earliest: number | null = null;
  for (const segment of bounded.sort((a, b) => b.to - a.to)) {
    rows += segment.rows;
    if (rows > most) {
      // The period begins after the first segment that is too much.
      return earliest === null
        ? null
        : new Date(segment.to * 1000 + 86_400_000).toISOString().slice(0, 10);
    }
    earliest = segment.from;
  }
  return null;
}

function millions(rows: number): string {
  return (rows / 1e6).toFixed(1);
}
