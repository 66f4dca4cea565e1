import fc from 'fast-check';

import { clusterOrder } from '../../src/figure/cluster';
import { imageFigure } from '../../src/figure/image';
import { separators, ticksOf } from '../../src/figure/layout';
import { periodTick, periodsBetween } from '../../src/figure/periods';
import { figureStyle } from '../../src/figure/style';
import {
  escapeText,
  fitted,
  labelStep,
  shortCount,
  textWidth,
  wrapped
} from '../../src/figure/text';
import { apart } from '../../src/figure/trend';
import { directionOf, nextMark } from '../../src/figure/walk';
import { zoomed, zoomedLayout } from '../../src/figure/zoom';

fc.configureGlobal({ seed: 11, numRuns: 200 });

describe('clusterOrder', () => {
  it('puts blocks side by side', () => {
    const kinds = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    const distance = kinds.map((a, i) =>
      kinds.map((b, j) =>
        i === j ? 0 : a === b ? 0.1 : 0.9 + 0.01 * ((i + j) % 3)
      )
    );
    const order = clusterOrder(distance).map(i => kinds[i]);
    expect(
      order.filter((kind, i) => i > 0 && kind !== order[i - 1])
    ).toHaveLength(2);
  });

  it('keeps a chain in line', () => {
    const places = [3, 0, 4, 1, 2];
    const distance = places.map(a => places.map(b => Math.abs(a - b)));
    const line = clusterOrder(distance).map(i => places[i]);
    expect([line.join(), [...line].reverse().join()]).toContain('0,1,2,3,4');
  });

  it('is a permutation, the same every time, whatever the distances', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 60 }),
        values => {
          const n = Math.floor(Math.sqrt(values.length));
          const distance = Array.from({ length: n }, (_, i) =>
            Array.from({ length: n }, (__, j) =>
              i === j ? 0 : values[Math.min(i, j) * n + Math.max(i, j)]
            )
          );
          const order = clusterOrder(distance);
          expect([...order].sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, i) => i)
          );
          expect(clusterOrder(distance)).toEqual(order);
        }
      )
    );
  });

  it('ends where all are equally far', () => {
    const distance = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 40 }, (__, j) => (i === j ? 0 : 1))
    );
    expect(clusterOrder(distance)).toHaveLength(40);
  });
});

describe('apart', () => {
  it('keeps order, distance and bounds where there is room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 200, noNaN: true }), {
          maxLength: 15
        }),
        places => {
          const moved = apart(places, 13, 0, 200);
          const sorted = places
            .map((place, i) => [place, moved[i]])
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          sorted.forEach(([, place], i) => {
            expect(place).toBeGreaterThanOrEqual(-1e-9);
            expect(place).toBeLessThanOrEqual(200 + 1e-9);
            if (i > 0) {
              expect(place - sorted[i - 1][1]).toBeGreaterThanOrEqual(
                13 - 1e-9
              );
            }
          });
        }
      )
    );
  });

  it('leaves alone what is apart already', () => {
    expect(apart([0, 50, 100], 10, 0, 100)).toEqual([0, 50, 100]);
  });
});

describe('text', () => {
  it('is never markup, and stays on one line', () => {
    expect(escapeText('<b>&\n"x"')).toBe('&lt;b&gt;&amp; "x"');
  });

  it('is cut only where it must be', () => {
    expect(fitted('numpy', 100, 11)).toBe('numpy');
    const cut = fitted('a very long name indeed', 60, 11);
    expect(cut).toMatch(/^a very.*…$/);
    expect(textWidth(cut, 11)).toBeLessThanOrEqual(60);
    expect(fitted('x', 1, 11)).toBe('x…');
  });

  it.each([
    [0, '0'],
    [950, '950'],
    [999, '999'],
    [1000, '1k'],
    [1234, '1.23k'],
    [109_300, '109k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [2.5e6, '2.5M'],
    [4e12, '4,000G']
  ])('writes %d as %s', (count, text) => {
    expect(shortCount(count, 'en-US')).toBe(text);
  });

  it('is broken at blanks', () => {
    expect(wrapped('aaa bbb ccc', textWidth('aaa bbb', 10) + 1, 10)).toEqual([
      'aaa bbb',
      'ccc'
    ]);
  });

  it('thins labels so that they have room', () => {
    expect(labelStep(10, 200, 12)).toBe(1);
    expect(labelStep(53, 200, 12)).toBe(5);
    expect(labelStep(5000, 100, 12)).toBe(1000);
    expect(labelStep(50000, 100, 12)).toBe(6000);
    expect(
      ticksOf(
        { axis: 'yaxis', labels: ['a', 'b', 'c', 'd'], length: 20, need: 10 },
        [0, 3]
      )
    ).toEqual({
      tickvals: [0, 2],
      ticktext: ['a', 'c']
    });
    expect(
      ticksOf(
        { axis: 'yaxis', labels: ['a', 'b', 'c', 'd'], length: 20, need: 10 },
        [3.4, 1.6]
      ).ticktext
    ).toEqual(['c', 'd']);
  });

  it('has the separators of its locale', () => {
    expect(separators('en-US')).toBe('.,');
    expect(separators('de-DE')).toBe(',.');
  });
});

describe('periods', () => {
  it('have no gaps', () => {
    expect(periodsBetween(['2021-03', '2020-12']).labels).toEqual([
      '2020-12',
      '2021-01',
      '2021-02',
      '2021-03'
    ]);
    expect(periodsBetween(['2020-Q4', '2021-Q2']).labels).toEqual([
      '2020-Q4',
      '2021-Q1',
      '2021-Q2'
    ]);
    expect(periodsBetween(['2019', '2021'])).toEqual({
      labels: ['2019', '2020', '2021'],
      unit: 'year'
    });
    expect(periodsBetween(['2021-02-27', '2021-03-02']).labels).toHaveLength(4);
    expect(periodsBetween([])).toEqual({ labels: [], unit: null });
    expect(periodsBetween(['2021', '2021-01'])).toEqual({
      labels: ['2021', '2021-01'],
      unit: null
    });
  });

  it('name the year where it begins', () => {
    expect(periodTick('2021-01', '2020-12', 'month', 'en-US')).toBe(
      'Jan<br>2021'
    );
    expect(periodTick('2021-02', '2021-01', 'month', 'en-US')).toBe('Feb');
    expect(periodTick('2021-Q3', null, 'quarter', 'en-US')).toBe('Q3<br>2021');
    expect(periodTick('2021-03-05', '2021-03-01', 'day', 'en-US')).toBe(
      'Mar 5'
    );
    expect(periodTick('2021', null, 'year', 'en-US')).toBe('2021');
  });
});

describe('walking over marks', () => {
  const grid = [
    [0, 0],
    [2, 0],
    [0, 1],
    [1, 1],
    [2, 3]
  ].map(([x, y]) => ({ at: [x, y] as const }));

  it('goes to the nearest mark in the direction', () => {
    expect(nextMark(grid, null, 'down')).toBe(0);
    expect(nextMark(grid, 0, 'right')).toBe(3);
    expect(nextMark(grid, 0, 'down')).toBe(2);
    expect(nextMark(grid, 3, 'down')).toBe(4);
    expect(nextMark(grid, 1, 'right')).toBe(1);
    expect(nextMark(grid, 4, 'up')).toBe(3);
    expect(nextMark(grid, 4, 'first')).toBe(0);
    expect(nextMark(grid, null, 'last')).toBe(4);
    expect(nextMark([], null, 'down')).toBeNull();
  });

  it('knows its keys', () => {
    expect(['ArrowUp', 'Home', 'Enter', 'a'].map(directionOf)).toEqual([
      'up',
      'first',
      null,
      null
    ]);
  });
});

describe('zoom', () => {
  it('reads the ranges of an event and nothing else', () => {
    const none = {};
    expect(zoomed(none, { 'yaxis.tickvals': [1] })).toBe(none);
    const one = zoomed(none, {
      'xaxis.range[0]': 1,
      'xaxis.range[1]': 3,
      'yaxis2.range': [5, 6]
    });
    expect(one).toEqual({ xaxis: [1, 3], yaxis2: [5, 6] });
    expect(zoomed(one, { 'xaxis.range[1]': 2 })).toEqual({
      xaxis: [1, 2],
      yaxis2: [5, 6]
    });
    expect(zoomed(none, { 'xaxis.range[1]': 2 })).toEqual({});
  });

  it('shows more names where fewer are in view', () => {
    const figure = {
      kind: 'plot',
      data: [],
      marks: [],
      layout: {
        yaxis: { range: [9.5, -0.5], tickvals: [0, 5] },
        xaxis: { range: [0, 1] }
      },
      axes: [{ axis: 'yaxis', labels: [...'abcdefghij'], length: 40, need: 10 }]
    } as const;
    const layout = zoomedLayout(figure, { yaxis: [3.5, 0.5], zaxis: [0, 1] });
    expect(layout.yaxis).toEqual({
      range: [3.5, 0.5],
      tickvals: [1, 2, 3],
      ticktext: ['b', 'c', 'd']
    });
    expect(layout.xaxis).toBe(figure.layout.xaxis);
    expect(figure.layout.yaxis.range).toEqual([9.5, -0.5]);
  });
});

describe('imageFigure', () => {
  const style = figureStyle({ width: 400, height: 200 });

  it('makes room for its texts, escaped', () => {
    const { layout } = imageFigure(
      {
        kind: 'plot',
        data: [],
        marks: [],
        axes: [],
        layout: {
          margin: { l: 50, r: 5, t: 5, b: 30 },
          annotations: [{ text: 'own' }]
        }
      },
      {
        title: 'a < b',
        caption: 'one two three '.repeat(12),
        notes: ['limits']
      },
      style
    );
    expect(layout.paper_bgcolor).toBe(style.page);
    expect(layout.width).toBe(400);
    expect(layout.height).toBeGreaterThan(270);
    const [own, title, below] = layout.annotations as {
      text: string;
      yshift: number;
    }[];
    expect(own.text).toBe('own');
    expect(title.text).toBe('<b>a &lt; b</b>');
    expect(below.text.split('<br>').length).toBeGreaterThan(2);
    expect(below.text).toMatch(/<br>limits$/);
  });

  it('draws numbers as text', () => {
    const { data, layout } = imageFigure(
      {
        kind: 'number',
        numbers: [{ value: '2,448', label: 'users', detail: null }]
      },
      { title: '', caption: '', notes: [] },
      style
    );
    expect(data).toHaveLength(1);
    expect(JSON.stringify(layout.annotations)).toContain('2,448');
    expect(layout.height).toBe(200);
  });
});
