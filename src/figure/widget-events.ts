import { markAt } from './hit';
import type { IClick } from './chart-widget';
import type { IMark, IPlotFigure } from './model';
import { isPlotElement } from './plotly-widget';
import type { IPlotElement, IPlotEvent, IPress } from './plotly-widget';

/** What a chart tells of what is done to it. */
export interface IChartEvents {
  /** The figure on the screen, which may be older than the one that is to be drawn. */
  readonly figure: () => IPlotFigure | null;
  /** null while marks cannot be clicked. */
  readonly onClick: () => ((mark: IMark, click: IClick) => void) | null;
  readonly onHover: (mark: IMark | null) => void;
  /** Other ranges of axes; null resets them. */
  readonly onZoom: (change: Readonly<Record<string, unknown>> | null) => void;
}

/** Follow Plotly's events of an element that it has drawn in. */
export function listen(element: HTMLElement, events: IChartEvents): void {
  if (!isPlotElement(element)) {
    return;
  }
  element.on('plotly_click', ({ event }) => {
    const figure = events.figure();
    const mark = event && figure && pressedMark(element, figure, event);
    if (mark) {
      events.onClick()?.(mark, {
        add: event.shiftKey,
        exclude: event.altKey
      });
    }
  });
  element.on('plotly_hover', event => {
    const mark = hoveredMark(event, events.figure());
    setCursor(element, mark && events.onClick() ? 'pointer' : '');
    events.onHover(mark);
  });
  element.on('plotly_unhover', () => {
    setCursor(element, '');
    events.onHover(null);
  });
  element.on('plotly_relayout', event => events.onZoom({ ...event }));
  element.on('plotly_doubleclick', () => events.onZoom(null));
}

/** The mark under a press, whatever Plotly found under the pointer last. */
function pressedMark(
  element: IPlotElement,
  figure: IPlotFigure,
  event: IPress
): IMark | null {
  const { clientX, clientY } = event.changedTouches?.[0] ?? event;
  const box = element.getBoundingClientRect();
  return markAt(figure, name => element._fullLayout[name], [
    clientX - box.left,
    clientY - box.top
  ]);
}

function hoveredMark(
  event: IPlotEvent,
  figure: IPlotFigure | null
): IMark | null {
  const index = event.points?.[0]?.customdata;
  return typeof index === 'number' ? (figure?.marks[index] ?? null) : null;
}

function setCursor(element: HTMLElement, cursor: string): void {
  for (const layer of element.querySelectorAll<SVGElement>('.nsewdrag')) {
    layer.style.cursor = cursor;
  }
}
