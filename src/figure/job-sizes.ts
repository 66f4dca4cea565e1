import type { ITable, Row } from '../workload/answer';
import { numberText } from '../workload/format';
import { nodeClass } from '../workload/node-classes';
import type { IQuestion } from '../workload/query';
import { unitTitle } from '../workload/titles';
import type { ITranslator } from '../workload/translator';
import type { ILook } from '../workload/view';
import { boldSelected } from './bars';
import {
  amount,
  baseLayout,
  inner,
  nameAxis,
  rangeFor,
  tickSize,
  valueAxis
} from './layout';
import { selectedRows } from './marks';
import type { IMark, IPlotFigure } from './model';
import { numberOf } from './rows';
import type { IFigureStyle } from './style';
import { escapeText, shortCount, textWidth, widest } from './text';

/** So many different node counts are drawn one by one; more are gathered in classes. */
const MOST_SIZES = 12;

/** A class of node counts; bounds are null where the count is not known. */
export interface ISizeClass {
  readonly from: number | null;
  /** Inclusive; null without end. */
  readonly to: number | null;
  readonly count: number;
  /** The columns that a click filters by. */
  readonly values: Row;
  /** How many different node counts it gathers; null when it is one of the answer's own. */
  readonly sizes: number | null;
}

/** The histogram of job sizes: classes of equal width on a logarithmic axis of nodes. */
export function jobSizes(
  table: ITable,
  counted: string,
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const own = ownClasses(table, counted);
  if (table.columns.includes('num_nodes') && own.length > MOST_SIZES) {
    // Jobs have one size each and may be added up; users may have jobs of many.
    return question.distinct === 'user'
      ? sizePoints(own, question, look, style, trans)
      : sizeColumns(gathered(own), 'log2', question, look, style, trans);
  }
  const classes = question.bins === 'log2' ? withGaps(own) : own;
  return sizeColumns(classes, question.bins, question, look, style, trans);
}

/** The rows of an answer as classes, ascending, the unknown size last. */
function ownClasses(table: ITable, counted: string): ISizeClass[] {
  const single = table.columns.includes('num_nodes');
  return table.rows
    .map((row): ISizeClass => {
      const from = numberOf(row[single ? 'num_nodes' : 'nodes_from']);
      const to = single ? from : numberOf(row.nodes_to);
      return {
        from,
        to,
        count: numberOf(row[counted]) ?? 0,
        values: single
          ? { num_nodes: from }
          : { nodes_from: from, nodes_to: to },
        sizes: null
      };
    })
    .sort((a, b) => (a.from ?? Infinity) - (b.from ?? Infinity));
}

/** Sizes gathered in classes by powers of two, empty ones between them included. */
function gathered(own: readonly ISizeClass[]): ISizeClass[] {
  const classes = new Map<number, ISizeClass>();
  const rest: ISizeClass[] = [];
  for (const size of own) {
    const found = size.from === null ? null : nodeClass(size.from, 'log2');
    if (!found) {
      rest.push(size);
      continue;
    }
    const { from, to } = found;
    const before = classes.get(from);
    classes.set(from, {
      from,
      to,
      count: (before?.count ?? 0) + size.count,
      values: { nodes_from: from, nodes_to: to },
      sizes: (before?.sizes ?? 0) + 1
    });
  }
  return [...withGaps([...classes.values()]), ...rest];
}

/** Classes by powers of two without a gap from the first to the last: no record is a count of none. */
export function withGaps(classes: readonly ISizeClass[]): ISizeClass[] {
  const known = classes.filter(({ from }) => from !== null);
  const first = known[0]?.from ?? null;
  const last = known.at(-1)?.from ?? null;
  if (first === null || last === null) {
    return [...classes];
  }
  const filled: ISizeClass[] = [];
  for (let from = first; from <= last; from *= 2) {
    const to = 2 * from - 1;
    filled.push(
      known.find(one => one.from === from) ?? {
        from,
        to,
        count: 0,
        values: { nodes_from: from, nodes_to: to },
        sizes: null
      }
    );
  }
  return [...filled, ...classes.filter(({ from }) => from === null)];
}

/** "4", "2–3", "65 and more", "unknown". */
export function classText(
  { from, to }: Pick<ISizeClass, 'from' | 'to'>,
  locale: string,
  trans: ITranslator
): string {
  if (from === null) {
    return trans.__('unknown');
  }
  const low = numberText(from, locale);
  if (to === null) {
    return trans.__('%1 and more', low);
  }
  return from === to ? low : `${low}–${numberText(to, locale)}`;
}

/** "1 node", "2–3 nodes". */
export function nodesText(
  size: Pick<ISizeClass, 'from' | 'to'>,
  locale: string,
  trans: ITranslator
): string {
  return size.from === 1 && size.to === 1
    ? trans.__('1 node')
    : size.from === null
      ? trans.__('unknown number of nodes')
      : trans.__('%1 nodes', classText(size, locale, trans));
}

/** Labels of classes under an axis: lower bounds where classes are powers of two, else the classes. */
export function classLabels(
  classes: readonly Pick<ISizeClass, 'from' | 'to'>[],
  powers: boolean,
  style: IFigureStyle,
  trans: ITranslator
): string[] {
  return classes.map(size => {
    if (powers && size.from !== null) {
      return size.from < 10_000
        ? String(size.from)
        : shortCount(size.from, style.locale);
    }
    return size.from !== null && size.to === null
      ? `${size.from}+`
      : classText(size, style.locale, trans);
  });
}

function sizeColumns(
  classes: readonly ISizeClass[],
  bins: IQuestion['bins'],
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const size = tickSize(style);
  const powers = bins === 'log2';
  const unit = unitTitle(question.distinct, false, trans);
  const margin = {
    l: Math.ceil(size * 4.4),
    r: 8,
    t: size + 6,
    b: 2 * size + 16
  };
  const plot = inner(style, margin);
  const labels = classLabels(classes, powers, style, trans);
  const selected = selectedRows(
    classes.map(({ values }) => ({ values, except: null })),
    style.selected
  );
  const axis = boldSelected(
    {
      axis: 'xaxis',
      labels: labels.map(escapeText),
      length: plot.width,
      need: widest(labels, size) + 6
    },
    selected
  );
  const marks = classes.map((one, i): IMark => ({
    trace: 0,
    point: i,
    at: [i, 0],
    lines: [
      nodesText(one, style.locale, trans),
      amount(one.count, unit, style),
      ...(one.sizes !== null && one.sizes > 1
        ? [trans.__('%1 different sizes', numberText(one.sizes, style.locale))]
        : []),
      ...(selected?.[i] ? [trans.__('selected')] : [])
    ],
    values: one.values,
    except: null
  }));
  const texts = classes.map(one =>
    one.count > 0 ? shortCount(one.count, style.locale) : ''
  );
  const columnWidth = plot.width / Math.max(1, classes.length);
  const showText = widest(texts, size - 1) < columnWidth + 2;
  const axisTitle = powers
    ? trans.__('nodes of the job (log: classes from 1, 2, 4, 8 …)')
    : trans.__('nodes of the job');
  const { palette } = style;
  return {
    kind: 'plot',
    data: [
      {
        type: 'bar',
        x: classes.map((_, i) => i),
        // On a logarithmic axis nothing stands for zero.
        y: classes.map(one => (one.count > 0 || !look.log ? one.count : null)),
        customdata: classes.map((_, i) => i),
        hovertext: marks.map(mark => mark.lines.map(escapeText).join('<br>')),
        hoverinfo: 'text',
        text: showText ? texts.map(escapeText) : '',
        textposition: 'outside',
        textfont: { size: size - 1, color: style.quiet },
        textangle: 0,
        cliponaxis: false,
        constraintext: 'none',
        marker: {
          color: classes.map((_, i) =>
            selected === null
              ? palette.count
              : selected[i]
                ? palette.accent
                : palette.unselected
          )
        }
      }
    ],
    layout: {
      ...baseLayout(style, margin),
      bargap: 0.06,
      xaxis: nameAxis(axis, style, {
        title: escapeText(fitTitle(axisTitle, trans, plot.width, size))
      }),
      yaxis: valueAxis(look.log ? trans.__('%1 (log)', unit) : unit, style, {
        range: rangeFor(
          classes.map(one => one.count),
          look.log,
          plot.height,
          showText ? size + 4 : 4
        ),
        log: look.log,
        horizontal: false,
        length: plot.height
      })
    },
    marks,
    axes: [axis]
  };
}

/** Where the whole title would not fit, its unit does. */
function fitTitle(
  title: string,
  trans: ITranslator,
  width: number,
  size: number
): string {
  return textWidth(title, size) <= width
    ? title
    : trans.__('nodes of the job (log)');
}

/** Sizes that cannot be gathered, as points over a logarithmic axis. */
function sizePoints(
  own: readonly ISizeClass[],
  question: IQuestion,
  look: ILook,
  style: IFigureStyle,
  trans: ITranslator
): IPlotFigure {
  const size = tickSize(style);
  const unit = unitTitle(question.distinct, false, trans);
  const known = own.filter(one => one.from !== null && one.from > 0);
  const margin = { l: Math.ceil(size * 4.4), r: 12, t: 8, b: 2 * size + 16 };
  const plot = inner(style, margin);
  const selected = selectedRows(
    known.map(({ values }) => ({ values, except: null })),
    style.selected
  );
  const marks = known.map((one, i): IMark => ({
    trace: 0,
    point: i,
    at: [i, 0],
    lines: [
      nodesText(one, style.locale, trans),
      amount(one.count, unit, style)
    ],
    values: one.values,
    except: null
  }));
  const most = Math.log10(known.at(-1)?.from ?? 10);
  const { palette } = style;
  return {
    kind: 'plot',
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: known.map(one => one.from),
        y: known.map(one => one.count),
        customdata: known.map((_, i) => i),
        hovertext: marks.map(mark => mark.lines.map(escapeText).join('<br>')),
        hoverinfo: 'text',
        marker: {
          size: 6,
          color: known.map((_, i) =>
            selected === null
              ? palette.count
              : selected[i]
                ? palette.accent
                : palette.unselected
          )
        }
      }
    ],
    layout: {
      ...baseLayout(style, margin),
      xaxis: {
        ...valueAxis(trans.__('nodes of the job (log)'), style, {
          range: [-0.1, Math.max(1, most + 0.1)],
          log: true,
          horizontal: true,
          length: plot.width
        }),
        dtick: 1
      },
      yaxis: valueAxis(look.log ? trans.__('%1 (log)', unit) : unit, style, {
        range: rangeFor(
          known.map(one => one.count),
          look.log,
          plot.height,
          10
        ),
        log: look.log,
        horizontal: false,
        length: plot.height
      })
    },
    marks,
    axes: []
  };
}
