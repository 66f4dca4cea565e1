import type { JSX } from 'react';

import { describePeriod } from '../../workload/caption';
import { errorText } from '../../workload/error-text';
import { boardSelection } from './asks';
import { usePanel, useSnapshot, useView } from './context';

/** What the included records amount to, in large numbers. */
export function Headline(): JSX.Element {
  const { trans, format } = usePanel();
  const selection = boardSelection(useView());
  const { period, zone } = selection;
  const { overview, overviewStale, overviewEstimateOf, source } = useSnapshot();
  // An estimate says what it is, so it need not look outdated as well.
  const isDim =
    overviewStale && overviewEstimateOf !== JSON.stringify(selection);
  const estimate = overview?.estimate ?? null;
  const error = errorText(estimate, trans, format.locale);
  const about =
    estimate === null
      ? undefined
      : error === null
        ? trans.__('Estimated, error unknown')
        : trans.__('Estimated, %1', error);
  const span = source.status === 'open' ? source.info.span : null;
  const number = (
    n: number | null | undefined,
    one: string,
    many: string,
    missing: string
  ) => (
    <div className="jp-Workload-figure" title={n === null ? missing : about}>
      <strong>
        {n === undefined
          ? ' '
          : n === null
            ? '–'
            : `${estimate ? '≈ ' : ''}${format.count(n)}`}
      </strong>{' '}
      <span>{n === 1 ? one : many}</span>
    </div>
  );
  return (
    <div
      className={`jp-Workload-headline ${isDim ? 'jp-mod-stale' : ''}`}
      role="group"
      aria-label={trans.__('Included records')}
      aria-busy={overviewStale}
    >
      {number(
        overview?.users,
        trans.__('user'),
        trans.__('users'),
        trans.__('No column says who the user is')
      )}
      {number(
        overview?.jobs,
        trans.__('job'),
        trans.__('jobs'),
        trans.__('No column says which job it was')
      )}
      {number(
        overview?.packages,
        trans.__('package'),
        trans.__('packages'),
        trans.__('No column names the package')
      )}
      <div className="jp-Workload-figure">
        <strong>
          {describePeriod(period, trans, { span, zone, locale: format.locale })}
        </strong>
      </div>
    </div>
  );
}
