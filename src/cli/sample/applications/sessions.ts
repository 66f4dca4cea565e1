import type { IApplication } from './application';

/** Work on login nodes. */
export const LOGIN_APPLICATIONS: readonly IApplication[] = [
  {
    name: 'conda-tool',
    core: 'multiprocessing',
    jobs: 330,
    users: 700,
    repeats: [0.18, 0]
  },
  {
    name: 'script',
    core: 'multiprocessing',
    jobs: 120,
    users: 260,
    repeats: [0.12, 0.0012]
  },
  {
    name: 'check',
    core: 'numpy',
    extras: { h5py: 0.15 },
    jobs: 160,
    users: 420,
    repeats: [0.12, 0]
  },
  {
    name: 'plot',
    core: 'matplotlib',
    extras: { h5py: 0.1 },
    jobs: 120,
    users: 200
  },
  {
    name: 'fit',
    core: 'scipy',
    extras: { matplotlib: 0.7 },
    jobs: 80,
    users: 200
  },
  {
    name: 'table',
    core: 'pandas',
    extras: { matplotlib: 0.5 },
    jobs: 80,
    users: 220
  },
  {
    name: 'submit',
    core: 'fireworks',
    jobs: 40,
    users: 25,
    areas: 'mat chem',
    repeats: [0.24, 0.004]
  },
  {
    name: 'header',
    core: 'astropy.io.fits',
    jobs: 40,
    users: 60,
    areas: 'astro'
  },
  { name: 'events', core: 'ROOT.std', jobs: 30, users: 25, areas: 'hep nuc' },
  { name: 'query', core: 'psycopg2', jobs: 20, users: 15 }
];

/** Work in JupyterLab, outside jobs. */
export const JUPYTER_APPLICATIONS: readonly IApplication[] = [
  {
    name: 'notebook',
    core: 'ipykernel matplotlib',
    extras: { pandas: 0.4, h5py: 0.2, multiprocessing: 0.3 },
    jobs: 350,
    users: 220
  },
  {
    name: 'science',
    core: 'ipykernel scipy matplotlib pandas',
    extras: {
      seaborn: 0.25,
      sklearn: 0.25,
      plotly: 0.12,
      bokeh: 0.08,
      multiprocessing: 0.5
    },
    jobs: 400,
    users: 260
  },
  {
    name: 'climate',
    core: 'ipykernel xarray netCDF4 dask matplotlib',
    extras: { cartopy: 0.5, bokeh: 0.2 },
    jobs: 90,
    users: 45,
    areas: 'clim geo'
  },
  {
    name: 'sky',
    core: 'ipykernel astropy.io.fits scipy matplotlib',
    extras: { fitsio: 0.3 },
    jobs: 90,
    users: 55,
    areas: 'astro'
  },
  {
    name: 'network',
    core: 'ipykernel keras tensorflow matplotlib',
    extras: { pandas: 0.3 },
    jobs: 35,
    users: 35
  },
  {
    name: 'torch',
    core: 'ipykernel torch matplotlib',
    jobs: 35,
    users: 35,
    trend: 0.3
  },
  { name: 'shell', core: 'ipykernel', jobs: 20, users: 20 }
];
