/** Moves one item: it is taken from `from` and stands at `to` afterwards. */
export interface IMove {
  readonly from: number;
  readonly to: number;
}

/**
 * The moves that bring items together at a place, in the order that they have.
 *
 * @param items Indexes of the items, rising.
 * @param before Index, before any move, of the item that they shall stand before; the length of the list for its end.
 * @returns Moves to be made one after the other; none when everything stands there already.
 */
export function movesTo(items: readonly number[], before: number): IMove[] {
  const above = items.filter(index => index < before);
  const below = items.filter(index => index >= before);
  const moves: IMove[] = [];
  // Those from above, the lowest first: each leaves its place and stands before the ones that came.
  [...above].reverse().forEach((from, i) => {
    moves.push({ from, to: before - 1 - i });
  });
  below.forEach((from, i) => {
    moves.push({ from, to: before + i });
  });
  return moves.filter(({ from, to }) => from !== to);
}

/**
 * Where items go that are moved by one place, up or down, among the items in sight.
 *
 * @param items Indexes of the items, rising; not empty.
 * @param visible Indexes of the items in sight, rising; those between are passed over.
 * @returns What `movesTo` takes as `before`; null at the end of the list.
 */
export function placeBeside(
  items: readonly number[],
  visible: readonly number[],
  direction: 'up' | 'down'
): number | null {
  const moved = new Set(items);
  if (direction === 'up') {
    const above = visible.filter(
      index => index < items[items.length - 1] && !moved.has(index)
    );
    // Items that are apart come together first, at the upper one's place.
    const next = above.filter(index => index < items[0]).at(-1);
    return next ?? (above.length > 0 ? items[0] : null);
  }
  const below = visible.filter(index => index > items[0] && !moved.has(index));
  const next = below.find(index => index > items[items.length - 1]);
  return next !== undefined
    ? next + 1
    : below.length > 0
      ? items[items.length - 1] + 1
      : null;
}
