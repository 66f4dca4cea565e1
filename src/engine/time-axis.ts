import { calendarOf } from '../workload/calendar';
import type { ICalendar } from '../workload/calendar';
import type { CalendarUnit } from '../workload/query';
import type { ISegment } from './dataset';
import { EngineError } from './engine';
import { MISSING_SECONDS } from './parquet/types';
import type { IBounds } from './selection';
import type { IIndex } from './shared';
import type { Seconds } from './workload-index';

/** Calendar periods over the times of some segments. */
export interface IPeriods {
  readonly labels: readonly string[];
  /** The period of each row; `labels.length` for a row without a time. Not to be changed. */
  readonly codes: (segment: ISegment) => Uint16Array | Uint32Array;
}

/** The column mapped as time: its range, and the calendar periods of its rows. */
export class TimeAxis {
  constructor(
    private readonly _index: IIndex,
    private readonly _column: string
  ) {}

  /** Seconds of a segment's rows. */
  seconds(segment: ISegment): Seconds {
    const seconds = this._index.times(this._column)[segment.id];
    if (!seconds) {
      throw new EngineError('internal', 'The time column was not read.');
    }
    return seconds;
  }

  /** First and last time in segments that have arrived, within bounds; epoch seconds; null when there is none. */
  range(
    segments: readonly ISegment[],
    within: IBounds = ALWAYS
  ): { from: number; to: number } | null {
    let from = Infinity;
    let to = -Infinity;
    for (const segment of segments) {
      const own = this._rangeOf(segment, within);
      from = Math.min(from, own.from);
      to = Math.max(to, own.to);
    }
    return from <= to ? { from, to } : null;
  }

  private _rangeOf(segment: ISegment, within: IBounds): IStretch {
    const whole = (this._ranges[segment.id] ??= rangeOf(
      this.seconds(segment),
      ALWAYS
    ));
    if (whole.from >= within.from && whole.to < within.to) {
      return whole;
    }
    // Questions of one board are for one period.
    const { _within: kept } = this;
    const ranges =
      kept?.from === within.from && kept.to === within.to ? kept.ranges : [];
    this._within = { ...within, ranges };
    return (ranges[segment.id] ??= rangeOf(this.seconds(segment), within));
  }

  /** Calendar periods of the rows of segments, kept for the next question with the same ones. */
  periods(
    unit: CalendarUnit,
    zone: string,
    segments: readonly ISegment[]
  ): IPeriods {
    const stretches = this._stretches(segments);
    const key = JSON.stringify([unit, zone, stretches]);
    if (this._kept?.key !== key) {
      const { labels, starts } = this._calendar(unit, zone, stretches);
      const find = finder(starts);
      const bySegment: (Uint16Array | Uint32Array)[] = [];
      this._kept = {
        key,
        periods: {
          labels,
          codes: segment =>
            (bySegment[segment.id] ??= this._codes(
              segment,
              labels.length,
              find
            ))
        }
      };
    }
    return this._kept.periods;
  }

  /** First seconds of the calendar periods of the rows of segments, and the end of the last; none when no row has a time. */
  starts(
    unit: CalendarUnit,
    zone: string,
    segments: readonly ISegment[]
  ): readonly number[] {
    return this._calendar(unit, zone, this._stretches(segments)).starts;
  }

  /** Stretches of time that hold all times: one, or, where that is so long that it must hold a wrong date, the runs of days in use. */
  private _stretches(segments: readonly ISegment[]): IStretch[] {
    const range = this.range(segments);
    if (!range) {
      return [];
    }
    if (range.to - range.from <= LONG) {
      return [range];
    }
    const days = new Set<number>();
    for (const segment of segments) {
      addDays(this.seconds(segment), days);
    }
    const stretches: { from: number; to: number }[] = [];
    for (const day of [...days].sort((a, b) => a - b)) {
      const last = stretches.at(-1);
      const from = day * DAY;
      if (last?.to === from - 1) {
        last.to = from + DAY - 1;
      } else {
        stretches.push({ from, to: from + DAY - 1 });
      }
    }
    return stretches;
  }

  private _codes(
    segment: ISegment,
    missing: number,
    find: ReturnType<typeof finder>
  ): Uint16Array | Uint32Array {
    const codes = new (missing < 0xffff ? Uint16Array : Uint32Array)(
      segment.rows
    ).fill(missing);
    find(this.seconds(segment), codes);
    return codes;
  }

  private _calendar(
    unit: CalendarUnit,
    zone: string,
    stretches: readonly IStretch[]
  ): ICalendar {
    const key = JSON.stringify([unit, zone, stretches]);
    if (this._calendarKept?.key !== key) {
      this._calendarKept = { key, found: calendarOf(unit, zone, stretches) };
    }
    return this._calendarKept.found;
  }

  private _calendarKept: { key: string; found: ICalendar } | null = null;
  private readonly _ranges: IStretch[] = [];
  /** Ranges within the bounds that were asked for last, of segments that reach over them. */
  private _within: (IBounds & { readonly ranges: IStretch[] }) | null = null;
  private _kept: { key: string; periods: IPeriods } | null = null;
}

interface IStretch {
  readonly from: number;
  readonly to: number;
}

const ALWAYS: IBounds = { from: -Infinity, to: Infinity };
const DAY = 86_400;
/** Thirty years of days are numbered in a moment. */
const LONG = 30 * 366 * DAY;
/** The years 1 to 9999. Times outside are mistakes that no calendar shows: they are in no period, as if they were missing. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/** Days since 1970-01-01 that times lie in. */
function addDays(times: Seconds, days: Set<number>): void {
  const { from, to } = bounds(times);
  let last = NaN;
  for (let i = 0; i < times.length; i++) {
    const t = times[i];
    if (t >= from && t <= to) {
      const day = Math.floor(t / DAY);
      if (day !== last) {
        days.add(day);
        last = day;
      }
    }
  }
}

/** What times lie between; the sentinel of missing ones does not, nor does NaN. */
function bounds(times: Seconds): IStretch {
  return times instanceof Int32Array
    ? { from: MISSING_SECONDS + 1, to: LAST_SECOND }
    : { from: FIRST_SECOND, to: LAST_SECOND };
}

function rangeOf(times: Seconds, within: IBounds): IStretch {
  const { from: lowest, to: highest } = bounds(times);
  const first = Math.max(lowest, within.from);
  const end = Math.min(highest + 1, within.to);
  let from = Infinity;
  let to = -Infinity;
  for (let i = 0; i < times.length; i++) {
    const t = times[i];
    if (t >= first && t < end) {
      from = t < from ? t : from;
      to = t > to ? t : to;
    }
  }
  return { from, to };
}

/** Zone offsets are whole quarters of an hour in all zones since 1972, and so are the starts of calendar periods. */
export const QUARTER_HOUR = 900;
/** Entries of the largest look-up table. */
const MOST_ENTRIES = 2 ** 20;

/**
 * Put times into the periods that `starts` delimit. By table where periods begin on quarters of an hour, else by bisection.
 * Times outside all periods, missing ones among them, leave their entry alone.
 */
export function finder(
  starts: readonly number[],
  mostEntries = MOST_ENTRIES
): (times: Seconds, into: Uint16Array | Uint32Array) => void {
  const first = starts[0];
  const last = starts[starts.length - 1];
  const entries = Math.ceil((last - first) / QUARTER_HOUR);
  if (
    entries <= mostEntries &&
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
