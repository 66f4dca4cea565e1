import type { IEstimate } from './answer';
import { DEFAULT_LOCALE } from './format';
import type { ITranslator } from './translator';

/**
 * How far an estimate may be off, rounded up: `±2 %`, `±2 % of all`, `±0.06`.
 *
 * @returns null when it is not known.
 */
export function errorText(
  estimate: IEstimate | null,
  trans: ITranslator,
  locale: string = DEFAULT_LOCALE
): string | null {
  const error = estimate?.error ?? null;
  if (estimate === null || error === null) {
    return null;
  }
  const format = (n: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(n);
  const percent = () => `${format(Math.ceil(error * 100))}\u00a0%`;
  switch (estimate.of) {
    case 'value':
      return `±${percent()}`;
    case 'all':
      return trans.__('±%1 of all', percent());
    case 'one':
      return `±${format(Math.ceil(error * 100) / 100)}`;
  }
}
