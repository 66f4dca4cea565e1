import type { JSX } from 'react';

import { caption } from '../../workload/caption';
import { usePanel, usePart } from './context';
import type { IChartState } from './session-state';

/** The sentence that says what a chart counted. */
export function Caption(props: {
  readonly id?: string;
  readonly state: IChartState;
}): JSX.Element {
  const { trans, format } = usePanel();
  const { answer, transform } = props.state;
  const source = usePart(one => one.source);
  const span = source.status === 'open' ? source.info.span : null;
  const text = answer
    ? caption(answer, trans, {
        locale: format.locale,
        transform,
        span
      })
    : '\u00a0';
  return (
    <p id={props.id} className="jp-Workload-caption" title={text}>
      {text}
    </p>
  );
}
