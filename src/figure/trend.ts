import type { ITable, Row } from '../workload/answer';
import { calendarTitle, unitTitle } from '../workload/titles';
import type { IQuestion } from '../workload/query';
import { compareText } from '../workload/text';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import {
  amount,
  baseLayout,
  inner,
  rangeFor,
  tickSize,
  valueAxis
} from './layout';
import { selectedRows } from './marks';
import type { Attribute, IMark, IPlotFigure, ITrace } from './model';
import { packageStyle } from './palettes';
import type { ISeriesStyle } from './palettes';
import { periodText, periodTick, periodsBetween } from './periods';
import { exceptNames, nameOf, numberOf } from './rows';
import type { IFigureStyle } from './style';
import { escapeText, fitted, labelStep, widest } from './text';

/** So many periods are told apart by markers. */
const MOST_MARKERS = 40;

interface ISeries {
  readonly row: Row;
  readonly name: string;
  readonly value: string | null;
  readonly except: readonly string[] | null;
  /** By period; null where the answer says nothing about any package. */
  readonly counts: readonly (number | null)[];
  readonly last: number;
  readonly look: ISeriesStyle;
}

/** Packages over time: a line each, named at its end. */
export function trend(
  table: ITable,
  counted: string,
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const { labels: periods, unit } = periodsBetween(
    table.rows.map(row => String(row.period))
  );
  const series = readSeries(table, counted, periods, style, trans);
  const size = tickSize(style);
  const bottom = 3 * size + 14;
  const gap = size + 2;
  const fits = series.length * gap <= style.height - bottom - 10;
  const labelWidth = Math.min(
    widest(
      series.map(one => one.name),
      size
    ) +
      size +
      8,
    style.width * 0.34
  );
  const margin = {
    l: Math.ceil(size * 4),
    r: Math.ceil(labelWidth) + (fits ? 4 : 34),
    t: 10,
    b: bottom
  };
  const plot = inner(style, margin);
  const counts = series.flatMap(one =>
    one.counts.filter(count => count !== null)
  );
  const range = rangeFor(counts, look.log, plot.height, 10);
  const countUnit = unitTitle(question.distinct, true, trans);

  const selected = selectedRows(
    series.map(one => ({ values: { package: one.value }, except: one.except })),
    style.selected
  );
  const chosen = selectedRows(
    periods.map(period => ({ values: { period }, except: null })),
    style.selected
  );
  const marks: IMark[] = [];
  const data = series.map((one, trace): ITrace => {
    const faded = selected !== null && !selected[trace];
    const color = faded ? style.palette.unselected : one.look.color;
    const indices = one.counts.map((count, i): number | null => {
      if (count === null) {
        return null;
      }
      return (
        marks.push({
          trace,
          point: i,
          at: [i, trace],
          lines: [
            one.name,
            periodText(periods[i], style.locale),
            amount(count, countUnit, style),
            ...((selected?.[trace] ?? chosen?.[i]) && chosen?.[i] !== false
              ? [trans.__('selected')]
              : [])
          ],
          values: { package: one.value, period: periods[i] },
          except: one.except
        }) - 1
      );
    });
    const markers = periods.length <= MOST_MARKERS;
    return {
      type: 'scatter',
      mode: markers ? 'lines+markers' : 'lines',
      name: escapeText(one.name),
      x: periods.map((_, i) => i),
      // On a logarithmic axis nothing stands for zero.
      y: one.counts.map(count => (look.log && count === 0 ? null : count)),
      customdata: indices,
      hovertext: indices.map(i =>
        i === null ? '' : marks[i].lines.map(escapeText).join('<br>')
      ),
      hoverinfo: 'text',
      connectgaps: false,
      line: { color, width: selected?.[trace] ? 3 : 2, dash: one.look.dash },
      ...(markers
        ? {
            marker: { color, symbol: one.look.symbol, size: 6 },
            cliponaxis: false
          }
        : {})
    };
  });
  const step = labelStep(
    periods.length,
    plot.width,
    unit === 'day'
      ? size * 4
      : unit === null
        ? widest(periods, size) + 6
        : size * 3
  );
  const ticks = periods.map((_, i) => i).filter(i => i % step === 0);
  return {
    kind: 'plot',
    data,
    layout: {
      ...baseLayout(style, margin),
      ...(fits ? {} : legend(style, size)),
      annotations: fits
        ? endLabels(series, selected, range, look.log, plot, labelWidth, style)
        : [],
      shapes: bands(chosen, style),
      xaxis: {
        type: 'linear',
        range: [-0.25, Math.max(0.25, periods.length - 0.75)],
        autorange: false,
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map((i, k) =>
          periodTick(
            periods[i],
            k === 0 ? null : periods[ticks[k - 1]],
            unit,
            style.locale
          )
        ),
        tickfont: { size, color: style.text },
        tickangle: 0,
        title: {
          text: escapeText(
            calendarTitle(unit ?? question.by ?? 'month', trans)
          ),
          font: { size, color: style.quiet },
          standoff: 2
        },
        showgrid: false,
        zeroline: false,
        showline: true,
        linecolor: style.line,
        ticks: 'outside',
        ticklen: 3,
        tickcolor: style.line,
        automargin: false
      },
      yaxis: valueAxis(
        look.log ? trans.__('%1 (log)', countUnit) : countUnit,
        style,
        {
          range,
          log: look.log,
          horizontal: false,
          length: plot.height
        }
      )
    },
    marks,
    axes: []
  };
}

function readSeries(
  table: ITable,
  counted: string,
  periods: readonly string[],
  style: IFigureStyle,
  trans: ITranslator
): ISeries[] {
  const place = new Map(periods.map((period, i) => [period, i]));
  // A period in which some package has records is one in which the others have none.
  const covered = new Set(table.rows.map(row => String(row.period)));
  const found = new Map<
    string | null,
    { row: Row; counts: (number | null)[] }
  >();
  for (const row of table.rows) {
    const name = typeof row.package === 'string' ? row.package : null;
    const one = found.get(name) ?? {
      row,
      counts: periods.map(period => (covered.has(period) ? 0 : null))
    };
    one.counts[place.get(String(row.period)) ?? 0] = numberOf(row[counted]);
    found.set(name, one);
  }
  return [...found]
    .map(([value, { row, counts }]): ISeries => ({
      row,
      value,
      name: nameOf(row, 'package', trans),
      except: exceptNames(row, table.rows, 'package'),
      counts,
      last: counts.findLast(count => count !== null) ?? 0,
      look:
        value === null
          ? { color: style.palette.other, dash: 'dash', symbol: 'circle' }
          : packageStyle(value, style.palette.categorical)
    }))
    .sort(
      (a, b) =>
        Number(a.value === null) - Number(b.value === null) ||
        b.last - a.last ||
        compareText(a.name, b.name)
    );
}

/** A band behind each selected period. */
function bands(
  chosen: readonly boolean[] | null,
  style: IFigureStyle
): Attribute {
  return (chosen ?? []).flatMap((is, i): Attribute[] =>
    is
      ? [
          {
            type: 'rect',
            layer: 'below',
            xref: 'x',
            yref: 'paper',
            x0: i - 0.5,
            x1: i + 0.5,
            y0: 0,
            y1: 1,
            line: { width: 0 },
            fillcolor: style.palette.accent,
            opacity: 0.14
          }
        ]
      : []
  );
}

/** Names at the ends of lines, moved apart where they would meet. */
function endLabels(
  series: readonly ISeries[],
  selected: readonly boolean[] | null,
  range: readonly [number, number],
  log: boolean,
  plot: { readonly width: number; readonly height: number },
  width: number,
  style: IFigureStyle
): Attribute {
  const size = tickSize(style);
  const pixels = series.map(({ last }) => {
    const value = log ? Math.log10(Math.max(last, 10 ** range[0])) : last;
    return plot.height * (1 - (value - range[0]) / (range[1] - range[0]));
  });
  const spread = apart(pixels, size + 2, 0, plot.height);
  return series.map((one, i) => {
    const name = escapeText(fitted(one.name, width - size - 6, size));
    const faded = selected !== null && !selected[i];
    const color = faded ? style.palette.unselected : one.look.color;
    return {
      text: `<span style="color:${color}">${glyph(one.look)}</span> ${selected?.[i] ? `<b>${name}</b>` : name}`,
      xref: 'paper',
      x: 1,
      xanchor: 'left',
      xshift: 4,
      yref: 'paper',
      y: 1 - spread[i] / plot.height,
      yanchor: 'middle',
      showarrow: false,
      align: 'left',
      font: { size, color: faded ? style.quiet : style.text }
    };
  });
}

/** The sign of a series in its label: its marker, hollow where the line is broken. */
function glyph({ symbol, dash }: ISeriesStyle): string {
  const solid = dash === 'solid';
  switch (symbol) {
    case 'circle':
      return solid ? '●' : '○';
    case 'square':
      return '■';
    case 'diamond':
      return '◆';
    case 'triangle-up':
      return '▲';
  }
}

/**
 * Move places apart to at least a distance, keeping their order and staying near, within bounds.
 */
export function apart(
  places: readonly number[],
  distance: number,
  low: number,
  high: number
): number[] {
  const order = places
    .map((_, i) => i)
    .sort((a, b) => places[a] - places[b] || a - b);
  const moved = [...places];
  let floor = low;
  for (const i of order) {
    moved[i] = Math.max(places[i], floor);
    floor = moved[i] + distance;
  }
  let ceiling = high;
  for (const i of [...order].reverse()) {
    moved[i] = Math.min(moved[i], ceiling);
    ceiling = moved[i] - distance;
  }
  return moved;
}

function legend(style: IFigureStyle, size: number): Record<string, Attribute> {
  return {
    showlegend: true,
    legend: {
      x: 1.01,
      xanchor: 'left',
      y: 1,
      yanchor: 'top',
      font: { size, color: style.text },
      bgcolor: 'rgba(0,0,0,0)',
      itemclick: false,
      itemdoubleclick: false
    }
  };
}
