import type { CSSProperties, JSX } from 'react';

import type { ISize } from './chart-widget';
import type { INumberFigure } from './model';

/** A figure of a few large numbers. */
export function Numbers(props: {
  readonly figure: INumberFigure;
  readonly label: string;
  readonly size: ISize | null;
  readonly style: CSSProperties;
}): JSX.Element {
  const { numbers } = props.figure;
  const room = Math.min(
    (props.size?.height ?? 100) / Math.max(1, numbers.length) / 2.6,
    (props.size?.width ?? 200) / 6
  );
  const large = Math.max(20, Math.min(56, Math.floor(room)));
  return (
    <div
      className="jp-Workload-numbers"
      role="group"
      aria-label={props.label}
      style={{
        ...props.style,
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'center',
        gap: 8
      }}
    >
      {numbers.map(({ value, label, detail }) => (
        <div key={label} className="jp-Workload-number">
          <div
            className="jp-Workload-number-value"
            style={{
              fontSize: large,
              lineHeight: 1.1,
              fontVariantNumeric: 'tabular-nums'
            }}
          >
            {value}
          </div>
          <div className="jp-Workload-number-label">{label}</div>
          {detail !== null && (
            <div className="jp-Workload-number-detail">{detail}</div>
          )}
        </div>
      ))}
    </div>
  );
}
