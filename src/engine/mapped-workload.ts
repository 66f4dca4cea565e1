import type { IEnvironmentRule } from '../workload/environment';
import { ENVIRONMENT } from '../workload/fields';
import type { Mapping } from '../workload/fields';
import type { DefaultField, Filter, ISelection } from '../workload/query';
import type { IWorkload } from './answers';
import type { ISegment } from './dataset';
import { fieldColumns } from './dataset';
import { EngineError } from './engine';
import { EnvironmentColumn } from './environment-column';
import { FilterMask } from './filter-mask';
import { frequentValues } from './frequent-values';
import type { IFrequentValue } from './frequent-values';
import { keepLatest } from './keep-latest';
import { keyColumns, Keys } from './keys';
import type { IKeys, KeyUnit } from './keys';
import { Population } from './population';
import { boundsOf } from './selection';
import type { IIndex, IRowCodes, IShared } from './shared';
import { TimeAxis } from './time-axis';
import { weightsOf } from './weights';

/** Memory that populations kept for later questions may take, bytes. */
const KEPT_BYTES = 500 * 2 ** 20;
/** The same for masks of single conditions. */
const MASK_BYTES = 120 * 2 ** 20;
const MOST_KEPT = 24;

/**
 * The index as one mapping sees it: keys of its units, the derived environment, and the populations that were asked for lately.
 */
export class MappedWorkload implements IShared {
  constructor(
    readonly index: IIndex,
    readonly mapping: Mapping,
    /** Parts of the default population whose fields are mapped. */
    readonly applicable: readonly DefaultField[],
    readonly rules: readonly IEnvironmentRule[]
  ) {
    this.environments =
      mapping.executable && !index.dataset.columns.has(ENVIRONMENT)
        ? new EnvironmentColumn(index, mapping, rules)
        : null;
    this.times = mapping.time ? new TimeAxis(index, mapping.time[0]) : null;
  }

  readonly environments: EnvironmentColumn | null;
  readonly times: TimeAxis | null;

  keys(unit: KeyUnit): IKeys | null {
    const { condensed } = this.index;
    return unit === 'job' && condensed ? condensed.jobs : this._keysOf(unit);
  }

  private _keysOf(unit: KeyUnit): Keys | null {
    let keys = this._keys.get(unit);
    if (!keys && keyColumns(unit, this.mapping).length > 0) {
      keys = new Keys(this.index, unit, this.mapping);
      this._keys.set(unit, keys);
    }
    return keys ?? null;
  }

  /**
   * Get keys ready for segments whose key columns have all arrived.
   *
   * @returns Whether codes that were handed out before are void.
   */
  prepare(segments: readonly ISegment[], units: readonly KeyUnit[]): boolean {
    let changed = false;
    for (const unit of units) {
      const keys = this.keys(unit);
      changed = (keys instanceof Keys && keys.prepare(segments)) || changed;
    }
    if (changed) {
      this._kept.clear();
    }
    return changed;
  }

  /** Epoch seconds of the first and the last row within a period, whatever the filters; null when none has a time. */
  span(
    segments: readonly ISegment[],
    { period, zone }: Pick<ISelection, 'period' | 'zone'>
  ): { readonly from: number; readonly to: number } | null {
    return this.times?.range(segments, boundsOf(period, zone)) ?? null;
  }

  /**
   * What answers draw on, for a selection and those of its segments that have arrived.
   *
   * @param keep Whether later questions will ask for the same records.
   */
  on(
    segments: readonly ISegment[],
    selection: ISelection,
    keep: boolean
  ): IWorkload {
    const { applicable, mapping } = this;
    return {
      applicable,
      mapping,
      condensed: this.index.condensed ? this.index.dataset.info.rows : null,
      population: filters =>
        this._population(segments, selection, filters, keep),
      column: (population, field) => this._column(population, field)
    };
  }

  /** Values of a field with the records, or list elements, that have them, most frequent first. */
  values(
    field: string,
    segments: readonly ISegment[],
    options: { contains?: string; limit?: number }
  ): IFrequentValue[] {
    const { dictionary, codes } = this._field(field);
    segments.forEach(segment => codes(segment));
    const counts = new Float64Array(dictionary.size);
    const [name] = fieldColumns(field, this.mapping);
    const isList = this.index.dataset.columns.get(name)?.list === true;
    for (const segment of segments) {
      const own = codes(segment);
      const weights = isList ? null : weightsOf(this, segment);
      for (let i = 0; i < own.length; i++) {
        counts[own[i]] += weights === null ? 1 : weights[i];
      }
    }
    return frequentValues(dictionary, counts, options);
  }

  column(name: string): IRowCodes {
    const { dictionary, codes } = this.index.coded(name);
    return {
      dictionary,
      codes: segment => {
        const found = codes[segment.id];
        if (!found) {
          throw new EngineError('internal', `“${name}” was not read.`);
        }
        return found;
      }
    };
  }

  filterMask(filter: Filter, zone: string): FilterMask {
    const key = JSON.stringify([filter, zone]);
    const mask = this._masks.get(key) ?? new FilterMask(this, filter, zone);
    keepLatest(this._masks, key, mask, this._most(MASK_BYTES, 1));
    return mask;
  }

  private _field(field: string): IRowCodes {
    return field === ENVIRONMENT && this.environments
      ? this.environments
      : this.column(fieldColumns(field, this.mapping)[0]);
  }

  /** How many things of some bytes a row may be kept. */
  private _most(bytes: number, bytesARow: number): number {
    const { rows } = this.index.dataset.info;
    return Math.min(
      MOST_KEPT,
      Math.max(3, Math.floor(bytes / (bytesARow * Math.max(rows, 1))))
    );
  }

  private _column(population: Population, field: string): IRowCodes {
    const column = this._field(field);
    // Codes of a derived column come into being as rows are looked at.
    population.segments.forEach(segment => column.codes(segment));
    return column;
  }

  private _population(
    segments: readonly ISegment[],
    { period, zone }: ISelection,
    filters: readonly Filter[],
    keep: boolean
  ): Population {
    const key = JSON.stringify([filters, period, zone, segments.length]);
    const kept = keep ? this._kept.get(key) : undefined;
    const population =
      kept ??
      new Population(this, segments, {
        filters,
        period,
        zone
      });
    if (keep) {
      keepLatest(this._kept, key, population, this._most(KEPT_BYTES, 4));
    }
    return population;
  }

  private readonly _keys = new Map<KeyUnit, Keys>();
  private readonly _kept = new Map<string, Population>();
  private readonly _masks = new Map<string, FilterMask>();
}
