/**
 * What runs in a page of Voilà that was made by our template, `live_page/template`: shows cells as soon as they are done, and draws their
 * charts.
 */
import { tellAge } from '../published-page/age';
import type { IPagePlotly } from '../published-page/plotly';
import { Charts } from './charts';
import { keepPlace } from './keep-place';

/** What scripts of the page find in its window. */
export interface IPageWindow {
  Plotly?: IPagePlotly;
  /** Voilà's page calls it when a cell is done, before what it shows; both begin at 1. */
  voila_process?: (cell: number, count: number) => void;
  /** Called when the last cell is in the page, and again by Voilà's own scripts. */
  voila_finish?: () => void;
  /** Our template calls it for each output that has just been read. */
  workload_output?: (script: HTMLScriptElement) => void;
}

/** What the template says of a page. */
interface ISettings {
  /** Types of traces that the page's Plotly draws. */
  readonly traces: readonly string[];
  /** What stands in the place of a chart that cannot be drawn. */
  readonly failed: string;
  /** Whether cells can be shown before Voilà's own scripts have come: its theme does not come with them. */
  readonly showsEarly: boolean;
}

/** Follow a page while it is being read. */
export function followPage(page: Document, window: IPageWindow): void {
  const settings = page.querySelector('script#workload-page')?.textContent;
  const { traces, failed, showsEarly } = JSON.parse(
    settings ?? 'null'
  ) as ISettings;
  const charts = new Charts(new Set(traces), failed);
  window.workload_output = script => charts.take(script);

  const cells = page.getElementById('rendered_cells');
  cells?.setAttribute('role', 'main');
  const plotly = page.querySelector('script#workload-plotly');
  const draw = (): void => {
    // Charts take the colors of the page, which has none of its own before its theme.
    if (window.Plotly && (showsEarly || cells?.style.display !== 'none')) {
      charts.setPlotly(window.Plotly);
    }
  };
  plotly?.addEventListener('load', draw);
  plotly?.addEventListener('error', () => charts.fail());
  draw();
  page.addEventListener('DOMContentLoaded', () => tellAge(page));
  if (!showsEarly) {
    const { voila_finish: finish } = window;
    window.voila_finish = () => {
      finish?.();
      draw();
    };
    return;
  }

  if (cells) {
    keepPlace(page, cells);
  }
  const show = (): void => {
    page.getElementById('loading')?.remove();
    cells?.style.removeProperty('display');
  };
  const progress = page.querySelector('progress');
  window.voila_process = (cell, count) => {
    show();
    progress?.removeAttribute('hidden');
    progress?.setAttribute('value', String(cell / count));
  };
  window.voila_finish = () => {
    show();
    progress?.remove();
  };
}

if (document.querySelector('script#workload-page')) {
  followPage(document, window as IPageWindow);
}
