import { periodOfLabel } from '../workload/calendar';
import type { CalendarUnit } from '../workload/query';

/** Periods that a chart can show in a row at most; a longer span keeps its gaps. */
const MOST = 2000;

/**
 * All periods from the first to the last of some labels, in order, those without a row included.
 *
 * @returns The labels as they are, sorted, when they are not all of one calendar unit.
 */
export function periodsBetween(labels: readonly string[]): {
  readonly labels: readonly string[];
  readonly unit: CalendarUnit | null;
} {
  const sorted = [...new Set(labels)].sort();
  const periods = sorted.map(periodOfLabel);
  const unit = periods[0]?.unit ?? null;
  if (unit === null || periods.some(period => period?.unit !== unit)) {
    return { labels: sorted, unit: null };
  }
  const last = sorted[sorted.length - 1];
  const filled: string[] = [];
  for (
    let label = sorted[0];
    label <= last && filled.length < MOST;
    label = nextLabel(label, unit)
  ) {
    filled.push(label);
  }
  return filled.at(-1) === last
    ? { labels: filled, unit }
    : { labels: sorted, unit };
}

/** The label of the period after a labelled one. */
function nextLabel(label: string, unit: CalendarUnit): string {
  const end = periodOfLabel(label)?.to ?? label;
  switch (unit) {
    case 'day':
      return end;
    case 'month':
      return end.slice(0, -3);
    case 'quarter':
      return `${end.slice(0, -6)}-Q${Math.ceil(Number(end.slice(-5, -3)) / 3)}`;
    case 'year':
      return end.slice(0, -6);
  }
}

/** A period as a chart's tick: what changes on the first line, the year below where it begins. */
export function periodTick(
  label: string,
  before: string | null,
  unit: CalendarUnit | null,
  locale: string
): string {
  const period = periodOfLabel(label);
  if (!period || unit === null || unit === 'year') {
    return label;
  }
  const year = label.slice(0, 4);
  const newYear = !before?.startsWith(year);
  const below = (text: string) => (newYear ? `${text}<br>${year}` : text);
  if (unit === 'quarter') {
    return below(label.slice(5));
  }
  const date = new Date(`${period.from}T00:00:00Z`);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
      date
    );
  return below(
    format(
      unit === 'month' ? { month: 'short' } : { month: 'short', day: 'numeric' }
    )
  );
}

/** A period in words, "Jan 2021". */
export function periodText(label: string, locale: string): string {
  const period = periodOfLabel(label);
  if (!period) {
    return label;
  }
  switch (period.unit) {
    case 'month':
      return new Intl.DateTimeFormat(locale, {
        month: 'short',
        year: 'numeric',
        timeZone: 'UTC'
      }).format(new Date(`${period.from}T00:00:00Z`));
    case 'quarter':
      return `${label.slice(5)} ${label.slice(0, 4)}`;
    default:
      return label;
  }
}
