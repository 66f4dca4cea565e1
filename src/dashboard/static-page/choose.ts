import { BitSet, table } from 'arquero';
import type { ColumnTable } from 'arquero';

import type { Cell, Columns, IControls } from './page-data';

/** What a reader has chosen. */
export interface IChoice {
  /** Values by columns of filters. */
  readonly filters: Readonly<Record<string, Cell>>;
  readonly sort: string;
  /** How many things, or series, are shown; undefined for all. */
  readonly top: number | undefined;
}

/** One line or set of bars: categories and their numbers. */
export interface ISeries {
  readonly name: Cell;
  readonly categories: readonly Cell[];
  readonly values: readonly Cell[];
}

/** What is chosen to begin with. */
export function firstChoice(controls: IControls): IChoice {
  return {
    filters: Object.fromEntries(
      controls.filters.map(({ column, value }) => [column, value])
    ),
    sort: controls.sort[0],
    top: controls.top[0]
  };
}

/** The values that a filter can be set to: everything together first, the rest as people count. */
export function optionsOf(columns: Columns, column: string): Cell[] {
  return [...new Set(columns[column])].sort(
    (a, b) => Number(a !== null) - Number(b !== null) || inOrder(a, b)
  );
}

/**
 * The rows of a reduced table that a choice shows. Nothing is added up.
 *
 * A row without a category, or a series, is a total: it is not drawn. With series, the totals rank
 * them.
 *
 * Rows are filtered and ordered by arquero's own masks and comparators, not by its expressions:
 * these are compiled, which a strict content security policy forbids.
 *
 * @returns One series for all rows; or, with a column of series, the largest ones, each in the order
 *   of its categories.
 */
export function choose(
  columns: Columns,
  controls: IControls,
  choice: IChoice
): ISeries[] {
  const shown = filtered(table(columns), choice.filters);
  const { series, category } = controls;
  if (series === null) {
    const rows = ordered(shown, columns, [choice.sort, category]).filter(
      row => columns[category][row] !== null
    );
    return [seriesOf(columns, controls, null, rows.slice(0, choice.top))];
  }
  const groups = new Map<Cell, number[]>();
  const totals = new Map<Cell, Cell>();
  for (const row of ordered(shown, columns, [category], false)) {
    const name = columns[series][row];
    if (name === null) {
      continue;
    }
    if (columns[category][row] === null) {
      totals.set(name, columns[controls.value][row]);
      continue;
    }
    const group = groups.get(name);
    if (group) {
      group.push(row);
    } else {
      groups.set(name, [row]);
    }
  }
  const size = ({ name, values }: ISeries): number =>
    largest(totals.has(name) ? [totals.get(name) ?? null] : values);
  return [...groups]
    .map(([name, rows]) => seriesOf(columns, controls, name, rows))
    .sort((a, b) => size(b) - size(a) || inOrder(a.name, b.name))
    .slice(0, choice.top);
}

function filtered(
  all: ColumnTable,
  filters: Readonly<Record<string, Cell>>
): ColumnTable {
  const bits = new BitSet(all.totalRows());
  const wanted = Object.entries(filters);
  for (let row = 0; row < all.totalRows(); row++) {
    if (wanted.every(([column, value]) => all.getter(column)(row) === value)) {
      bits.set(row);
    }
  }
  return all.create({ filter: bits });
}

/** Rows by columns, one after the other; numbers from large to small where they are ranked. */
function ordered(
  shown: ColumnTable,
  columns: Columns,
  by: readonly string[],
  ranked = true
): number[] {
  const order = (a: number, b: number): number => {
    for (const column of by) {
      const [left, right] = [columns[column][a], columns[column][b]];
      const found =
        ranked && typeof left === 'number' && typeof right === 'number'
          ? right - left
          : inOrder(left, right);
      if (found !== 0) {
        return found;
      }
    }
    return a - b;
  };
  return [...shown.create({ order }).indices()];
}

function seriesOf(
  columns: Columns,
  controls: IControls,
  name: Cell,
  rows: readonly number[]
): ISeries {
  return {
    name,
    categories: rows.map(row => columns[controls.category][row]),
    values: rows.map(row => columns[controls.value][row])
  };
}

function largest(values: readonly Cell[]): number {
  return values.reduce<number>(
    (most, value) => (typeof value === 'number' ? Math.max(most, value) : most),
    -Infinity
  );
}

/** Numbers by size, texts as people count (“2” before “10”), what is suppressed last. */
function inOrder(left: Cell, right: Cell): number {
  if (left === null || right === null) {
    return Number(left === null) - Number(right === null);
  }
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : COLLATOR.compare(String(left), String(right));
}

const COLLATOR = new Intl.Collator('en', { numeric: true });
