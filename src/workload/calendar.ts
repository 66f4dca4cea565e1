import { Temporal } from 'temporal-polyfill';

import type { CalendarUnit } from './query';

/**
 * Calendar periods in a time zone. Instants are epoch seconds, the resolution of a period.
 */

/** Consecutive calendar periods: the k-th is `labels[k]`, from `starts[k]` to `starts[k + 1]`, exclusive. */
export interface ICalendar {
  readonly labels: readonly string[];
  /** One more than labels: the last is the end. */
  readonly starts: readonly number[];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?$/i;
const OFFSET = /(Z|[+-]\d{2}(:?\d{2})?)$/i;
const SECOND = 1_000_000_000n;

/**
 * Read a date (its first instant in the zone) or a date-time to the second. One without an offset is local to the zone.
 *
 * @returns Epoch seconds.
 * @throws RangeError with a sentence when the text is neither, or is finer than a second.
 */
export function parseInstant(text: string, zone: string): number {
  let nanoseconds: bigint;
  try {
    nanoseconds = instantAt(text.trim().replace(' ', 'T'), zone);
  } catch {
    checkZone(zone);
    throw new RangeError(
      `“${text}” is not a date. Write it as 2021-01-31 or 2021-01-31T18:00:00Z.`
    );
  }
  if (nanoseconds % SECOND !== 0n) {
    throw new RangeError(
      `“${text}” is finer than a second. Write the time in whole seconds.`
    );
  }
  return Number(nanoseconds / SECOND);
}

/** Epoch nanoseconds. */
function instantAt(iso: string, zone: string): bigint {
  if (DATE.test(iso)) {
    return Temporal.PlainDate.from(iso).toZonedDateTime(zone).epochNanoseconds;
  }
  if (!DATE_TIME.test(iso)) {
    throw new RangeError('Not a date-time.');
  }
  return OFFSET.test(iso.slice(10))
    ? Temporal.Instant.from(iso).epochNanoseconds
    : Temporal.PlainDateTime.from(iso).toZonedDateTime(zone).epochNanoseconds;
}

/**
 * @throws RangeError when there is no such time zone.
 */
export function checkZone(zone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw new RangeError(
      `“${zone}” is not a time zone. Use a name such as UTC or America/Los_Angeles.`
    );
  }
}

/** Whether two names are of the same time zone, such as `UTC` and `Etc/UTC`. */
export function sameZone(a: string, b: string): boolean {
  const [first, second] = [a, b].map(zone =>
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
  );
  return first.equals(second);
}

/** Whether a calendar day of the zone begins at an instant, in epoch seconds. */
export function isDayStart(seconds: number, zone: string): boolean {
  return instantOf(dateAt(seconds, zone), zone) === seconds;
}

/**
 * All calendar periods that touch [from, to].
 *
 * @param from First instant, epoch seconds.
 * @param to Last instant, epoch seconds, inclusive.
 */
export function calendar(
  unit: CalendarUnit,
  zone: string,
  from: number,
  to: number
): ICalendar {
  const labels: string[] = [];
  const starts: number[] = [];
  let date = firstDay(dateAt(from, zone), unit);
  let start = instantOf(date, zone);
  while (start <= to) {
    labels.push(labelOf(date, unit));
    starts.push(start);
    date = date.add(STEP[unit]);
    start = instantOf(date, zone);
  }
  starts.push(start);
  return { labels, starts };
}

/**
 * The calendar periods that touch any of some stretches of time. What lies between periods apart is one period without a
 * name: one wrong date centuries away must not cost a period for each day of them.
 *
 * @param stretches First and last instants, ascending.
 */
export function calendarOf(
  unit: CalendarUnit,
  zone: string,
  stretches: readonly { readonly from: number; readonly to: number }[]
): ICalendar {
  const labels: string[] = [];
  const starts: number[] = [];
  let end: number | null = null;
  for (const { from, to } of stretches) {
    if (end !== null && to < end) {
      continue;
    }
    const part = calendar(
      unit,
      zone,
      end === null ? from : Math.max(from, end),
      to
    );
    if (end !== null && part.starts[0] > end) {
      labels.push('');
      starts.push(end);
    }
    labels.push(...part.labels);
    starts.push(...part.starts.slice(0, -1));
    end = part.starts[part.starts.length - 1];
  }
  return { labels, starts: [...starts, end ?? 0] };
}

/** The calendar period that an instant lies in, as its label. */
export function labelAt(
  seconds: number,
  unit: CalendarUnit,
  zone: string
): string {
  return labelOf(firstDay(dateAt(seconds, zone), unit), unit);
}

/**
 * First day of a labelled period and first day after it, as dates: `2021-Q1` is from 2021-01-01 to 2021-04-01.
 *
 * @returns null when the text is not a period's label.
 */
export function periodOfLabel(
  label: string
): { from: string; to: string; unit: CalendarUnit } | null {
  const match = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?$/.exec(label);
  if (!match) {
    return null;
  }
  const [, year, quarter, month, day] = match;
  const unit: CalendarUnit = day
    ? 'day'
    : month
      ? 'month'
      : quarter
        ? 'quarter'
        : 'year';
  try {
    const from = Temporal.PlainDate.from(
      {
        year: Number(year),
        month: month ? Number(month) : quarter ? 3 * Number(quarter) - 2 : 1,
        day: day ? Number(day) : 1
      },
      { overflow: 'reject' }
    );
    return {
      from: from.toString(),
      to: from.add(STEP[unit]).toString(),
      unit
    };
  } catch {
    return null;
  }
}

const STEP: Readonly<Record<CalendarUnit, Temporal.DurationLike>> = {
  day: { days: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 }
};

function dateAt(seconds: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDate();
}

function instantOf(date: Temporal.PlainDate, zone: string): number {
  // A day may begin after midnight where clocks change then; periods begin at its first instant.
  return Math.ceil(date.toZonedDateTime(zone).epochMilliseconds / 1000);
}

function firstDay(
  date: Temporal.PlainDate,
  unit: CalendarUnit
): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return date;
    case 'month':
      return date.with({ day: 1 });
    case 'quarter':
      return date.with({ month: date.month - ((date.month - 1) % 3), day: 1 });
    case 'year':
      return date.with({ month: 1, day: 1 });
  }
}

function labelOf(date: Temporal.PlainDate, unit: CalendarUnit): string {
  const iso = date.toString();
  switch (unit) {
    case 'day':
      return iso;
    case 'month':
      return iso.slice(0, -3);
    case 'quarter':
      return `${iso.slice(0, -6)}-Q${Math.ceil(date.month / 3)}`;
    case 'year':
      return iso.slice(0, -6);
  }
}
