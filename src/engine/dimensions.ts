import { calendar } from '../workload/calendar';
import type { Cell } from '../workload/answer';
import type { INodeClass } from '../workload/node-classes';
import type { Bins, CalendarUnit } from '../workload/query';
import type { ISegment } from './dataset';
import type { Codes } from './dictionary';
import { NONE } from './kernels/distinct';
import type { IRowCodes, Population } from './population';
import type { Seconds } from './workload-index';

/**
 * A key to group by: its groups are numbered from 0 to `size`, exclusive, and `label` gives the cells that name one in an answer.
 */
export type Dimension =
  | {
      readonly kind: 'package';
      readonly size: number;
      /** By package code: the group, or `NONE`. */
      readonly index: Uint32Array;
      /** Every package is its own group, by code. */
      readonly whole: boolean;
      label(group: number): readonly Cell[];
    }
  | (IRowDimension & { readonly kind: 'rows' })
  | (IRowDimension & {
      readonly kind: 'nodes';
      /** Group of each job by the rank of its node count; `NONE` nowhere. */
      classesOf(ranks: Codes): Uint32Array;
    });

export interface IRowDimension {
  readonly size: number;
  /** The group of each row, or `NONE`; a fresh array. */
  rows(segment: ISegment): Uint32Array;
  label(group: number): readonly Cell[];
}

/** Some packages by name, and, with `other`, one more group for all the rest. */
export function chosenPackages(
  whole: Dimension & { kind: 'package' },
  chosen: readonly number[],
  other: boolean
): Dimension & { kind: 'package' } {
  const place = new Map(chosen.map((group, i) => [group, i]));
  const rest = other ? chosen.length : NONE;
  return {
    kind: 'package',
    size: chosen.length + Number(other),
    index: whole.index.map(group =>
      group === NONE ? NONE : (place.get(group) ?? rest)
    ),
    whole: false,
    label: i => (i < chosen.length ? whole.label(chosen[i]) : [null])
  };
}

/** Values of a column, by dictionary code; missing is a group of its own. */
export function valueDimension(
  population: Population,
  column: IRowCodes
): Dimension & IRowDimension {
  const { dictionary } = column;
  // Codes of a derived column come into being as rows are looked at.
  population.segments.forEach(segment => column.codes(segment));
  return {
    kind: 'rows',
    size: dictionary.size,
    rows: segment => new Uint32Array(column.codes(segment)),
    label: code => [dictionary.value(code)]
  };
}

/** Some groups of another dimension by number, and, with `other`, one more group for all the rest. */
export function chosenRows(
  whole: IRowDimension,
  chosen: readonly number[],
  other: boolean
): Dimension {
  const index = new Uint32Array(whole.size).fill(other ? chosen.length : NONE);
  chosen.forEach((group, i) => {
    index[group] = i;
  });
  return {
    kind: 'rows',
    size: chosen.length + Number(other),
    rows: segment => translated(whole.rows(segment), index),
    label: i => (i < chosen.length ? whole.label(chosen[i]) : [null])
  };
}

/** Node counts, single or in classes. The count of a row is its job's, or its own outside jobs. */
export function nodesDimension(
  population: Population,
  bins: Bins
): Dimension & { kind: 'nodes' } {
  const { of, classes } = population.nodeClasses(bins);
  return {
    kind: 'nodes',
    size: classes.length,
    rows: segment => translated(population.rowNodeRanks(segment), of),
    classesOf: ranks => translated(ranks, of),
    label: i => nodeCells(classes[i], bins)
  };
}

function translated(codes: Codes, lut: Uint32Array): Uint32Array {
  const result = new Uint32Array(codes.length);
  for (let i = 0; i < result.length; i++) {
    result[i] = lut[codes[i]];
  }
  return result;
}

function nodeCells(found: INodeClass | null, bins: Bins): readonly Cell[] {
  return bins === null
    ? [found?.from ?? null]
    : [found?.from ?? null, found?.to ?? null];
}

/** Calendar periods in a zone; records without a time are a group of their own, the last. */
export function calendarDimension(
  population: Population,
  unit: CalendarUnit,
  zone: string
): Dimension {
  const span = population.span();
  const { labels, starts } = span
    ? calendar(unit, zone, span.from, span.to)
    : { labels: [], starts: [0] };
  const find = finder(starts);
  return {
    kind: 'rows',
    size: labels.length + 1,
    rows: segment => {
      const times = population.selection.times(segment);
      const groups = new Uint32Array(segment.rows).fill(labels.length);
      if (times) {
        find(times, groups);
      }
      return groups;
    },
    label: i => [labels[i] ?? null]
  };
}

/** Zone offsets are whole quarters of an hour in all zones since 1972, and so are the starts of calendar periods. */
const QUARTER_HOUR = 900;
/** Entries of the largest look-up table. */
const MOST_ENTRIES = 2 ** 20;

/**
 * Put times into the periods that `starts` delimit. By table where periods begin on quarters of an hour, else by bisection.
 * Times outside all periods, missing ones among them, leave their entry alone.
 */
function finder(
  starts: readonly number[]
): (times: Seconds, into: Uint32Array) => void {
  const first = starts[0];
  const last = starts[starts.length - 1];
  const entries = Math.ceil((last - first) / QUARTER_HOUR);
  if (
    entries <= MOST_ENTRIES &&
    starts.every(start => (start - first) % QUARTER_HOUR === 0)
  ) {
    const table = new Uint32Array(entries);
    for (let k = 0; k + 1 < starts.length; k++) {
      table.fill(
        k,
        (starts[k] - first) / QUARTER_HOUR,
        (starts[k + 1] - first) / QUARTER_HOUR
      );
    }
    return (times, into) => {
      for (let i = 0; i < into.length; i++) {
        const t = times[i];
        if (t >= first && t < last) {
          into[i] = table[((t - first) / QUARTER_HOUR) | 0];
        }
      }
    };
  }
  return (times, into) => {
    for (let i = 0; i < into.length; i++) {
      const t = times[i];
      if (!(t >= first && t < last)) {
        continue;
      }
      let low = 0;
      let high = starts.length - 1;
      while (low + 1 < high) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= t) {
          low = middle;
        } else {
          high = middle;
        }
      }
      into[i] = low;
    }
  };
}

