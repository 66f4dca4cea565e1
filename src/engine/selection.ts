import { ENVIRONMENT, isRole } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { Filter, IPeriod } from '../workload/query';
import { codeTest, instant } from './conditions';
import type { CodeTest } from './conditions';
import type { ISegment } from './dataset';
import { fieldColumns } from './dataset';
import { EMPTY } from './dictionary';
import type { Codes } from './dictionary';
import { EngineError } from './engine';
import type { EnvironmentColumn } from './environment-column';
import type { Keys } from './keys';
import { MISSING_SECONDS } from './parquet/types';
import type { Seconds, WorkloadIndex } from './workload-index';

/** What a selection is made of. */
export interface ISelectionSpec {
  readonly mapping: Mapping;
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
}

/** The bounds of a period. */
export function boundsOf(period: IPeriod, zone: string): IBounds {
  return {
    from: period.from === null ? -Infinity : instant(period.from, zone),
    to: period.to === null ? Infinity : instant(period.to, zone)
  };
}

/**
 * Masks of the chosen records, a byte a row, made segment by segment when they are first asked for.
 *
 * #### Notes
 * In the wide shape a condition on `package` chooses elements of the lists, as it would choose records of the long shape:
 * a row stays when an element stays, or when it has none and the condition keeps records without a value.
 */
export class Selection {
  constructor(
    private readonly _index: WorkloadIndex,
    readonly spec: ISelectionSpec,
    private readonly _jobs: Keys | null,
    private readonly _environments: EnvironmentColumn | null
  ) {
    const { filters, mapping } = spec;
    this._bounds = boundsOf(spec.period, spec.zone);
    this._presence = filters.filter(filter => filter.op === 'job-has');
    this._plain = filters.filter(filter => filter.op !== 'job-has');
    this._packageColumn = mapping.package?.[0] ?? null;
    this._timeColumn = mapping.time?.[0] ?? null;
    if (
      this._timeColumn === null &&
      (spec.period.from !== null || spec.period.to !== null)
    ) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “time”, so records cannot be chosen by period. Map one, or clear the period.',
        'time'
      );
    }
  }

  /** Mask of a segment: 1 for each row that is chosen. */
  mask(segment: ISegment): Uint8Array {
    let mask = this._masks[segment.id];
    if (!mask) {
      mask = this._base(segment);
      this._masks[segment.id] = mask;
    }
    return mask;
  }

  /**
   * Apply conditions on the packages of jobs, which need all segments at once. Call it before `mask` when segments have arrived.
   */
  prepare(segments: readonly ISegment[]): void {
    const signature = segments.length;
    if (this._presence.length === 0 || this._prepared === signature) {
      return;
    }
    const jobs = this._jobs;
    if (!jobs) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “job”, so packages of the same job cannot be looked at. Map one, or remove that condition.',
        'job'
      );
    }
    this._masks = [];
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
    this._prepared = signature;
  }

  /** By package code: 1 for each package whose elements are chosen; null when all are, or in the long shape. */
  packageMask(): Uint8Array | null {
    const filters = this._plain.filter(filter => this._onList(filter));
    if (filters.length === 0) {
      return null;
    }
    const { size } = this._coded(this._packageColumn ?? '').dictionary;
    if (this._packages?.length !== size) {
      const tests = filters.map(filter => this._test(filter));
      this._packages = Uint8Array.from({ length: size }, (_, code) =>
        tests.every(test => test(code)) ? 1 : 0
      );
    }
    return this._packages;
  }

  /** The packages of a segment. */
  packages(segment: ISegment): IPackages {
    const name = this._packageColumn;
    const codes = name === null ? undefined : this._coded(name).codes[segment.id];
    if (name === null || !codes) {
      throw new EngineError(
        'missing-column',
        'No column is mapped as “package”. Map one.',
        'package'
      );
    }
    return { codes, offsets: this._coded(name).offsets[segment.id] ?? null };
  }

  /** Seconds of a segment's rows, or null when no time is mapped. */
  times(segment: ISegment): Seconds | null {
    return this._timeColumn === null
      ? null
      : (this._index.times(this._timeColumn)[segment.id] ?? null);
  }

  /** Memory held, bytes. */
  get bytes(): number {
    return this._masks.reduce((sum, mask) => sum + (mask?.length ?? 0), 0);
  }

  private _base(segment: ISegment): Uint8Array {
    const mask = new Uint8Array(segment.rows).fill(1);
    const { from, to } = this._bounds;
    if (from !== -Infinity || to !== Infinity) {
      this._maskTimes(segment, mask, from, to, false);
    }
    for (const filter of this._plain) {
      if (this._onList(filter)) {
        continue;
      }
      if (filter.field === ENVIRONMENT && this._environments) {
        const { dictionary } = this._environments;
        const codes = this._environments.codes(segment);
        maskCodes(mask, codes, lutOf(codeTest(filter, dictionary, this.spec.zone), dictionary.size));
      } else if (this._isTime(filter)) {
        this._maskTimeFilter(segment, mask, filter);
      } else {
        const { codes, dictionary } = this._coded(this._column(filter));
        const found = codes[segment.id];
        if (!found) {
          throw new EngineError('internal', `Column “${filter.field}” was not read.`);
        }
        maskCodes(mask, found, this._lut(filter, dictionary.size));
      }
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
    jobs: Keys
  ): Uint8Array {
    const has = new Uint8Array(jobs.size);
    const { dictionary } = this._coded(this._packageColumn ?? '');
    const wanted = new Uint8Array(dictionary.size);
    for (const value of filter.values) {
      const code = dictionary.find(value);
      if (code > EMPTY) {
        wanted[code] = 1;
      }
    }
    const allowed = this.packageMask();
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
          if (wanted[packages[e]] && (!allowed || allowed[packages[e]])) {
            has[codes[i]] = 1;
          }
        }
      }
    }
    return has;
  }

  private _maskTimeFilter(
    segment: ISegment,
    mask: Uint8Array,
    filter: Filter
  ): void {
    const { zone } = this.spec;
    const not = filter.not === true;
    switch (filter.op) {
      case 'range': {
        const { from, to } = filter;
        this._maskTimes(
          segment,
          mask,
          from ? instant(from, zone) : -Infinity,
          to ? instant(to, zone) : Infinity,
          not
        );
        return;
      }
      case 'missing': {
        const times = this.times(segment);
        for (let i = 0; times && i < mask.length; i++) {
          mask[i] &= isMissing(times[i]) !== not ? 1 : 0;
        }
        return;
      }
      case 'any': {
        const times = this.times(segment);
        const wanted = new Set(filter.values.map(value => instant(value, zone)));
        for (let i = 0; times && i < mask.length; i++) {
          mask[i] &= (!isMissing(times[i]) && wanted.has(times[i])) !== not ? 1 : 0;
        }
        return;
      }
      default:
        throw new EngineError(
          'query',
          `“${filter.field}” is a time: choose it by period, by >= and <, or by =.`,
          filter.field
        );
    }
  }

  private _maskTimes(
    segment: ISegment,
    mask: Uint8Array,
    from: number,
    to: number,
    not: boolean
  ): void {
    const times = this.times(segment);
    if (!times) {
      throw new EngineError('internal', 'The time column was not read.');
    }
    // The sentinel lies below every time; comparisons with NaN are false: a missing time is in no period.
    const lowest =
      times instanceof Int32Array ? Math.max(from, MISSING_SECONDS + 1) : from;
    for (let i = 0; i < mask.length; i++) {
      const t = times[i];
      mask[i] &= (t >= lowest && t < to) !== not ? 1 : 0;
    }
  }

  private _isTime(filter: Filter): boolean {
    return this._timeColumn !== null && this._column(filter) === this._timeColumn;
  }

  private _onList(filter: Filter): boolean {
    const column = this._index.dataset.columns.get(this._column(filter));
    return column?.list === true;
  }

  private _column(filter: Filter): string {
    return fieldColumns(filter.field, this.spec.mapping)[0];
  }

  private _test(filter: Filter): CodeTest {
    return codeTest(filter, this._coded(this._column(filter)).dictionary, this.spec.zone);
  }

  private _lut(filter: Filter, size: number): Uint8Array {
    let lut = this._luts.get(filter);
    if (lut?.length !== size) {
      lut = lutOf(this._test(filter), size);
      this._luts.set(filter, lut);
    }
    return lut;
  }

  private _coded(name: string) {
    return this._index.coded(name);
  }

  private readonly _bounds: IBounds;
  private readonly _presence: readonly (Filter & { op: 'job-has' })[];
  private readonly _plain: readonly Filter[];
  private readonly _packageColumn: string | null;
  private readonly _timeColumn: string | null;
  private readonly _luts = new Map<Filter, Uint8Array>();
  private _packages: Uint8Array | null = null;
  private _masks: Uint8Array[] = [];
  private _prepared = -1;
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
    return [...(mapping.executable ?? []), ...(mapping.is_container ?? [])];
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

function lutOf(test: CodeTest, size: number): Uint8Array {
  const lut = new Uint8Array(size);
  for (let code = 0; code < size; code++) {
    lut[code] = test(code) ? 1 : 0;
  }
  return lut;
}

function maskCodes(mask: Uint8Array, codes: Codes, lut: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) {
    mask[i] &= lut[codes[i]];
  }
}

function maskLists(
  mask: Uint8Array,
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

function isMissing(time: number): boolean {
  return time === MISSING_SECONDS || Number.isNaN(time);
}
