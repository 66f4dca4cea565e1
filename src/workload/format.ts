import type { Cell } from './answer';

/** Locale of numbers and month names where none is given. */
export const DEFAULT_LOCALE = 'en-US';

const STYLES = {
  whole: {},
  small: { maximumSignificantDigits: 3 },
  large: { maximumSignificantDigits: 6 },
  percent: { style: 'percent', maximumSignificantDigits: 3 },
  short: { maximumFractionDigits: 2 },
  correlation: {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
    signDisplay: 'negative'
  }
} satisfies Record<string, Intl.NumberFormatOptions>;

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs far more than using it, and charts use thousands. */
function format(
  value: number,
  style: keyof typeof STYLES,
  locale: string
): string {
  const key = `${style} ${locale}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, STYLES[style]);
    formats.set(key, found);
  }
  return found.format(value);
}

/** A number with the locale's separators; fractions with three significant digits at most. */
export function numberText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(
    value,
    Number.isInteger(value)
      ? 'whole'
      : Math.abs(value) < 1000
        ? 'small'
        : 'large',
    locale
  );
}

/** A fraction as a percentage with three significant digits. */
export function percentText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(value, 'percent', locale);
}

/** A number with two decimals at most. */
export function shortText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  return format(value, 'short', locale);
}

/** A correlation with as many decimals as can be told apart in a chart. */
export function correlationText(
  value: number,
  locale: string = DEFAULT_LOCALE
): string {
  // With the minus of typesetting, as the axes have it.
  return format(value, 'correlation', locale).replace('-', '−');
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
