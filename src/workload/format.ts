import type { Cell } from './answer';

/** Locale of numbers and month names where none is given. */
export const DEFAULT_LOCALE = 'en-US';

const formats = new Map<string, Intl.NumberFormat>();

function format(
  locale: string,
  options: Intl.NumberFormatOptions
): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

/** A number with the locale's separators; fractions with three significant digits at most. */
export function numberText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return Number.isInteger(value)
    ? format(locale, {}).format(value)
    : format(locale, {
        maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 6
      }).format(value);
}

/** A fraction as a percentage with three significant digits. */
export function percentText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(locale, {
    style: 'percent',
    maximumSignificantDigits: 3
  }).format(value);
}

/** A correlation with as many decimals as can be told apart in a chart. */
export function correlationText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(locale, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
    signDisplay: 'negative'
  }).format(value);
}

/** A number in few characters, for axes: 1.2K, 3M. */
export function compactText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(locale, {
    notation: 'compact',
    maximumSignificantDigits: 3
  }).format(value);
}

/** Columns that hold fractions of what the caption names. */
const SHARES: ReadonlySet<string> = new Set([
  'share',
  'user_share',
  'job_share'
]);

/** Whether a column holds fractions. */
export function isShare(column: string): boolean {
  return SHARES.has(column);
}

/** A cell of a table as people read it; empty for null. */
export function cellText(
  column: string,
  cell: Cell,
  locale: string = DEFAULT_LOCALE
): string {
  if (cell === null) {
    return '';
  }
  if (typeof cell !== 'number') {
    return String(cell);
  }
  return isShare(column)
    ? percentText(cell, locale)
    : column === 'r'
      ? correlationText(cell, locale)
      : numberText(cell, locale);
}
