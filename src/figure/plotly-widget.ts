import type { IDrawnAxis } from './hit';
import type { ITrace, Layout } from './model';

/** What of Plotly is used. */
export interface IPlotly {
  react(
    element: HTMLElement,
    data: readonly ITrace[],
    layout: Layout,
    config: Readonly<Record<string, unknown>>
  ): Promise<unknown>;
  purge(element: HTMLElement): void;
  toImage(
    figure: {
      readonly data: readonly ITrace[];
      readonly layout: Layout;
      readonly config: Readonly<Record<string, unknown>>;
    },
    options: {
      readonly format: 'png' | 'svg';
      readonly width: number;
      readonly height: number;
      readonly scale: number;
    }
  ): Promise<string>;
  readonly Fx: {
    hover(element: HTMLElement, target: HoverTarget, subplot: string): void;
    unhover(element: HTMLElement): void;
  };
}

/** What to show the label of: points by their numbers, or, in heatmaps, the cell at a place. */
export type HoverTarget =
  | readonly { readonly curveNumber: number; readonly pointNumber: number }[]
  | { readonly xval: number; readonly yval: number };

/** Where and how a chart was pressed, by mouse or finger. */
export interface IPress {
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly clientX: number;
  readonly clientY: number;
  readonly changedTouches?: ArrayLike<{
    readonly clientX: number;
    readonly clientY: number;
  }>;
}

/** An event of a chart, as far as it is used. */
export interface IPlotEvent {
  readonly points?: readonly { readonly customdata?: unknown }[];
  readonly event?: IPress;
}

/** An element that Plotly has drawn in. */
export interface IPlotElement extends HTMLElement {
  on(event: string, handler: (event: IPlotEvent) => void): void;
  /** Axes as they are drawn, by their names in the layout. Not of Plotly's public interface, which tells no places. */
  readonly _fullLayout: Readonly<Record<string, IDrawnAxis | undefined>>;
}

export function isPlotElement(element: HTMLElement): element is IPlotElement {
  return 'on' in element && typeof element.on === 'function';
}

/** No logo, no buttons, no links, no requests, no MathJax for names with dollar signs. */
export const PLOT_CONFIG: Readonly<Record<string, unknown>> = {
  displayModeBar: false,
  displaylogo: false,
  showTips: false,
  responsive: false,
  scrollZoom: false,
  // Reset is ours: Plotly's goes back to the first numbers that were drawn.
  doubleClick: false,
  typesetMath: false,
  showLink: false,
  plotlyServerURL: '',
  topojsonURL: ''
};

let loading: Promise<IPlotly> | null = null;

/** Plotly, loaded when the first chart is drawn. A failed load is tried again with the next. */
export function loadPlotly(): Promise<IPlotly> {
  loading ??= import('plotly.js/dist/plotly-cartesian.min.js').then(
    module => module.default,
    error => {
      loading = null;
      throw error;
    }
  );
  return loading;
}
