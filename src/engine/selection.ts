import { ENVIRONMENT, isRole } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { Filter, IPeriod } from '../workload/query';
import { codeTest, instant } from './conditions';
import type { ISegment } from './dataset';
import { fieldColumns } from './dataset';
import type { Codes } from './dictionary';
import { EMPTY } from './dictionary';
import { EngineError } from './engine';
import { fullMask, intersect, maskTimes } from './filter-mask';
import type { Mask } from './filter-mask';
import type { ISharedLists } from './kernels/package-sets';
import type { IKeys } from './keys';
import type { IShared } from './shared';

/** What a selection is made of. */
export interface ISelectionSpec {
  /** In force: none is disabled. */
  readonly filters: readonly Filter[];
  readonly period: IPeriod;
  readonly zone: string;
}

/** Half-open bounds in epoch seconds. */
export interface IBounds {
  readonly from: number;
  readonly to: number;
}

/** The packages of one segment. For the long shape `offsets` is null and there is one code a row. */
export interface IPackages {
  readonly codes: Codes;
  readonly offsets: Uint32Array | null;
  /** The lists by number, where many rows have the same. */
  readonly lists: ISharedLists | null;
}

/** The bounds of a period. */
export function boundsOf(period: IPeriod, zone: string): IBounds {
  return {
    from: period.from === null ? -Infinity : instant(period.from, zone),
    to: period.to === null ? Infinity : instant(period.to, zone)
  };
}

/**
 * Masks of the chosen records, made segment by segment when they are first asked for.
 *
 * #### Notes
 * In the wide shape a condition on `package` chooses elements of the lists, as it would choose records of the long shape:
 * a row stays when an element stays, or when it has none and the condition keeps records without a value. A condition on another
 * list column chooses rows: those with an element for which it holds, and negated all others.
 */
export class Selection {
  constructor(
    private readonly _shared: IShared,
    spec: ISelectionSpec
  ) {
    const { filters, period, zone } = spec;
    const { mapping } = _shared;
    this._zone = zone;
    this._bounds = boundsOf(period, zone);
    this._packageColumn = mapping.package?.[0] ?? null;
    this._presence = filters.filter(filter => filter.op === 'job-has');
    const plain = filters.filter(filter => filter.op !== 'job-has');
    this._elements = plain.filter(filter => this._onPackageList(filter));
    this._values = plain.filter(filter => !this._onPackageList(filter));
    if (!mapping.time && (period.from !== null || period.to !== null)) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “time”, so records cannot be chosen by period. Map one, or clear the period.',
        'time'
      );
    }
  }

  /** Mask of a segment; not to be changed. */
  mask(segment: ISegment): Mask {
    let mask = this._masks[segment.id];
    if (!mask) {
      mask = this._base(segment);
      this._masks[segment.id] = mask;
    }
    return mask;
  }

  /**
   * Apply conditions on the packages of jobs, which need all segments at once. Call it before `mask`.
   */
  prepare(segments: readonly ISegment[]): void {
    if (this._presence.length === 0) {
      return;
    }
    const jobs = this._shared.keys('job');
    if (!jobs) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “job”, so packages of the same job cannot be looked at. Map one, or remove that condition.',
        'job'
      );
    }
    const verdicts = this._presence.map(filter =>
      this._jobsWith(filter, segments, jobs)
    );
    for (const segment of segments) {
      const mask = this.mask(segment);
      const codes = jobs.codes(segment);
      verdicts.forEach((has, f) => {
        const kept = this._presence[f].not ? 0 : 1;
        for (let i = 0; i < mask.length; i++) {
          mask[i] &= has[codes[i]] === kept ? 1 : 0;
        }
      });
    }
  }

  /** By package code: 1 for each package whose elements are chosen; null when all are, or in the long shape. */
  packageMask(): Uint8Array | null {
    if (this._elements.length === 0) {
      return null;
    }
    const { dictionary } = this._shared.index.coded(this._packageColumn ?? '');
    if (this._packages?.length !== dictionary.size) {
      const tests = this._elements.map(filter =>
        codeTest(filter, dictionary, this._zone)
      );
      this._packages = Uint8Array.from(
        { length: dictionary.size },
        (_, code) => (tests.every(test => test(code)) ? 1 : 0)
      );
    }
    return this._packages;
  }

  /** The packages of a segment. */
  packages(segment: ISegment): IPackages {
    const column =
      this._packageColumn === null
        ? null
        : this._shared.index.coded(this._packageColumn);
    const codes = column?.codes[segment.id];
    if (!column || !codes) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “package”. Map one.',
        'package'
      );
    }
    return {
      codes,
      offsets: column.offsets[segment.id] ?? null,
      lists: this._shared.index.condensed?.lists ?? null
    };
  }

  private _base(segment: ISegment): Mask {
    const mask = fullMask(segment.rows);
    const { from, to } = this._bounds;
    if (from !== -Infinity || to !== Infinity) {
      const times = this._shared.times?.seconds(segment);
      if (times) {
        maskTimes(mask, times, from, to, false);
      }
    }
    for (const filter of this._values) {
      intersect(
        mask,
        this._shared.filterMask(filter, this._zone).mask(segment)
      );
    }
    const allowed = this.packageMask();
    if (allowed) {
      maskLists(mask, this.packages(segment), allowed);
    }
    return mask;
  }

  /** By job code: 1 for jobs with any of the filter's packages among their chosen records. */
  private _jobsWith(
    filter: Filter & { op: 'job-has' },
    segments: readonly ISegment[],
    jobs: IKeys
  ): Uint8Array {
    const has = new Uint8Array(jobs.size);
    const { dictionary } = this._shared.index.coded(this._packageColumn ?? '');
    const wanted = new Uint8Array(dictionary.size);
    const allowed = this.packageMask();
    for (const value of filter.values) {
      const code = dictionary.find(value);
      if (code > EMPTY && (!allowed || allowed[code] === 1)) {
        wanted[code] = 1;
      }
    }
    for (const segment of segments) {
      const mask = this.mask(segment);
      const codes = jobs.codes(segment);
      const { codes: packages, offsets } = this.packages(segment);
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] === 0 || codes[i] < jobs.first) {
          continue;
        }
        const start = offsets ? offsets[i] : i;
        const end = offsets ? offsets[i + 1] : i + 1;
        for (let e = start; e < end; e++) {
          if (wanted[packages[e]] === 1) {
            has[codes[i]] = 1;
          }
        }
      }
    }
    return has;
  }

  private _onPackageList(filter: Filter): boolean {
    const { mapping, index } = this._shared;
    const [name] = fieldColumns(filter.field, mapping);
    return (
      name === this._packageColumn &&
      index.dataset.columns.get(name)?.list === true
    );
  }

  private readonly _zone: string;
  private readonly _bounds: IBounds;
  private readonly _presence: readonly (Filter & { op: 'job-has' })[];
  private readonly _elements: readonly Filter[];
  private readonly _values: readonly Filter[];
  private readonly _packageColumn: string | null;
  private _packages: Uint8Array | null = null;
  private readonly _masks: Mask[] = [];
}

/**
 * Columns, and the form of the time column, that a filter reads.
 *
 * @throws EngineError `missing-column` when no column is mapped to its field and none bears its name.
 */
export function filterColumns(
  filter: Filter,
  mapping: Mapping,
  has: (column: string) => boolean
): string[] {
  if (filter.field === ENVIRONMENT && !has(ENVIRONMENT)) {
    if (!mapping.executable) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “executable”, from which the environment is told. Map one, or remove the condition.',
        'executable'
      );
    }
    return [...mapping.executable, ...(mapping.is_container ?? [])];
  }
  const [column] = fieldColumns(filter.field, mapping);
  if (!has(column)) {
    throw new EngineError(
      'missing-column',
      isRole(filter.field)
        ? `No column is mapped as “${filter.field}”, which a condition asks for. Map one, or remove the condition.`
        : `There is no column “${filter.field}”, which a condition asks for. Remove the condition, or name another column.`,
      filter.field
    );
  }
  return [column];
}

function maskLists(
  mask: Mask,
  { codes, offsets }: IPackages,
  allowed: Uint8Array
): void {
  for (let i = 0; offsets && i < mask.length; i++) {
    const start = offsets[i];
    const end = offsets[i + 1];
    let kept = start === end ? allowed[0] : 0;
    for (let e = start; e < end; e++) {
      kept |= allowed[codes[e]];
    }
    mask[i] &= kept;
  }
}
