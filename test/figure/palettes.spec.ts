import { contrast, luminance, mix, parseColor } from '../../src/figure/colors';
import { DARK, LIGHT, packageStyle } from '../../src/figure/palettes';
import { figureStyle } from '../../src/figure/style';

const SIZE = { width: 100, height: 100 };

/** JupyterLab's pages, and the colour of its cards. */
const PAGES = [
  ['light', LIGHT, ['#ffffff', '#f5f5f5']],
  ['dark', DARK, ['#111111', '#212121']]
] as const;

type Matrix = readonly (readonly number[])[];

/** Colour vision deficiencies at full strength, on linear RGB (Machado, Oliveira and Fernandes 2009). */
const VISIONS: Readonly<Record<string, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ]
};

/** A colour in Oklab (Ottosson 2020), times 100, as it is seen. */
function seen(color: string, vision: Matrix): number[] {
  const linear = (parseColor(color) ?? [0, 0, 0]).map(channel => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const times = (matrix: Matrix, v: readonly number[]) =>
    matrix.map(row => row.reduce((sum, x, i) => sum + x * v[i], 0));
  const rgb = times(vision, linear).map(x => Math.min(1, Math.max(0, x)));
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005]
    ],
    rgb
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766]
    ],
    lms
  ).map(x => 100 * x);
}

function apart(a: string, b: string, vision: Matrix): number {
  const [x, y] = [seen(a, vision), seen(b, vision)];
  return Math.hypot(...x.map((v, i) => v - y[i]));
}

describe.each(PAGES)('the %s palette', (name, palette, pages) => {
  it('can be seen on the page', () => {
    for (const page of pages) {
      for (const color of [
        palette.count,
        palette.second,
        palette.accent,
        palette.other,
        ...palette.categorical
      ]) {
        expect([color, page, contrast(color, page) >= 2.7]).toEqual([
          color,
          page,
          true
        ]);
      }
      expect(contrast(palette.count, page)).toBeGreaterThan(3.5);
      expect(contrast(palette.sequential[0], page)).toBeGreaterThan(1.25);
    }
    for (const color of [
      palette.count,
      palette.second,
      palette.other,
      ...palette.categorical
    ]) {
      expect([color, contrast(color, pages[0]) >= 3]).toEqual([color, true]);
    }
  });

  it('keeps its categories apart for everybody', () => {
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      palette.categorical.forEach((a, i) => {
        for (const b of palette.categorical.slice(i + 1)) {
          expect([a, b, vision, apart(a, b, matrix) > 9]).toEqual([
            a,
            b,
            vision,
            true
          ]);
        }
      });
    }
  });

  it('rises steadily in its sequence, and from the middle to both ends', () => {
    const rises = (stops: readonly string[]) => {
      const away = stops.map(color => contrast(color, pages[0]));
      return away.every((value, i) => i === 0 || value > away[i - 1]);
    };
    expect(rises(palette.sequential)).toBe(true);
    expect(palette.diverging).toHaveLength(7);
    expect(rises(palette.diverging.slice(3))).toBe(true);
    expect(rises([...palette.diverging].reverse().slice(3))).toBe(true);
    expect(contrast(palette.diverging[3], pages[0])).toBeLessThan(1.35);
    // Blue and orange stay apart where red and green do not.
    for (const matrix of Object.values(VISIONS)) {
      expect(
        apart(palette.diverging[1], palette.diverging[5], matrix)
      ).toBeGreaterThan(15);
    }
  });

  it('has text that can be read', () => {
    const style = figureStyle(SIZE, { dark: name === 'dark' });
    expect(contrast(style.text, style.page)).toBeGreaterThan(7);
    expect(contrast(style.quiet, style.page)).toBeGreaterThan(4.5);
  });
});

describe('package styles', () => {
  it('depend on the name alone and differ among the most used', () => {
    const style = (name: string) =>
      JSON.stringify(packageStyle(name, LIGHT.categorical));
    expect(style('numpy')).toBe(style('numpy'));
    expect(packageStyle('numpy', LIGHT.categorical).color).not.toBe(
      packageStyle('scipy', LIGHT.categorical).color
    );
    const top =
      'numpy multiprocessing scipy matplotlib pandas mpi4py h5py astropy sklearn joblib numexpr dask';
    expect(new Set(top.split(' ').map(style)).size).toBe(12);
    expect(
      new Set(['aa', 'bb', 'cc', 'dd', 'ee', 'ff'].map(style)).size
    ).toBeGreaterThan(3);
    expect(LIGHT.categorical).toContain(
      packageStyle('constructor', LIGHT.categorical).color
    );
  });
});

describe('colours', () => {
  it('are read in the notations of a page', () => {
    expect(parseColor(' #fff')).toEqual([255, 255, 255]);
    expect(parseColor('#1976D2')).toEqual([25, 118, 210]);
    expect(parseColor('rgb(25, 118, 210)')).toEqual([25, 118, 210]);
    expect(parseColor('rgba(1 2 3 / 0.5)')).toEqual([1, 2, 3]);
    expect(parseColor('var(--jp-brand-color1)')).toBeNull();
  });

  it('mix and contrast as WCAG has it', () => {
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(contrast('#000', '#fff')).toBeCloseTo(21, 5);
    expect(luminance('#ffffff')).toBeCloseTo(1, 5);
  });
});
