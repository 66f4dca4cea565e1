/** What of a list is selected. Items are named by ids, so that the selection stays with them wherever they go. */
export interface ISelection {
  readonly selected: ReadonlySet<string>;
  /** Where a range starts that Shift extends; null before the first choice. */
  readonly anchor: string | null;
  /** The item that the keyboard is at. */
  readonly focus: string | null;
}

/** Keys that were held. */
export interface IHeld {
  /** Extend from the anchor. */
  readonly shift?: boolean;
  /** Add or take away one item, and leave the others. */
  readonly toggle?: boolean;
}

export const NO_SELECTION: ISelection = {
  selected: new Set(),
  anchor: null,
  focus: null
};

/** An item is clicked, or Space is pressed on it with `toggle`. */
export function choose(
  selection: ISelection,
  items: readonly string[],
  id: string,
  { shift = false, toggle = false }: IHeld = {}
): ISelection {
  if (shift && selection.anchor !== null) {
    const range = between(items, selection.anchor, id);
    return {
      selected: new Set(toggle ? [...selection.selected, ...range] : range),
      anchor: selection.anchor,
      focus: id
    };
  }
  if (!toggle) {
    return { selected: new Set([id]), anchor: id, focus: id };
  }
  const selected = new Set(selection.selected);
  if (!selected.delete(id)) {
    selected.add(id);
  }
  return { selected, anchor: id, focus: id };
}

/**
 * An arrow key, Home, End or a page key is pressed.
 *
 * @param by How many items to go; `-Infinity` and `Infinity` go to the ends.
 */
export function step(
  selection: ISelection,
  items: readonly string[],
  by: number,
  held: IHeld = {}
): ISelection {
  if (items.length === 0) {
    return selection;
  }
  const last = items.length - 1;
  const at = selection.focus === null ? -1 : items.indexOf(selection.focus);
  const isNear = Number.isFinite(by);
  const next =
    at < 0 && isNear ? (by < 0 ? last : 0) : clamp(Math.max(at, 0) + by, last);
  // With the key that toggles, the keyboard goes on alone and leaves what is selected.
  return held.toggle
    ? { ...selection, focus: items[next] }
    : choose(selection, items, items[next], { shift: held.shift });
}

/** All items are selected. */
export function chooseAll(
  selection: ISelection,
  items: readonly string[]
): ISelection {
  return {
    selected: new Set(items),
    anchor: selection.anchor ?? items[0] ?? null,
    focus: selection.focus ?? items[0] ?? null
  };
}

/** What is left of a selection when the list holds these items; the same object when nothing is lost. */
export function keep(
  selection: ISelection,
  items: readonly string[]
): ISelection {
  const there = new Set(items);
  const stays = (id: string | null): string | null =>
    id !== null && there.has(id) ? id : null;
  const selected = [...selection.selected].filter(id => there.has(id));
  const anchor = stays(selection.anchor);
  const focus = stays(selection.focus);
  return selected.length === selection.selected.size &&
    anchor === selection.anchor &&
    focus === selection.focus
    ? selection
    : { selected: new Set(selected), anchor, focus };
}

function between(
  items: readonly string[],
  anchor: string,
  id: string
): readonly string[] {
  const [from, to] = [items.indexOf(anchor), items.indexOf(id)];
  return from < 0
    ? [id]
    : items.slice(Math.min(from, to), Math.max(from, to) + 1);
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(max, value));
}
