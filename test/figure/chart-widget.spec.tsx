/** @jest-environment jsdom */
import { act } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';

import { Chart } from '../../src/figure/chart-widget';
import type { IChartProps, ISize } from '../../src/figure/chart-widget';
import { figure } from '../../src/figure/figure';
import { toImage } from '../../src/figure/image-widget';
import type { IPlotEvent, IPlotly } from '../../src/figure/plotly-widget';
import { figureStyle } from '../../src/figure/style';
import { inTurn } from '../../src/figure/widget-turns';
import { english } from '../../src/workload/translator';
import { look, packages, pairs, question } from './samples';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** Axes of five bars below each other, 20 pixels each, below 4 pixels; the first is 179 pixels long. */
const FIRST_BARS = { _offset: 100, _length: 200, d2p: (x: number) => x / 10 };
const ROWS = { _offset: 4, _length: 100, d2p: (y: number) => 20 * y + 10 };

/** A Plotly that draws nothing and tells what it was asked. */
class FakePlotly implements IPlotly {
  readonly reacts: {
    data: unknown;
    layout: Record<string, unknown>;
    config: unknown;
  }[] = [];
  readonly hovers: unknown[] = [];
  readonly images: unknown[] = [];
  purged = 0;
  failure: string | null = null;

  async react(
    element: HTMLElement,
    data: unknown,
    layout: unknown,
    config: unknown
  ) {
    if (this.failure !== null) {
      throw new Error(this.failure);
    }
    this.reacts.push({ data, layout: { ...(layout as object) }, config });
    Object.assign(element, {
      _fullLayout: { xaxis: FIRST_BARS, yaxis: ROWS },
      on: (name: string, handler: (event: IPlotEvent) => void) => {
        const list = this._handlers.get(name) ?? [];
        this._handlers.set(name, [...list, handler]);
      }
    });
  }

  purge() {
    this.purged++;
  }

  async toImage(...args: unknown[]) {
    this.images.push(args);
    return JSON.stringify(args).includes('"png"')
      ? 'data:image/png;base64,AQID'
      : 'data:image/svg+xml,%3Csvg%2F%3E';
  }

  readonly Fx = {
    hover: (_: HTMLElement, target: unknown, subplot: string) =>
      this.hovers.push([target, subplot]),
    unhover: () => this.hovers.push(null)
  };

  emit(name: string, event: object) {
    const list = this._handlers.get(name) ?? [];
    expect(list).toHaveLength(1);
    act(() => list[0](event as IPlotEvent));
  }

  private readonly _handlers = new Map<
    string,
    ((event: IPlotEvent) => void)[]
  >();
}

let root: Root;
let host: HTMLElement;
let plotly: FakePlotly;
let size: ISize;
let resized: (() => void)[];

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
  plotly = new FakePlotly();
  size = { width: 360, height: 260 };
  resized = [];
  jest
    .spyOn(HTMLElement.prototype, 'clientWidth', 'get')
    .mockImplementation(() => size.width);
  jest
    .spyOn(HTMLElement.prototype, 'clientHeight', 'get')
    .mockImplementation(() => size.height);
  jest.spyOn(window, 'requestAnimationFrame').mockImplementation(run => {
    run(0);
    return 1;
  });
  globalThis.ResizeObserver = class {
    constructor(callback: ResizeObserverCallback) {
      resized.push(() => callback([], this));
    }
    observe() {
      return;
    }
    unobserve() {
      return;
    }
    disconnect() {
      return;
    }
  };
});

afterEach(async () => {
  jest.useRealTimers();
  // Turns go on from test to test.
  await done(() => root.unmount());
  host.remove();
  jest.restoreAllMocks();
});

async function render(element: ReactElement) {
  await done(() => root.render(element));
}

/** Do something, and wait until what comes of it is drawn: charts are drawn one after the other. */
async function done(run: () => void) {
  // React draws when the first is over, and only then charts take their turn.
  await act(async () => run());
  await act(async () => {
    await new Promise(resolve => setTimeout(resolve));
    // Its turn comes when all draws that were asked for are over.
    await inTurn(() => Promise.resolve());
  });
}

const load = async () => plotly;

const bars: IChartProps['figure'] = drawn =>
  figure(
    packages(5),
    question('top-packages'),
    look(),
    figureStyle(drawn),
    english
  );

function chart(change: Partial<IChartProps> = {}): ReactElement {
  return (
    <Chart
      figure={bars}
      ariaLabel="Top packages"
      trans={english}
      load={load}
      {...change}
    />
  );
}

function keys(): HTMLElement {
  const element = host.querySelector<HTMLElement>('[role=application]');
  if (!element) {
    throw new Error('no chart');
  }
  return element;
}

async function press(key: string, more: KeyboardEventInit = {}) {
  await act(async () => {
    keys().dispatchEvent(
      new KeyboardEvent('keydown', {
        key,
        bubbles: true,
        cancelable: true,
        ...more
      })
    );
  });
}

const said = () => host.querySelector('[aria-live]')?.textContent;

describe('Chart', () => {
  it('draws the figure for its box, and again when that changes', async () => {
    await render(chart());
    expect(plotly.reacts).toHaveLength(1);
    expect(plotly.reacts[0].layout).toMatchObject({ width: 360, height: 260 });
    expect(plotly.reacts[0].config).toMatchObject({
      displayModeBar: false,
      displaylogo: false,
      plotlyServerURL: '',
      typesetMath: false
    });
    size = { width: 700, height: 300 };
    await done(() => resized.forEach(run => run()));
    expect(plotly.reacts.at(-1)?.layout).toMatchObject({
      width: 700,
      height: 300
    });
    // Hidden boxes keep what they show.
    size = { width: 0, height: 0 };
    await done(() => resized.forEach(run => run()));
    expect(plotly.reacts).toHaveLength(2);
  });

  it('does not draw again while nothing changes', async () => {
    await render(chart());
    await render(chart({ stale: true }));
    await render(chart({ onClick: () => undefined }));
    expect(plotly.reacts).toHaveLength(1);
  });

  it('dims old numbers and keeps them', async () => {
    await render(chart({ stale: true }));
    const box = host.querySelector<HTMLElement>('[aria-busy]');
    expect(box?.getAttribute('aria-busy')).toBe('true');
    expect(Number(box?.style.opacity)).toBeLessThan(1);
    expect(plotly.purged).toBe(0);
    await render(chart());
    expect(box?.style.opacity).toBe('1');
  });

  it('is busy until the numbers are drawn', async () => {
    let arrive: (library: IPlotly) => void = () => undefined;
    const library = new Promise<IPlotly>(resolve => {
      arrive = resolve;
    });
    await render(chart({ load: () => library }));
    const keys = host.querySelector('[role=application]');
    expect(keys?.getAttribute('aria-busy')).toBe('true');
    await done(() => arrive(plotly));
    expect(keys?.getAttribute('aria-busy')).toBe('false');
  });

  it('tells which mark was clicked, and how', async () => {
    const onClick = jest.fn();
    await render(chart({ onClick: () => undefined }));
    // Handlers are bound once, and still call the latest.
    await render(chart({ onClick }));
    const event = { shiftKey: true, altKey: false, clientX: 110, clientY: 54 };
    // Plotly's own point is where the pointer was before.
    plotly.emit('plotly_click', { points: [{ customdata: 0 }], event });
    plotly.emit('plotly_click', { points: [], event });
    expect(onClick.mock.calls).toEqual(
      new Array(2).fill([
        expect.objectContaining({ values: { package: 'package-02' } }),
        { add: true, exclude: false }
      ])
    );
    plotly.emit('plotly_click', {
      points: [{ customdata: 0 }],
      event: { ...event, clientX: 290 }
    });
    expect(onClick).toHaveBeenCalledTimes(2);
    const touch = { clientX: 110, clientY: 14 };
    plotly.emit('plotly_click', {
      points: [],
      event: { shiftKey: false, altKey: false, changedTouches: [touch] }
    });
    expect(onClick).toHaveBeenLastCalledWith(
      expect.objectContaining({ values: { package: 'package-00' } }),
      { add: false, exclude: false }
    );
  });

  it('tells what is pointed at', async () => {
    const onHover = jest.fn();
    await render(chart({ onHover }));
    plotly.emit('plotly_hover', { points: [{ customdata: 0 }] });
    expect(onHover).toHaveBeenLastCalledWith(
      expect.objectContaining({ at: [0, 0] })
    );
    plotly.emit('plotly_unhover', {});
    expect(onHover).toHaveBeenLastCalledWith(null);
  });

  it('can be read and used with the keyboard', async () => {
    const onClick = jest.fn();
    await render(chart({ onClick, ariaDescribedBy: 'table' }));
    expect(keys().tabIndex).toBe(0);
    expect(keys().getAttribute('aria-label')).toBe('Top packages');
    expect(keys().getAttribute('aria-describedby')).toContain('table');
    await press('Enter');
    expect(onClick).not.toHaveBeenCalled();
    await press('ArrowDown');
    expect(said()).toBe('package-00, Users: 1,790');
    await press('ArrowDown');
    expect(said()).toBe('package-01, Users: 1,432');
    expect(plotly.hovers.at(-1)).toEqual([
      [{ curveNumber: 0, pointNumber: 1 }],
      'xy'
    ]);
    await press('End');
    expect(said()).toContain('package-04');
    await press(' ', { altKey: true });
    expect(onClick).toHaveBeenCalledWith(
      expect.objectContaining({ values: { package: 'package-04' } }),
      { add: false, exclude: true }
    );
    // Other keys are for others.
    const escape = new KeyboardEvent('keydown', {
      key: 'Escape',
      bubbles: true,
      cancelable: true
    });
    keys().dispatchEvent(escape);
    expect(escape.defaultPrevented).toBe(false);
    await act(async () => {
      keys().dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    });
    expect(said()).toBe('');
    expect(plotly.hovers.at(-1)).toBeNull();
  });

  it('points at cells of a heatmap by their place', async () => {
    await render(
      chart({
        figure: drawn =>
          figure(
            pairs(4),
            question('package-correlation'),
            look({ order: 'name' }),
            figureStyle(drawn),
            english
          )
      })
    );
    await press('Home');
    expect(plotly.hovers.at(-1)).toEqual([{ xval: 1, yval: 0 }, 'xy']);
    expect(said()).toContain('package-00 and package-01');
  });

  it('keeps a zoom while new numbers come in, and resets it', async () => {
    await render(chart());
    plotly.emit('plotly_relayout', {
      'yaxis.range[0]': 3.5,
      'yaxis.range[1]': 0.5
    });
    await done(() => undefined);
    expect(plotly.reacts.at(-1)?.layout.yaxis).toMatchObject({
      range: [3.5, 0.5],
      tickvals: [1, 2, 3]
    });
    await render(
      chart({
        figure: drawn =>
          figure(
            packages(6),
            question('top-packages'),
            look(),
            figureStyle(drawn),
            english
          )
      })
    );
    expect(plotly.reacts.at(-1)?.layout.yaxis).toMatchObject({
      range: [3.5, 0.5]
    });
    const reset = host.querySelector('button');
    expect(reset?.textContent).toBe('Reset zoom');
    await done(() => reset?.click());
    expect(plotly.reacts.at(-1)?.layout.yaxis).toMatchObject({
      range: [5.5, -0.5]
    });
    expect(host.querySelector('button')).toBeNull();

    plotly.emit('plotly_relayout', {
      'yaxis.range[0]': 3.5,
      'yaxis.range[1]': 0.5
    });
    plotly.emit('plotly_doubleclick', {});
    expect(host.querySelector('button')).toBeNull();
    plotly.emit('plotly_relayout', {
      'yaxis.range[0]': 3.5,
      'yaxis.range[1]': 0.5
    });
    await press('0');
    expect(host.querySelector('button')).toBeNull();
  });

  it('forgets zoom and place when another chart takes the box', async () => {
    await render(chart({ revision: 'a' }));
    await press('ArrowDown');
    plotly.emit('plotly_relayout', {
      'yaxis.range[0]': 3.5,
      'yaxis.range[1]': 0.5
    });
    await render(chart({ revision: 'b' }));
    expect(plotly.reacts.at(-1)?.layout.yaxis).toMatchObject({
      range: [4.5, -0.5]
    });
    expect(said()).toBe('');
  });

  it('never hands its figure to Plotly itself, which writes into it', async () => {
    const drawn = bars(size);
    await render(chart({ figure: () => drawn }));
    expect(drawn.kind === 'plot' && plotly.reacts[0].data).not.toBe(
      drawn.kind === 'plot' && drawn.data
    );
    expect(plotly.reacts[0].data).toEqual(drawn.kind === 'plot' && drawn.data);
  });

  it('says why nothing is drawn, and draws when it can', async () => {
    plotly.failure = 'no space';
    await render(chart());
    expect(host.querySelector('[role=alert]')?.textContent).toContain(
      'no space'
    );
    plotly.failure = null;
    size = { width: 361, height: 260 };
    await done(() => resized.forEach(run => run()));
    expect(host.querySelector('[role=alert]')).toBeNull();
    expect(plotly.reacts).toHaveLength(1);
  });

  it('draws one after the other, with a frame between', async () => {
    const frames: FrameRequestCallback[] = [];
    jest
      .mocked(window.requestAnimationFrame)
      .mockImplementation(run => frames.push(run));
    jest.useFakeTimers({
      doNotFake: ['queueMicrotask', 'requestAnimationFrame']
    });
    const step = async (run: () => void) => {
      await act(async () => run());
      await act(() => jest.advanceTimersByTimeAsync(0));
    };
    await step(() =>
      root.render(
        <>
          {chart()}
          {chart()}
        </>
      )
    );
    expect(plotly.reacts).toHaveLength(1);
    await step(() => frames.shift()?.(0));
    expect(plotly.reacts).toHaveLength(2);
    // A page that is hidden has no frames.
    await step(() => root.render(chart({ figure: () => bars(size) })));
    expect(plotly.reacts).toHaveLength(2);
    await step(() => jest.advanceTimersByTime(50));
    expect(plotly.reacts).toHaveLength(3);
    await step(() => jest.advanceTimersByTime(50));
  });

  it('cleans up', async () => {
    await render(chart());
    await render(<i />);
    expect(plotly.purged).toBe(1);
  });

  it('shows numbers as text', async () => {
    await render(
      chart({
        figure: () => ({
          kind: 'number',
          numbers: [{ value: '17.2%', label: 'of the jobs', detail: '1 of 6' }]
        })
      })
    );
    expect(host.textContent).toBe('17.2%of the jobs1 of 6');
    expect(plotly.reacts).toHaveLength(0);
  });
});

describe('toImage', () => {
  it('gives the bytes of an image as high as its texts need', async () => {
    const style = figureStyle({ width: 600, height: 300 });
    const blob = await toImage(
      figure(packages(3), question('top-packages'), look(), style, english),
      'svg',
      { title: 'Top packages', caption: 'Users, counted once', notes: [] },
      style,
      { load }
    );
    expect(blob.type).toBe('image/svg+xml');
    expect(blob.size).toBe('<svg/>'.length);
    const [[given, options]] = plotly.images as [
      { layout: { height: number } },
      { height: number }
    ][];
    expect(options).toEqual({
      format: 'svg',
      width: 600,
      height: given.layout.height,
      scale: 2
    });
    expect(options.height).toBeGreaterThan(320);
  });

  it('reads what is written in base64', async () => {
    const style = figureStyle({ width: 60, height: 30 });
    const texts = { title: '', caption: '', notes: [] };
    const drawn = figure(
      packages(3),
      question('top-packages'),
      look(),
      style,
      english
    );
    const blob = await toImage(drawn, 'png', texts, style, { load, scale: 1 });
    expect([blob.type, blob.size]).toEqual(['image/png', 3]);
  });
});
