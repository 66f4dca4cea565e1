import { HTMLSelect } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

interface ISelectProps<T> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly disabled?: boolean;
  readonly onChange: (value: T) => void;
}

/** JupyterLab's select over values of any kind. */
export function Select<T>(props: ISelectProps<T>): JSX.Element {
  const { options, value } = props;
  const key = JSON.stringify(value);
  return (
    <HTMLSelect
      className="jp-Workload-select"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      value={key}
      options={options.map(option => ({
        value: JSON.stringify(option.value),
        label: option.label
      }))}
      onChange={event => {
        const chosen = options.find(
          option => JSON.stringify(option.value) === event.target.value
        );
        if (chosen) {
          props.onChange(chosen.value);
        }
      }}
    />
  );
}
