import type { Attribute, IFigure, IPlotFigure, Layout } from './model';
import { baseLayout } from './layout';
import type { IFigureStyle } from './style';
import { escapeText, wrapped } from './text';

/** Texts that go with a figure where it stands alone. */
export interface IImageTexts {
  readonly title: string;
  readonly caption: string;
  /** Any further line, such as that of limits. */
  readonly notes: readonly string[];
}

/**
 * A figure for an image: on the page's colour, with its title above and its caption below; numbers as text.
 *
 * @returns Plotly's data and layout; the layout is higher than the style by what the texts take.
 */
export function imageFigure(
  figure: IFigure,
  texts: IImageTexts,
  style: IFigureStyle
): { readonly data: IPlotFigure['data']; readonly layout: Layout } {
  const { data, layout } =
    figure.kind === 'plot' ? figure : numberPlot(figure, style);
  const margin = marginOf(layout);
  const size = Math.max(10, style.fontSize - 2);
  const line = Math.ceil(size * 1.35);
  const inside = style.width - 16;
  const below = [texts.caption, ...texts.notes]
    .filter(text => text !== '')
    .flatMap(text => wrapped(text, inside, size));
  const top = texts.title === '' ? 0 : style.fontSize + 16;
  const bottom = below.length === 0 ? 0 : below.length * line + 10;
  const own: Attribute = layout.annotations;
  const annotations: readonly Attribute[] = isList(own) ? own : [];
  const shared = {
    xref: 'paper',
    yref: 'paper',
    x: 0,
    xanchor: 'left',
    align: 'left',
    showarrow: false,
    xshift: 8 - margin.l
  };
  return {
    data,
    layout: {
      ...layout,
      paper_bgcolor: style.page,
      plot_bgcolor: style.page,
      width: style.width,
      height: style.height + top + bottom,
      margin: { ...margin, t: margin.t + top, b: margin.b + bottom, pad: 0 },
      annotations: [
        ...annotations,
        {
          ...shared,
          text: `<b>${escapeText(texts.title)}</b>`,
          y: 1,
          yanchor: 'bottom',
          yshift: margin.t + 4,
          font: { size: style.fontSize + 2, color: style.text },
          visible: top > 0
        },
        {
          ...shared,
          text: below.map(escapeText).join('<br>'),
          y: 0,
          yanchor: 'top',
          yshift: -margin.b - 2,
          font: { size, color: style.quiet },
          visible: bottom > 0
        }
      ]
    }
  };
}

/** Large numbers as a chart of nothing but text. */
function numberPlot(
  figure: Extract<IFigure, { kind: 'number' }>,
  style: IFigureStyle
): Pick<IPlotFigure, 'data' | 'layout'> {
  const count = Math.max(1, figure.numbers.length);
  const large = Math.min(56, style.height / count / 2.4);
  return {
    // Plotly draws no image without a trace.
    data: [{ type: 'scatter', x: [null], y: [null], hoverinfo: 'skip' }],
    layout: {
      ...baseLayout(style, { l: 12, r: 12, t: 8, b: 8 }),
      xaxis: { visible: false },
      yaxis: { visible: false },
      annotations: figure.numbers.map(
        ({ value, label, detail }, i): Attribute => ({
          text: [
            `<span style="font-size:${large}px"><b>${escapeText(value)}</b></span>`,
            escapeText(label),
            ...(detail === null ? [] : [escapeText(detail)])
          ].join('<br>'),
          xref: 'paper',
          yref: 'paper',
          x: 0,
          y: 1 - (i + 0.5) / count,
          xanchor: 'left',
          yanchor: 'middle',
          align: 'left',
          showarrow: false,
          font: { size: style.fontSize, color: style.text }
        })
      )
    }
  };
}

function marginOf(layout: Layout): {
  l: number;
  r: number;
  t: number;
  b: number;
} {
  const { margin } = layout;
  const of = (side: string): number => {
    if (
      typeof margin !== 'object' ||
      margin === null ||
      Array.isArray(margin)
    ) {
      return 0;
    }
    const value = new Map(Object.entries(margin)).get(side);
    return typeof value === 'number' ? value : 0;
  };
  return { l: of('l'), r: of('r'), t: of('t'), b: of('b') };
}

function isList(value: Attribute): value is readonly Attribute[] {
  return Array.isArray(value);
}
