import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

export interface IBannerAction {
  readonly label: string;
  readonly run: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

/** A sentence and what can be done about it. */
export function Banner(props: {
  readonly tone: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly actions?: readonly IBannerAction[];
}): JSX.Element {
  return (
    <div
      className={`jp-Workload-banner jp-mod-${props.tone}`}
      role={props.tone === 'error' ? 'alert' : 'status'}
    >
      <p>{props.message}</p>
      {props.actions?.map(action => (
        <Button
          key={action.label}
          small
          className={`jp-mod-styled ${action.primary ? 'jp-mod-accept' : 'jp-mod-reject'}`}
          disabled={action.disabled}
          onClick={action.run}
        >
          {action.label}
        </Button>
      ))}
    </div>
  );
}
