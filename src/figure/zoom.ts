import { ticksOf } from './layout';
import type { IPlotFigure, Layout } from './model';

/** Ranges that the user zoomed to, by axis. */
export type Zoom = Readonly<Record<string, readonly [number, number]>>;

/**
 * The ranges that a relayout event of Plotly tells of, laid over those from before.
 *
 * @returns The same zoom when the event is about something else.
 */
export function zoomed(
  before: Zoom,
  event: Readonly<Record<string, unknown>>
): Zoom {
  const ranges: Record<string, [number, number]> = {};
  for (const [key, value] of Object.entries(event)) {
    const match = /^([xy]axis\d*)\.range(?:\[([01])\])?$/.exec(key);
    if (!match) {
      continue;
    }
    const [, axis, end] = match;
    const range = ranges[axis] ?? [...(before[axis] ?? [NaN, NaN])];
    if (end === undefined && Array.isArray(value)) {
      [range[0], range[1]] = value.map(Number);
    } else if (end !== undefined) {
      range[Number(end)] = Number(value);
    }
    ranges[axis] = range;
  }
  return Object.keys(ranges).length === 0
    ? before
    : {
        ...before,
        ...Object.fromEntries(
          Object.entries(ranges).filter(([, range]) =>
            range.every(Number.isFinite)
          )
        )
      };
}

/** A figure's layout with what the user zoomed to, and as many names there as there is room for. */
export function zoomedLayout(figure: IPlotFigure, zoom: Zoom): Layout {
  const layout: Record<string, Layout[string]> = { ...figure.layout };
  for (const [axis, range] of Object.entries(zoom)) {
    const own = layout[axis];
    if (typeof own !== 'object' || own === null || Array.isArray(own)) {
      continue;
    }
    const names = figure.axes.find(one => one.axis === axis);
    layout[axis] = { ...own, range, ...(names ? ticksOf(names, range) : {}) };
  }
  return layout;
}
