import type { Row } from '../workload/answer';
import type { ITranslator } from '../workload/translator';
import {
  LINE,
  baseLayout,
  inner,
  nameAxis,
  rangeFor,
  rowTextSize,
  tickSize,
  valueAxis
} from './layout';
import { selectedRows } from './marks';
import type { Attribute, IMark, INameAxis, IPlotFigure } from './model';
import { correlationColor } from './scales';
import type { IFigureStyle } from './style';
import { escapeText, fitted, textWidth, widest } from './text';

/** One bar. */
export interface IBar {
  readonly name: string;
  /** null is drawn as no bar, with its text. */
  readonly value: number | null;
  /** The value in words, at the end of the bar. */
  readonly text: string;
  readonly lines: readonly string[];
  readonly values: Row;
  /** For the bar of all others, the names of the rest; null for all other bars. */
  readonly except: readonly string[] | null;
}

export interface IBarsOptions {
  /** What the bars measure, with its unit. */
  readonly title: string;
  readonly percent?: boolean;
  readonly log?: boolean;
  /** Values go from −1 to 1, around a zero line. */
  readonly correlation?: boolean;
}

/** Pixels below which a bar could not be told from its neighbours. */
const LEAST_ROW = 3;
/** A bar of all others that is longer than this many times the longest name's would hide the scale, and is cut. */
const MOST_OTHER = 1.5;

/** Horizontal bars, one a name, the first at the top; the bar of all others last, whatever its length. */
export function horizontalBars(
  given: readonly IBar[],
  options: IBarsOptions,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const axisSize = tickSize(style);
  const log = options.log === true && options.correlation !== true;
  const bottom = 2 * axisSize + 9;
  const sorted = [
    ...given.filter(bar => bar.except === null),
    ...given.filter(bar => bar.except !== null)
  ];
  const roomForRows = Math.max(
    1,
    Math.floor((style.height - 4 - bottom) / LEAST_ROW)
  );
  // What does not fit is said, never dropped in silence.
  const bars = sorted.slice(0, roomForRows);
  const cut = sorted.length - bars.length;

  // Twenty rows in a card are the rule: their names may be a little smaller.
  const size = rowTextSize(
    (style.height - 4 - bottom) / Math.max(1, bars.length),
    style
  );
  const nameWidth = Math.min(
    widest(
      bars.map(bar => bar.name),
      size
    ) + 8,
    style.width * 0.42
  );
  const margin = { l: Math.ceil(nameWidth) + 4, r: 8, t: 4, b: bottom };
  const plot = inner(style, margin);
  const rowHeight = plot.height / Math.max(1, bars.length);
  const axis: INameAxis = {
    axis: 'yaxis',
    labels: bars.map(bar => escapeText(fitted(bar.name, nameWidth - 4, size))),
    length: plot.height,
    need: size * LINE
  };

  const named = bars
    .filter(bar => bar.except === null)
    .map(bar => bar.value ?? 0);
  const all = bars.map(bar => bar.value ?? 0);
  const longest = Math.max(0, ...named);
  const cutAt =
    longest > 0 && Math.max(0, ...all) > MOST_OTHER * longest
      ? MOST_OTHER * longest
      : Infinity;
  const showText = rowHeight >= size;
  const isCut = (bar: IBar) => (bar.value ?? 0) > cutAt;
  const texts = bars.map(bar =>
    isCut(bar) ? trans.__('%1 (cut)', bar.text) : bar.text
  );
  const room = showText ? widest(texts, size) + 10 : 8;
  const range = options.correlation
    ? correlationRange(all, plot.width, room)
    : rangeFor(
        all.map(value => Math.min(value, cutAt)),
        log,
        plot.width,
        room
      );

  const selected = selectedRows(bars, style.selected);
  const colors = bars.map((bar, i) =>
    barColor(bar, selected?.[i] ?? null, options, style)
  );
  const marks: IMark[] = bars.map((bar, i) => ({
    trace: 0,
    point: i,
    at: [0, i],
    lines: selected?.[i] ? [...bar.lines, trans.__('selected')] : bar.lines,
    values: bar.values,
    except: bar.except
  }));

  return {
    kind: 'plot',
    data: [
      {
        type: 'bar',
        orientation: 'h',
        x: bars.map(bar =>
          bar.value === null ? 0 : Math.min(bar.value, cutAt)
        ),
        y: bars.map((_, i) => i),
        customdata: bars.map((_, i) => i),
        hovertext: marks.map(mark => mark.lines.map(escapeText).join('<br>')),
        hoverinfo: 'text',
        text: showText ? texts.map(escapeText) : '',
        textposition: 'outside',
        textangle: 0,
        textfont: { size, color: style.text },
        cliponaxis: false,
        constraintext: 'none',
        marker: {
          color: colors,
          line: { width: 0 },
          pattern: {
            shape: bars.map(bar => (bar.except === null ? '' : '/')),
            fillmode: 'replace',
            fgcolor: colors,
            bgcolor: 'rgba(0,0,0,0)',
            size: 6,
            solidity: 0.35
          }
        }
      }
    ],
    layout: {
      ...baseLayout(style, margin),
      bargap: rowHeight >= 14 ? 0.28 : 0.12,
      xaxis: {
        ...valueAxis(
          titleWithCut(options.title, bars.length, cut, trans),
          style,
          {
            range,
            log,
            percent: options.percent,
            horizontal: true,
            length: plot.width
          }
        ),
        ...(options.correlation
          ? { zeroline: true, zerolinecolor: style.quiet, tickformat: '' }
          : {})
      },
      yaxis: nameAxis(boldSelected(axis, selected), style, { size })
    },
    marks,
    axes: [boldSelected(axis, selected)]
  };
}

/** Selected names are bold, so that colour is not all that tells them. */
export function boldSelected(
  axis: INameAxis,
  selected: readonly boolean[] | null
): INameAxis {
  return selected
    ? {
        ...axis,
        labels: axis.labels.map((label, i) =>
          selected[i] ? `<b>${label}</b>` : label
        )
      }
    : axis;
}

function titleWithCut(
  title: string,
  shown: number,
  cut: number,
  trans: ITranslator
): string {
  return escapeText(
    cut === 0
      ? title
      : trans.__(
          '%1 · first %2 of %3 rows, the rest in the table',
          title,
          shown,
          shown + cut
        )
  );
}

function barColor(
  bar: IBar,
  selected: boolean | null,
  options: IBarsOptions,
  style: IFigureStyle
): string {
  const { palette } = style;
  if (selected !== null) {
    return selected ? palette.accent : palette.unselected;
  }
  if (bar.except !== null) {
    return palette.other;
  }
  return options.correlation
    ? correlationColor(bar.value ?? 0, style)
    : palette.count;
}

function correlationRange(
  values: readonly number[],
  length: number,
  room: number
): readonly [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(0.1, ...values);
  const perPixel =
    (high - low) / Math.max(1, length - room * (low < 0 ? 2 : 1));
  return [low < 0 ? low - room * perPixel : 0, high + room * perPixel];
}

/** Bars side by side: several measures of each name, with a legend. */
export function groupedBars(
  names: readonly string[],
  series: readonly {
    readonly title: string;
    readonly color: string;
    readonly bars: readonly IBar[];
  }[],
  options: IBarsOptions,
  style: IFigureStyle
): IPlotFigure {
  const size = tickSize(style);
  const nameWidth = Math.min(widest(names, size) + 8, style.width * 0.42);
  const margin = {
    l: Math.ceil(nameWidth) + 4,
    r: 8,
    t: size + 18,
    b: 2 * size + 14
  };
  const plot = inner(style, margin);
  const axis: INameAxis = {
    axis: 'yaxis',
    labels: names.map(name => escapeText(fitted(name, nameWidth - 4, size))),
    length: plot.height,
    need: size * 1.15
  };
  const bars = series.flatMap(one => one.bars);
  const showText = plot.height / Math.max(1, bars.length) >= size;
  const room = showText
    ? widest(
        bars.map(bar => bar.text),
        size
      ) + 10
    : 8;
  const selected = selectedRows(series[0]?.bars ?? [], style.selected);
  const marks: IMark[] = names.flatMap((_, row) =>
    series.map((one, trace): IMark => ({
      trace,
      point: row,
      at: [0, row * series.length + trace],
      lines: one.bars[row].lines,
      values: one.bars[row].values,
      except: one.bars[row].except
    }))
  );
  return {
    kind: 'plot',
    data: series.map((one, trace) => ({
      type: 'bar',
      orientation: 'h',
      name: escapeText(one.title),
      x: one.bars.map(bar => bar.value ?? 0),
      y: one.bars.map((_, i) => i),
      customdata: one.bars.map((_, row) => row * series.length + trace),
      hovertext: one.bars.map(bar => bar.lines.map(escapeText).join('<br>')),
      hoverinfo: 'text',
      text: showText ? one.bars.map(bar => escapeText(bar.text)) : '',
      textposition: 'outside',
      textfont: { size, color: style.text },
      cliponaxis: false,
      constraintext: 'none',
      marker: {
        color: one.bars.map((_, i) =>
          selected === null || selected[i]
            ? one.color
            : style.palette.unselected
        )
      }
    })),
    layout: {
      ...baseLayout(style, margin),
      barmode: 'group',
      bargap: 0.25,
      bargroupgap: 0.08,
      ...legendOnTop(size, style),
      xaxis: valueAxis(escapeText(options.title), style, {
        range: rangeFor(
          bars.map(bar => bar.value ?? 0),
          false,
          plot.width,
          room
        ),
        percent: options.percent,
        horizontal: true,
        length: plot.width
      }),
      yaxis: nameAxis(boldSelected(axis, selected), style)
    },
    marks,
    axes: [boldSelected(axis, selected)]
  };
}

function legendOnTop(
  size: number,
  style: IFigureStyle
): Record<string, Attribute> {
  return {
    showlegend: true,
    legend: {
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      y: 1,
      yanchor: 'bottom',
      font: { size, color: style.text },
      bgcolor: 'rgba(0,0,0,0)',
      itemclick: false,
      itemdoubleclick: false,
      traceorder: 'normal'
    }
  };
}

/** Width that names would like, for charts that share an axis of names. */
export function nameColumn(
  names: readonly string[],
  size: number,
  most: number
): number {
  return Math.min(
    Math.max(0, ...names.map(name => textWidth(name, size))) + 8,
    most
  );
}
