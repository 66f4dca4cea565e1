import type { IMark } from './model';

/** A direction of the arrow keys. */
export type Direction = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** The direction that a key means; null for any other key. */
export function directionOf(key: string): Direction | null {
  switch (key) {
    case 'ArrowLeft':
      return 'left';
    case 'ArrowRight':
      return 'right';
    case 'ArrowUp':
      return 'up';
    case 'ArrowDown':
      return 'down';
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}

/**
 * The mark beside another in a direction: the nearest along it, and of those the nearest across.
 *
 * @param current Index of the mark to go from; null begins at the first.
 * @returns Index of the mark to go to: the same one at an edge, null when there is none at all.
 */
export function nextMark(
  marks: readonly Pick<IMark, 'at'>[],
  current: number | null,
  direction: Direction
): number | null {
  if (marks.length === 0) {
    return null;
  }
  const order = marks
    .map((_, i) => i)
    .sort(
      (a, b) =>
        marks[a].at[1] - marks[b].at[1] || marks[a].at[0] - marks[b].at[0]
    );
  if (direction === 'first' || (current === null && direction !== 'last')) {
    return order[0];
  }
  if (direction === 'last' || current === null || !marks[current]) {
    return order[order.length - 1];
  }
  const along = direction === 'left' || direction === 'right' ? 0 : 1;
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const from = marks[current].at;
  let best = current;
  let bestCost = Infinity;
  for (const i of order) {
    const ahead = (marks[i].at[along] - from[along]) * sign;
    const aside = Math.abs(marks[i].at[1 - along] - from[1 - along]);
    // One row further costs more than any number of columns, and the other way round.
    const cost = ahead * 1e6 + aside;
    if (ahead > 0 && cost < bestCost) {
      best = i;
      bestCost = cost;
    }
  }
  return best;
}
