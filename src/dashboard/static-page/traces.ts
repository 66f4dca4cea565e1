import type { ISeries } from './choose';
import type { IChart, ITrace } from './page-data';

/**
 * Traces that show series, drawn as the figure's own: what it says of the first one, and of one of
 * the same name.
 */
export function tracesOf(
  { data, layout }: IChart,
  series: readonly ISeries[],
  named: boolean
): ITrace[] {
  const [first = {}] = data ?? [];
  const own = new Map(data?.map(trace => [trace.name, trace]));
  return series.map(({ name, categories, values }) => {
    const trace = own.get(String(name)) ?? withoutColor(first, named);
    // Plotly draws the first bar at the bottom, and the largest one belongs to the top.
    const upward = trace.orientation === 'h' && !isReversed(layout?.yaxis);
    const [along, across] = upward
      ? [[...categories].reverse(), [...values].reverse()]
      : [categories, values];
    return {
      ...withoutPoints(trace),
      ...(trace.orientation === 'h'
        ? { x: across, y: along }
        : { x: along, y: across }),
      ...(named ? { name: String(name) } : {})
    };
  });
}

/** A trace without what it says of single points, such as their texts and colors: that is of those that were drawn first. */
function withoutPoints(trace: ITrace): ITrace {
  const points = [trace.x, trace.y].find(Array.isArray)?.length;
  const isOfPoints = (value: unknown): boolean =>
    Array.isArray(value)
      ? points === undefined || value.length === points
      : isRecord(value) && 'bdata' in value;
  const without = (
    style: Readonly<Record<string, unknown>>
  ): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(style)
        .filter(([, value]) => !isOfPoints(value))
        .map(([key, value]) => [key, isRecord(value) ? without(value) : value])
    );
  return without(trace);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Height that a bar needs for its name to be read, and all around the bars, in pixels. */
const BAR = 20;
const AROUND = 140;

/** The height in which every bar that lies has its name; undefined where the figure's own will do. */
export function heightOf(
  { layout }: IChart,
  traces: readonly ITrace[]
): number | undefined {
  const bars = traces.flatMap(({ orientation, y }) =>
    orientation === 'h' && Array.isArray(y) ? [y.length] : []
  );
  const needed = Math.max(0, ...bars) * BAR + AROUND;
  const own = typeof layout?.height === 'number' ? layout.height : 0;
  return bars.length > 0 && needed > own ? needed : undefined;
}

/** A trace of another name gets the next color of the figure. */
function withoutColor(trace: ITrace, named: boolean): ITrace {
  if (!named) {
    return trace;
  }
  const { line, marker, ...rest } = trace;
  return {
    ...rest,
    ...(line === undefined ? {} : { line: omitColor(line) }),
    ...(marker === undefined ? {} : { marker: omitColor(marker) })
  };
}

function omitColor(style: unknown): unknown {
  if (typeof style !== 'object' || style === null) {
    return style;
  }
  return Object.fromEntries(
    Object.entries(style).filter(([key]) => key !== 'color')
  );
}

function isReversed(axis: unknown): boolean {
  return (
    typeof axis === 'object' &&
    axis !== null &&
    'autorange' in axis &&
    axis.autorange === 'reversed'
  );
}
