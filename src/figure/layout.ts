import { numberText } from '../workload/format';
import { REACH } from './hit';
import type { Attribute, INameAxis, Layout } from './model';
import type { IFigureStyle } from './style';
import { labelStep } from './text';

export interface IMargin {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

/** Pixels of text at axes. */
export function tickSize(style: IFigureStyle): number {
  return Math.max(10, style.fontSize - (isSmall(style) ? 2 : 1));
}

/** Pixels of the smallest text. */
const LEAST_TEXT = 9.5;
/** Height of a line of text, in its size. */
export const LINE = 1.07;

/** Size of the names beside rows: a little smaller where that names them all. */
export function rowTextSize(rowHeight: number, style: IFigureStyle): number {
  const size = rowHeight / LINE;
  // Where some names are left out anyway, the rest may as well be read easily.
  return size < LEAST_TEXT ? tickSize(style) : Math.min(tickSize(style), size);
}

/** Whether a chart is a card rather than a page. */
export function isSmall({ width, height }: IFigureStyle): boolean {
  return width < 480 || height < 320;
}

/** Pixels between the margins. */
export function inner(
  style: IFigureStyle,
  margin: IMargin
): { width: number; height: number } {
  return {
    width: Math.max(20, style.width - margin.l - margin.r),
    height: Math.max(20, style.height - margin.t - margin.b)
  };
}

/** What all charts share. */
export function baseLayout(
  style: IFigureStyle,
  margin: IMargin
): Record<string, Attribute> {
  return {
    width: style.width,
    height: style.height,
    autosize: false,
    // Fixed, so that nothing moves when other numbers come in.
    margin: { ...margin, pad: 0 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: {
      family: style.fontFamily,
      size: tickSize(style),
      color: style.text
    },
    separators: separators(style.locale),
    showlegend: false,
    hovermode: 'closest',
    hoverdistance: REACH,
    // Plotly's own guess of what was clicked may be late, so it only says that something was; see `markAt`.
    clickanywhere: true,
    dragmode: 'zoom',
    hoverlabel: {
      bgcolor: style.page,
      bordercolor: style.quiet,
      align: 'left',
      font: {
        family: style.fontFamily,
        size: style.fontSize,
        color: style.text
      }
    },
    // A zoom stays while new numbers come in.
    uirevision: 'keep'
  };
}

/** Decimal point and thousands separator of a locale, as Plotly takes them. */
export function separators(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
  const part = (type: string) =>
    parts.find(one => one.type === type)?.value ?? '';
  return `${part('decimal') || '.'}${part('group')}`;
}

/** An axis of numbers. */
export function valueAxis(
  title: string,
  style: IFigureStyle,
  options: {
    readonly range: readonly [number, number];
    readonly log?: boolean;
    readonly percent?: boolean;
    readonly horizontal: boolean;
    readonly length: number;
  }
): Layout {
  const size = tickSize(style);
  const log = options.log === true;
  const decades = options.range[1] - options.range[0];
  const need = options.horizontal ? 44 : 22;
  return {
    type: log ? 'log' : 'linear',
    range: options.range,
    autorange: false,
    title: { text: title, font: { size, color: style.quiet }, standoff: 4 },
    tickfont: { size, color: style.quiet },
    tickangle: 0,
    tickformat: options.percent ? ',.1~%' : '~s',
    ...(log
      ? { dtick: logTick(options.length / Math.max(0.01, decades), need) }
      : {
          nticks: Math.max(
            3,
            Math.floor(options.length / (options.horizontal ? 64 : 36))
          )
        }),
    gridcolor: style.line,
    zeroline: false,
    ticks: '',
    showline: false,
    automargin: false
  };
}

/** Ticks of a logarithmic axis: all digits, 1, 2 and 5, or some decades, as there is room. */
function logTick(decade: number, need: number): string | number {
  if (decade * Math.log10(10 / 9) >= need * 0.6) {
    return 'D1';
  }
  return decade >= need * 3 ? 'D2' : Math.max(1, Math.round(need / decade));
}

/** An axis of names at whole numbers; rows go down. */
export function nameAxis(
  axis: INameAxis,
  style: IFigureStyle,
  options: {
    readonly title?: string;
    readonly angle?: number;
    /** Of the names; the title keeps its own. */
    readonly size?: number;
  } = {}
): Layout {
  const size = tickSize(style);
  const count = axis.labels.length;
  return {
    type: 'linear',
    range: axis.axis === 'yaxis' ? [count - 0.5, -0.5] : [-0.5, count - 0.5],
    autorange: false,
    ...ticksOf(axis, [0, count - 1]),
    tickmode: 'array',
    tickfont: { size: options.size ?? size, color: style.text },
    tickangle: options.angle ?? 0,
    title: {
      text: options.title ?? '',
      font: { size, color: style.quiet },
      standoff: 4
    },
    showgrid: false,
    zeroline: false,
    showline: false,
    ticks: '',
    ticklabelstandoff: axis.axis === 'yaxis' ? 4 : 0,
    automargin: false
  };
}

/** The labels that there is room for in a part of an axis of names. */
export function ticksOf(
  axis: INameAxis,
  [from, to]: readonly [number, number]
): {
  readonly tickvals: readonly number[];
  readonly ticktext: readonly string[];
} {
  const first = Math.max(0, Math.ceil(Math.min(from, to)));
  const last = Math.min(axis.labels.length - 1, Math.floor(Math.max(from, to)));
  const step = labelStep(Math.max(1, last - first + 1), axis.length, axis.need);
  const tickvals: number[] = [];
  for (let i = Math.ceil(first / step) * step; i <= last; i += step) {
    tickvals.push(i);
  }
  return { tickvals, ticktext: tickvals.map(i => axis.labels[i]) };
}

/** A number and its unit, "1,790 users". */
export function amount(
  value: number,
  unit: string,
  style: IFigureStyle
): string {
  return `${numberText(value, style.locale)} ${unit}`;
}

/** Range of a value axis from zero, with room for texts at the ends of bars. */
export function rangeFor(
  values: readonly number[],
  log: boolean,
  length: number,
  room: number
): readonly [number, number] {
  const positive = values.filter(value => value > 0);
  const most = positive.reduce((a, b) => Math.max(a, b), 0) || 1;
  const stretch = Math.min(3, length / Math.max(1, length - room));
  if (!log) {
    return [0, most * stretch];
  }
  const least = positive.reduce((a, b) => Math.min(a, b), most);
  // One is a bar too: it begins a little below.
  const low = Math.log10(least) - 0.3;
  return [low, low + Math.max(0.5, Math.log10(most) - low) * stretch];
}
