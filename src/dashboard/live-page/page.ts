/**
 * What runs in a page of Voilà that was made by our template, `live_page/template`: shows cells as soon as they are done, and draws their
 * charts.
 */
import { tellAge } from '../static-page/age';
import type { IPagePlotly } from '../static-page/plotly';
import { Charts } from './charts';

/** What scripts of the page find in its window. */
export interface IPageWindow {
  Plotly?: IPagePlotly;
  /** Voilà's page calls it when a cell is done, before what it shows; both begin at 1. */
  voila_process?: (cell: number, cells: number) => void;
  /** Called when the last cell is in the page, and again by Voilà's own scripts. */
  voila_finish?: () => void;
  /** Our template calls it for each output that has just been read. */
  workload_output?: (script: HTMLScriptElement) => void;
}

/** What the template says of a page. */
interface ISettings {
  /** Types of traces that the page's Plotly draws. */
  readonly traces: readonly string[];
  /** Whether cells can be shown before Voilà's own scripts have come: its theme does not come with them. */
  readonly showsEarly: boolean;
}

/** Follow a page while it is being read. */
export function followPage(page: Document, window: IPageWindow): void {
  const settings = page.querySelector('script#workload-page')?.textContent;
  const { traces, showsEarly } = JSON.parse(settings ?? 'null') as ISettings;
  const charts = new Charts(new Set(traces));
  window.workload_output = script => charts.take(script);

  const plotly = page.querySelector('script#workload-plotly');
  const draw = (): void => {
    if (window.Plotly) {
      charts.setPlotly(window.Plotly);
    }
  };
  plotly?.addEventListener('load', draw);
  draw();
  page.addEventListener('DOMContentLoaded', () => tellAge(page));
  if (!showsEarly) {
    return;
  }

  const show = (): void => {
    page.getElementById('loading')?.remove();
    page.getElementById('rendered_cells')?.style.removeProperty('display');
  };
  const progress = page.querySelector('progress');
  window.voila_process = (cell, cells) => {
    show();
    progress?.setAttribute('value', String(cell / cells));
  };
  window.voila_finish = () => {
    show();
    progress?.remove();
  };
}

if (document.querySelector('script#workload-page')) {
  followPage(document, window as IPageWindow);
}
