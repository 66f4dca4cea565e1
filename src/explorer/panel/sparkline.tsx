import type { JSX, KeyboardEvent, PointerEvent } from 'react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';

import type { IPeriod } from '../../workload/query';
import { usePanel } from './context';
import { addDays, dayBars, dayNumber, dayText } from './period';

interface ISparklineProps {
  readonly days: readonly { day: string; records: number }[];
  readonly period: IPeriod;
  readonly disabled: boolean;
  readonly onChange: (period: IPeriod) => void;
}

const HEIGHT = 44;

/** A span of days by number, `to` exclusive. */
interface ISpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Records a day as bars, with a brush that sets the period: drag to choose, drag an edge to change it,
 * double click for all; by keyboard each edge is a slider that moves by days, with Shift or Page keys by months.
 */
export function Sparkline(props: ISparklineProps): JSX.Element {
  const { trans, format } = usePanel();
  const { days, period } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(200);
  const [drag, setDrag] = useState<{ anchor: number; span: ISpan } | null>(
    null
  );

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) {
      return;
    }
    const observer = new ResizeObserver(() =>
      setWidth(Math.max(40, node.clientWidth))
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  const { first, step, bars } = useMemo(
    () => dayBars(days, Math.floor(width / 2)),
    [days, width]
  );
  const end = dayNumber(days[days.length - 1].day) + 1;
  const whole: ISpan = { from: first, to: end };
  const chosen: ISpan = {
    from:
      period.from === null ? first : clamp(dayNumber(period.from), first, end),
    to: period.to === null ? end : clamp(dayNumber(period.to), first, end)
  };
  const span = drag?.span ?? chosen;
  const count = end - first;
  const top = Math.max(1, ...bars);
  const place = (day: number) => ((day - first) / count) * width;

  const dayAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    const x = rect ? (event.clientX - rect.left) / rect.width : 0;
    return clamp(first + Math.floor(x * count), first, end - 1);
  };

  /** The whole of the data is no period at all, so that data that arrive later belong to it. */
  const choose = (next: ISpan) =>
    props.onChange(
      next.from <= first && next.to >= end
        ? { from: null, to: null }
        : { from: dayText(next.from), to: dayText(next.to) }
    );

  const begin = (event: PointerEvent) => {
    if (props.disabled || event.button !== 0) {
      return;
    }
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const day = dayAt(event);
    // Near an edge of the brush, the drag moves that edge: the anchor is the other one.
    const rect = box.current?.getBoundingClientRect();
    const x = rect ? event.clientX - rect.left : 0;
    const isBrushed = chosen.from > first || chosen.to < end;
    const anchor =
      isBrushed && Math.abs(x - place(chosen.from)) < 5
        ? chosen.to - 1
        : isBrushed && Math.abs(x - place(chosen.to)) < 5
          ? chosen.from
          : day;
    setDrag({ anchor, span: between(anchor, day) });
  };

  const onKey = (edge: 'from' | 'to') => (event: KeyboardEvent) => {
    const direction = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1
    }[event.key];
    const month = { PageDown: -1, PageUp: 1 }[event.key];
    let day: number;
    if (direction !== undefined) {
      day = event.shiftKey
        ? addMonths(chosen[edge], direction)
        : chosen[edge] + direction;
    } else if (month !== undefined) {
      day = addMonths(chosen[edge], month);
    } else if (event.key === 'Home') {
      day = first;
    } else if (event.key === 'End') {
      day = end;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    choose(
      edge === 'from'
        ? { from: clamp(day, first, chosen.to - 1), to: chosen.to }
        : { from: chosen.from, to: clamp(day, chosen.from + 1, end) }
    );
  };

  const slider = (edge: 'from' | 'to', label: string) => (
    <div
      role="slider"
      tabIndex={props.disabled ? -1 : 0}
      className="jp-Workload-sparkline-edge"
      style={{ left: `${(place(span[edge]) / width) * 100}%` }}
      aria-label={label}
      aria-disabled={props.disabled}
      aria-valuemin={whole.from}
      aria-valuemax={whole.to}
      aria-valuenow={span[edge]}
      // The last day of a period is the one before its exclusive end.
      aria-valuetext={
        edge === 'from' ? dayText(span.from) : addDays(dayText(span.to), -1)
      }
      onKeyDown={onKey(edge)}
    />
  );

  return (
    <div
      ref={box}
      className="jp-Workload-sparkline"
      role="group"
      aria-label={trans.__(
        'Records a day, from %1 to %2',
        days[0].day,
        days[days.length - 1].day
      )}
      onPointerDown={begin}
      onPointerMove={event => {
        if (drag) {
          setDrag({
            anchor: drag.anchor,
            span: between(drag.anchor, dayAt(event))
          });
        }
      }}
      onPointerUp={() => {
        if (drag) {
          setDrag(null);
          choose(drag.span);
        }
      }}
      onPointerCancel={() => setDrag(null)}
      onDoubleClick={() => !props.disabled && choose(whole)}
      title={trans.__('Drag to choose a period, double click for all')}
    >
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {bars.map((records, i) => {
          const from = first + i * step;
          const height =
            records === 0 ? 0 : Math.max(1, (records / top) * (HEIGHT - 2));
          const x = place(from);
          const w = place(Math.min(from + step, end)) - x;
          const isIn = from >= span.from && from < span.to;
          return (
            <rect
              key={from}
              className={isIn ? 'jp-mod-in' : undefined}
              x={x}
              y={HEIGHT - height}
              width={Math.max(0.5, w > 3 ? w - 1 : w)}
              height={height}
            >
              <title>{`${dayText(from)}: ${format.count(records)}`}</title>
            </rect>
          );
        })}
        <rect
          className="jp-Workload-sparkline-brush"
          x={place(span.from)}
          y={0}
          width={Math.max(1, place(span.to) - place(span.from))}
          height={HEIGHT}
          visibility={span.from > first || span.to < end ? 'visible' : 'hidden'}
        />
      </svg>
      {slider('from', trans.__('First day of the period'))}
      {slider('to', trans.__('Last day of the period'))}
    </div>
  );
}

function between(a: number, b: number): ISpan {
  return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
}

function clamp(n: number, low: number, high: number): number {
  return Math.min(Math.max(n, low), high);
}

/** The same day some months on; the last day of the month where there is no such day. */
function addMonths(day: number, months: number): number {
  const date = new Date(day * 86_400_000);
  const last = new Date(
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)
  );
  return dayNumber(
    new Date(
      Date.UTC(
        last.getUTCFullYear(),
        last.getUTCMonth(),
        Math.min(date.getUTCDate(), last.getUTCDate())
      )
    )
      .toISOString()
      .slice(0, 10)
  );
}
