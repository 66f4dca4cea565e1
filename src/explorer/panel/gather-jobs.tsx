import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useState } from 'react';

import { cancelGather, resumeGather } from '../../server/gather';
import type { IGatherJob } from '../../server/gather';
import { CommandIDs } from '../commands';
import { usePanel } from './context';
import { waitText } from './gather';
import { sourceName } from './source-name';
import { elasticPath } from '../source-paths';
import type { IGatherJobs } from './use-gather-jobs';

/** Jobs on the server that gather into Parquet, with what can be done about each. */
export function GatherJobs(props: {
  readonly jobs: IGatherJobs;
  /** How many are shown, the latest first. */
  readonly most?: number;
}): JSX.Element | null {
  const { trans } = usePanel();
  const { jobs, refresh } = props.jobs;
  const shown = jobs.slice(0, props.most);
  return shown.length === 0 ? null : (
    <ul className="jp-Workload-jobs" aria-label={trans.__('Gathering')}>
      {shown.map(job => (
        <Job key={job.id} job={job} onChange={refresh} />
      ))}
    </ul>
  );
}

function Job(props: {
  readonly job: IGatherJob;
  readonly onChange: () => void;
}): JSX.Element {
  const { trans, format, commands, serverSettings } = usePanel();
  const { job, onChange } = props;
  const [problem, setProblem] = useState<string | null>(null);
  const { state, documents, total, rate, secondsLeft } = job;
  const isRunning = state === 'running';
  const part = total > 0 ? Math.min(1, documents / total) : 0;
  const name = sourceName([
    elasticPath({ connection: job.connection, indices: job.index })
  ]);
  const message = problem ?? job.message;

  const change = async (call: typeof cancelGather) => {
    try {
      await call(serverSettings, job.id);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    onChange();
  };
  const facts = {
    running: [
      job.stopping && trans.__('Stopping…'),
      total > 0
        ? trans.__(
            '%1 of %2 documents',
            format.short(documents),
            format.short(total)
          )
        : trans.__('Counting documents…'),
      rate > 0 && trans.__('%1/s', format.short(Math.round(rate))),
      secondsLeft !== null &&
        total > 0 &&
        trans.__('%1 left', waitText(secondsLeft, trans))
    ],
    done: [
      trans._n(
        'Done: %2 document',
        'Done: %2 documents',
        documents,
        format.count(documents)
      )
    ],
    cancelled: [
      trans.__('Cancelled after %1 documents', format.count(documents))
    ],
    interrupted: [
      trans.__('Interrupted after %1 documents', format.count(documents))
    ],
    failed: [trans.__('Failed')]
  }[state];

  return (
    <li className={`jp-Workload-job jp-mod-${state}`}>
      <p className="jp-Workload-job-name" title={`${name} → ${job.folder}`}>
        {`${name} → ${job.folder}`}
      </p>
      {isRunning && (
        <div
          className="jp-Workload-progress-line"
          role="progressbar"
          aria-label={trans.__('Gathering %1', name)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
        >
          <div style={{ width: `${part * 100}%` }} />
        </div>
      )}
      <p className="jp-Workload-hint" role={isRunning ? undefined : 'status'}>
        {facts.filter(Boolean).join(' · ')}
      </p>
      {message && (
        <p className="jp-Workload-hint jp-mod-warn" role="alert">
          {message}
        </p>
      )}
      <div className="jp-Workload-row">
        {state === 'done' && (
          <Button
            small
            className="jp-mod-styled jp-mod-accept"
            aria-label={trans.__('Open %1', job.folder)}
            onClick={() =>
              void commands.execute(CommandIDs.open, {
                paths: [`${job.folder}/`]
              })
            }
          >
            {trans.__('Open')}
          </Button>
        )}
        {!isRunning && (
          <Button
            minimal
            small
            className="jp-Workload-button"
            title={
              state === 'done'
                ? trans.__('Fetch what has come since')
                : trans.__('What is complete is not fetched again')
            }
            onClick={() => void change(resumeGather)}
          >
            {state === 'done' ? trans.__('Update') : trans.__('Resume')}
          </Button>
        )}
        <Button
          minimal
          small
          className="jp-Workload-button"
          title={
            isRunning
              ? trans.__('What is complete stays, and can be resumed')
              : trans.__('Take it out of this list; no data are removed')
          }
          disabled={job.stopping}
          onClick={() => void change(cancelGather)}
        >
          {isRunning ? trans.__('Cancel') : trans.__('Dismiss')}
        </Button>
      </div>
    </li>
  );
}
