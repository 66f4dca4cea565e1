import type { LabIcon } from '@jupyterlab/ui-components';
import { Button, caretDownEmptyIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { openMenu } from './menu';
import type { MenuEntry } from './menu';

interface IMenuButtonProps {
  readonly label: string;
  /** With an icon alone, the label is the tooltip. */
  readonly icon?: LabIcon;
  readonly iconOnly?: boolean;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
  readonly className?: string;
  /** Built when the menu opens. */
  readonly entries: () => readonly MenuEntry[];
}

/** A button that opens a menu. */
export function MenuButton(props: IMenuButtonProps): JSX.Element {
  const { label, icon, iconOnly } = props;
  return (
    <Button
      minimal
      small
      className={`jp-Workload-button ${props.className ?? ''}`}
      aria-haspopup="menu"
      aria-expanded="false"
      aria-label={iconOnly ? label : undefined}
      title={label}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onClick={event => openMenu(props.entries(), event.currentTarget)}
      onKeyDown={event => {
        if (event.key === 'ArrowDown') {
          event.preventDefault();
          event.stopPropagation();
          openMenu(props.entries(), event.currentTarget);
        }
      }}
    >
      {icon && <icon.react tag="span" className="jp-Workload-icon" />}
      {!iconOnly && <span className="jp-Workload-button-label">{label}</span>}
      {!iconOnly && (
        <caretDownEmptyIcon.react tag="span" className="jp-Workload-caret" />
      )}
    </Button>
  );
}
