import { contrast, mix } from '../../src/figure/colors';
import { figure } from '../../src/figure/figure';
import { figureStyle } from '../../src/figure/style';
import { english } from '../../src/workload/translator';
import { look, pairs, question, sizeGrid } from './samples';

describe('numbers in cells', () => {
  it.each([true, false])('can be read on their colour (dark: %s)', dark => {
    const style = figureStyle({ width: 1400, height: 900 }, { dark });
    for (const [table, analysis] of [
      [sizeGrid(12), 'package-job-size'],
      [pairs(12), 'package-correlation']
    ] as const) {
      const one = figure(table, question(analysis), look(), style, english);
      let cells = 0;
      for (const trace of one.kind === 'plot' ? one.data : []) {
        const { z, text, zmin, zmax, colorscale } = trace as unknown as {
          z: (number | null)[][];
          text?: string[][];
          zmin: number;
          zmax: number;
          colorscale: [number, string][];
        };
        (trace.type === 'heatmap' && text ? z : []).forEach((row, i) =>
          row.forEach((value, j) => {
            const ink = /color:(#\w+)/.exec(text?.[i][j] ?? '')?.[1];
            if (value === null || ink === undefined) {
              return;
            }
            const t = (value - zmin) / (zmax - zmin);
            const above = Math.max(
              1,
              colorscale.findIndex(([place]) => place >= t)
            );
            const [[low, from], [high, to]] = [
              colorscale[above - 1],
              colorscale[above]
            ];
            const cell = mix(from, to, (t - low) / (high - low));
            expect(contrast(ink, cell)).toBeGreaterThanOrEqual(4.5);
            cells++;
          })
        );
      }
      expect(cells).toBeGreaterThan(30);
    }
  });
});
