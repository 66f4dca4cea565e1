import type { JSX } from 'react';
import { useState } from 'react';

interface IDateFieldProps {
  readonly label: string;
  /** `2021-01-31`, or empty. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly disabled: boolean;
  readonly onCommit: (day: string) => void;
}

/**
 * A day, typed or chosen from the browser's calendar.
 *
 * #### Notes
 * While a year is being typed the browser reports days such as 0002-01-01; only a day within the bounds is passed on,
 * and what was typed otherwise goes back on leaving the field.
 */
export function DateField(props: IDateFieldProps): JSX.Element {
  const [draft, setDraft] = useState<string | null>(null);
  const isSensible = (day: string) =>
    day !== '' &&
    (props.min === undefined || day >= props.min) &&
    (props.max === undefined || day <= props.max);
  return (
    <input
      type="date"
      className="jp-Workload-input"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      value={draft ?? props.value}
      min={props.min}
      max={props.max}
      onChange={event => {
        const day = event.target.value;
        if (isSensible(day)) {
          setDraft(null);
          props.onCommit(day);
        } else {
          setDraft(day);
        }
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
