import type { Cell } from '../workload/answer';
import type { INodeClass } from '../workload/node-classes';
import type { Bins, CalendarUnit } from '../workload/query';
import type { ISegment } from './dataset';
import type { Codes } from './dictionary';
import { NONE } from './kernels/distinct';
import type { Population } from './population';
import type { IRowCodes } from './shared';

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
      readonly label: (group: number) => readonly Cell[];
    }
  | (IRowDimension & { readonly kind: 'rows' })
  | (IRowDimension & {
      readonly kind: 'nodes';
      /** Group by the rank of a node count. */
      readonly ofRank: Uint32Array;
    });

export interface IRowDimension {
  readonly size: number;
  /** The group of each row, or `NONE` in 32 bits; not to be changed. */
  readonly rows: (segment: ISegment) => Codes;
  readonly label: (group: number) => readonly Cell[];
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
    rows: segment => column.codes(segment),
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
  const { of, classes } = population.nodeCounts().classes(bins);
  return {
    kind: 'nodes',
    size: classes.length,
    rows: segment => translated(population.nodeCounts().rows(segment), of),
    ofRank: of,
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
  const { labels, codes } = population.periods(unit, zone);
  return {
    kind: 'rows',
    size: labels.length + 1,
    rows: codes,
    label: i => [labels[i] ?? null]
  };
}
