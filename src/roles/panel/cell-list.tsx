import type { DragEvent, JSX, KeyboardEvent, MouseEvent } from 'react';
import { useEffect, useRef, useState } from 'react';

import { CellRow, dropPlace } from './cell-row';
import type { IPanelContext } from './context';
import { PANEL_CLASS } from './focus';
import { moveCells } from './move-cells';
import { placeBeside } from './move';
import type { IRow } from './rows';
import { choose, chooseAll, step } from './selection';

/** Height of a line, pixels; the style sheet says the same. */
export const ROW_HEIGHT = 38;

/** Lines that are drawn above and below those in sight. */
const MARGIN = 6;

/** What is dragged carries this type, so that nothing else is taken for a line. */
const DRAG_TYPE = 'application/x-workload-cells';

/** The cells of the notebook as a list: only the lines in sight are drawn, however many there are. */
export function CellList({ context }: { context: IPanelContext }): JSX.Element {
  const { model, trans } = context;
  const { rows, selection, open } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [drop, setDrop] = useState<number | null>(null);
  const ids = rows.map(({ id }) => id);

  useEffect(() => {
    const node = scroller.current;
    if (!node) {
      return undefined;
    }
    const read = (): void =>
      setView({ top: node.scrollTop, height: node.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(node);
    read();
    // The panel took the keyboard before it was loaded.
    if (document.activeElement?.classList.contains(PANEL_CLASS)) {
      node.focus();
    }
    return () => observer.disconnect();
  }, []);

  // The line that the keyboard is at is in sight.
  const { focus } = selection;
  useEffect(() => {
    const node = scroller.current;
    const at = focus === null ? -1 : ids.indexOf(focus);
    if (!node || at < 0) {
      return;
    }
    const top = at * ROW_HEIGHT;
    if (top < node.scrollTop) {
      node.scrollTop = top;
    } else if (top + ROW_HEIGHT > node.scrollTop + node.clientHeight) {
      node.scrollTop = top + ROW_HEIGHT - node.clientHeight;
    }
    // Only when the keyboard moved: what is scrolled by hand stays where it is.
  }, [focus]);

  const reveal = (row: IRow, takeFocus: boolean): void => {
    context.reveal(row.id, { focus: takeFocus });
  };

  const move = (before: number | null): void => {
    const chosen = model.chosen.map(({ index }) => index);
    if (open && before !== null && chosen.length > 0) {
      moveCells(open.roles.panel.content, chosen, before);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const toggle = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 1);
    const by = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity
    }[event.key];
    if (event.altKey && (by === 1 || by === -1)) {
      const chosen = model.chosen.map(({ index }) => index);
      if (chosen.length > 0) {
        move(
          placeBeside(
            chosen,
            rows.map(({ index }) => index),
            by < 0 ? 'up' : 'down'
          )
        );
      }
    } else if (by !== undefined && !event.altKey) {
      model.selection = step(selection, ids, by, {
        shift: event.shiftKey,
        toggle
      });
    } else if (event.key === ' ' && focus !== null) {
      model.selection = choose(selection, ids, focus, {
        shift: event.shiftKey,
        toggle: true
      });
    } else if (event.key === 'Enter' && focus !== null) {
      const row = rows.find(({ id }) => id === focus);
      if (row) {
        reveal(row, true);
      }
    } else if (event.key === 'a' && toggle) {
      model.selection = chooseAll(selection, ids);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent, row: IRow): void => {
    const toggle = event.ctrlKey || event.metaKey;
    model.selection = choose(selection, ids, row.id, {
      shift: event.shiftKey,
      toggle
    });
    if (!event.shiftKey && !toggle) {
      reveal(row, false);
    }
  };

  const onDragStart = (event: DragEvent, row: IRow): void => {
    if (!selection.selected.has(row.id)) {
      model.selection = choose(selection, ids, row.id);
    }
    event.dataTransfer.setData(DRAG_TYPE, row.id);
    event.dataTransfer.effectAllowed = 'move';
  };

  const onDragOver = (event: DragEvent): void => {
    if (event.dataTransfer.types.includes(DRAG_TYPE) && scroller.current) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'move';
      const box = scroller.current.getBoundingClientRect();
      const y = event.clientY - box.top + scroller.current.scrollTop;
      setDrop(dropPlace(y, ROW_HEIGHT, rows.length));
    }
  };

  const onDrop = (event: DragEvent): void => {
    if (drop !== null && event.dataTransfer.types.includes(DRAG_TYPE)) {
      event.preventDefault();
      const last = rows.at(-1);
      move(rows.at(drop)?.index ?? (last ? last.index + 1 : null));
    }
    setDrop(null);
  };

  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - MARGIN);
  const count = Math.ceil(view.height / ROW_HEIGHT) + 2 * MARGIN;
  const inSight = rows.slice(first, first + count);
  const checked = open?.check.checked ?? null;
  const optionId = (id: string): string => `jp-WorkloadRoles-option-${id}`;

  return (
    <div
      ref={scroller}
      className="jp-WorkloadRoles-list"
      role="listbox"
      tabIndex={0}
      aria-label={trans.__('Cells')}
      aria-multiselectable="true"
      aria-activedescendant={
        focus !== null && inSight.some(({ id }) => id === focus)
          ? optionId(focus)
          : undefined
      }
      onScroll={event =>
        setView({
          top: event.currentTarget.scrollTop,
          height: event.currentTarget.clientHeight
        })
      }
      onKeyDown={onKeyDown}
      onDragOver={onDragOver}
      onDragLeave={() => setDrop(null)}
      onDrop={onDrop}
    >
      <div
        role="presentation"
        className="jp-WorkloadRoles-lines"
        style={{ height: rows.length * ROW_HEIGHT }}
      >
        {inSight.map((row, i) => (
          <CellRow
            key={row.id}
            id={optionId(row.id)}
            row={row}
            top={(first + i) * ROW_HEIGHT}
            place={first + i + 1}
            of={rows.length}
            source={model.sourceOf(row.index)}
            checked={checked}
            isSelected={selection.selected.has(row.id)}
            isFocused={focus === row.id}
            isActive={model.activeId === row.id}
            trans={trans}
            onClick={event => onClick(event, row)}
            onDoubleClick={() => reveal(row, true)}
            onDragStart={event => onDragStart(event, row)}
            onDragEnd={() => setDrop(null)}
          />
        ))}
        {drop !== null && (
          <div
            className="jp-WorkloadRoles-drop"
            style={{ top: drop * ROW_HEIGHT }}
          />
        )}
      </div>
      {rows.length === 0 && (
        <p className="jp-WorkloadRoles-none">
          {trans.__('No cell fits the filter.')}
        </p>
      )}
    </div>
  );
}
