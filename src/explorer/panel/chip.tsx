import { closeIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { useModel } from './context';
import { openMenu } from './menu';
import type { MenuEntry } from './menu';

interface IChipProps {
  readonly text: string;
  readonly title?: string;
  /** What stands beside the text: records left out. */
  readonly count?: string;
  readonly tone?: 'default' | 'filter' | 'pick';
  readonly disabled?: boolean;
  readonly removeLabel: string;
  readonly entries: () => readonly MenuEntry[];
  readonly onRemove: () => void;
}

/** A condition in force. Its text opens a menu; the cross, Delete and Backspace take it away. */
export function Chip(props: IChipProps): JSX.Element {
  const tone = `jp-mod-${props.tone ?? 'filter'}`;
  const readOnly = useModel(one => one.readOnly);
  return (
    <li
      className={`jp-Workload-chip ${tone} ${props.disabled ? 'jp-mod-off' : ''}`}
    >
      <button
        type="button"
        className="jp-Workload-chip-text"
        disabled={readOnly}
        title={props.title ?? props.text}
        aria-haspopup="menu"
        aria-expanded="false"
        onClick={event => openMenu(props.entries(), event.currentTarget)}
        onKeyDown={event => {
          if (event.key === 'Delete' || event.key === 'Backspace') {
            event.preventDefault();
            focusNeighbour(event.currentTarget);
            props.onRemove();
          }
        }}
      >
        <span className="jp-Workload-chip-label">{props.text}</span>
        {props.count && (
          <span className="jp-Workload-chip-count">{props.count}</span>
        )}
      </button>
      {!readOnly && (
        <button
          type="button"
          className="jp-Workload-chip-remove"
          aria-label={props.removeLabel}
          title={props.removeLabel}
          onClick={event => {
            focusNeighbour(event.currentTarget);
            props.onRemove();
          }}
        >
          <closeIcon.react tag="span" className="jp-Workload-icon" />
        </button>
      )}
    </li>
  );
}

/** A part of the population that has been taken away, and can be put back. */
export function GhostChip(props: {
  readonly text: string;
  readonly title: string;
  readonly onAdd: () => void;
}): JSX.Element {
  const readOnly = useModel(one => one.readOnly);
  return (
    <li className="jp-Workload-chip jp-mod-ghost">
      <button
        type="button"
        className="jp-Workload-chip-text"
        disabled={readOnly}
        title={props.title}
        onClick={props.onAdd}
      >
        <span className="jp-Workload-chip-label">+ {props.text}</span>
      </button>
    </li>
  );
}

/** The chip is about to go: give the focus to the one beside it, so that it is not lost. */
function focusNeighbour(button: HTMLElement): void {
  const item = button.closest('li');
  const target = item?.nextElementSibling ?? item?.previousElementSibling;
  target?.querySelector('button')?.focus();
}
