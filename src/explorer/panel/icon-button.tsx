import type { LabIcon } from '@jupyterlab/ui-components';
import { Button } from '@jupyterlab/ui-components';
import type { JSX, MouseEvent } from 'react';

interface IIconButtonProps {
  readonly icon: LabIcon;
  readonly label: string;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly disabled?: boolean;
  /** For a button that switches something. */
  readonly pressed?: boolean;
  readonly tabIndex?: number;
  readonly className?: string;
}

/** A small button that shows an icon; its label is its name and its tooltip. */
export function IconButton(props: IIconButtonProps): JSX.Element {
  const { icon: Icon, label } = props;
  return (
    <Button
      minimal
      small
      className={`jp-Workload-button jp-Workload-iconButton ${props.className ?? ''}`}
      aria-label={label}
      title={label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onClick={props.onClick}
    >
      <Icon.react tag="span" className="jp-Workload-icon" />
    </Button>
  );
}
