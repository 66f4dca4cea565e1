import type { ITable, Row } from '../workload/answer';
import { correlationText, numberText, shortText } from '../workload/format';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { boldSelected, nameColumn } from './bars';
import { colorscale, inkOn, scaleColor } from './colors';
import { orderOf, pairKey, readPairs } from './correlation-matrix';
import {
  LINE,
  baseLayout,
  inner,
  isSmall,
  nameAxis,
  rowTextSize,
  tickSize
} from './layout';
import { selectedRows } from './marks';
import type { Attribute, IMark, INameAxis, IPlotFigure, ITrace } from './model';
import { muted } from './palettes';
import { numberOf } from './rows';
import type { IFigureStyle } from './style';
import { colored, escapeText, fitted, labelStep, wrapped } from './text';

/** How strongly values outside the band are drawn: still to be read, but behind. */
const OUTSIDE = { light: 0.36, dark: 0.5 };

/**
 * Correlations of packages as a symmetric heatmap without a diagonal. The band is drawn strongly, all else muted; pairs
 * without a defined correlation are grey and hatched, pairs that the answer leaves out are blank.
 */
export function correlation(
  table: ITable,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const matrix = readPairs(table.rows);
  const order = orderOf(matrix, look.order);
  const names = order.map(i => matrix.names[i]);
  const n = names.length;
  const at = (row: number, column: number) =>
    matrix.pairs.get(pairKey(order[row], order[column], n));

  const size = tickSize(style);
  const small = isSmall(style);
  const bar = style.width >= 420;
  const right = bar ? 16 + size * 3.6 : 6;
  const widthBeside = (left: number) =>
    (style.width - left - 4 - right) / Math.max(1, n);
  const most = style.width * 0.3;
  // Names under the columns stand upright; where there is no room the rows' names, in the same order, must do.
  const upright =
    widthBeside(nameColumn(names, size, most)) >= size * 0.8 && !small;
  const below = upright ? nameColumn(names, size, style.height * 0.2) + 4 : 4;
  const titled = (every: number) =>
    wrapped(heading(n, every, look, trans), style.width - 14, size).slice(0, 2);
  const marginBelow =
    Math.ceil(below) + titled(2).length * Math.ceil(size * 1.3) + 8;
  const height = style.height - 6 - marginBelow;
  const rowSize = rowTextSize(height / Math.max(1, n), style);
  const left = nameColumn(names, rowSize, most);
  const cellWidth = widthBeside(left);
  const step = labelStep(n, height, rowSize * LINE);
  const title = titled(step);
  const margin = { l: Math.ceil(left) + 4, r: right, t: 6, b: marginBelow };
  const plot = inner(style, margin);

  const cells = names.flatMap((_, row) =>
    names.flatMap((__, column) => {
      const pair = row === column ? undefined : at(row, column);
      return pair ? [{ row, column, pair }] : [];
    })
  );
  const selected = selectedRows(
    cells.map(({ pair }) => ({ values: pair, except: null })),
    style.selected
  );
  const layers = layersOf(
    cells.map(({ pair }) => pair),
    look,
    selected !== null,
    style
  );
  const marks = cells.map(({ row, column, pair }, i): IMark => ({
    trace: layers.findIndex(layer => layer.holds(pair)),
    point: [row, column],
    at: [column, row],
    lines: pairLines(pair, names[row], style, trans, selected?.[i] === true),
    values: pair,
    except: null
  }));
  const cellHeight = plot.height / Math.max(1, n);
  const gap = cellWidth >= 9 && cellHeight >= 7 ? 1 : 0;
  const showNumbers = cellWidth >= size * 2.6 && cellHeight >= size + 3;
  const hover = grid(n, '');
  const numbers = grid<number | null>(n, null);
  const texts = grid(n, '');
  cells.forEach(({ row, column, pair }, i) => {
    hover[row][column] = marks[i].lines.map(escapeText).join('<br>');
    numbers[row][column] = i;
    texts[row][column] =
      typeof pair.r === 'number'
        ? colored(
            shortText(pair.r, style.locale),
            inkOn(scaleColor(layers[marks[i].trace].colors, (pair.r + 1) / 2))
          )
        : '';
  });
  const places = names.map((_, i) => i);
  const data: ITrace[] = layers.map((layer): ITrace => {
    const z = grid<number | null>(n, null);
    for (const { row, column, pair } of cells) {
      if (layer.holds(pair)) {
        z[row][column] = numberOf(pair.r) ?? 0;
      }
    }
    return {
      type: 'heatmap',
      x: places,
      y: places,
      z,
      zmin: -1,
      zmax: 1,
      colorscale: colorscale(layer.colors),
      showscale: false,
      xgap: gap,
      ygap: gap,
      hovertext: hover,
      hoverinfo: 'text',
      hoverongaps: false,
      customdata: numbers,
      ...(showNumbers
        ? { text: texts, texttemplate: '%{text}', textfont: { size: size - 1 } }
        : {})
    };
  });
  const undefinedCells = cells.filter(({ pair }) => numberOf(pair.r) === null);
  if (undefinedCells.length > 0) {
    data.push(hatch(undefinedCells, Math.min(cellWidth, cellHeight), style));
  }
  if (bar) {
    data.push(scale(look, style, size));
  }
  const labels = names.map(name => escapeText(fitted(name, left - 6, rowSize)));
  const chosen =
    selected &&
    names.map((_, i) => cells.some((cell, k) => selected[k] && cell.row === i));
  const rows = boldSelected(
    { axis: 'yaxis', labels, length: plot.height, need: rowSize * LINE },
    chosen
  );
  const columns: INameAxis = {
    axis: 'xaxis',
    labels: upright
      ? names.map(name => escapeText(fitted(name, below - 4, size)))
      : names.map(() => ''),
    length: plot.width,
    need: size * 1.1
  };
  return {
    kind: 'plot',
    data,
    layout: {
      ...baseLayout(style, margin),
      xaxis: nameAxis(columns, style, { angle: -90 }),
      // At the left edge, where there is room for more than under the columns.
      annotations: [
        {
          text: title.map(escapeText).join('<br>'),
          align: 'left',
          xref: 'paper',
          yref: 'paper',
          x: 0,
          y: 0,
          xanchor: 'left',
          yanchor: 'top',
          xshift: -margin.l + 6,
          yshift: -Math.ceil(below) - 2,
          showarrow: false,
          font: { size, color: style.quiet }
        }
      ],
      yaxis: nameAxis(rows, style, { size: rowSize }),
      shapes: selectionShapes(cells, selected, style)
    },
    marks,
    axes: [rows, columns]
  };
}

/** Cells that are drawn alike. */
interface ILayer {
  readonly holds: (pair: Row) => boolean;
  readonly colors: readonly string[];
}

/** The layers that have cells: outside the band, inside, undefined. */
function layersOf(
  pairs: readonly Row[],
  { band }: ILook,
  selecting: boolean,
  { palette, page, dark }: IFigureStyle
): ILayer[] {
  const inside = (r: number) => r >= band[0] && r <= band[1];
  const outside = dark ? OUTSIDE.dark : OUTSIDE.light;
  const layers: ILayer[] = [
    {
      holds: ({ r }) => typeof r === 'number' && !inside(r),
      colors: muted(palette.diverging, page, outside * (selecting ? 0.6 : 1))
    },
    {
      holds: ({ r }) => typeof r === 'number' && inside(r),
      colors: palette.diverging
    },
    {
      holds: ({ r }) => typeof r !== 'number',
      colors: [palette.undefined, palette.undefined]
    }
  ];
  return layers.filter(layer => pairs.some(layer.holds));
}

function grid<T>(n: number, value: T): T[][] {
  return Array.from({ length: n }, () => new Array<T>(n).fill(value));
}

function pairLines(
  pair: Row,
  first: string,
  style: IFigureStyle,
  trans: ITranslator,
  selected: boolean
): string[] {
  // The row's package is named first, whichever of the two it is in the answer.
  const [a, b] =
    pair.package_a === first ? (['a', 'b'] as const) : (['b', 'a'] as const);
  const count = (column: string) =>
    numberText(numberOf(pair[column]) ?? 0, style.locale);
  const r = numberOf(pair.r);
  const [x, y] = [String(pair[`package_${a}`]), String(pair[`package_${b}`])];
  return [
    trans.__('%1 and %2', x, y),
    r === null
      ? trans.__('r is undefined: one of them is in all jobs or in none')
      : trans.__('r = %1', correlationText(r, style.locale)),
    trans.__('%1 jobs with both', count('jobs_both')),
    trans.__(
      '%1 with %2, %3 with %4',
      count(`jobs_${a}`),
      x,
      count(`jobs_${b}`),
      y
    ),
    ...(selected ? [trans.__('selected')] : [])
  ];
}

/** What the axes hold, in which order, and what is drawn strongly. */
function heading(
  n: number,
  step: number,
  look: ILook,
  trans: ITranslator
): string {
  const band = trans.__('r %1 to %2 strong', look.band[0], look.band[1]);
  const named = step > 1 ? trans.__(', one in %1 named', step) : '';
  switch (look.order) {
    case 'cluster':
      return trans.__(
        '%1 packages, similar ones together%2; %3',
        n,
        named,
        band
      );
    case 'name':
      return trans.__('%1 packages by name%2; %3', n, named, band);
    case 'value':
      return trans.__('%1 packages by jobs%2; %3', n, named, band);
  }
}

/** The scale, with the band's bounds among its ticks; its own trace, so that it is there whatever cells are. */
function scale(look: ILook, style: IFigureStyle, size: number): ITrace {
  const ends = [-1, -0.5, 0, 0.5, 1].filter(
    tick => !look.band.some(bound => Math.abs(bound - tick) < 0.12)
  );
  const ticks = [...ends, ...look.band].sort((a, b) => a - b);
  return {
    type: 'scatter',
    mode: 'markers',
    x: [null],
    y: [null],
    hoverinfo: 'skip',
    marker: {
      color: [0],
      cmin: -1,
      cmax: 1,
      colorscale: colorscale(style.palette.diverging),
      showscale: true,
      colorbar: {
        title: { text: 'r', side: 'top', font: { size, color: style.quiet } },
        thickness: 10,
        outlinewidth: 0,
        len: 1,
        x: 1,
        xpad: 6,
        ypad: 2,
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map(tick =>
          look.band.includes(tick)
            ? `<b>${shortText(tick, style.locale)}</b>`
            : shortText(tick, style.locale)
        ),
        tickfont: { size, color: style.quiet },
        ticks: 'outside',
        ticklen: 3,
        tickcolor: style.quiet
      }
    }
  };
}

/** Strokes over cells whose correlation is undefined, so that grey alone does not tell them. */
function hatch(
  cells: readonly { row: number; column: number }[],
  pixels: number,
  style: IFigureStyle
): ITrace {
  return {
    type: 'scatter',
    mode: 'markers',
    x: cells.map(cell => cell.column),
    y: cells.map(cell => cell.row),
    hoverinfo: 'skip',
    marker: {
      symbol: 'line-ne',
      size: Math.max(3, pixels * 0.6),
      line: { width: 1, color: style.quiet },
      color: style.quiet
    },
    cliponaxis: true
  };
}

function selectionShapes(
  cells: readonly { row: number; column: number }[],
  selected: readonly boolean[] | null,
  style: IFigureStyle
): Attribute {
  return cells
    .filter((_, i) => selected?.[i])
    .slice(0, 200)
    .map(({ row, column }) => ({
      type: 'rect',
      x0: column - 0.5,
      x1: column + 0.5,
      y0: row - 0.5,
      y1: row + 0.5,
      line: { color: style.palette.accent, width: 2 }
    }));
}
