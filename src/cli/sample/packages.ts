/**
 * The tracked packages of the study, what they import, and versions of that time, oldest first.
 * A package without versions tells none (so `version` is missing in its records).
 */
interface IPackage {
  readonly name: string;
  readonly versions?: readonly string[];
  /** Tracked packages that importing this one imports, directly. */
  readonly imports?: readonly string[];
}

const PACKAGES: readonly IPackage[] = [
  { name: 'ROOT.std' },
  { name: 'ase', versions: ['3.19.1', '3.20.1', '3.21.1'], imports: ['numpy'] },
  {
    name: 'astropy',
    versions: ['3.2.3', '4.0.2', '4.2', '4.2.1'],
    imports: ['numpy']
  },
  { name: 'astropy.io.fits', imports: ['astropy'] },
  { name: 'bokeh', versions: ['1.4.0', '2.2.3', '2.3.0'], imports: ['numpy'] },
  {
    name: 'cartopy',
    versions: ['0.17.0', '0.18.0'],
    imports: ['numpy', 'matplotlib']
  },
  {
    name: 'cudf',
    versions: ['0.16.0', '0.17.0', '0.19.0'],
    imports: ['cupy', 'numba', 'pandas']
  },
  {
    name: 'cuml',
    versions: ['0.16.0', '0.17.0', '0.19.0'],
    imports: ['cudf', 'sklearn']
  },
  { name: 'cupy', versions: ['7.8.0', '8.2.0', '8.6.0'], imports: ['numpy'] },
  { name: 'cupyx', imports: ['cupy'] },
  { name: 'cv2', versions: ['3.4.2', '4.4.0', '4.5.1'], imports: ['numpy'] },
  { name: 'dask', versions: ['2.14.0', '2.30.0', '2021.3.0'] },
  { name: 'deap', versions: ['1.3.1'] },
  { name: 'fireworks', versions: ['1.9.5', '1.9.6'] },
  { name: 'fitsio', versions: ['1.0.5', '1.1.3', '1.1.4'], imports: ['numpy'] },
  { name: 'flax', versions: ['0.2.2', '0.3.3'], imports: ['jax'] },
  { name: 'gensim', versions: ['3.8.3', '4.0.1'], imports: ['scipy'] },
  {
    name: 'gpaw',
    versions: ['20.1.0', '20.10.0', '21.1.0'],
    imports: ['ase', 'scipy']
  },
  {
    name: 'h5py',
    versions: ['2.9.0', '2.10.0', '3.1.0', '3.2.1'],
    imports: ['numpy']
  },
  { name: 'ipykernel', versions: ['5.1.4', '5.3.4', '5.5.0'] },
  { name: 'ipyparallel', versions: ['6.2.5', '6.3.0'] },
  { name: 'jax', versions: ['0.2.7', '0.2.12'], imports: ['scipy'] },
  {
    name: 'joblib',
    versions: ['0.14.1', '0.17.0', '1.0.1'],
    imports: ['multiprocessing']
  },
  { name: 'keras', versions: ['2.2.4', '2.3.1', '2.4.3'], imports: ['numpy'] },
  {
    name: 'matplotlib',
    versions: ['2.2.5', '3.1.3', '3.3.2', '3.3.4'],
    imports: ['numpy']
  },
  { name: 'mkl', versions: ['2.0.2', '2.3.0'] },
  { name: 'mpi4py', versions: ['2.0.0', '3.0.0', '3.0.3'] },
  { name: 'multiprocessing' },
  { name: 'mxnet', versions: ['1.6.0', '1.8.0'], imports: ['numpy'] },
  {
    name: 'netCDF4',
    versions: ['1.4.2', '1.5.4', '1.5.6'],
    imports: ['numpy']
  },
  { name: 'nltk', versions: ['3.4.5', '3.5'] },
  {
    name: 'numba',
    versions: ['0.48.0', '0.51.2', '0.53.1'],
    imports: ['numpy']
  },
  {
    name: 'numexpr',
    versions: ['2.7.0', '2.7.1', '2.7.3'],
    imports: ['numpy']
  },
  {
    name: 'numpy',
    versions: ['1.13.3', '1.16.6', '1.18.5', '1.19.2', '1.20.1']
  },
  {
    name: 'pandas',
    versions: ['0.24.2', '1.0.5', '1.1.3', '1.2.3'],
    imports: ['numpy']
  },
  { name: 'papermill', versions: ['2.1.3', '2.3.3'] },
  {
    name: 'parsl',
    versions: ['0.9.0', '1.0.0', '1.1.0a1'],
    imports: ['multiprocessing']
  },
  { name: 'plotly', versions: ['4.12.0', '4.14.3'] },
  { name: 'psycopg2', versions: ['2.8.5', '2.8.6'] },
  { name: 'pycuda', versions: ['2019.1.2', '2020.1'], imports: ['numpy'] },
  {
    name: 'pymatgen',
    versions: ['2020.4.29', '2020.12.31', '2022.0.5'],
    imports: ['scipy', 'pandas']
  },
  { name: 'pyopencl', versions: ['2020.3.1', '2021.1.1'], imports: ['numpy'] },
  {
    name: 'ray',
    versions: ['0.8.7', '1.1.0', '1.2.0'],
    imports: ['multiprocessing']
  },
  { name: 'rpy2', versions: ['2.9.4', '3.3.6', '3.4.2'] },
  {
    name: 'scipy',
    versions: ['1.1.0', '1.4.1', '1.5.2', '1.6.2'],
    imports: ['numpy']
  },
  {
    name: 'seaborn',
    versions: ['0.9.1', '0.11.0', '0.11.1'],
    imports: ['scipy', 'pandas', 'matplotlib']
  },
  {
    name: 'sklearn',
    versions: ['0.20.4', '0.22.2', '0.23.2', '0.24.1'],
    imports: ['scipy', 'joblib']
  },
  { name: 'spacy', versions: ['2.3.5', '3.0.3'], imports: ['numpy'] },
  {
    name: 'statsmodels',
    versions: ['0.10.2', '0.12.0', '0.12.2'],
    imports: ['scipy', 'pandas']
  },
  {
    name: 'tensorflow',
    versions: ['1.15.0', '2.2.0', '2.4.1'],
    imports: ['numpy']
  },
  { name: 'theano', versions: ['1.0.4', '1.0.5'], imports: ['scipy'] },
  {
    name: 'torch',
    versions: ['1.4.0', '1.7.1', '1.8.0'],
    imports: ['numpy', 'multiprocessing']
  },
  {
    name: 'xarray',
    versions: ['0.15.1', '0.16.2', '0.17.0'],
    imports: ['pandas']
  }
];

/** Names of the tracked packages (domain: "Tracked list"), by code point. */
export const PACKAGE_NAMES: readonly string[] = PACKAGES.map(
  ({ name }) => name
);

const CODES: ReadonlyMap<string, number> = new Map(
  PACKAGE_NAMES.map((name, code) => [name, code])
);

/**
 * The code of a tracked package, its index in `PACKAGE_NAMES`.
 *
 * @throws When it is not tracked.
 */
export function packageCode(name: string): number {
  const code = CODES.get(name);
  if (code === undefined) {
    throw new Error(`"${name}" is not a tracked package.`);
  }
  return code;
}

/** Packages and all that they import, as sorted codes: what `sys.modules` would hold. */
export function withImports(names: Iterable<string>): number[] {
  const found = new Set<number>();
  const add = (name: string): void => {
    const code = packageCode(name);
    if (!found.has(code)) {
      found.add(code);
      PACKAGES[code].imports?.forEach(add);
    }
  };
  for (const name of names) {
    add(name);
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * The version of a package in an environment, null when it tells none.
 *
 * @param vintage How new the environment is, from 0 (oldest versions) to 1, exclusive.
 */
export function versionOf(code: number, vintage: number): string | null {
  const { versions } = PACKAGES[code];
  return versions ? versions[Math.floor(vintage * versions.length)] : null;
}
