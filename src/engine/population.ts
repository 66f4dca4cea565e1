import type { CalendarUnit, Distinct } from '../workload/query';
import type { ISegment } from './dataset';
import { EMPTY, FIRST } from './dictionary';
import type { Codes, Dictionary } from './dictionary';
import type { Dimension } from './dimensions';
import { countRows } from './filter-mask';
import { countDistinct, countRecords, NONE } from './kernels/distinct';
import { jobPackages } from './kernels/job-packages';
import type { IJobPackages } from './kernels/job-packages';
import type { IKeys, KeyUnit } from './keys';
import { missingKey, unitOf } from './keys';
import { NodeCounts } from './node-counts';
import { Selection } from './selection';
import type { ISelectionSpec } from './selection';
import { mappedColumn } from './shared';
import type { IIndex, IShared } from './shared';
import type { IPeriods } from './time-axis';
import { weightColumn, weightsOf } from './weights';

/**
 * The chosen records of a set of segments, and all that can be counted of them. Everything is made when it is first asked for, and kept.
 */
export class Population {
  constructor(
    private readonly _shared: IShared,
    readonly segments: readonly ISegment[],
    spec: ISelectionSpec
  ) {
    this.selection = new Selection(_shared, spec);
    this.selection.prepare(segments);
  }

  readonly selection: Selection;

  /** Distinct units of the whole population, or records (the sum of their weights). */
  total(distinct: Distinct): number {
    let total = this._totals.get(distinct);
    if (total === undefined) {
      total =
        distinct === 'record' && !this._isWeighted
          ? this._rows()
          : ((distinct === 'job' ? this._nodeCounts?.jobs() : undefined) ??
            this.count(distinct, [])[0]);
      this._totals.set(distinct, total);
    }
    return total;
  }

  /** Calendar periods of rows. */
  periods(unit: CalendarUnit, zone: string): IPeriods {
    return (
      this._shared.times?.periods(unit, zone, this.segments) ?? {
        labels: [],
        codes: ({ rows }) => new Uint16Array(rows)
      }
    );
  }

  /**
   * Count distinct units in each group.
   *
   * @returns Counts in mixed radix: the last dimension varies fastest.
   */
  count(distinct: Distinct, dimensions: readonly Dimension[]): Float64Array {
    const unit = unitOf(distinct);
    const byPackage = dimensions.findIndex(d => d.kind === 'package');
    if (distinct.endsWith('+package') && byPackage < 0) {
      return this._countPairs(distinct, dimensions);
    }
    // Counting wants package last but for classes of the unit itself, which come after it.
    const classed = dimensions.findIndex(
      d => d.kind === 'nodes' && unit === 'job'
    );
    const order = dimensions.map((_, i) => i);
    order.sort((a, b) => rank(a) - rank(b));
    function rank(i: number): number {
      return i === classed ? 2 : i === byPackage ? 1 : 0;
    }
    const counts = this._countOrdered(
      unit,
      order.map(i => dimensions[i])
    );
    return reordered(counts, dimensions, order);
  }

  /** Node counts of the chosen records and their jobs. */
  nodeCounts(): NodeCounts {
    this._nodeCounts ??= new NodeCounts(
      this._shared,
      this.segments,
      this.selection
    );
    return this._nodeCounts;
  }

  /** Package sets of jobs; indices are package codes less `FIRST`. */
  jobPackages(): IJobPackages {
    const packages = Math.max(0, this.packageDictionary().size - FIRST);
    // Other segments may have brought packages since.
    if (this._jobPackages?.packages !== packages) {
      const jobs = this._keys('job');
      const { selection } = this;
      this._jobPackages = jobPackages(
        () =>
          map(this.segments, segment => ({
            mask: selection.mask(segment),
            jobs: jobs.codes(segment),
            ...selection.packages(segment)
          })),
        jobs,
        this.packageIndex(),
        packages
      );
    }
    return this._jobPackages;
  }

  /** By package code: its index, `NONE` for no package and for elements that no condition chose. */
  packageIndex(): Uint32Array {
    const { size } = this.packageDictionary();
    const allowed = this.selection.packageMask();
    return Uint32Array.from({ length: size }, (_, code) =>
      code > EMPTY && (!allowed || allowed[code]) ? code - FIRST : NONE
    );
  }

  packageDictionary(): Dictionary {
    return mappedColumn(this._shared, 'package').dictionary;
  }

  private _countPairs(
    distinct: Distinct,
    dimensions: readonly Dimension[]
  ): Float64Array {
    // Pairs fall apart by package, so their number is the sum over packages.
    const packages = packageDimension(this);
    const counts = this.count(distinct, [...dimensions, packages]);
    const sums = new Float64Array(counts.length / Math.max(1, packages.size));
    counts.forEach((count, i) => {
      sums[Math.floor(i / packages.size)] += count;
    });
    return packages.size === 0 ? new Float64Array(sizeOf(dimensions)) : sums;
  }

  private _countOrdered(
    unit: KeyUnit | 'record',
    dimensions: readonly Dimension[]
  ): Float64Array {
    const packages = dimensions.find(d => d.kind === 'package');
    const classed =
      unit === 'job' ? dimensions.find(d => d.kind === 'nodes') : undefined;
    const rows = dimensions.filter(d => d !== packages && d !== classed);
    const { selection } = this;
    const groupsOf = (segment: ISegment) => rowGroups(rows, segment);
    const parts = (keys: IKeys | null) => () =>
      map(this.segments, segment => ({
        mask: selection.mask(segment),
        groups: groupsOf(segment),
        packages: packages ? selection.packages(segment) : null,
        units: keys?.codes(segment) ?? NO_UNITS,
        weights: unit === 'record' ? weightsOf(this._shared, segment) : null
      }));
    const shape = {
      groups: sizeOf(rows),
      packageIndex: packages?.index ?? null,
      packages: packages?.size ?? 1
    };
    if (unit === 'record') {
      return countRecords(parts(null), shape);
    }
    const keys = this._keys(unit);
    if (classed && !packages && rows.length === 0) {
      return this.nodeCounts().countJobs(classed.ofRank, classed.size);
    }
    const unitClasses = classed
      ? {
          of: this.nodeCounts().classOfJobs(classed.ofRank),
          count: classed.size
        }
      : null;
    if (unit === 'job' && packages && rows.length === 0 && packages.whole) {
      // The board asks for these sets again and again, so they are made once for a population.
      return this.jobPackages().countByClass(
        unitClasses?.of ?? new Uint32Array(keys.size),
        unitClasses?.count ?? 1
      );
    }
    return countDistinct(parts(keys), {
      ...shape,
      units: keys.size,
      first: keys.first,
      counts: keys.counts,
      unitClasses
    });
  }

  private get _isWeighted(): boolean {
    const { mapping, index } = this._shared;
    return weightColumn(mapping, index.dataset) !== undefined;
  }

  /** Chosen records, each counted once. */
  private _rows(): number {
    const { condensed } = this._shared.index;
    if (condensed) {
      return this._condensedRecords(condensed);
    }
    return this.segments.reduce(
      (sum, segment) => sum + countRows(this.selection.mask(segment)),
      0
    );
  }

  private _condensedRecords({
    records,
    recordsOfRows
  }: NonNullable<IIndex['condensed']>): number {
    const allowed = this.selection.packageMask();
    let sum = 0;
    for (const segment of this.segments) {
      const mask = this.selection.mask(segment);
      const { codes, offsets } = this.selection.packages(segment);
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] === 0) {
          continue;
        }
        if (!allowed || !offsets) {
          sum += recordsOfRows[i];
          continue;
        }
        for (let e = offsets[i]; e < offsets[i + 1]; e++) {
          sum += allowed[codes[e]] === 0 ? 0 : records[e];
        }
      }
    }
    return sum;
  }

  private _keys(unit: KeyUnit): IKeys {
    return this._shared.keys(unit) ?? fail(unit);
  }

  private readonly _totals = new Map<Distinct, number>();
  private _nodeCounts: NodeCounts | null = null;
  private _jobPackages: IJobPackages | null = null;
}

/** All packages as a dimension. */
export function packageDimension(
  population: Population
): Dimension & { kind: 'package' } {
  const dictionary = population.packageDictionary();
  return {
    kind: 'package',
    size: Math.max(0, dictionary.size - FIRST),
    index: population.packageIndex(),
    whole: true,
    label: i => [dictionary.value(i + FIRST)]
  };
}

const NO_UNITS = new Uint16Array(0);

function fail(unit: KeyUnit): never {
  throw missingKey(unit);
}

function* map<T, U>(items: readonly T[], to: (item: T) => U): Iterable<U> {
  for (const item of items) {
    yield to(item);
  }
}

/** Product of sizes. */
export function sizeOf(
  dimensions: readonly { readonly size: number }[]
): number {
  return dimensions.reduce((product, { size }) => product * size, 1);
}

/** Combine the row dimensions to one group a row. */
function rowGroups(
  dimensions: readonly Dimension[],
  segment: ISegment
): Codes | null {
  let groups: Codes | null = null;
  for (const dimension of dimensions) {
    if (dimension.kind === 'package') {
      continue;
    }
    const own = dimension.rows(segment);
    groups = groups ? combined(groups, own, dimension.size) : own;
  }
  return groups;
}

function combined(groups: Codes, own: Codes, size: number): Uint32Array {
  const result = new Uint32Array(groups.length);
  for (let i = 0; i < result.length; i++) {
    result[i] =
      groups[i] === NONE || own[i] === NONE ? NONE : groups[i] * size + own[i];
  }
  return result;
}

/** Counts with dimensions back in the order in which they were asked for. */
function reordered(
  counts: Float64Array,
  dimensions: readonly Dimension[],
  order: readonly number[]
): Float64Array {
  if (order.every((from, to) => from === to)) {
    return counts;
  }
  const result = new Float64Array(counts.length);
  const strides = new Array<number>(dimensions.length).fill(1);
  for (let d = dimensions.length - 2; d >= 0; d--) {
    strides[d] = strides[d + 1] * dimensions[d + 1].size;
  }
  for (let i = 0; i < counts.length; i++) {
    let rest = i;
    let at = 0;
    for (let k = order.length - 1; k >= 0; k--) {
      const { size } = dimensions[order[k]];
      at += (rest % size) * strides[order[k]];
      rest = Math.floor(rest / size);
    }
    result[at] = counts[i];
  }
  return result;
}
