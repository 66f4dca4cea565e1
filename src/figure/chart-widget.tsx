import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { CSSProperties, JSX, KeyboardEvent } from 'react';

import type { ITranslator } from '../workload/translator';
import { listen } from './widget-events';
import type { IFigure, IMark, IPlotFigure } from './model';
import { markLabel } from './model';
import { Numbers } from './numbers-widget';
import { PLOT_CONFIG, loadPlotly } from './plotly-widget';
import type { HoverTarget, IPlotly } from './plotly-widget';
import { inTurn } from './widget-turns';
import { directionOf, nextMark } from './walk';
import { zoomed, zoomedLayout } from './zoom';
import type { Zoom } from './zoom';

export interface ISize {
  readonly width: number;
  readonly height: number;
}

/** How a mark was clicked. */
export interface IClick {
  /** Shift: add to what is selected. */
  readonly add: boolean;
  /** Alt: leave it out. */
  readonly exclude: boolean;
}

export interface IChartProps {
  /** The figure for a size; called again when the box changes. Keep its identity while nothing changes. */
  readonly figure: (size: ISize) => IFigure;
  readonly onClick?: (mark: IMark, click: IClick) => void;
  readonly onHover?: (mark: IMark | null) => void;
  /** What the chart shows, for screen readers. */
  readonly ariaLabel: string;
  /** Id of an element that says the same in words, such as a table or caption. */
  readonly ariaDescribedBy?: string;
  /** Place in the tab order; 0 by default. */
  readonly tabIndex?: number;
  readonly trans: ITranslator;
  /** New numbers are on their way: the old ones stay, dimmed. */
  readonly stale?: boolean;
  /** A zoom is kept as long as this stays the same. */
  readonly revision?: string;
  /** For tests. */
  readonly load?: () => Promise<IPlotly>;
}

/**
 * The only widget that knows Plotly: draws a figure in a box that it fills.
 *
 * #### Notes
 * The chart takes the focus; arrow keys go from mark to mark, each announced, Enter or Space clicks one (with Shift and Alt), 0 resets a
 * zoom. Nothing is animated.
 */
export function Chart(props: IChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const { figure: draw, stale } = props;
  const figure = useMemo(() => (size ? draw(size) : null), [draw, size]);
  return (
    <div
      ref={box}
      className="jp-Workload-figureBox"
      aria-busy={stale === true}
      style={{ ...FILL, opacity: stale ? 0.45 : 1 }}
    >
      {figure?.kind === 'plot' && <Plot {...props} figure={figure} />}
      {figure?.kind === 'number' && (
        <Numbers
          figure={figure}
          label={props.ariaLabel}
          size={size}
          style={FILL}
        />
      )}
    </div>
  );
}

const FILL: CSSProperties = {
  position: 'relative',
  width: '100%',
  height: '100%',
  minWidth: 0,
  minHeight: 0,
  overflow: 'hidden'
};

const HIDDEN: CSSProperties = {
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap'
};

/** The size of an element in whole pixels; null until it has one. */
function useSize(ref: React.RefObject<HTMLElement>): ISize | null {
  const [size, setSize] = useState<ISize | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    let frame = 0;
    const measure = () => {
      const width = Math.floor(element.clientWidth);
      const height = Math.floor(element.clientHeight);
      // A hidden chart keeps its size, so that it is there at once when it is shown again.
      if (width > 0 && height > 0) {
        setSize(before =>
          before?.width === width && before.height === height
            ? before
            : { width, height }
        );
      }
    };
    measure();
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    });
    observer.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [ref]);
  return size;
}

const NO_ZOOM: Zoom = {};

function Plot(
  props: Omit<IChartProps, 'figure'> & { readonly figure: IPlotFigure }
): JSX.Element {
  const { figure, trans, revision = '', load = loadPlotly } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const plotly = useRef<IPlotly | null>(null);
  const bound = useRef(false);
  const onScreen = useRef<IPlotFigure | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<IPlotFigure | null>(null);
  const [zoom, setZoom] = useState<{
    readonly of: string;
    readonly ranges: Zoom;
  }>({
    of: revision,
    ranges: NO_ZOOM
  });
  const [focus, setFocus] = useState<{
    readonly of: string;
    readonly mark: number;
  } | null>(null);
  // Another chart in the same box has other marks.
  const focused = focus?.of === revision ? focus.mark : null;
  const hint = useId();
  // Handlers are bound to the element once; they look here.
  const latest = useRef(props);
  latest.current = props;
  const ranges = zoom.of === revision ? zoom.ranges : NO_ZOOM;
  const isZoomed = Object.keys(ranges).length > 0;

  useEffect(() => {
    const element = canvas.current;
    let gone = false;
    if (!element) {
      return;
    }
    void (async () => {
      try {
        const library = plotly.current ?? (await load());
        if (gone) {
          return;
        }
        plotly.current = library;
        const isDrawn = await inTurn(async () => {
          if (gone) {
            return false;
          }
          // Plotly writes into what it is given.
          await library.react(
            element,
            structuredClone(figure.data),
            structuredClone(zoomedLayout(figure, ranges)),
            { ...PLOT_CONFIG }
          );
          return true;
        });
        if (!isDrawn) {
          return;
        }
        onScreen.current = figure;
        if (!bound.current) {
          bound.current = true;
          listen(element, {
            figure: () => onScreen.current,
            onClick: () => latest.current.onClick ?? null,
            onHover: mark => latest.current.onHover?.(mark),
            onZoom: change =>
              setZoom(before => {
                const of = latest.current.revision ?? '';
                const old = before.of === of ? before.ranges : NO_ZOOM;
                return {
                  of,
                  ranges: change === null ? NO_ZOOM : zoomed(old, change)
                };
              })
          });
        }
        setFailure(null);
        setDrawn(figure);
      } catch (error) {
        if (!gone) {
          setFailure(error instanceof Error ? error.message : String(error));
          setDrawn(figure);
        }
      }
    })();
    return () => {
      gone = true;
    };
  }, [figure, ranges, load]);

  useEffect(() => {
    const element = canvas.current;
    return () => {
      if (element) {
        plotly.current?.purge(element);
      }
      plotly.current = null;
    };
  }, []);

  const mark = focused === null ? undefined : figure.marks[focused];

  const show = (index: number | null) => {
    setFocus(index === null ? null : { of: revision, mark: index });
    const element = canvas.current;
    const library = plotly.current;
    if (!element || !library) {
      return;
    }
    const next = index === null ? undefined : figure.marks[index];
    if (next) {
      const trace = figure.data[next.trace];
      library.Fx.hover(
        element,
        hoverTarget(next),
        `${axisName(trace?.xaxis, 'x')}${axisName(trace?.yaxis, 'y')}`
      );
    } else {
      library.Fx.unhover(element);
    }
    props.onHover?.(next ?? null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = directionOf(event.key);
    if (direction) {
      event.preventDefault();
      event.stopPropagation();
      show(nextMark(figure.marks, mark ? focused : null, direction));
    } else if (
      (event.key === 'Enter' || event.key === ' ') &&
      mark &&
      props.onClick
    ) {
      event.preventDefault();
      event.stopPropagation();
      props.onClick(mark, { add: event.shiftKey, exclude: event.altKey });
    } else if (event.key === '0' && isZoomed) {
      event.preventDefault();
      setZoom({ of: revision, ranges: NO_ZOOM });
    }
  };

  return (
    <>
      <div
        className="jp-Workload-figure-keys"
        role="application"
        aria-roledescription={trans.__('chart')}
        aria-busy={drawn !== figure}
        aria-label={props.ariaLabel}
        aria-describedby={[hint, props.ariaDescribedBy]
          .filter(Boolean)
          .join(' ')}
        tabIndex={props.tabIndex ?? 0}
        style={FILL}
        onKeyDown={onKeyDown}
        onBlur={() => focused !== null && show(null)}
      >
        <div
          ref={canvas}
          className="jp-Workload-plot"
          aria-hidden="true"
          style={FILL}
        />
      </div>
      <span id={hint} style={HIDDEN}>
        {trans.__('Arrow keys go from mark to mark, Enter selects one.')}
      </span>
      <span aria-live="polite" style={HIDDEN}>
        {mark ? markLabel(mark) : ''}
      </span>
      {isZoomed && (
        <button
          type="button"
          className="jp-Workload-figure-reset jp-mod-styled jp-mod-minimal"
          style={{ position: 'absolute', top: 0, right: 0 }}
          onClick={() => setZoom({ of: revision, ranges: NO_ZOOM })}
        >
          {trans.__('Reset zoom')}
        </button>
      )}
      {failure !== null && (
        <p className="jp-Workload-figure-failure" role="alert">
          {trans.__(
            'The chart cannot be drawn: %1. The table has the same numbers.',
            failure
          )}
        </p>
      )}
    </>
  );
}

function hoverTarget({ trace, point }: IMark): HoverTarget {
  return typeof point === 'number'
    ? [{ curveNumber: trace, pointNumber: point }]
    : { xval: point[1], yval: point[0] };
}

function axisName(axis: unknown, otherwise: string): string {
  return typeof axis === 'string' ? axis : otherwise;
}
