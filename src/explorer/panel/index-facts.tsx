import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useState } from 'react';

import type { IDatasetInfo, IIndexInfo } from '../../engine/engine';
import { labelAt } from '../../workload/calendar';
import { usePanel, useUi, useView } from './context';
import { elasticPath } from '../source-paths';
import type { IIndexPath } from '../source-paths';
import { GatherForm } from './gather-form';
import { GatherJobs } from './gather-jobs';
import { useGatherJobs } from './use-gather-jobs';

/** What an index is: documents, indices, server, and the point in time that is read. */
export function IndexFacts(props: {
  readonly info: IDatasetInfo;
  readonly index: IIndexInfo;
}): JSX.Element {
  const { trans, format, session } = usePanel();
  const { zone } = useView();
  const { info, index } = props;
  return (
    <>
      <p className="jp-Workload-facts">
        <span>
          {trans._n(
            '%2 document',
            '%2 documents',
            info.rows,
            format.count(info.rows)
          )}
        </span>
        <span title={index.indices.join('\n')}>
          {trans._n('%1 index', '%1 indices', index.indices.length)}
        </span>
        {info.bytes > 0 && <span>{format.bytes(info.bytes)}</span>}
        {info.span && (
          <span>{`${labelAt(info.span.from, 'day', zone)} – ${labelAt(info.span.to, 'day', zone)}`}</span>
        )}
        {index.server !== '' && (
          <span>{trans.__('Elasticsearch %1', index.server)}</span>
        )}
      </p>
      <p className="jp-Workload-facts">
        <span
          title={`${index.taken}\n${trans.__(
            'A point in time: documents that came later are not counted, so that all charts count the same ones'
          )}`}
        >
          {trans.__('as of %1', pointInTime(index.taken, zone, format.locale))}
        </span>
        <button
          type="button"
          className="jp-Workload-link"
          title={trans.__('Take a new point in time, and count anew')}
          onClick={() => session.reload()}
        >
          {trans.__('Reload')}
        </button>
      </p>
    </>
  );
}

/** What can be done with an index besides looking at charts. */
export function IndexActions(props: {
  readonly info: IDatasetInfo;
  readonly path: IIndexPath;
}): JSX.Element {
  const { trans, ui } = usePanel();
  const { inspecting } = useUi();
  const [gathering, setGathering] = useState(false);
  const jobs = useGatherJobs();
  return (
    <>
      <div className="jp-Workload-row jp-Workload-index-actions">
        <Button
          minimal
          small
          className="jp-Workload-button"
          aria-pressed={inspecting}
          title={trans.__('What was asked of Elasticsearch, and what it took')}
          onClick={() => ui.set({ inspecting: !inspecting, drawer: false })}
        >
          {trans.__('Requests…')}
        </Button>
        <Button
          minimal
          small
          className="jp-Workload-button"
          aria-expanded={gathering}
          title={trans.__(
            'Write the documents into Parquet files, which open quicker and need no server'
          )}
          onClick={() => setGathering(!gathering)}
        >
          {trans.__('Gather into Parquet…')}
        </Button>
      </div>
      {gathering && (
        <GatherForm
          // Another index is gathered elsewhere.
          key={elasticPath(props.path)}
          path={props.path}
          info={props.info}
          onStarted={() => {
            setGathering(false);
            jobs.refresh();
          }}
          onClose={() => setGathering(false)}
        />
      )}
      <GatherJobs jobs={jobs} />
    </>
  );
}

/** A time, to the minute, in the view's zone; the year only where it is not this one. */
export function pointInTime(
  taken: string,
  zone: string,
  locale: string
): string {
  const time = new Date(taken);
  if (Number.isNaN(time.getTime())) {
    return taken;
  }
  const isThisYear = time.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: zone
  }).format(time);
}
