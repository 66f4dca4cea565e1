import { DEFAULT_LOCALE } from './format';
import type { IPeriod } from './query';
import type { ITranslator } from './translator';

export interface IPeriodOptions {
  /** First and last record, RFC 3339 or epoch seconds; fills in ends that the period leaves open. */
  readonly span?: {
    readonly from: string | number;
    readonly to: string | number;
  } | null;
  /** Zone in which the period's dates are read; named when it is not UTC. */
  readonly zone?: string;
  readonly locale?: string;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * A period in words: "Jan – May 2021", "Q1 2021", "2021", "2021-03-05 – 2021-03-09", "from Mar 2021"; "All time" when nothing bounds it.
 *
 * #### Notes
 * Periods are half-open; the last day named is the last one that belongs to it.
 */
export function describePeriod(
  period: IPeriod,
  trans: ITranslator,
  options: IPeriodOptions = {}
): string {
  const { span = null, zone = 'UTC', locale = DEFAULT_LOCALE } = options;
  const from = period.from ?? (span && dayIn(span.from, zone));
  const to = period.to ?? (span && nextDay(dayIn(span.to, zone)));
  if (from === null && to === null) {
    return trans.__('All time');
  }
  const text =
    from === null
      ? trans.__('until %1', lastText(to ?? '', locale))
      : to === null
        ? trans.__('from %1', firstText(from, locale))
        : between(from, to, locale, trans);
  return zone === 'UTC' ? text : trans.__('%1 (%2)', text, zone);
}

function between(
  from: string,
  to: string,
  locale: string,
  trans: ITranslator
): string {
  if (!isMonthStart(from) || !isMonthStart(to) || from >= to) {
    const [first, last] = [momentText(from), lastText(to, null)];
    return first === last ? first : `${first} – ${last}`;
  }
  const first = new Date(`${from}T00:00:00Z`);
  const last = new Date(`${to}T00:00:00Z`);
  last.setUTCMonth(last.getUTCMonth() - 1);
  const months =
    (last.getUTCFullYear() - first.getUTCFullYear()) * 12 +
    last.getUTCMonth() -
    first.getUTCMonth() +
    1;
  const [y0, y1] = [first.getUTCFullYear(), last.getUTCFullYear()];
  if (first.getUTCMonth() === 0 && last.getUTCMonth() === 11) {
    return y0 === y1 ? String(y0) : `${y0} – ${y1}`;
  }
  if (months === 3 && first.getUTCMonth() % 3 === 0) {
    return trans.__('Q%1 %2', first.getUTCMonth() / 3 + 1, y0);
  }
  if (months === 1) {
    return monthText(first, locale, true);
  }
  return `${monthText(first, locale, y0 !== y1)} – ${monthText(last, locale, true)}`;
}

/** The beginning of a period, as a month where it is the start of one. */
function firstText(from: string, locale: string): string {
  return isMonthStart(from)
    ? monthText(new Date(`${from}T00:00:00Z`), locale, true)
    : momentText(from);
}

/** The last day (or, with a locale, the last month) before an exclusive end. */
function lastText(to: string, locale: string | null): string {
  if (!DAY.test(to)) {
    return momentText(to);
  }
  const date = new Date(`${to}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return locale !== null && isMonthStart(to)
    ? monthText(date, locale, true)
    : date.toISOString().slice(0, 10);
}

function isMonthStart(day: string): boolean {
  return DAY.exec(day)?.[3] === '01';
}

function monthText(date: Date, locale: string, withYear: boolean): string {
  return new Intl.DateTimeFormat(locale, {
    month: 'short',
    ...(withYear ? { year: 'numeric' } : {}),
    timeZone: 'UTC'
  }).format(date);
}

/** A date as it is, a date-time without a `T` and without seconds that are zero. */
function momentText(text: string): string {
  return text.replace('T', ' ').replace(/^(.{16}):00(?!\d)/, '$1');
}

function dayIn(time: string | number, zone: string): string {
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit'
  }).format(date);
}

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
