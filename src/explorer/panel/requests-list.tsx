import {
  Button,
  caretDownIcon,
  caretRightIcon
} from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useId, useState } from 'react';

import type { IRequestRecord } from '../../engine/engine';
import { usePanel, useSignal } from './context';
import { CopyButton } from './copy-button';
import {
  consoleCommand,
  consoleCommands,
  isFailed,
  MOST_KEPT
} from './requests';
import { useRequests } from './use-requests';

/** Rows shown; an index of billions takes thousands of requests. */
const SHOWN = 300;

/** The requests that the source has cost so far: what for, how long, how much; each as a command that can be tried elsewhere. */
export function RequestsList(): JSX.Element {
  const { session, trans, format } = usePanel();
  const engine = useSignal(session.changed, () => session.engine);
  const { records, first, sum } = useRequests(SHOWN);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  if (records.length === 0) {
    return (
      <p className="jp-Workload-hint">
        {trans.__('No request has been sent yet.')}
      </p>
    );
  }
  const copyAll = async () => {
    const all = await engine?.requests();
    return consoleCommands(all?.records ?? records);
  };
  const toggle = (i: number) => {
    const next = new Set(open);
    if (!next.delete(i)) {
      next.add(i);
    }
    setOpen(next);
  };
  return (
    <div className="jp-Workload-requests">
      <div className="jp-Workload-row">
        <span className="jp-Workload-requests-sum">
          {[
            trans._n(
              '%2 request',
              '%2 requests',
              sum.requests,
              format.count(sum.requests)
            ),
            sum.waiting > 0 &&
              trans.__('%1 under way', format.count(sum.waiting)),
            sum.failed > 0 && trans.__('%1 failed', format.count(sum.failed)),
            format.bytes(sum.bytes),
            format.duration(sum.milliseconds)
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="jp-Workload-spacer" />
        {sum.waiting > 0 && (
          <Button
            minimal
            small
            className="jp-Workload-button"
            title={trans.__('End all requests that are under way')}
            onClick={() => session.stop()}
          >
            {trans.__('Cancel')}
          </Button>
        )}
        <CopyButton
          label={trans.__('Copy all')}
          said={trans.__('Requests copied')}
          text={copyAll}
        />
      </div>
      {first > 0 && (
        <p className="jp-Workload-hint">
          {trans.__(
            'The last %1 are shown; “Copy all” copies up to %2.',
            format.count(records.length),
            format.count(MOST_KEPT)
          )}
        </p>
      )}
      <ol
        className="jp-Workload-requests-list"
        start={first + 1}
        aria-label={trans.__('Requests')}
      >
        {records.map((record, k) => (
          <Request
            key={first + k}
            record={record}
            isOpen={open.has(first + k)}
            onToggle={() => toggle(first + k)}
          />
        ))}
      </ol>
    </div>
  );
}

/** One request: a line, and below it the command. */
function Request(props: {
  readonly record: IRequestRecord;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  const { trans, format } = usePanel();
  const id = useId();
  const { record, isOpen, onToggle } = props;
  const { milliseconds, status } = record;
  const failed = isFailed(record);
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <li className={failed ? 'jp-mod-failed' : ''}>
      <button
        type="button"
        className="jp-Workload-request"
        aria-expanded={isOpen}
        aria-controls={`${id}-command`}
        onClick={onToggle}
      >
        <Caret.react tag="span" className="jp-Workload-icon" />
        <span className="jp-Workload-request-purpose">{record.purpose}</span>
        <code title={`${record.method} ${record.path}`}>
          {`${record.method} ${record.path}`}
        </code>
        <span
          className="jp-Workload-request-number"
          title={trans.__('Buckets or documents in the answer')}
        >
          {record.items > 0 && format.short(record.items)}
        </span>
        <span className="jp-Workload-request-number">
          {milliseconds !== null && format.bytes(record.bytes)}
        </span>
        <span className="jp-Workload-request-number">
          {milliseconds === null
            ? trans.__('under way')
            : format.duration(milliseconds)}
        </span>
        <span className="jp-Workload-request-status">
          {status === 0 ? trans.__('no answer') : status}
        </span>
      </button>
      {isOpen && (
        <div id={`${id}-command`} className="jp-Workload-request-command">
          <CopyButton
            name={trans.__('Copy the request “%1”', record.purpose)}
            said={trans.__('Request copied')}
            text={() => consoleCommand(record)}
          />
          <pre tabIndex={0} aria-label={record.purpose}>
            {consoleCommand(record)}
          </pre>
        </div>
      )}
    </li>
  );
}
