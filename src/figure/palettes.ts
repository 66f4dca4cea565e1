import { mix } from './colors';

/**
 * The colours of charts, for a light and a dark page.
 *
 * #### Notes
 * Every colour of a mark has a contrast of 3 and more with the page (WCAG 1.4.11). The categorical ones stay apart under protanopia and
 * deuteranopia, as Okabe and Ito's do, whose lighter ones are too faint on white. Sequential scales have one hue and rise in
 * luminance steadily; the diverging one goes from orange over the page's neutral to blue. `test/figure/palettes.spec.ts` checks all that.
 */
export interface IPalette {
  /** All counts. */
  readonly count: string;
  /** A second count beside the first. */
  readonly second: string;
  /** What is selected when nothing else gives an accent. */
  readonly accent: string;
  /** What is not selected. */
  readonly unselected: string;
  /** The union of all that top N left out. */
  readonly other: string;
  /** Cells without a defined number. */
  readonly undefined: string;
  /** Low to high; the lowest can be told from the page. */
  readonly sequential: readonly string[];
  /** −1, 0, 1 and between. */
  readonly diverging: readonly string[];
  readonly categorical: readonly string[];
}

export const LIGHT: IPalette = {
  count: '#3a77b0',
  second: '#7f8b99',
  accent: '#1976d2',
  unselected: '#c3cad2',
  other: '#8b94a0',
  undefined: '#d9dce0',
  sequential: [
    '#c5daee',
    '#a3c5e4',
    '#71a6d3',
    '#4384bd',
    '#25649f',
    '#12467c',
    '#082c56'
  ],
  diverging: [
    '#8f3b00',
    '#cf6a16',
    '#f0b37c',
    '#f1f1f1',
    '#93bde3',
    '#3a7dbd',
    '#0f4a86'
  ],
  categorical: [
    '#1946c3',
    '#ce791b',
    '#007d69',
    '#cc54aa',
    '#955900',
    '#783482',
    '#1782f3',
    '#3f3f3f'
  ]
};

export const DARK: IPalette = {
  count: '#6aa9e0',
  second: '#98a3b0',
  accent: '#64b5f6',
  unselected: '#4a525b',
  other: '#87909b',
  undefined: '#3a3d42',
  sequential: [
    '#21405f',
    '#28578a',
    '#3873b0',
    '#5592cf',
    '#82b4e5',
    '#b4d5f4',
    '#e8f4ff'
  ],
  diverging: [
    '#ffb06b',
    '#d97f2f',
    '#7d4a1e',
    '#2b2b2b',
    '#27507a',
    '#4b92d6',
    '#a8d4ff'
  ],
  categorical: [
    '#77c3ff',
    '#ff9200',
    '#10cc86',
    '#ca6ba5',
    '#f0e442',
    '#927df3',
    '#cf5824',
    '#bfe2cc'
  ]
};

/** How a package is drawn as a line; the same in every chart. */
export interface ISeriesStyle {
  readonly color: string;
  readonly dash: 'solid' | 'dash' | 'dot' | 'dashdot';
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle-up';
}

const DASHES = ['solid', 'dash', 'dot', 'dashdot'] as const;
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up'] as const;

/**
 * The tracked packages, the most used first, so that those that meet in a chart differ in colour, and the rest at least in dash and symbol.
 */
const KNOWN: readonly string[] = (
  'numpy multiprocessing scipy matplotlib pandas mpi4py h5py mkl ' +
  'astropy sklearn joblib ipykernel dask netCDF4 xarray tensorflow ' +
  'torch keras numexpr numba cython seaborn astropy.io.fits bokeh ' +
  'ase pymatgen cartopy fitsio plotly statsmodels cv2 ipyparallel ' +
  'papermill fireworks gpaw cupy jax theano nltk ROOT.std ' +
  'psycopg2 parsl ray rpy2 gensim spacy pycuda pyopencl cudf cuml cupyx deap flax mxnet'
).split(' ');
const PLACE: ReadonlyMap<string, number> = new Map(
  KNOWN.map((name, i) => [name, i])
);

/** The style of a package, by its name alone. */
export function packageStyle(
  name: string,
  colors: readonly string[]
): ISeriesStyle {
  const slot = PLACE.get(name) ?? hash(name);
  const round = Math.floor(slot / colors.length) % DASHES.length;
  return {
    color: colors[slot % colors.length],
    dash: DASHES[round],
    symbol: SYMBOLS[round]
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return h;
}

/** A palette's colours with a faint trace of the page, for what is drawn but not stressed. */
export function muted(
  colors: readonly string[],
  page: string,
  strength: number
): string[] {
  return colors.map(color => mix(page, color, strength));
}
