import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { labelAt } from '../../workload/calendar';
import { indexPath } from '../source-paths';
import { usePanel, useUi, useView, usePart } from './context';
import { IndexActions, IndexFacts } from './index-facts';
import { MappingEditor } from './mapping-editor';
import { SampleDocument } from './sample-document';
import { Section } from './section';
import { ServerNotes, useServerHalf } from './server-notes-list';
import { sourceName } from './source-name';

/** What is read: its name, size and time, and how its columns are understood. */
export function SourceSection(): JSX.Element {
  const { trans, ui, format } = usePanel();
  const { source: wanted, zone } = useView();
  const source = usePart(one => one.source);
  const { mapping } = useUi();
  const half = useServerHalf();
  const index = indexPath(wanted.paths[0] ?? '');
  const { info, leftOut } =
    source.status === 'open' ? source : { info: null, leftOut: 0 };

  return (
    <Section title={trans.__('Source')}>
      <p className="jp-Workload-source-name" title={wanted.paths.join('\n')}>
        {sourceName(wanted.paths)}
      </p>
      {info && (
        <>
          {info.index && <IndexFacts info={info} index={info.index} />}
          {!info.index && (
            <p className="jp-Workload-facts">
              <span>
                {trans._n(
                  '%2 row',
                  '%2 rows',
                  info.rows,
                  format.count(info.rows)
                )}
              </span>
              <span>{format.bytes(info.bytes)}</span>
              {info.files > 1 && (
                <span>{trans._n('%1 file', '%1 files', info.files)}</span>
              )}
              {info.span && (
                <span>{`${labelAt(info.span.from, 'day', zone)} – ${labelAt(info.span.to, 'day', zone)}`}</span>
              )}
            </p>
          )}
          {info.distilled && (
            <p className="jp-Workload-hint">
              {trans.__(
                'Distilled: a row, with a count, for each user, job, package and day in %1. Dropped: %2.',
                info.distilled.zone,
                info.distilled.dropped.map(({ column }) => column).join(', ')
              )}
            </p>
          )}
          {leftOut > 0 && (
            <p className="jp-Workload-hint jp-mod-warn">
              {trans._n(
                '%1 entry of these folders is not read: a link that leads out of the data root, or a folder that you may not open. Ask for access if it belongs to the data.',
                '%1 entries of these folders are not read: links that lead out of the data root, or folders that you may not open. Ask for access if they belong to the data.',
                leftOut
              )}
            </p>
          )}
          {info.unreadable.map(({ name, reason }) => (
            <p key={name} className="jp-Workload-hint jp-mod-warn">
              {trans.__('“%1” cannot be read: %2', name, reason)}
            </p>
          ))}
          <Button
            minimal
            small
            className="jp-Workload-button jp-Workload-disclosure"
            aria-expanded={mapping !== null}
            onClick={() => ui.set({ mapping: mapping === null ? '' : null })}
          >
            {mapping === null ? trans.__('fields ▸') : trans.__('fields ▾')}
          </Button>
          {mapping !== null && (
            <>
              <MappingEditor info={info} focus={mapping} />
              {info.index && <SampleDocument sample={info.index.sample} />}
            </>
          )}
          {index && <IndexActions info={info} path={index} />}
        </>
      )}
      <ServerNotes half={half} warnings />
    </Section>
  );
}
