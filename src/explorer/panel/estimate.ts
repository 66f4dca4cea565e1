import type { IProvenance } from '../../workload/answer';
import { errorText } from '../../workload/error-text';
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
  { exact, partial, estimate }: IProvenance,
  trans: ITranslator,
  locale: string = DEFAULT_LOCALE
): IEstimateText | null {
  if (exact || partial) {
    return null;
  }
  const how =
    estimate?.method === 'sample'
      ? trans.__(
          'Counted in a sample, some stretches of time, and scaled to all records; what is rare may be missing.'
        )
      : trans.__(
          'Distinct values are estimated from sketches (HyperLogLog++), not counted.'
        );
  // A badge does not wrap.
  const error =
    errorText(estimate, trans, locale)?.replaceAll('\u00a0', ' ') ?? null;
  return error === null
    ? {
        label: trans.__('estimate, error unknown'),
        title: `${how} ${trans.__('How far it is off is not known.')}`
      }
    : {
        label: trans.__('estimate %1', error),
        title: `${how} ${trans.__('In about 95 of 100 cases the exact value lies within %1.', error)}`
      };
}
