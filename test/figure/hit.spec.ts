import { figure } from '../../src/figure/figure';
import { markAt } from '../../src/figure/hit';
import type { Axes, IDrawnAxis } from '../../src/figure/hit';
import type { IPlotFigure } from '../../src/figure/model';
import { figureStyle } from '../../src/figure/style';
import type { ITable } from '../../src/workload/answer';
import type { AnalysisId, IQuestion } from '../../src/workload/query';
import { english } from '../../src/workload/translator';
import type { ILook } from '../../src/workload/view';
import { look, packages, pairs, question, sizeGrid } from './samples';

const STYLE = figureStyle({ width: 900, height: 600 });

function drawn(
  table: ITable,
  analysis: AnalysisId,
  looks: Partial<ILook> = {},
  asked: Partial<IQuestion> = {}
): IPlotFigure {
  const one = figure(
    table,
    question(analysis, asked),
    look(looks),
    STYLE,
    english
  );
  if (one.kind !== 'plot') {
    throw new Error('It is no plot.');
  }
  return one;
}

/** Axes as Plotly lays them out: the ranges of the layout over parts of 800 by 500 pixels. */
function axesOf({ layout }: IPlotFigure): Axes {
  return name => {
    const axis = layout[name];
    if (typeof axis !== 'object' || axis === null || !('range' in axis)) {
      return undefined;
    }
    const { range, domain, type } = axis as unknown as {
      range: [number, number];
      domain?: [number, number];
      type: string;
    };
    const isX = name.startsWith('x');
    const whole = isX ? 800 : 500;
    const [from, to] = domain ?? [0, 1];
    const length = (to - from) * whole;
    return {
      _offset: isX ? from * whole : (1 - to) * whole,
      _length: length,
      d2p: value => {
        const at = type === 'log' ? Math.log10(value) : value;
        const part = (at - range[0]) / (range[1] - range[0]);
        return Number.isFinite(part)
          ? (isX ? part : 1 - part) * length
          : undefined;
      }
    } satisfies IDrawnAxis;
  };
}

/** What is pressed at values of axes, some pixels aside. */
function press(
  one: IPlotFigure,
  [x, y]: readonly [number, number],
  [aside, below] = [0, 0],
  names = ['xaxis', 'yaxis']
) {
  const axes = axesOf(one);
  const [across, down] = names.map(axes);
  return (
    markAt(one, axes, [
      (across?._offset ?? NaN) + (across?.d2p(x) ?? NaN) + aside,
      (down?._offset ?? NaN) + (down?.d2p(y) ?? NaN) + below
    ])?.values ?? null
  );
}

describe('markAt', () => {
  it('finds bars, and nothing beyond them', () => {
    const one = drawn(packages(5), 'top-packages');
    expect(press(one, [100, 0])).toEqual({ package: 'package-00' });
    expect(press(one, [100, 3])).toEqual({ package: 'package-03' });
    expect(press(one, [100, 2.36])).toEqual({ package: 'package-02' });
    expect(press(one, [100, 2.5])).toBeNull();
    expect(press(one, [1790, 0])).not.toBeNull();
    expect(press(one, [1790, 1])).toBeNull();
    expect(press(one, [0, 0], [-5, 0])).toBeNull();
  });

  it('finds bars on a logarithmic axis, which has no zero', () => {
    const one = drawn(packages(5), 'top-packages', { log: true });
    expect(press(one, [900, 4])).toBeNull();
    expect(press(one, [700, 4])).toEqual({ package: 'package-04' });
  });

  it('tells bars side by side apart', () => {
    const one = drawn(
      {
        columns: ['environment', 'users', 'jobs', 'user_share', 'job_share'],
        rows: ['conda', 'other'].map(environment => ({
          environment,
          users: 6,
          jobs: 5,
          user_share: 0.6,
          job_share: 0.1
        }))
      },
      'module-share'
    );
    const upper = press(one, [0.05, 0.8]);
    expect(upper).toMatchObject({ environment: 'other' });
    expect(press(one, [0.5, 0.8])).toMatchObject({ environment: 'other' });
    expect(press(one, [0.5, 1.2])).toBeNull();
    expect(press(one, [0.05, 1.2])).toMatchObject({ environment: 'other' });
  });

  it('finds cells and the bars beside them', () => {
    const one = drawn(sizeGrid(6), 'package-job-size');
    expect(press(one, [1, 2])).toEqual({
      package: 'package-02',
      nodes_from: 2,
      nodes_to: 3
    });
    expect(press(one, [1.45, 2.45])).toMatchObject({ package: 'package-02' });
    // No job has this size.
    expect(press(one, [3, 2])).toBeNull();
    expect(press(one, [100, 4], [0, 0], ['xaxis2', 'yaxis'])).toEqual({
      package: 'package-04'
    });
    expect(press(one, [2, 4000], [0, 0], ['xaxis', 'yaxis2'])).toEqual({
      nodes_from: 4,
      nodes_to: 7
    });
  });

  it('finds cells of a matrix, not its diagonal', () => {
    const one = drawn(pairs(6), 'package-correlation', { order: 'name' });
    expect(press(one, [1, 4])).toMatchObject({
      package_a: 'package-01',
      package_b: 'package-04'
    });
    expect(press(one, [2, 2])).toBeNull();
  });

  it('finds the nearest point within reach', () => {
    const rows = ['2021-01', '2021-02', '2021-03'].flatMap((period, i) => [
      { period, package: 'numpy', users: 100 + i },
      { period, package: 'scipy', users: 50 }
    ]);
    const one = drawn(
      { columns: ['period', 'package', 'users'], rows },
      'package-trend',
      {},
      { by: 'month' }
    );
    expect(press(one, [1, 101], [8, 5])).toEqual({
      package: 'numpy',
      period: '2021-02'
    });
    expect(press(one, [1, 50], [-8, -5])).toEqual({
      package: 'scipy',
      period: '2021-02'
    });
    expect(press(one, [1, 75])).toBeNull();
  });

  it('does not find what a zoom has moved out of its part of the chart', () => {
    const one = drawn(sizeGrid(6), 'package-job-size');
    const axes = axesOf(one);
    // The first cell of a row, moved over the bars at its end.
    const moved: Axes = name => {
      const axis = axes(name);
      return axis && name === 'xaxis'
        ? { ...axis, d2p: x => axis._length + 40 + 100 * x }
        : axis;
    };
    const beside = axes('xaxis2');
    const row = axes('yaxis');
    const found = markAt(one, moved, [
      (beside?._offset ?? NaN) + (beside?.d2p(2000) ?? NaN),
      (row?._offset ?? NaN) + (row?.d2p(0) ?? NaN)
    ]);
    expect(found?.values).toEqual({ package: 'package-00' });
  });
});
