import type { Row } from '../workload/answer';

/** A value of a Plotly attribute. */
export type Attribute =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Attribute[]
  | { readonly [name: string]: Attribute };

/** A Plotly trace. Only types that the loaded bundle has: it would draw others as scatter, silently. */
export interface ITrace {
  readonly type: 'bar' | 'heatmap' | 'scatter';
  readonly [attribute: string]: Attribute;
}

export type Layout = Readonly<Record<string, Attribute>>;

/** Something in a chart that can be pointed at. Its number is the `customdata` of its point. */
export interface IMark {
  /** Trace and point, as Plotly names them: an index, or row and column in a heatmap. */
  readonly trace: number;
  readonly point: number | readonly [number, number];
  /** Column and row in the order in which arrow keys go. */
  readonly at: readonly [number, number];
  /** What it says, a line each; plain text. */
  readonly lines: readonly string[];
  /** What it stands for: columns of the answer. */
  readonly values: Row;
  /** For the mark of all others: the names that it does not hold. */
  readonly except: readonly string[] | null;
}

/** An axis whose labels are names at whole numbers, of which as many are shown as there is room. */
export interface INameAxis {
  readonly axis: 'xaxis' | 'yaxis';
  /** Label of position 0, 1, …, ready for Plotly. */
  readonly labels: readonly string[];
  /** Pixels of the axis, and those that a label needs. */
  readonly length: number;
  readonly need: number;
}

/** A chart for Plotly. */
export interface IPlotFigure {
  readonly kind: 'plot';
  readonly data: readonly ITrace[];
  readonly layout: Layout;
  readonly marks: readonly IMark[];
  readonly axes: readonly INameAxis[];
}

/** A few large numbers, drawn as text. */
export interface INumberFigure {
  readonly kind: 'number';
  readonly numbers: readonly INumber[];
}

export interface INumber {
  /** As it is shown, large. */
  readonly value: string;
  /** What it is. */
  readonly label: string;
  /** What it is made of, smaller; null for nothing. */
  readonly detail: string | null;
}

export type IFigure = IPlotFigure | INumberFigure;

/** What a mark says, in one line, for screen readers. */
export function markLabel(mark: IMark): string {
  return mark.lines.join(', ');
}
