/**
 * What runs in a static page, after Plotly: draws its charts, and redraws what readers choose.
 */
import { tellAge } from '../published-page/age';
import { choose, firstChoice } from './choose';
import type { IChoice } from './choose';
import { controlsRow } from './controls-row';
import type { IChart, IPageData } from './page-data';
import { drawFigure } from '../published-page/plotly';
import type { IFigure, IPagePlotly } from '../published-page/plotly';
import { heightOf, tracesOf } from './traces';

const NONE = 'No number can be shown for this choice.';

/** Draw the charts of a page, each in its place. */
export function drawPage(page: Document, plotly: IPagePlotly): void {
  const text = page.querySelector(
    'body > script#workload-page-data'
  )?.textContent;
  const { charts, tables } = JSON.parse(text ?? 'null') as IPageData;
  page.querySelectorAll<HTMLElement>('figure[data-chart]').forEach(figure => {
    drawChart(figure, charts[Number(figure.dataset.chart)], tables, plotly);
  });
}

function drawChart(
  figure: HTMLElement,
  chart: IChart,
  tables: IPageData['tables'],
  plotly: IPagePlotly
): void {
  const plot = figure.querySelector<HTMLElement>('.plot');
  if (!plot) {
    return;
  }
  const own = parseFloat(plot.style.height);
  const draw = (data: IFigure['data'], height?: number): void => {
    plot.style.height = `${height ?? own}px`;
    const layout = { ...chart.layout, ...(height ? { height } : {}) };
    void drawFigure(plotly, plot, { ...chart, data, layout });
  };
  const { controls } = chart;
  if (controls === undefined) {
    draw(chart.data);
    return;
  }
  const columns = tables[controls.table];
  const empty = figure.ownerDocument.createElement('p');
  empty.className = 'empty';
  empty.textContent = NONE;
  empty.setAttribute('role', 'status');
  const show = (choice: IChoice): void => {
    const series = choose(columns, controls, choice);
    const isEmpty = series.every(({ values }) =>
      values.every(value => value === null)
    );
    plot.hidden = isEmpty;
    empty.hidden = !isEmpty;
    if (!isEmpty) {
      const traces = tracesOf(chart, series, controls.series !== null);
      draw(traces, heightOf(chart, traces));
    }
  };
  const first = firstChoice(controls);
  const row = controlsRow(columns, controls, first, show);
  figure.append(empty);
  if (row) {
    figure.prepend(row);
  }
  show(first);
}

/** It stands before this script where there are charts. */
declare const Plotly: IPagePlotly | undefined;

if (typeof Plotly !== 'undefined') {
  drawPage(document, Plotly);
}
tellAge(document);
