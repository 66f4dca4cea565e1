import type { JSX, KeyboardEvent } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';

import { Card } from './card';
import { usePanel, useModel, useUi, useView } from './context';
import { clearPicks, moveChart, shiftChart } from './edits';

/** Where a dragged card would go: before the card of this id, or after the last one. */
type Drop = { readonly id: string; readonly after: boolean } | null;

/**
 * The charts. One of them is in the tab order at a time; arrow keys go from card to card, with Alt and Shift they move it.
 */
export function Board(): JSX.Element {
  const { model, ui, trans } = usePanel();
  const view = useView();
  const { selected, reveal } = useUi();
  const readOnly = useModel(one => one.readOnly);
  const grid = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [drop, setDrop] = useState<Drop>(null);
  const ids = view.board.map(chart => chart.id);
  const active =
    selected !== null && ids.includes(selected) ? selected : (ids[0] ?? null);

  const focusCard = useCallback(
    (id: string | null) => ui.set({ selected: id, reveal: id }),
    [ui]
  );

  // After React has drawn the board with a new card, or in a new order.
  useEffect(() => {
    if (reveal !== null) {
      const card = cardNode(grid.current, reveal);
      card?.focus();
      card?.scrollIntoView({ block: 'nearest' });
      ui.set({ reveal: null });
    }
  }, [reveal, ui]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { target } = event;
    if (!(target instanceof HTMLElement)) {
      return;
    }
    const id = target.dataset.chart;
    if (event.key === 'Escape') {
      if (view.board.some(chart => chart.picks)) {
        event.stopPropagation();
        model.update(clearPicks());
        ui.say(trans.__('Selection cleared'));
      } else {
        // From a button inside a card back to the card.
        target.closest<HTMLElement>('[data-chart]')?.focus();
      }
      return;
    }
    // Keys below belong to the card itself, not to what is in it.
    if (id === undefined) {
      return;
    }
    const place = ids.indexOf(id);
    if (event.altKey && event.shiftKey) {
      const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[
        event.key
      ];
      if (by !== undefined) {
        event.preventDefault();
        if (!readOnly) {
          model.update(shiftChart(id, by));
          const now = model.view.board.findIndex(chart => chart.id === id);
          ui.say(trans.__('Moved to place %1 of %2', now + 1, ids.length));
          focusCard(id);
        }
      }
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    let next: string | undefined;
    switch (event.key) {
      case 'ArrowRight':
        next = ids[place + 1];
        break;
      case 'ArrowLeft':
        next = ids[place - 1];
        break;
      case 'ArrowDown':
      case 'ArrowUp':
        next = neighbour(grid.current, id, event.key === 'ArrowDown' ? 1 : -1);
        break;
      case 'Home':
        next = ids[0];
        break;
      case 'End':
        next = ids[ids.length - 1];
        break;
      case 'Enter':
        event.preventDefault();
        ui.enlarge(id);
        return;
      default:
        return;
    }
    event.preventDefault();
    if (next !== undefined) {
      focusCard(next);
    }
  };

  return (
    <div
      ref={grid}
      className="jp-Workload-board"
      role="group"
      aria-label={trans.__('Charts')}
      onKeyDown={onKeyDown}
      onDragOver={event => {
        if (dragged !== null) {
          event.preventDefault();
          event.dataTransfer.dropEffect = 'move';
          setDrop(dropAt(event));
        }
      }}
      onDrop={event => {
        event.preventDefault();
        if (dragged !== null && drop) {
          const rest = ids.filter(id => id !== dragged);
          const at = rest.indexOf(drop.id);
          if (at >= 0) {
            model.update(moveChart(dragged, at + Number(drop.after)));
          }
        }
        setDragged(null);
        setDrop(null);
      }}
      onDragEnd={() => {
        setDragged(null);
        setDrop(null);
      }}
    >
      {view.board.map(chart => (
        <Card
          key={chart.id}
          chart={chart}
          active={chart.id === active}
          dragged={chart.id === dragged}
          drop={
            drop?.id === chart.id ? (drop.after ? 'after' : 'before') : null
          }
          onDragStart={setDragged}
          onMoved={focusCard}
        />
      ))}
    </div>
  );
}

function cardNode(
  grid: HTMLElement | null,
  id: string | null
): HTMLElement | undefined {
  return [...(grid?.querySelectorAll<HTMLElement>('[data-chart]') ?? [])].find(
    node => node.dataset.chart === id
  );
}

/** The card above or below: of those in the next row, the one whose middle is nearest. */
function neighbour(
  grid: HTMLElement | null,
  id: string,
  direction: 1 | -1
): string | undefined {
  const own = cardNode(grid, id)?.getBoundingClientRect();
  if (!grid || !own) {
    return undefined;
  }
  let best: { id: string | undefined; row: number; distance: number } | null =
    null;
  for (const node of grid.querySelectorAll<HTMLElement>('[data-chart]')) {
    const box = node.getBoundingClientRect();
    const row = (box.top - own.top) * direction;
    const distance = Math.abs(
      box.left + box.width / 2 - own.left - own.width / 2
    );
    if (
      row > 1 &&
      (!best ||
        row < best.row - 1 ||
        (row < best.row + 1 && distance < best.distance))
    ) {
      best = { id: node.dataset.chart, row, distance };
    }
  }
  return best?.id;
}

/** The place that the pointer names: before or after the card under it. */
function dropAt(event: React.DragEvent): Drop {
  const card =
    event.target instanceof Element
      ? event.target.closest<HTMLElement>('[data-chart]')
      : null;
  const id = card?.dataset.chart;
  if (!card || id === undefined) {
    return null;
  }
  const box = card.getBoundingClientRect();
  return { id, after: event.clientX > box.left + box.width / 2 };
}
