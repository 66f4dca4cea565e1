/**
 * Kinds of work that users do with Python: what each imports, how many jobs and users it has, how
 * wide and how repetitive its jobs are.
 *
 * #### Notes
 * The published values that hang on packages alone follow from this table. Every kind has an exact
 * share of the jobs and a fixed core of packages, so r between two packages that appear in cores
 * only (numpy–scipy, mpi4py–astropy, xarray–netCDF4–dask, keras–tensorflow) is set by the `jobs`
 * column and does not depend on who happens to be a heavy user. Extras never bring one of those.
 */
export interface IApplication {
  readonly name: string;
  /** Always imported, with all that these import. */
  readonly core: string;
  /** Imported by some users of it: names with the probability. */
  readonly extras?: Readonly<Record<string, number>>;
  /** Share of the jobs of the default population, in thousandths; of sessions, likewise. */
  readonly jobs: number;
  /** How common it is among users, compared with the others. */
  readonly users: number;
  /** Codes of the science areas it belongs to; any, when left out. */
  readonly areas?: string;
  /** Probability of more than one node, tail of the size's Pareto law, most nodes. */
  readonly nodes?: readonly [parallel: number, tail: number, most: number];
  /** Share of jobs with a few invocations, share with a long chain of them. */
  readonly repeats?: readonly [few: number, chain: number];
  /** How likely its jobs run on GPUs, compared with the others. */
  readonly gpu?: number;
  /** Change of its share over the period: 0.2 is from 0.9 to 1.1 times the mean. */
  readonly trend?: number;
}

// Laws of job sizes.
export const SERIAL = [0.08, 1.6, 16] as const;
export const SOME = [0.25, 1.2, 256] as const;
export const WIDE = [0.55, 0.75, 2048] as const;
export const HUGE = [0.7, 0.6, 9600] as const;
/** Dask was seen on 500 nodes at most. */
export const DASK = [0.35, 0.9, 500] as const;
