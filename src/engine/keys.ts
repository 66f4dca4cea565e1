import type { Mapping } from '../workload/fields';
import type { Distinct } from '../workload/query';
import type { Codes } from './dictionary';
import { EMPTY, FIRST, MISSING } from './dictionary';
import type { ISegment } from './dataset';
import { EngineError } from './engine';
import { PairTable } from './hash-table';
import type { IIndex } from './shared';

/** Units that have a key. */
export type KeyUnit = 'user' | 'job' | 'process';

/** The unit that a distinct counts; a pair counts its first half within each package. */
export function unitOf(distinct: Distinct): KeyUnit | 'record' {
  switch (distinct) {
    case 'job+package':
      return 'job';
    case 'user+package':
      return 'user';
    default:
      return distinct;
  }
}

/** Columns that form the key of a unit, empty when it has none. A job is told by its id and, where mapped, its system. */
export function keyColumns(unit: KeyUnit, mapping: Mapping): readonly string[] {
  const own = mapping[unit] ?? [];
  return unit === 'job' && own.length > 0
    ? [...own, ...(mapping.system ?? []).filter(name => !own.includes(name))]
    : own;
}

/** Numbered keys of a unit: a code a row, by segment. Codes below `first` are no unit. */
export interface IKeys {
  readonly first: number;
  /** One more than the highest code. */
  readonly size: number;
  /** By code: how many units it stands for; null when each stands for one. */
  readonly counts: Uint32Array | null;
  codes(segment: ISegment): Codes;
}

/**
 * The keys of one unit, numbered as they are in the columns.
 *
 * #### Notes
 * One column's codes are used as they are. Further columns cost a pass and memory only where they tell more than one value,
 * which `system` seldom does.
 */
export class Keys implements IKeys {
  /**
   * @throws EngineError `missing-column` when the unit has no key.
   */
  constructor(
    private readonly _index: IIndex,
    unit: KeyUnit,
    mapping: Mapping
  ) {
    this._columns = keyColumns(unit, mapping);
    if (this._columns.length === 0) {
      throw missingKey(unit);
    }
    // An empty job id is no job; an empty user name is still one name.
    this.first = unit === 'job' ? FIRST : EMPTY;
    this._own = mapping[unit]?.length ?? 1;
    this._telling = this._columns.slice(0, 1);
  }

  /** Lowest code that is a unit. */
  readonly first: number;
  readonly counts = null;

  /**
   * Get ready to answer for a set of segments, all of which have arrived.
   *
   * @returns Whether codes that were handed out before are void, because a column turned out to tell keys apart.
   */
  prepare(segments: readonly ISegment[]): boolean {
    // What told keys apart once stays part of them: it does no harm where it tells nothing, and codes stay what they are.
    const telling = this._columns.filter(
      (name, i) => this._telling.includes(name) || this._tells(i, segments)
    );
    const changed = telling.length !== this._telling.length;
    if (changed) {
      this._telling = telling;
      this._tables = telling.slice(1).map(() => new PairTable());
      this._combined = [];
    }
    for (const segment of telling.length > 1 ? segments : []) {
      this._combined[segment.id] ??= this._combine(segment);
    }
    return changed;
  }

  /** One more than the highest code. */
  get size(): number {
    const last = this._tables.at(-1);
    return last
      ? last.size + FIRST
      : this._index.coded(this._columns[0]).dictionary.size;
  }

  /** The code of each row. */
  codes(segment: ISegment): Codes {
    const codes =
      this._tables.length > 0
        ? this._combined[segment.id]
        : this._index.coded(this._columns[0]).codes[segment.id];
    if (!codes) {
      throw new EngineError(
        'internal',
        'A segment was used before it was read.'
      );
    }
    return codes;
  }

  /** Whether a column holds more than one value in these segments, or lacks one that a key must have. */
  private _tells(column: number, segments: readonly ISegment[]): boolean {
    const name = this._columns[column];
    const { codes } = this._index.coded(name);
    const lowest = column < this._own ? this.first : MISSING;
    let only = -1;
    for (const { id } of segments) {
      let constant = this._constants.get(name)?.[id];
      if (constant === undefined) {
        constant = constantOf(codes[id]);
        const known = this._constants.get(name) ?? [];
        known[id] = constant;
        this._constants.set(name, known);
      }
      if (constant < lowest || (only >= 0 && constant !== only)) {
        return true;
      }
      only = constant;
    }
    return false;
  }

  private _combine(segment: ISegment): Uint32Array {
    const combined = new Uint32Array(segment.rows);
    this._telling.forEach((name, c) => {
      const codes = this._index.coded(name).codes[segment.id];
      const table = this._tables[c - 1];
      const lowest =
        this._columns.indexOf(name) < this._own ? this.first : MISSING;
      for (let i = 0; codes && i < combined.length; i++) {
        if (c === 0) {
          combined[i] = codes[i] >= lowest ? codes[i] : MISSING;
        } else if (combined[i] !== MISSING) {
          combined[i] =
            codes[i] >= lowest
              ? table.intern(combined[i], codes[i]) + FIRST
              : MISSING;
        }
      }
    });
    return combined;
  }

  private readonly _columns: readonly string[];
  /** How many columns are the unit's own; all of them must have a value. */
  private readonly _own: number;
  private _telling: readonly string[];
  private _tables: PairTable[] = [];
  private _combined: Uint32Array[] = [];
  private readonly _constants = new Map<string, number[]>();
}

/** The error for a unit that cannot be counted, with what to do. */
export function missingKey(unit: KeyUnit): EngineError {
  const [things, other] = {
    user: ['users', 'jobs or records'],
    job: ['jobs', 'users or records'],
    process: ['processes', 'records']
  }[unit];
  return new EngineError(
    'missing-column',
    `No column is mapped as “${unit}”, so ${things} cannot be counted. Map one, or count ${other}.`,
    unit
  );
}

/** The one code that all rows have, or −1. */
function constantOf(codes: Codes | undefined): number {
  if (!codes || codes.length === 0) {
    return -1;
  }
  const first = codes[0];
  for (let i = 1; i < codes.length; i++) {
    if (codes[i] !== first) {
      return -1;
    }
  }
  return first;
}
