import { drawFigure } from '../static-page/plotly';
import type { IFigure, IPagePlotly } from '../static-page/plotly';

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
  /** @param traces types that the page's Plotly can draw. */
  constructor(private readonly _traces: ReadonlySet<string>) {}

  /** What draws has been loaded. */
  setPlotly(plotly: IPagePlotly): void {
    this._plotly = plotly;
    void this._draw();
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
    // The place is kept before it is drawn, so that nothing jumps.
    plot.style.height = `${typeof height === 'number' && height > 0 ? height : HEIGHT}px`;
    script.replaceWith(plot);
    this._waiting.push([plot, figure]);
    void this._draw();
  }

  /** One by one, each seen before the next one is begun. */
  private async _draw(): Promise<void> {
    if (this._isDrawing || !this._plotly) {
      return;
    }
    this._isDrawing = true;
    for (let next; (next = this._waiting.shift());) {
      await drawFigure(this._plotly, ...next).catch(console.error);
      await new Promise(resolve =>
        requestAnimationFrame(() => setTimeout(resolve))
      );
    }
    this._isDrawing = false;
  }

  private readonly _waiting: [HTMLElement, IFigure][] = [];
  private _plotly: IPagePlotly | null = null;
  private _isDrawing = false;
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
