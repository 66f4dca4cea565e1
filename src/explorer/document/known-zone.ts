import type { ITranslator } from '../../workload/translator';
import type { IReading } from '../../workload/view-read';

/** Whether this browser knows a time zone. */
export function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * A reading that can be shown here: a time zone that this browser does not know is a problem of the text, and UTC stands
 * in for it until it is mended.
 */
export function withKnownZone(reading: IReading, trans: ITranslator): IReading {
  const { view, problem } = reading;
  if (!view || isKnownZone(view.zone)) {
    return reading;
  }
  return {
    ...reading,
    view: { ...view, zone: 'UTC' },
    problem:
      problem ??
      trans.__(
        'This file is not a workload view: its zone “%1” is no time zone that this browser knows. UTC stands in for it.',
        view.zone
      )
  };
}
