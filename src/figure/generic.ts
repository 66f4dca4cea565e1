import type { ITable, Row } from '../workload/answer';
import { periodOfLabel } from '../workload/calendar';
import { cellText, isShare } from '../workload/format';
import { columnTitle } from '../workload/titles';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { horizontalBars } from './bars';
import { baseLayout, inner, rangeFor, tickSize, valueAxis } from './layout';
import type { IFigure, IMark, IPlotFigure } from './model';
import { periodTick, periodsBetween } from './periods';
import { cellLines, exceptNames, nameOf, numberOf } from './rows';
import type { IFigureStyle } from './style';
import { escapeText, labelStep, wrapped } from './text';

/**
 * The figure of a table of any columns, as transforms make them: bars by the first text, a line where that text is a period, points where
 * there are only numbers, a number where there is just one row of them.
 */
export function generic(
  table: ITable,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IFigure {
  const columns = table.columns.filter(column => column !== 'other');
  const ofType = (type: 'string' | 'number') =>
    columns.filter(
      column =>
        table.rows.some(row => typeof row[column] === type) &&
        table.rows.every(
          row => (row[column] ?? null) === null || typeof row[column] === type
        )
    );
  const [name] = ofType('string');
  const numbers = ofType('number');
  const [value, second] = numbers;
  if (value === undefined) {
    return empty(
      trans.__('This table has no column of numbers to draw; see the table.'),
      style
    );
  }
  if (name === undefined && table.rows.length === 1) {
    const [row] = table.rows;
    return {
      kind: 'number',
      numbers: numbers.map(column => ({
        value: cellText(column, row[column] ?? null, style.locale) || '–',
        label: columnTitle(column, trans),
        detail: null
      }))
    };
  }
  if (name === undefined) {
    return points(
      table,
      second === undefined ? null : value,
      second ?? value,
      look,
      style,
      trans
    );
  }
  const once =
    new Set(table.rows.map(row => row[name])).size === table.rows.length;
  const isTime = table.rows.every(
    row => typeof row[name] === 'string' && periodOfLabel(row[name])
  );
  if (isTime && once) {
    return overTime(table, name, value, look, style, trans);
  }
  const title = columnTitle(value, trans);
  // Several rows may share the first text; all texts together tell them apart.
  const texts = once ? [name] : ofType('string');
  return horizontalBars(
    table.rows.map(row => {
      const number = numberOf(row[value]);
      return {
        name: texts.map(column => nameOf(row, column, trans)).join(' · '),
        value: number,
        text: number === null ? '–' : cellText(value, number, style.locale),
        lines: cellLines(row, table.columns, style, trans),
        values: row,
        except: exceptNames(row, table.rows, name)
      };
    }),
    {
      title: look.log ? trans.__('%1 (log)', title) : title,
      log: look.log,
      percent: isShare(value),
      correlation: value === 'r'
    },
    style,
    trans
  );
}

/** A line over periods. */
function overTime(
  table: ITable,
  name: string,
  value: string,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const { labels, unit } = periodsBetween(
    table.rows.map(row => String(row[name]))
  );
  const rows = new Map(table.rows.map(row => [String(row[name]), row]));
  const size = tickSize(style);
  const margin = { l: Math.ceil(size * 4), r: 10, t: 10, b: 3 * size + 14 };
  const plot = inner(style, margin);
  const numbers = labels.map(label => numberOf(rows.get(label)?.[value]));
  const step = labelStep(
    labels.length,
    plot.width,
    unit === 'day' ? size * 4 : size * 3
  );
  const ticks = labels.map((_, i) => i).filter(i => i % step === 0);
  const marks: IMark[] = [];
  const indices = labels.map((label, i): number | null => {
    const row = rows.get(label);
    return row
      ? marks.push(
          markOf(0, i, cellLines(row, table.columns, style, trans), {
            ...row,
            ...(name === 'period' ? {} : { period: label })
          })
        ) - 1
      : null;
  });
  return {
    kind: 'plot',
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        x: labels.map((_, i) => i),
        y: numbers,
        customdata: indices,
        hovertext: indices.map(i => (i === null ? '' : hoverOf(marks[i]))),
        hoverinfo: 'text',
        connectgaps: false,
        line: { color: style.palette.count, width: 2 },
        marker: { color: style.palette.count, size: 6 },
        cliponaxis: false
      }
    ],
    layout: {
      ...baseLayout(style, margin),
      xaxis: {
        type: 'linear',
        range: [-0.25, Math.max(0.25, labels.length - 0.75)],
        autorange: false,
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map((i, k) =>
          periodTick(
            labels[i],
            k === 0 ? null : labels[ticks[k - 1]],
            unit,
            style.locale
          )
        ),
        tickfont: { size, color: style.text },
        tickangle: 0,
        title: {
          text: escapeText(columnTitle(name, trans)),
          font: { size, color: style.quiet },
          standoff: 2
        },
        showgrid: false,
        zeroline: false,
        automargin: false
      },
      yaxis: numberAxis(
        value,
        numbers,
        look.log,
        false,
        plot.height,
        style,
        trans
      )
    },
    marks,
    axes: []
  };
}

/** Points of two numbers, or of one in the order of the rows. */
function points(
  table: ITable,
  x: string | null,
  y: string,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const size = tickSize(style);
  const margin = { l: Math.ceil(size * 4), r: 12, t: 10, b: 2 * size + 16 };
  const plot = inner(style, margin);
  const xs = table.rows.map((row, i) =>
    x === null ? i + 1 : numberOf(row[x])
  );
  const ys = table.rows.map(row => numberOf(row[y]));
  const marks = table.rows.map((row, i) =>
    markOf(0, i, cellLines(row, table.columns, style, trans), row)
  );
  return {
    kind: 'plot',
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: xs,
        y: ys,
        customdata: marks.map((_, i) => i),
        hovertext: marks.map(hoverOf),
        hoverinfo: 'text',
        marker: { color: style.palette.count, size: 7 },
        cliponaxis: false
      }
    ],
    layout: {
      ...baseLayout(style, margin),
      xaxis: {
        ...numberAxis(
          x ?? trans.__('row'),
          xs,
          false,
          true,
          plot.width,
          style,
          trans
        )
      },
      yaxis: numberAxis(y, ys, look.log, false, plot.height, style, trans)
    },
    marks,
    axes: []
  };
}

function numberAxis(
  column: string,
  values: readonly (number | null)[],
  log: boolean,
  horizontal: boolean,
  length: number,
  style: IFigureStyle,
  trans: ITranslator
) {
  const known = values.filter(value => value !== null);
  const low = Math.min(0, ...known);
  const title = columnTitle(column, trans);
  const [from, to] = rangeFor(known, log && low >= 0, length, 12);
  return valueAxis(
    escapeText(log && low >= 0 ? trans.__('%1 (log)', title) : title),
    style,
    {
      range: low < 0 ? [low * 1.08, Math.max(to, -low * 0.08)] : [from, to],
      log: log && low >= 0,
      percent: isShare(column),
      horizontal,
      length
    }
  );
}

function markOf(
  trace: number,
  i: number,
  lines: readonly string[],
  values: Row
): IMark {
  return { trace, point: i, at: [i, trace], lines, values, except: null };
}

function hoverOf(mark: IMark): string {
  return mark.lines.map(escapeText).join('<br>');
}

/** A chart that says why it is one. */
export function empty(text: string, style: IFigureStyle): IPlotFigure {
  return {
    kind: 'plot',
    data: [],
    layout: {
      ...baseLayout(style, { l: 8, r: 8, t: 8, b: 8 }),
      xaxis: { visible: false },
      yaxis: { visible: false },
      annotations: [
        {
          text: wrapped(text, style.width - 40, style.fontSize)
            .map(escapeText)
            .join('<br>'),
          xref: 'paper',
          yref: 'paper',
          x: 0.5,
          y: 0.5,
          showarrow: false,
          font: { size: style.fontSize, color: style.quiet }
        }
      ]
    },
    marks: [],
    axes: []
  };
}
