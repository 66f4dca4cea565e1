import type { IApplication } from '../../../src/cli/sample/applications/application';
import { GENERAL_APPLICATIONS } from '../../../src/cli/sample/applications/general';
import { NUMERIC_APPLICATIONS } from '../../../src/cli/sample/applications/numeric';
import {
  JUPYTER_APPLICATIONS,
  LOGIN_APPLICATIONS
} from '../../../src/cli/sample/applications/sessions';
import {
  PACKAGE_NAMES,
  versionOf,
  withImports
} from '../../../src/cli/sample/packages';
import { Population } from '../../../src/cli/sample/population';
import { Random } from '../../../src/cli/sample/random';

const JOBS = [...GENERAL_APPLICATIONS, ...NUMERIC_APPLICATIONS];
const ALL = [...JOBS, ...LOGIN_APPLICATIONS, ...JUPYTER_APPLICATIONS];

/** Packages whose correlations over jobs follow from the applications' cores. */
const CORRELATED = [
  'numpy',
  'scipy',
  'mpi4py',
  'astropy',
  'xarray',
  'netCDF4',
  'dask',
  'keras',
  'tensorflow'
];

function names(codes: readonly number[]): string[] {
  return codes.map(code => PACKAGE_NAMES[code]);
}

function core(application: IApplication): string[] {
  return names(withImports(application.core.split(' ')));
}

describe('packages', () => {
  it('are the tracked list, by code point', () => {
    expect(PACKAGE_NAMES).toHaveLength(53);
    expect(PACKAGE_NAMES).toEqual([...PACKAGE_NAMES].sort());
  });

  it('bring what they import', () => {
    expect(names(withImports(['seaborn']))).toEqual([
      'matplotlib',
      'numpy',
      'pandas',
      'scipy',
      'seaborn'
    ]);
    expect(() => withImports(['nampy'])).toThrow(
      '"nampy" is not a tracked package.'
    );
  });

  it('have newer versions in newer environments, or none', () => {
    const numpy = PACKAGE_NAMES.indexOf('numpy');
    expect([0, 0.5, 0.99].map(vintage => versionOf(numpy, vintage))).toEqual([
      '1.13.3',
      '1.18.5',
      '1.20.1'
    ]);
    expect(versionOf(PACKAGE_NAMES.indexOf('multiprocessing'), 0.5)).toBeNull();
  });
});

describe('applications', () => {
  it('have every tracked package among them, but for MKL, which comes with environments', () => {
    const found = new Set(
      ALL.flatMap(application => [
        ...core(application),
        ...names(withImports(Object.keys(application.extras ?? {})))
      ])
    );
    expect(PACKAGE_NAMES.filter(name => !found.has(name))).toEqual(['mkl']);
  });

  it.each(JOBS.map(application => [application.name, application] as const))(
    '%s brings no correlated package by an extra',
    (_, application) => {
      const inCore = core(application);
      const added = names(withImports(Object.keys(application.extras ?? {})));
      expect(
        added.filter(
          name => CORRELATED.includes(name) && !inCore.includes(name)
        )
      ).toEqual([]);
    }
  );

  it('have the shares that the correlations were made for', () => {
    const share = (...wanted: string[]): number =>
      JOBS.filter(application =>
        wanted.every(name => core(application).includes(name))
      ).reduce((sum, { jobs }) => sum + jobs, 0) / 1000;
    const r = (a: string, b: string): number => {
      const [p, q] = [share(a), share(b)];
      return (share(a, b) - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
    };
    expect(share()).toBeCloseTo(1, 9);
    expect(share('numpy')).toBeCloseTo(0.5, 9);
    expect(share('scipy')).toBeCloseTo(0.33, 9);
    for (const [a, b] of [
      ['numpy', 'scipy'],
      ['mpi4py', 'astropy'],
      ['xarray', 'netCDF4'],
      ['xarray', 'dask'],
      ['netCDF4', 'dask'],
      ['keras', 'tensorflow']
    ]) {
      expect(r(a, b)).toBeGreaterThan(0.63);
      expect(r(a, b)).toBeLessThan(0.78);
    }
  });

  it('keep dask to 500 nodes', () => {
    const wide = JOBS.filter(
      application =>
        core(application).includes('dask') &&
        (application.nodes?.[2] ?? 1) > 500
    );
    expect(wide).toEqual([]);
  });
});

describe.each(['1', '2', 'another'])('Population of seed %s', seed => {
  const population = new Population(new Random(seed), 1_000_000, 'long');
  const { users, workflows, mix, guaranteed } = population;
  const counted = workflows.filter(({ user }) => !user.staff);

  /** Share of the jobs of users, weighted by a probability. */
  const jobShare = (
    probability: (index: number) => number,
    among: (index: number) => boolean = () => true
  ): number => {
    let sum = 0;
    let total = 0;
    workflows.forEach(({ context, user }, index) => {
      if (context === 'compute' && !user.staff && among(index)) {
        sum += mix.means[index] * probability(index);
        total += mix.means[index];
      }
    });
    return sum / total;
  };

  it('has the published numbers of users', () => {
    const having = (name: string): number =>
      new Set(
        counted
          .filter(({ packages }) => names(packages).includes(name))
          .map(({ userIndex }) => userIndex)
      ).size;
    expect(users).toHaveLength(8000);
    expect(new Set(users.map(({ name }) => name)).size).toBe(8000);
    expect(new Set(counted.map(({ userIndex }) => userIndex)).size).toBe(2612);
    const inJobs = counted.filter(({ context }) => context === 'compute');
    expect(new Set(inJobs.map(({ userIndex }) => userIndex)).size).toBe(2448);
    expect([
      having('numpy'),
      having('multiprocessing'),
      having('scipy')
    ]).toEqual([1790, 1655, 1402]);
  });

  it('has users of every tracked package', () => {
    const found = new Set(counted.flatMap(({ packages }) => names(packages)));
    expect(PACKAGE_NAMES.filter(name => !found.has(name))).toEqual(['mkl']);
    expect(counted.some(({ mkl }) => mkl)).toBe(true);
  });

  it('runs every workflow of users, and the center module for 63 % of them', () => {
    const run = new Set(guaranteed.map(({ index }) => index));
    expect(
      counted.filter(workflow => !run.has(workflows.indexOf(workflow)))
    ).toEqual([]);
    const center = new Set(
      guaranteed
        .filter(item => item.center)
        .map(({ index }) => workflows[index].user)
    );
    expect(center.size).toBe(Math.round(0.63 * 2612));
    const others = counted.filter(({ user }) => !center.has(user));
    expect(others.filter(({ center: probability }) => probability > 0)).toEqual(
      []
    );
    expect(guaranteed.filter(({ full }) => full)).toHaveLength(3);
    expect(guaranteed).toEqual(
      [...guaranteed].sort((a, b) => a.share - b.share)
    );
  });

  it('is calibrated to the published shares of jobs', () => {
    expect(jobShare(index => workflows[index].knl)).toBeCloseTo(0.14, 2);
    expect(jobShare(index => workflows[index].gpu)).toBeCloseTo(0.02, 2.5);
    // Forced runs with the center's module are counted too, so the others have a little less.
    const center = jobShare(index => workflows[index].center);
    expect(center).toBeGreaterThan(0.046);
    expect(center).toBeLessThan(0.0505);
  });

  it('has no user with a tenth of the jobs', () => {
    const byUser = new Map<number, number>();
    let total = 0;
    workflows.forEach(({ context, user, userIndex }, index) => {
      if (context === 'compute' && !user.staff) {
        byUser.set(userIndex, (byUser.get(userIndex) ?? 0) + mix.means[index]);
        total += mix.means[index];
      }
    });
    const shares = [...byUser.values()]
      .map(value => value / total)
      .sort((a, b) => b - a);
    expect(shares[0]).toBeLessThan(0.1);
    // Zipf-like: a tenth of the users has most of the jobs.
    const top = shares.slice(0, 245).reduce((sum, share) => sum + share, 0);
    expect(top).toBeGreaterThan(0.5);
  });
});
