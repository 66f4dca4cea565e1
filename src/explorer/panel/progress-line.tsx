import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { usePanel, useSnapshot } from './context';

/** How far reading has got: a thin line, with rows, rate and a way to stop. */
export function ProgressLine(): JSX.Element | null {
  const { session, trans, format } = usePanel();
  const { work, source, busy } = useSnapshot();
  if (source.status === 'opening') {
    return (
      <div className="jp-Workload-progress" role="status">
        <div className="jp-Workload-progress-line jp-mod-unknown" />
        <span>{trans.__('Opening…')}</span>
        <Button
          minimal
          small
          className="jp-Workload-button"
          onClick={() => session.stop()}
        >
          {trans.__('Cancel')}
        </Button>
      </div>
    );
  }
  if (!work || !busy) {
    return null;
  }
  const seconds = (performance.now() - work.since) / 1000;
  const part = work.rowsTotal > 0 ? work.rowsRead / work.rowsTotal : 0;
  return (
    <div className="jp-Workload-progress">
      <div
        className="jp-Workload-progress-line"
        role="progressbar"
        aria-label={trans.__('Reading')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
      >
        <div style={{ width: `${part * 100}%` }} />
      </div>
      <span>
        {trans.__(
          '%1 of %2 rows',
          format.short(work.rowsRead),
          format.short(work.rowsTotal)
        )}
        {seconds > 0.5 &&
          ` · ${trans.__('%1 rows/s', format.short(Math.round(work.rowsRead / seconds)))}`}
        {` · ${trans.__('%1 of %2', format.bytes(work.bytesRead), format.bytes(work.bytesTotal))}`}
      </span>
      <Button
        minimal
        small
        className="jp-Workload-button"
        onClick={() => session.stop()}
      >
        {trans.__('Cancel')}
      </Button>
    </div>
  );
}
