import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { usePanel, useSnapshot } from './context';

/** How far reading has got: a thin line, with rows, rate and a way to stop. */
export function ProgressLine(): JSX.Element | null {
  const { session, trans, format } = usePanel();
  const { work, source, busy } = useSnapshot();
  const isIndex = source.status === 'open' && source.info.index !== null;
  const waits = isIndex && busy && !work;
  if (source.status === 'opening' || waits) {
    return (
      <div className="jp-Workload-progress" role="status">
        <div className="jp-Workload-progress-line jp-mod-unknown" />
        <span>
          {waits ? trans.__('Asking Elasticsearch…') : trans.__('Opening…')}
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
  if (!work || !busy) {
    return null;
  }
  const seconds = (performance.now() - work.since) / 1000;
  const read = format.short(work.rowsRead);
  const total = format.short(work.rowsTotal);
  const rate = format.short(Math.round(work.rowsRead / seconds));
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
        {isIndex
          ? trans.__('%1 of %2 documents', read, total)
          : trans.__('%1 of %2 rows', read, total)}
        {seconds > 0.5 &&
          work.rowsRead > 0 &&
          ` · ${isIndex ? trans.__('%1 documents/s', rate) : trans.__('%1 rows/s', rate)}`}
        {work.bytesTotal > 0 &&
          ` · ${trans.__('%1 of %2', format.bytes(work.bytesRead), format.bytes(work.bytesTotal))}`}
        {work.bytesTotal === 0 &&
          work.bytesRead > 0 &&
          ` · ${format.bytes(work.bytesRead)}`}
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
