import { DASK, HUGE, type IApplication, SERIAL, SOME } from './application';

/** Work in jobs without numpy: 500 thousandths of the jobs. */
export const GENERAL_APPLICATIONS: readonly IApplication[] = [
  {
    name: 'conda-tool',
    core: 'multiprocessing',
    jobs: 70,
    users: 420,
    repeats: [0.18, 0]
  },
  {
    name: 'task-farm',
    core: 'multiprocessing',
    jobs: 220,
    users: 620,
    nodes: SERIAL,
    repeats: [0.07, 0.0032]
  },
  {
    name: 'parallel-loop',
    core: 'joblib',
    jobs: 40,
    users: 110,
    nodes: SERIAL,
    repeats: [0.06, 0.0016]
  },
  {
    name: 'database',
    core: 'psycopg2',
    jobs: 30,
    users: 60,
    repeats: [0.09, 0.0024]
  },
  {
    name: 'fireworks',
    core: 'fireworks',
    extras: { multiprocessing: 0.3 },
    jobs: 24,
    users: 90,
    areas: 'chem mat',
    nodes: SOME,
    repeats: [0.18, 0.004]
  },
  {
    name: 'parsl',
    core: 'parsl',
    jobs: 12,
    users: 50,
    nodes: SOME,
    repeats: [0.12, 0.004]
  },
  { name: 'mpi-driver', core: 'mpi4py', jobs: 12, users: 130, nodes: HUGE },
  {
    name: 'root',
    core: 'ROOT.std',
    extras: { multiprocessing: 0.2 },
    jobs: 30,
    users: 110,
    areas: 'hep nuc',
    repeats: [0.06, 0.004]
  },
  { name: 'ray', core: 'ray', jobs: 10, users: 40, nodes: SOME, trend: 0.4 },
  {
    name: 'statistics',
    core: 'rpy2',
    jobs: 10,
    users: 30,
    areas: 'bio geo',
    repeats: [0.06, 0.004]
  },
  { name: 'language', core: 'nltk', jobs: 8, users: 30, areas: 'cs bio' },
  { name: 'report', core: 'plotly', jobs: 6, users: 40 },
  {
    name: 'notebook-run',
    core: 'papermill ipykernel',
    jobs: 8,
    users: 35,
    trend: 0.3
  },
  { name: 'kernel', core: 'ipykernel', jobs: 5, users: 60 },
  {
    name: 'ipyparallel',
    core: 'ipyparallel',
    jobs: 6,
    users: 40,
    nodes: SOME,
    trend: -0.3
  },
  { name: 'evolution', core: 'deap multiprocessing', jobs: 6, users: 15 },
  {
    name: 'dask-bag',
    core: 'dask',
    jobs: 3,
    users: 40,
    nodes: DASK,
    trend: 0.3
  }
];
