import type { JSX } from 'react';

import { usePanel } from './context';
import { estimateText } from './estimate';
import type { IChartState } from './session-state';

/** Small words beside a title: what a reader must not miss. */
export function Badges(props: { readonly state: IChartState }): JSX.Element {
  const { trans, format } = usePanel();
  const { answer, transform, transformProblem } = props.state;
  const estimate =
    answer && estimateText(answer.provenance, trans, format.locale);
  const partial = answer?.provenance.partial;
  return (
    <>
      {partial && (
        <span
          className="jp-Workload-badge"
          title={trans.__(
            'Rows are still arriving; the numbers grow until all are read'
          )}
        >
          {share(answer.provenance.rows_read, answer.provenance.source.rows)}
        </span>
      )}
      {estimate && (
        <span className="jp-Workload-badge jp-mod-warn" title={estimate.title}>
          {estimate.label}
        </span>
      )}
      {transformProblem ? (
        <span
          className="jp-Workload-badge jp-mod-warn"
          title={transformProblem.message}
        >
          {trans.__('transform has an error')}
        </span>
      ) : (
        transform !== '' && (
          <span
            className="jp-Workload-badge"
            title={trans.__('The table behind this chart is transformed')}
          >
            {trans.__('transformed')}
          </span>
        )
      )}
    </>
  );
}

function share(part: number, whole: number): string {
  return `${whole > 0 ? Math.floor((100 * part) / whole) : 0} %`;
}
