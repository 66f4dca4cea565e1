import type { ITable } from '../workload/answer';
import type { IQuestion } from '../workload/query';
import { unitTitle } from '../workload/titles';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { boldSelected, nameColumn } from './bars';
import { colorscale, inkOn, scaleColor } from './colors';
import { classLabels, nodesText } from './job-sizes';
import {
  LINE,
  amount,
  baseLayout,
  inner,
  nameAxis,
  rangeFor,
  rowTextSize,
  tickSize,
  valueAxis
} from './layout';
import { selectedRows } from './marks';
import type { Attribute, IMark, INameAxis, IPlotFigure, ITrace } from './model';
import { marginalUnits, sizeGrid } from './size-grid';
import type { IFigureStyle } from './style';
import { colored, escapeText, fitted, shortCount, widest } from './text';

/** Room in which marginals can be read. */
const MARGINALS = { width: 400, height: 230 };

/**
 * Packages by job size, as a heatmap with a marginal on each side. What a marginal counts is said: a sum over packages counts a job
 * once for each of them.
 */
export function packageSizes(
  table: ITable,
  counted: string,
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const grid = sizeGrid(table, counted, question, look, trans);
  const { packages, classes } = grid;
  const units = marginalUnits(question.distinct, trans);
  const size = tickSize(style);
  const marginals =
    style.width >= MARGINALS.width && style.height >= MARGINALS.height;
  const bar = style.width >= 640;

  const names = packages.map(one => one.name);
  const rowSize = rowTextSize(
    (style.height - 3 * size - (marginals ? 120 : 24)) /
      Math.max(1, names.length),
    style
  );
  const left = nameColumn(names, rowSize, style.width * 0.32);
  const margin = {
    l: Math.ceil(left) + 4,
    r: bar ? 20 + size * 4 : 8,
    t: marginals ? size + 8 : 6,
    b: 2 * size + 16
  };
  const plot = inner(style, margin);
  const split = marginals
    ? {
        x: 1 - share(plot.width * 0.18, [78, 150], plot.width),
        y: 1 - share(plot.height * 0.2, [46, 96], plot.height)
      }
    : { x: 1, y: 1 };
  const gapX = marginals ? 8 / plot.width : 0;
  const gapY = marginals ? 6 / plot.height : 0;
  const heat = { width: plot.width * split.x, height: plot.height * split.y };

  const marks: IMark[] = [];
  const add = (mark: IMark) => marks.push(mark) - 1;
  const labels = classLabels(classes, question.bins === 'log2', style, trans);
  const columns: INameAxis = {
    axis: 'xaxis',
    labels: labels.map(escapeText),
    length: heat.width,
    need: widest(labels, size) + 8
  };
  const cellRows = packages.flatMap((one, row) =>
    classes.map((cls, column) => ({
      row,
      column,
      count: grid.counts[row][column],
      values: { package: one.value, ...cls.values },
      except: one.except
    }))
  );
  const cells = cellRows.filter(cell => cell.count > 0);
  const selected = selectedRows(cells, style.selected);
  const selectedPackages = selectedRows(
    packages.map(one => ({
      values: { package: one.value },
      except: one.except
    })),
    style.selected
  );
  const selectedClasses = selectedRows(
    classes.map(one => ({ values: one.values, except: null })),
    style.selected
  );
  const rows = boldSelected(
    {
      axis: 'yaxis',
      labels: names.map(name => escapeText(fitted(name, left - 6, rowSize))),
      length: heat.height,
      need: rowSize * LINE
    },
    selectedPackages
  );

  const unit = unitTitle(question.distinct, true, trans);
  const z = packages.map(() => classes.map((): number | null => null));
  const text = packages.map(() => classes.map(() => ''));
  const hover = packages.map(() => classes.map(() => ''));
  const numbers = packages.map(() => classes.map((): number | null => null));
  const most = Math.max(1, ...cells.map(cell => cell.count));
  const zmax = Math.max(1, Math.log10(most));
  const texts = cells.map(cell => shortCount(cell.count, style.locale));
  cells.forEach((cell, i) => {
    const lines = [
      names[cell.row],
      nodesText(classes[cell.column], style.locale, trans),
      amount(cell.count, unit, style),
      ...(selected?.[i] ? [trans.__('selected')] : [])
    ];
    const { row, column, values, except } = cell;
    const level = Math.log10(cell.count);
    z[row][column] = level;
    text[row][column] = colored(
      texts[i],
      inkOn(scaleColor(style.palette.sequential, level / zmax))
    );
    hover[row][column] = lines.map(escapeText).join('<br>');
    numbers[row][column] = add({
      trace: 0,
      point: [row, column],
      at: [column, row + 1],
      lines,
      values,
      except
    });
  });
  const cellSize = {
    width: heat.width / Math.max(1, classes.length),
    height: heat.height / Math.max(1, packages.length)
  };
  const showText =
    cellSize.height >= size + 3 &&
    cellSize.width >= widest(texts, size - 1) + 4;
  const data: ITrace[] = [
    {
      type: 'heatmap',
      x: classes.map((_, i) => i),
      y: packages.map((_, i) => i),
      z,
      zmin: 0,
      zmax,
      colorscale: colorscale(style.palette.sequential),
      xgap: 1,
      ygap: cellSize.height >= 7 ? 1 : 0,
      hovertext: hover,
      hoverinfo: 'text',
      hoverongaps: false,
      customdata: numbers,
      ...(showText
        ? { text, texttemplate: '%{text}', textfont: { size: size - 1 } }
        : {}),
      ...(bar
        ? { colorbar: countBar(most, unit, style, size, trans) }
        : { showscale: false })
    }
  ];
  const { palette } = style;
  const colorOf = (state: boolean | null | undefined, other: boolean) =>
    state === true
      ? palette.accent
      : state === false
        ? palette.unselected
        : other
          ? palette.other
          : palette.count;
  if (marginals) {
    const rowSums = packages.map((_, row) => sum(grid.counts[row]));
    const columnSums = classes.map((_, column) =>
      sum(grid.counts.map(row => row[column]))
    );
    const right = packages.map((one, row) =>
      add({
        trace: 1,
        point: row,
        at: [classes.length, row + 1],
        lines: [names[row], amount(rowSums[row], units.row, style)],
        values: { package: one.value },
        except: one.except
      })
    );
    const top = classes.map((one, column) =>
      add({
        trace: 2,
        point: column,
        at: [column, 0],
        lines: [
          nodesText(one, style.locale, trans),
          amount(columnSums[column], units.column, style),
          ...(question.top === null
            ? []
            : [trans.__('among the %1 packages shown', packages.length)])
        ],
        values: one.values,
        except: null
      })
    );
    const hovers = (indices: readonly number[]) =>
      indices.map(i => marks[i].lines.map(escapeText).join('<br>'));
    data.push(
      {
        type: 'bar',
        orientation: 'h',
        xaxis: 'x2',
        x: rowSums,
        y: packages.map((_, i) => i),
        customdata: right,
        hovertext: hovers(right),
        hoverinfo: 'text',
        marker: {
          color: packages.map((one, i) =>
            colorOf(selectedPackages?.[i], one.except !== null)
          )
        }
      },
      {
        type: 'bar',
        yaxis: 'y2',
        x: classes.map((_, i) => i),
        y: columnSums.map(count => (count > 0 ? count : null)),
        customdata: top,
        hovertext: hovers(top),
        hoverinfo: 'text',
        marker: {
          color: classes.map((_, i) => colorOf(selectedClasses?.[i], false))
        }
      }
    );
    return {
      kind: 'plot',
      data,
      layout: {
        ...baseLayout(style, margin),
        bargap: 0.15,
        xaxis: {
          ...nameAxis(columns, style, { title: nodesTitle(question, trans) }),
          domain: [0, split.x - gapX]
        },
        yaxis: {
          ...nameAxis(rows, style, { size: rowSize }),
          domain: [0, split.y - gapY]
        },
        xaxis2: {
          ...valueAxis(
            escapeText(look.log ? trans.__('%1 (log)', units.row) : units.row),
            style,
            {
              range: rangeFor(rowSums, look.log, plot.width * (1 - split.x), 4),
              log: look.log,
              horizontal: true,
              length: plot.width * (1 - split.x)
            }
          ),
          domain: [split.x + gapX, 1],
          anchor: 'y'
        },
        yaxis2: {
          ...valueAxis('', style, {
            range: rangeFor(columnSums, true, plot.height * (1 - split.y), 4),
            log: true,
            horizontal: false,
            length: plot.height * (1 - split.y)
          }),
          domain: [split.y + gapY, 1],
          anchor: 'x'
        },
        shapes: selectionShapes(cells, selected, style),
        annotations: [
          // Upright along so short an axis the unit would not fit.
          {
            text: escapeText(trans.__('%1 (log)', units.column)),
            xref: 'paper',
            yref: 'paper',
            x: 0,
            y: 1,
            xanchor: 'left',
            yanchor: 'bottom',
            showarrow: false,
            font: { size, color: style.quiet }
          }
        ]
      },
      marks,
      axes: [rows, columns]
    };
  }
  return {
    kind: 'plot',
    data,
    layout: {
      ...baseLayout(style, margin),
      xaxis: nameAxis(columns, style, {
        title: escapeText(
          fitted(
            trans.__(
              '%1 · colour: %2 (log)',
              nodesTitle(question, trans),
              unit
            ),
            style.width - 8,
            size
          )
        )
      }),
      yaxis: nameAxis(rows, style, { size: rowSize }),
      shapes: selectionShapes(cells, selected, style)
    },
    marks,
    axes: [rows, columns]
  };
}

/** Pixels within bounds, as a part of a length that leaves most of it. */
function share(
  pixels: number,
  [least, most]: readonly [number, number],
  length: number
): number {
  return Math.min(0.3, Math.min(most, Math.max(least, pixels)) / length);
}

function nodesTitle(question: IQuestion, trans: ITranslator): string {
  return question.bins === 'log2'
    ? trans.__('nodes of the job (log)')
    : trans.__('nodes of the job');
}

/** The scale of counts; colours go by the logarithm, ticks say the counts. */
function countBar(
  most: number,
  unit: string,
  style: IFigureStyle,
  size: number,
  trans: ITranslator
): Attribute {
  const ticks: number[] = [];
  for (let tick = 1; tick <= most; tick *= 10) {
    ticks.push(tick);
  }
  return {
    title: {
      text: escapeText(trans.__('%1 (log)', unit)),
      side: 'right',
      font: { size, color: style.quiet }
    },
    thickness: 10,
    outlinewidth: 0,
    len: 1,
    x: 1,
    xpad: 8,
    ypad: 2,
    tickmode: 'array',
    tickvals: ticks.map(Math.log10),
    ticktext: ticks.map(tick => shortCount(tick, style.locale)),
    tickfont: { size, color: style.quiet },
    ticks: ''
  };
}

function selectionShapes(
  cells: readonly { row: number; column: number }[],
  selected: readonly boolean[] | null,
  style: IFigureStyle
): Attribute {
  return cells
    .filter((_, i) => selected?.[i])
    .map(({ row, column }) => ({
      type: 'rect',
      xref: 'x',
      yref: 'y',
      x0: column - 0.5,
      x1: column + 0.5,
      y0: row - 0.5,
      y1: row + 0.5,
      line: { color: style.palette.accent, width: 2 }
    }));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
