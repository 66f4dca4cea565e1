import type { JSX } from 'react';
import { useEffect, useState } from 'react';

import { usePanel, useSnapshot, useUi } from './context';

/** Tells screen readers, politely, what the last change came to. */
export function Live(): JSX.Element {
  const { trans, format } = usePanel();
  const { overview, busy, overviewStale } = useSnapshot();
  const { said } = useUi();
  const [text, setText] = useState('');

  useEffect(() => {
    if (overview && !busy && !overviewStale) {
      setText(
        trans.__(
          '%1 records included: %2 users, %3 jobs, %4 packages',
          format.count(overview.records),
          overview.users === null ? '–' : format.count(overview.users),
          overview.jobs === null ? '–' : format.count(overview.jobs),
          overview.packages === null ? '–' : format.count(overview.packages)
        )
      );
    }
  }, [overview, busy, overviewStale, trans, format]);

  return (
    <div className="jp-Workload-live">
      <div role="status">{text}</div>
      <div role="status">{said}</div>
    </div>
  );
}
