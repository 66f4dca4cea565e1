import type { IProvenance } from '../../workload/answer';
import { DEFAULT_LOCALE } from '../../workload/format';
import type { ITranslator } from '../../workload/translator';

/** What a badge says of an estimate, and what its tooltip does. */
export interface IEstimateText {
  readonly label: string;
  readonly title: string;
}

/**
 * Say how far an answer may be off.
 *
 * @returns null for an answer that is no estimate.
 */
export function estimateText(
  { exact, partial, estimate, query }: IProvenance,
  trans: ITranslator,
  locale: string = DEFAULT_LOCALE
): IEstimateText | null {
  if (exact || partial) {
    return null;
  }
  const how =
    estimate?.method === 'sample'
      ? trans.__(
          'Counted in a sample of the records, and scaled to all of them.'
        )
      : trans.__(
          'Distinct values are estimated from sketches (HyperLogLog++), not counted.'
        );
  const error = estimate?.error ?? null;
  if (error === null) {
    return {
      label: trans.__('estimate'),
      title: `${how} ${trans.__('How far it is off is not known.')}`
    };
  }
  const isAbsolute =
    query.analysis === 'package-correlation' ||
    query.analysis === 'package-affinity';
  const format = (n: number) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(n);
  const range = isAbsolute
    ? format(Math.ceil(error * 100) / 100)
    : `${format(Math.ceil(error * 100))} %`;
  return {
    label: trans.__('estimate ±%1', range),
    title: `${how} ${trans.__('In about 95 of 100 cases the exact value lies within ±%1.', range)}`
  };
}
