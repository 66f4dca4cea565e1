import { DEFAULT_LOCALE } from '../../workload/format';

/** How numbers are shown, by locale. */
export interface IFormat {
  readonly locale: string;
  /** 1,018,332 */
  readonly count: (n: number) => string;
  /** 1.02 M: three digits at most, for places where the exact number is at hand in a tooltip. */
  readonly short: (n: number) => string;
  /** 12.3 MB */
  readonly bytes: (n: number) => string;
  /** 84 ms, 1.2 s */
  readonly duration: (milliseconds: number) => string;
}

/** Formats of a locale. */
export function createFormat(locale: string = DEFAULT_LOCALE): IFormat {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const scaled = (n: number, units: readonly string[]) => {
    let unit = 0;
    let value = n;
    // 999.5 would be rounded to 1000 of its unit.
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return `${digits.format(value)}${units[unit] ? `\u202f${units[unit]}` : ''}`;
  };
  return {
    locale,
    count: n => whole.format(n),
    short: n =>
      Math.abs(n) < 10_000 ? whole.format(n) : scaled(n, ['', 'k', 'M', 'G']),
    bytes: n => scaled(n, ['B', 'kB', 'MB', 'GB', 'TB']),
    duration: ms =>
      ms < 999.5
        ? `${whole.format(Math.max(1, ms))}\u202fms`
        : `${digits.format(ms / 1000)}\u202fs`
  };
}
