import type { JSX, KeyboardEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';

/** A line of completion. */
export interface ISuggestion {
  /** The whole text of the field once this is taken. */
  readonly text: string;
  readonly label: string;
  /** What stands beside it: a count, a column. */
  readonly detail?: string;
  /** There is more to type after it, so taking it does not end the input. */
  readonly more?: boolean;
}

interface IComboboxProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly autoFocus?: boolean;
  /** Offer something before a key is pressed. */
  readonly eager?: boolean;
  /** Why the text will not do; shown below and tied to the field. */
  readonly problem?: string | null;
  readonly suggest: (
    text: string,
    signal: AbortSignal
  ) => Promise<readonly ISuggestion[]>;
  readonly onChange: (text: string) => void;
  readonly onCommit: (text: string) => void;
  readonly onCancel?: () => void;
}

/** Wait after a key before asking for completions, milliseconds. */
const PAUSE = 60;

/** A text field that completes what is typed. */
export function Combobox(props: IComboboxProps): JSX.Element {
  const { value, suggest, onChange, onCommit, onCancel, problem } = props;
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [lines, setLines] = useState<readonly ISuggestion[]>([]);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const field = input.current;
    if (props.autoFocus && field) {
      field.focus();
      if (field.value.endsWith('/')) {
        // The begin of a path, which one goes on typing.
        field.setSelectionRange(field.value.length, field.value.length);
      } else {
        field.select();
      }
    }
  }, [props.autoFocus]);

  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      suggest(value, controller.signal).then(
        found => {
          if (!controller.signal.aborted) {
            setLines(found);
            setActive(-1);
          }
        },
        () => {
          // Without completions one can still type.
          setLines([]);
        }
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [isOpen, value, suggest]);

  const take = (line: ISuggestion) => {
    // What is offered now was for the text before; Enter must not take it once more.
    setActive(-1);
    if (line.more) {
      onChange(line.text);
      input.current?.focus();
    } else {
      setOpen(false);
      onCommit(line.text);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const last = lines.length - 1;
    switch (event.key) {
      case 'ArrowDown':
        setOpen(true);
        setActive(active >= last ? (last < 0 ? -1 : 0) : active + 1);
        break;
      case 'ArrowUp':
        setActive(active <= 0 ? last : active - 1);
        break;
      case 'Enter':
        if (isOpen && active >= 0) {
          take(lines[active]);
        } else {
          setOpen(false);
          onCommit(value);
        }
        break;
      case 'Tab':
        if (!isOpen || active < 0 || event.shiftKey) {
          return;
        }
        onChange(lines[active].text);
        setActive(-1);
        break;
      case 'Escape':
        if (isOpen && lines.length > 0) {
          setOpen(false);
        } else if (onCancel) {
          onCancel();
        } else {
          return;
        }
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const shown = isOpen && lines.length > 0;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (shown) {
      // At the lower end of a column it would open out of sight.
      list.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [shown, lines]);
  return (
    <div className="jp-Workload-combobox">
      <input
        ref={input}
        className="jp-Workload-input"
        type="text"
        role="combobox"
        spellCheck={false}
        autoComplete="off"
        aria-label={props.label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={
          shown && active >= 0 ? `${id}-${active}` : undefined
        }
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        placeholder={props.placeholder}
        value={value}
        onChange={event => {
          setOpen(true);
          setActive(-1);
          onChange(event.target.value);
        }}
        onFocus={() => props.eager && setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={props.label}
        className="jp-Workload-suggestions"
        hidden={!shown}
      >
        {lines.map((line, i) => (
          <li
            key={line.text}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            className="jp-Workload-suggestion"
            // The field keeps the focus; a click must not blur it first.
            onMouseDown={event => event.preventDefault()}
            onClick={() => take(line)}
            ref={i === active ? intoView : undefined}
          >
            <span className="jp-Workload-suggestion-label">{line.label}</span>
            {line.detail && (
              <span className="jp-Workload-suggestion-detail">
                {line.detail}
              </span>
            )}
          </li>
        ))}
      </ul>
      {problem && (
        <p
          id={`${id}-problem`}
          className="jp-Workload-fieldProblem"
          role="alert"
        >
          {problem}
        </p>
      )}
    </div>
  );
}

function intoView(node: HTMLElement | null): void {
  node?.scrollIntoView({ block: 'nearest' });
}
