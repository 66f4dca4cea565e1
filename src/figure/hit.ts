import type { IMark, IPlotFigure, ITrace } from './model';

/**
 * What is under the pointer, by the place of the press itself. Plotly looks for it at most every 50 ms, so what it last
 * found may be where the pointer has been.
 */

/** An axis as Plotly has drawn it. */
export interface IDrawnAxis {
  /** Pixels from the chart's edge to where the axis begins, and its length. */
  readonly _offset: number;
  readonly _length: number;
  /** Pixels of a value from there; no number for what the axis has no place for, such as zero on a logarithmic one. */
  d2p(value: number): number | undefined;
}

/** The drawn axis of a name of the layout, such as `yaxis2`. */
export type Axes = (name: string) => IDrawnAxis | undefined;

/** From pixel to pixel along one axis. */
type Span = readonly [number, number];

/** So far from a point one may press, in pixels, as from where its label shows. */
export const REACH = 12;
/** Bars may be thinner than a pixel. */
const SLACK = 1;

/**
 * The mark at a place in a chart; of points the nearest, of marks that overlap the uppermost.
 *
 * @param place Pixels from the upper left corner of the chart.
 */
export function markAt(
  figure: IPlotFigure,
  axes: Axes,
  place: readonly [number, number]
): IMark | null {
  let best: IMark | null = null;
  let nearest = REACH;
  for (const mark of figure.marks) {
    const trace = figure.data[mark.trace];
    const distance = trace ? distanceOf(mark, trace, figure, axes, place) : NaN;
    if (distance <= nearest) {
      best = mark;
      nearest = distance;
    }
  }
  return best;
}

/** Pixels from a mark: 0 within a bar or a cell, NaN where it is out of reach. */
function distanceOf(
  { point }: IMark,
  trace: ITrace,
  figure: IPlotFigure,
  axes: Axes,
  [left, top]: readonly [number, number]
): number {
  const x = axes(axisKey(trace.xaxis, 'x'));
  const y = axes(axisKey(trace.yaxis, 'y'));
  if (!x || !y || !holds([0, x._length], left - x._offset)) {
    return NaN;
  }
  const [across, down] = [left - x._offset, top - y._offset];
  if (!holds([0, y._length], down)) {
    return NaN;
  }
  const [row, column] = typeof point === 'number' ? [point, point] : point;
  const [px, py] = [numberAt(trace.x, column), numberAt(trace.y, row)];
  if (px === null || py === null) {
    return NaN;
  }
  switch (trace.type) {
    case 'heatmap':
      return holds(span(x, px - 0.5, px + 0.5), across) &&
        holds(span(y, py - 0.5, py + 0.5), down)
        ? 0
        : NaN;
    case 'bar': {
      const [low, high] = thickness(trace, figure);
      const isIn =
        trace.orientation === 'h'
          ? holds(span(y, py + low, py + high), down) &&
            holds(fromZero(x, px, 0), across)
          : holds(span(x, px + low, px + high), across) &&
            holds(fromZero(y, py, y._length), down);
      return isIn ? 0 : NaN;
    }
    case 'scatter':
      return Math.hypot((x.d2p(px) ?? NaN) - across, (y.d2p(py) ?? NaN) - down);
  }
}

function holds([a, b]: Span, pixel: number): boolean {
  return pixel >= Math.min(a, b) - SLACK && pixel <= Math.max(a, b) + SLACK;
}

function span(axis: IDrawnAxis, from: number, to: number): Span {
  return [axis.d2p(from) ?? NaN, axis.d2p(to) ?? NaN];
}

/** A bar from zero, or from the axis' low end where that has no zero. */
function fromZero(axis: IDrawnAxis, value: number, low: number): Span {
  const zero = axis.d2p(0);
  return [
    zero !== undefined && Number.isFinite(zero) ? zero : low,
    axis.d2p(value) ?? NaN
  ];
}

/** From where to where a bar of a trace lies around its place; those of several traces share it. */
function thickness(trace: ITrace, { data, layout }: IPlotFigure): Span {
  const beside = data.filter(
    one =>
      one.type === 'bar' &&
      one.xaxis === trace.xaxis &&
      one.yaxis === trace.yaxis
  );
  const share = (1 - gapOf(layout.bargap)) / beside.length;
  const middle = (beside.indexOf(trace) - (beside.length - 1) / 2) * share;
  const half = (share * (1 - gapOf(layout.bargroupgap))) / 2;
  return [middle - half, middle + half];
}

function gapOf(gap: unknown): number {
  return typeof gap === 'number' ? gap : 0;
}

/** A trace names its axis `x2`, the layout `xaxis2`. */
function axisKey(name: unknown, letter: 'x' | 'y'): string {
  return `${letter}axis${typeof name === 'string' ? name.slice(1) : ''}`;
}

function numberAt(values: unknown, i: number): number | null {
  const value: unknown = Array.isArray(values) ? values[i] : null;
  return typeof value === 'number' ? value : null;
}
