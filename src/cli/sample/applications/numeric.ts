import {
  DASK,
  HUGE,
  type IApplication,
  SERIAL,
  SOME,
  WIDE
} from './application';

const PLOTS = { matplotlib: 0.25, seaborn: 0.08 };
const TOOLS = {
  multiprocessing: 0.3,
  h5py: 0.14,
  numba: 0.06,
  numexpr: 0.06,
  plotly: 0.03
};

/** Work in jobs with numpy: 500 thousandths of the jobs, 330 of them with scipy. */
export const NUMERIC_APPLICATIONS: readonly IApplication[] = [
  // With numpy, without scipy: 170 thousandths.
  {
    name: 'numpy-script',
    core: 'numpy',
    extras: { ...TOOLS, matplotlib: 0.2, cv2: 0.02 },
    jobs: 32.5,
    users: 620,
    nodes: SERIAL,
    repeats: [0.07, 0.0048]
  },
  {
    name: 'tables',
    core: 'pandas',
    extras: {
      matplotlib: 0.3,
      multiprocessing: 0.25,
      psycopg2: 0.06,
      plotly: 0.08
    },
    jobs: 26,
    users: 330,
    repeats: [0.06, 0.0024]
  },
  {
    name: 'hdf5',
    core: 'h5py',
    extras: { matplotlib: 0.4, multiprocessing: 0.3 },
    jobs: 10,
    users: 130,
    repeats: [0.09, 0.004]
  },
  {
    name: 'mpi-numpy',
    core: 'mpi4py numpy',
    extras: { h5py: 0.4, matplotlib: 0.15 },
    jobs: 14,
    users: 260,
    nodes: HUGE
  },
  {
    name: 'climate',
    core: 'xarray netCDF4 dask',
    extras: { matplotlib: 0.5, multiprocessing: 0.4, numba: 0.1 },
    jobs: 25,
    users: 120,
    areas: 'clim geo',
    nodes: DASK,
    repeats: [0.09, 0.0024],
    trend: 0.2
  },
  {
    name: 'climate-files',
    core: 'xarray netCDF4',
    extras: { matplotlib: 0.4 },
    jobs: 2,
    users: 25,
    areas: 'clim geo'
  },
  {
    name: 'climate-arrays',
    core: 'xarray dask',
    jobs: 2,
    users: 25,
    areas: 'clim',
    nodes: DASK
  },
  {
    name: 'labelled',
    core: 'xarray',
    jobs: 4,
    users: 25,
    areas: 'clim geo fus'
  },
  {
    name: 'netcdf',
    core: 'netCDF4',
    extras: { matplotlib: 0.4 },
    jobs: 10,
    users: 80,
    areas: 'clim geo',
    repeats: [0.12, 0.0048]
  },
  {
    name: 'dask-frames',
    core: 'dask pandas',
    extras: { multiprocessing: 0.5, bokeh: 0.3 },
    jobs: 8,
    users: 70,
    nodes: DASK,
    trend: 0.3
  },
  {
    name: 'fits-reader',
    core: 'astropy.io.fits',
    extras: { matplotlib: 0.5 },
    jobs: 8,
    users: 100,
    areas: 'astro',
    repeats: [0.09, 0.0048]
  },
  {
    name: 'fitsio',
    core: 'fitsio',
    extras: { multiprocessing: 0.4 },
    jobs: 6,
    users: 40,
    areas: 'astro'
  },
  {
    name: 'tensorflow',
    core: 'tensorflow',
    jobs: 9,
    users: 70,
    gpu: 1,
    nodes: SERIAL
  },
  {
    name: 'vision',
    core: 'cv2',
    extras: { multiprocessing: 0.4 },
    jobs: 4,
    users: 40
  },
  {
    name: 'cupy',
    core: 'cupy',
    extras: { cupyx: 0.5 },
    jobs: 3,
    users: 30,
    gpu: 1.5,
    trend: 0.5
  },
  { name: 'pycuda', core: 'pycuda', jobs: 1, users: 10, gpu: 1.5, trend: -0.4 },
  { name: 'opencl', core: 'pyopencl', jobs: 0.5, users: 10, gpu: 1 },
  { name: 'rapids', core: 'cudf', jobs: 1.5, users: 15, gpu: 1.6, trend: 0.6 },
  { name: 'mxnet', core: 'mxnet', jobs: 0.5, users: 10, gpu: 0.8, trend: -0.4 },
  { name: 'bokeh', core: 'bokeh', jobs: 2, users: 25 },
  { name: 'spacy', core: 'spacy', jobs: 1, users: 12, areas: 'cs bio' },
  // With numpy and scipy: 330 thousandths.
  {
    name: 'analysis',
    core: 'scipy',
    extras: { ...PLOTS, ...TOOLS, pandas: 0.18, joblib: 0.06 },
    jobs: 119,
    users: 640,
    nodes: SERIAL,
    repeats: [0.09, 0.004]
  },
  {
    name: 'figures',
    core: 'scipy matplotlib pandas',
    extras: {
      seaborn: 0.25,
      statsmodels: 0.12,
      multiprocessing: 0.4,
      plotly: 0.08,
      bokeh: 0.06
    },
    jobs: 22,
    users: 280,
    repeats: [0.06, 0.0024]
  },
  {
    name: 'learning',
    core: 'sklearn',
    extras: { ...PLOTS, pandas: 0.45, plotly: 0.04 },
    jobs: 40,
    users: 480,
    nodes: SERIAL,
    repeats: [0.07, 0.0024],
    trend: 0.1
  },
  {
    name: 'survey',
    core: 'mpi4py astropy.io.fits scipy',
    extras: {
      fitsio: 0.6,
      matplotlib: 0.15,
      numba: 0.08,
      h5py: 0.1,
      multiprocessing: 0.3
    },
    jobs: 72,
    users: 170,
    areas: 'astro',
    nodes: WIDE,
    repeats: [0.06, 0.0012]
  },
  {
    name: 'astronomy',
    core: 'astropy.io.fits scipy matplotlib',
    extras: { pandas: 0.3, multiprocessing: 0.4, h5py: 0.2 },
    jobs: 6,
    users: 110,
    areas: 'astro',
    repeats: [0.06, 0.0024]
  },
  {
    name: 'mpi-science',
    core: 'mpi4py scipy',
    extras: { h5py: 0.5, matplotlib: 0.3 },
    jobs: 6,
    users: 130,
    nodes: HUGE
  },
  {
    name: 'structures',
    core: 'pymatgen matplotlib',
    extras: { fireworks: 0.3, ase: 0.1, multiprocessing: 0.5 },
    jobs: 18,
    users: 110,
    areas: 'mat chem',
    nodes: SERIAL,
    repeats: [0.12, 0.0032]
  },
  {
    name: 'atoms',
    core: 'ase scipy',
    extras: { matplotlib: 0.3 },
    jobs: 8,
    users: 60,
    areas: 'mat chem',
    nodes: SOME
  },
  { name: 'gpaw', core: 'gpaw', jobs: 3, users: 25, areas: 'mat', nodes: SOME },
  {
    name: 'keras',
    core: 'keras tensorflow scipy h5py',
    extras: { matplotlib: 0.5, pandas: 0.4, sklearn: 0.4 },
    jobs: 12,
    users: 100,
    gpu: 1,
    trend: -0.1
  },
  {
    name: 'torch',
    core: 'torch scipy',
    extras: { ...PLOTS, pandas: 0.3, sklearn: 0.3, cv2: 0.08 },
    jobs: 15,
    users: 260,
    nodes: SERIAL,
    gpu: 1,
    trend: 0.4
  },
  {
    name: 'jax',
    core: 'jax',
    extras: { flax: 0.45 },
    jobs: 2,
    users: 25,
    gpu: 1.3,
    trend: 0.6
  },
  { name: 'theano', core: 'theano', jobs: 1, users: 12, trend: -0.6 },
  { name: 'topics', core: 'gensim', jobs: 1, users: 12, areas: 'cs bio' },
  {
    name: 'rapids-learning',
    core: 'cuml',
    jobs: 0.5,
    users: 10,
    gpu: 1.6,
    trend: 0.6
  },
  {
    name: 'models',
    core: 'statsmodels',
    extras: { ...PLOTS },
    jobs: 2.5,
    users: 30
  },
  { name: 'maps', core: 'cartopy scipy', jobs: 2, users: 35, areas: 'clim geo' }
];
