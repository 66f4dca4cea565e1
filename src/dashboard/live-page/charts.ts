import { drawFigure } from '../published-page/plotly';
import type { IFigure, IPagePlotly } from '../published-page/plotly';

const MIME = 'application/vnd.plotly.v1+json';

/** Height of a figure that names none, in pixels, as Plotly has it. */
const HEIGHT = 450;

/** An output of a notebook, as pages of Voilà have it. */
interface IOutput {
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Charts of a page, drawn by a Plotly that came with it while cells still run.
 *
 * #### Notes
 * Voilà draws outputs after all cells have run, and after it has loaded all of JupyterLab's parts and all of Plotly. A chart is drawn here
 * as soon as its cell is done. What this Plotly cannot draw is left to Voilà.
 */
export class Charts {
  /**
   * @param _traces Types that the page's Plotly can draw.
   * @param _failed What stands in the place of a chart that cannot be drawn.
   */
  constructor(
    private readonly _traces: ReadonlySet<string>,
    private readonly _failed: string
  ) {}

  /** What draws has been loaded. */
  setPlotly(plotly: IPagePlotly): void {
    this._plotly = plotly;
    void this._draw();
  }

  /** What draws cannot be loaded. */
  fail(): void {
    this._hasFailed = true;
    this._waiting.splice(0).forEach(([plot]) => this._tell(plot));
  }

  /** Take an output out of Voilà's hands, where it is a chart that can be drawn here. */
  take(script: HTMLScriptElement): void {
    const figure = figureOf(JSON.parse(script.textContent) as IOutput);
    if (!figure?.data?.every(trace => this._traces.has(typeOf(trace)))) {
      return;
    }
    const height = figure.layout?.height;
    const plot = script.ownerDocument.createElement('div');
    plot.className = 'workload-plot';
    plot.setAttribute('role', 'figure');
    const title = titleOf(figure);
    if (title !== null) {
      plot.setAttribute('aria-label', title);
    }
    // The place is kept before it is drawn, so that nothing jumps.
    plot.style.height = `${typeof height === 'number' && height > 0 ? height : HEIGHT}px`;
    script.replaceWith(plot);
    if (this._hasFailed) {
      this._tell(plot);
      return;
    }
    this._waiting.push([plot, figure]);
    void this._draw();
  }

  private _tell(plot: HTMLElement): void {
    const told = plot.ownerDocument.createElement('p');
    told.setAttribute('role', 'alert');
    told.textContent = this._failed;
    plot.style.removeProperty('height');
    plot.replaceChildren(told);
  }

  /** One by one, each seen before the next one is begun. */
  private async _draw(): Promise<void> {
    if (this._isDrawing || !this._plotly) {
      return;
    }
    this._isDrawing = true;
    for (let next; (next = this._waiting.shift());) {
      await drawFigure(this._plotly, ...next).catch((error: unknown) => {
        console.error(error);
        this._tell(next[0]);
      });
      await new Promise(resolve =>
        requestAnimationFrame(() => setTimeout(resolve))
      );
    }
    this._isDrawing = false;
  }

  private readonly _waiting: [HTMLElement, IFigure][] = [];
  private _plotly: IPagePlotly | null = null;
  private _isDrawing = false;
  private _hasFailed = false;
}

function figureOf({ data }: IOutput): IFigure | null {
  const figure = data?.[MIME];
  const isFigure =
    typeof figure === 'object' &&
    figure !== null &&
    'data' in figure &&
    Array.isArray(figure.data);
  return isFigure ? (figure as IFigure) : null;
}

function typeOf(trace: unknown): string {
  const type =
    typeof trace === 'object' && trace !== null && 'type' in trace
      ? trace.type
      : null;
  return typeof type === 'string' && type !== '' ? type : 'scatter';
}

/** A figure's title as a text, without its marks. */
function titleOf({ layout }: IFigure): string | null {
  const title = layout?.title;
  const text =
    typeof title === 'object' && title !== null && 'text' in title
      ? title.text
      : title;
  return typeof text === 'string' && text !== ''
    ? text.replace(/<[^>]*>/g, ' ')
    : null;
}
