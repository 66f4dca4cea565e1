import { Time } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Audience, IDashboard } from '../../server/dashboards';

/** Whether values of parameters were set for it, and from which file, a sentence; null where none were. */
export function parametersText(
  { parameters, asked }: IDashboard,
  trans: TranslationBundle
): string | null {
  if (!parameters) {
    return null;
  }
  return asked.parameters === ''
    ? trans.__(
        'It has values of parameters, of which nobody knows the file. Name it when you publish again.'
      )
    : trans.__(
        'It has values of parameters, the last time those of %1.',
        asked.parameters
      );
}

/** Its age, and for whom it is. */
export function facts(
  { created, audience, versions }: IDashboard,
  trans: TranslationBundle
): string {
  const audiences: Record<Audience, string> = {
    staff: trans.__('for staff'),
    center: trans.__('for the center'),
    public: trans.__('for the public')
  };
  return [
    created !== null && trans.__('published %1', Time.formatHuman(created)),
    audience !== null && audiences[audience],
    versions > 1 && trans.__('%1 versions', versions)
  ]
    .filter(Boolean)
    .join(' · ');
}
