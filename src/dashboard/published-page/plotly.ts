/** A figure as notebooks have it in `application/vnd.plotly.v1+json`. */
export interface IFigure {
  readonly data: readonly unknown[] | null;
  readonly layout?: Readonly<Record<string, unknown>> | null;
  readonly config?: Readonly<Record<string, unknown>> | null;
  readonly frames?: readonly unknown[] | null;
}

/** Plotly's own script, which stands in a published page beside ours. */
export interface IPagePlotly {
  react(node: HTMLElement, figure: IFigure): Promise<unknown>;
}

/** Lines of a grid, to be seen in light and in dark pages. */
const LINE = 'rgba(128, 128, 128, 0.3)';

/** Draw a figure in a published page, as wide as its place, in the colors of the page where it names none; one that is there already is changed. */
export async function drawFigure(
  plotly: IPagePlotly,
  node: HTMLElement,
  { data, layout, config, frames }: IFigure
): Promise<void> {
  await plotly.react(node, {
    data: data ?? [],
    layout: { template: templateOf(node), ...layout, autosize: true },
    config: { displaylogo: false, responsive: true, ...config },
    ...(frames ? { frames } : {})
  });
}

/** What Plotly takes where a figure says nothing, see https://plotly.com/javascript/layout-template/. */
function templateOf(node: HTMLElement): unknown {
  const axis = { gridcolor: LINE, zerolinecolor: LINE };
  return {
    layout: {
      paper_bgcolor: 'transparent',
      plot_bgcolor: 'transparent',
      font: { color: getComputedStyle(node).color },
      xaxis: axis,
      yaxis: axis
    }
  };
}
