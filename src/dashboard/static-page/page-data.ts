/**
 * What the Python half writes into a static page; see `static_page/controls.py` and `charts.py`.
 */
import type { IFigure } from '../published-page/plotly';

/** A value of a table; times are texts as ISO 8601 has them. */
export type Cell = string | number | boolean | null;

/** Columns of a table by their names, all of one length. */
export type Columns = Readonly<Record<string, readonly Cell[]>>;

/** A column of which one value is shown. */
export interface IFilter {
  readonly column: string;
  readonly label: string;
  /** What the value null is called: the rows of everything together. */
  readonly all: string;
  /** The value to begin with. */
  readonly value: Cell;
}

/** What readers can choose in a chart, and what they choose from. */
export interface IControls {
  /** Name of a table of the page. */
  readonly table: string;
  /** Column of what is compared, or of the time. */
  readonly category: string;
  /** Column of the numbers. */
  readonly value: string;
  /** Column of which each value is drawn by itself. */
  readonly series: string | null;
  readonly filters: readonly IFilter[];
  /** Columns to sort by, first that to begin with. */
  readonly sort: readonly string[];
  /** How many are shown, first that to begin with. */
  readonly top: readonly number[];
}

/** A trace of Plotly, as far as it is looked at here. */
export interface ITrace {
  readonly type?: string;
  readonly orientation?: string;
  readonly name?: string;
  readonly [key: string]: unknown;
}

export interface IChart extends IFigure {
  readonly data: readonly ITrace[] | null;
  readonly controls?: IControls;
}

export interface IPageData {
  readonly charts: readonly IChart[];
  readonly tables: Readonly<Record<string, Columns>>;
}
