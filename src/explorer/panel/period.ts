import type { CalendarUnit, IPeriod } from '../../workload/query';

/**
 * Arithmetic with whole days and calendar units; days are texts, `2021-01-31`, in the view's zone, so that
 * no time zone has a say here.
 */

export type PeriodUnit = Exclude<CalendarUnit, 'day'>;

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** All of time. */
export const ALL_TIME: IPeriod = { from: null, to: null };

/** Number of a day since 1970-01-01; the time of a date-time is left out. */
export function dayNumber(day: string): number {
  return Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / DAY_MS);
}

/** The day of a number. */
export function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** A day, some days later. */
export function addDays(day: string, count: number): string {
  return dayText(dayNumber(day) + count);
}

/** The calendar unit that holds a day. */
export function unitAround(day: string, unit: PeriodUnit): IPeriod {
  const start = unitStart(day, unit);
  return { from: start, to: addUnits(start, unit, 1) };
}

/** The calendar unit that holds an instant, epoch seconds. */
export function lastPeriod(seconds: number, unit: PeriodUnit): IPeriod {
  return unitAround(dayText(Math.floor(seconds / 86400)), unit);
}

/** First day of the unit that holds a day. */
function unitStart(day: string, unit: PeriodUnit): string {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  switch (unit) {
    case 'month':
      return firstOfMonth(year, month - 1);
    case 'quarter':
      return firstOfMonth(year, month - 1 - ((month - 1) % 3));
    case 'year':
      return firstOfMonth(year, 0);
  }
}

const MONTHS: Readonly<Record<PeriodUnit, number>> = {
  month: 1,
  quarter: 3,
  year: 12
};

/** The first day of a unit, some units later. */
function addUnits(start: string, unit: PeriodUnit, count: number): string {
  const year = Number(start.slice(0, 4));
  const month = Number(start.slice(5, 7)) - 1;
  return firstOfMonth(year, month + count * MONTHS[unit]);
}

/** First day of a month; the month (from 0) may lie outside the year. */
function firstOfMonth(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** The unit that a period is exactly one of, or null. */
export function unitOf(period: IPeriod): PeriodUnit | null {
  const { from, to } = period;
  if (from === null || to === null || !DAY.test(from) || !DAY.test(to)) {
    return null;
  }
  const units: PeriodUnit[] = ['month', 'quarter', 'year'];
  return (
    units.find(unit => {
      const around = unitAround(from, unit);
      return around.from === from && around.to === to;
    }) ?? null
  );
}

/**
 * The neighbour of a period.
 *
 * #### Notes
 * From all of time, a step back leads to the last unit with data and a step forward to the first. A period that is no
 * calendar unit moves by its own length in days; one with an open end moves to the unit beside its bound.
 *
 * @param unit Unit to step by when the period is not one itself.
 * @param days First and last day with data.
 */
export function stepPeriod(
  period: IPeriod,
  unit: PeriodUnit,
  direction: 1 | -1,
  days: { readonly first: string; readonly last: string }
): IPeriod {
  const { from, to } = period;
  if (from === null && to === null) {
    return unitAround(direction < 0 ? days.last : days.first, unit);
  }
  const own = unitOf(period);
  if (own === unit && from !== null) {
    const start = addUnits(from, unit, direction);
    return { from: start, to: addUnits(start, unit, 1) };
  }
  if (own !== null && from !== null && to !== null) {
    // Another unit was chosen: the first step goes to one beside the period.
    return unitAround(
      dayText(direction < 0 ? dayNumber(from) - 1 : dayNumber(to)),
      unit
    );
  }
  if (from !== null && to !== null) {
    const length = Math.max(1, dayNumber(to) - dayNumber(from)) * direction;
    return {
      from: dayText(dayNumber(from) + length),
      to: dayText(dayNumber(to) + length)
    };
  }
  const bound = from ?? to ?? days.first;
  return unitAround(dayText(dayNumber(bound) - (direction < 0 ? 1 : 0)), unit);
}

/** Whether a period holds any of the days with data. */
export function touches(
  period: IPeriod,
  days: { readonly first: string; readonly last: string }
): boolean {
  return (
    (period.from === null || period.from.slice(0, 10) <= days.last) &&
    (period.to === null || period.to.slice(0, 10) > days.first)
  );
}

/** A period by name. */
export interface IPreset {
  readonly id: string;
  readonly kind: 'all' | 'last' | 'year';
  readonly unit: PeriodUnit | null;
  readonly period: IPeriod;
}

/** Periods worth a name: everything, the last month, quarter and year with data, and each year. */
export function presets(
  days: { readonly first: string; readonly last: string } | null
): IPreset[] {
  const list: IPreset[] = [
    { id: 'all', kind: 'all', unit: null, period: ALL_TIME }
  ];
  if (!days) {
    return list;
  }
  for (const unit of ['month', 'quarter', 'year'] as const) {
    list.push({
      id: `last-${unit}`,
      kind: 'last',
      unit,
      period: unitAround(days.last, unit)
    });
  }
  const firstYear = Number(days.first.slice(0, 4));
  for (let year = Number(days.last.slice(0, 4)); year >= firstYear; year--) {
    list.push({
      id: String(year),
      kind: 'year',
      unit: 'year',
      period: unitAround(`${String(year).padStart(4, '0')}-01-01`, 'year')
    });
  }
  return list;
}

/** Whether two periods are the same. */
export function samePeriod(a: IPeriod, b: IPeriod): boolean {
  return a.from === b.from && a.to === b.to;
}

/**
 * Records a day gathered into at most `width` bars of equal length, each a whole number of days.
 *
 * @returns First day number, days a bar, and the records of each bar.
 */
export function dayBars(
  days: readonly { day: string; records: number }[],
  width: number
): {
  readonly first: number;
  readonly step: number;
  readonly bars: readonly number[];
} {
  if (days.length === 0) {
    return { first: 0, step: 1, bars: [] };
  }
  const first = dayNumber(days[0].day);
  const count = dayNumber(days[days.length - 1].day) - first + 1;
  const step = Math.max(1, Math.ceil(count / Math.max(1, width)));
  const bars = new Array<number>(Math.ceil(count / step)).fill(0);
  for (const { day, records } of days) {
    bars[Math.floor((dayNumber(day) - first) / step)] += records;
  }
  return { first, step, bars };
}
