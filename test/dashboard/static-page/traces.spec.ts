import type { ISeries } from '../../../src/dashboard/static-page/choose';
import type { IChart } from '../../../src/dashboard/static-page/page-data';
import { heightOf, tracesOf } from '../../../src/dashboard/static-page/traces';

const SERIES: ISeries = { name: null, categories: ['b', 'a'], values: [9, 4] };

function chart(changes: Partial<IChart>): IChart {
  return { data: [], layout: {}, config: null, ...changes };
}

describe('tracesOf', () => {
  it('puts the largest lying bar at the top', () => {
    const bars = chart({
      data: [{ type: 'bar', orientation: 'h', hovertemplate: '%{x}' }]
    });
    expect(tracesOf(bars, [SERIES], false)).toEqual([
      {
        type: 'bar',
        orientation: 'h',
        hovertemplate: '%{x}',
        x: [4, 9],
        y: ['a', 'b']
      }
    ]);
    const reversed = { ...bars, layout: { yaxis: { autorange: 'reversed' } } };
    expect(tracesOf(reversed, [SERIES], false)[0].y).toEqual(['b', 'a']);
  });

  it('draws standing bars from left to right', () => {
    const [trace] = tracesOf(
      chart({ data: [{ type: 'bar' }] }),
      [SERIES],
      false
    );
    expect([trace.x, trace.y]).toEqual([
      ['b', 'a'],
      [9, 4]
    ]);
  });

  it('keeps the look of a series, and gives another one a color of its own', () => {
    const lines = chart({
      data: [
        { type: 'scatter', name: 'numpy', line: { color: 'red', width: 3 } }
      ]
    });
    const named = ['numpy', 'dask'].map(name => ({ ...SERIES, name }));
    expect(tracesOf(lines, named, true)).toMatchObject([
      { name: 'numpy', line: { color: 'red', width: 3 } },
      { name: 'dask', line: { width: 3 } }
    ]);
    expect(tracesOf(lines, named, true)[1].line).not.toHaveProperty('color');
  });
});

describe('what a figure says of single points', () => {
  it('is not said of other points', () => {
    const [trace] = tracesOf(
      chart({
        data: [
          {
            type: 'bar',
            x: ['a', 'b', 'c'],
            y: [1, 2, 3],
            text: ['1', '2', '3'],
            textposition: 'auto',
            marker: { color: ['red', 'green', 'blue'], line: { width: 2 } },
            customdata: { dtype: 'i1', bdata: 'AQID' },
            hoverlabel: { font: { size: 9 } }
          }
        ]
      }),
      [SERIES],
      false
    );
    expect(trace).toEqual({
      type: 'bar',
      x: ['b', 'a'],
      y: [9, 4],
      textposition: 'auto',
      marker: { line: { width: 2 } },
      hoverlabel: { font: { size: 9 } }
    });
  });
});

describe('heightOf', () => {
  it('makes room for the name of each lying bar', () => {
    const bars = chart({ layout: { height: 480 } });
    const lying = (count: number) => [
      { orientation: 'h', y: Array.from({ length: count }) }
    ];
    expect(heightOf(bars, lying(10))).toBeUndefined();
    expect(heightOf(bars, lying(40))).toBeGreaterThan(800);
    expect(heightOf(bars, [{ y: Array.from({ length: 900 }) }])).toBe(
      undefined
    );
  });
});
