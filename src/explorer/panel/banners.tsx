import type { JSX } from 'react';

import { Banner } from './banner';
import { usePanel, useModel, useSnapshot, useUi, useView } from './context';
import { pointInTime } from './index-facts';
import { NoRecords } from './no-rows';
import { lastPeriod } from './period';
import { isEstimate } from './session-state';
import { sourceName } from './source-name';

/** What stands between the view and its answers: one sentence each, with a next step. */
export function Banners(): JSX.Element {
  const { model, session, trans, format, ui } = usePanel();
  const problem = useModel(one => one.problem);
  const readOnly = useModel(one => one.readOnly);
  const view = useView();
  const { picking, notice } = useUi();
  const { source, changed, outage, confirm, stopped, charts } = useSnapshot();
  const name = sourceName(view.source.paths);
  const index = source.status === 'open' ? source.info.index : null;

  return (
    <>
      {notice && (
        <Banner
          tone="warn"
          message={notice}
          actions={[
            { label: trans.__('Close'), run: () => ui.set({ notice: null }) }
          ]}
        />
      )}
      {problem && <Banner tone="warn" message={problem} />}
      {readOnly && !problem && (
        <Banner
          tone="info"
          message={trans.__(
            'This file cannot be written, so the view cannot be changed here. “Save As…” in the File menu makes a copy that can.'
          )}
        />
      )}
      {source.status === 'untrusted' && (
        <Banner
          tone="info"
          message={trans.__(
            'This view came from elsewhere and reads %1. Open its data if you trust it.',
            view.source.paths.join(', ')
          )}
          actions={[
            {
              label: trans.__('Open the data'),
              primary: true,
              run: () => model.trust()
            }
          ]}
        />
      )}
      {source.status === 'failed' && (
        <Banner
          tone="error"
          message={source.problem.message}
          actions={[
            {
              label: trans.__('Try again'),
              primary: true,
              run: () => session.resume()
            },
            ...(picking || readOnly
              ? []
              : [
                  {
                    label: trans.__('Open another source'),
                    run: () => ui.set({ picking: true })
                  }
                ])
          ]}
        />
      )}
      {changed && (
        <Banner
          tone="warn"
          message={
            index
              ? [
                  changed.message,
                  trans.__(
                    'What is shown is as of %1.',
                    pointInTime(index.taken, view.zone, format.locale)
                  )
                ]
                  .filter(Boolean)
                  .join(' ')
              : trans.__(
                  '%1 has changed since it was opened. What is shown is from before.',
                  name
                )
          }
          actions={[
            {
              label: index ? trans.__('Reload as of now') : trans.__('Reload'),
              primary: true,
              run: () => session.reload()
            }
          ]}
        />
      )}
      {outage && (
        <Banner
          tone="warn"
          message={
            outage.seconds === 0
              ? `${outage.message} ${trans.__('Trying again…')}`
              : `${outage.message} ${trans._n('Trying again in %1 second.', 'Trying again in %1 seconds.', outage.seconds)}`
          }
          actions={[
            {
              label: trans.__('Try now'),
              primary: true,
              run: () => session.resume()
            }
          ]}
        />
      )}
      {confirm && (
        <Banner
          tone="info"
          message={
            index
              ? trans.__(
                  'For exact answers this view will fetch about %1 from %2 documents and hold about %3 in memory. Until then, what is marked as an estimate is one.',
                  format.bytes(confirm.bytes),
                  format.short(confirm.rows),
                  format.bytes(confirm.memory)
                )
              : trans.__(
                  'This view will fetch %1 and hold about %2 in memory.',
                  format.bytes(confirm.bytes),
                  format.bytes(confirm.memory)
                )
          }
          actions={[
            {
              label: trans.__('Fetch it'),
              primary: true,
              run: () => session.confirm()
            },
            ...lastQuarter()
          ]}
        />
      )}
      <NoRecords />
      {stopped && (
        <Banner
          tone="info"
          message={
            [...charts.values()].some(
              ({ answer, stale }) => answer && isEstimate(answer) && !stale
            )
              ? trans.__(
                  'Reading was stopped. What is marked as an estimate stays one until you go on; what is dimmed is not up to date.'
                )
              : trans.__(
                  'Reading was stopped; what is dimmed is not up to date.'
                )
          }
          actions={[
            {
              label: trans.__('Go on'),
              primary: true,
              run: () => session.resume()
            }
          ]}
        />
      )}
    </>
  );

  /** A shorter period needs less, where row groups can be skipped. */
  function lastQuarter() {
    const isAll = view.period.from === null && view.period.to === null;
    const span = source.status === 'open' ? source.info.span : null;
    if (!isAll || !span) {
      return [];
    }
    return [
      {
        label: trans.__('Last quarter only'),
        run: () =>
          session.confirm(() =>
            model.update(old => ({
              ...old,
              period: lastPeriod(span.to, 'quarter')
            }))
          )
      }
    ];
  }
}
