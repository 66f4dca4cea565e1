import { imageFigure } from './image';
import type { IImageTexts } from './image';
import type { IFigure } from './model';
import { PLOT_CONFIG, loadPlotly } from './plotly-widget';
import type { IPlotly } from './plotly-widget';
import type { IFigureStyle } from './style';

/**
 * A figure as an image with its title and caption, so that it says what it counted wherever it goes.
 *
 * @param style The style that the figure was made with; gives the size.
 * @param options.scale Pixels of the image for each of the page; 2 for print.
 */
export async function toImage(
  figure: IFigure,
  format: 'png' | 'svg',
  texts: IImageTexts,
  style: IFigureStyle,
  options: {
    readonly scale?: number;
    readonly load?: () => Promise<IPlotly>;
  } = {}
): Promise<Blob> {
  const plotly = await (options.load ?? loadPlotly)();
  const { data, layout } = imageFigure(figure, texts, style);
  const { width, height } = layout;
  const url = await plotly.toImage(
    // Plotly writes into what it is given.
    structuredClone({ data, layout, config: PLOT_CONFIG }),
    {
      format,
      width: typeof width === 'number' ? width : style.width,
      height: typeof height === 'number' ? height : style.height,
      scale: options.scale ?? 2
    }
  );
  return blobOf(url);
}

/** The bytes of a data URL; read here, as a page's policy may forbid fetching it. */
function blobOf(url: string): Blob {
  const comma = url.indexOf(',');
  const head = url.slice(5, comma);
  const type = head.split(';')[0];
  const body = url.slice(comma + 1);
  if (!head.includes('base64')) {
    return new Blob([decodeURIComponent(body)], { type });
  }
  const binary = atob(body);
  return new Blob([Uint8Array.from(binary, char => char.charCodeAt(0))], {
    type
  });
}
