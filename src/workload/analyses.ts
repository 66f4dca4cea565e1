import type { Role } from './fields';
import type {
  AnalysisId,
  Bins,
  CalendarUnit,
  DefaultField,
  Distinct,
  IQuestion
} from './query';

/**
 * The analyses of the first study: what each counts, by default and by choice, and the columns of its answer.
 */
export interface IAnalysis {
  readonly id: AnalysisId;
  /** Default first. The key counted names the counted column (`countedColumn`). */
  readonly distincts: readonly Distinct[];
  /** Parts of the default population that apply. */
  readonly population: readonly DefaultField[];
  /** Group columns that lead each row; `#` stands for the counted column. */
  readonly columns: readonly string[];
  /** Roles without which there is no answer, besides the one that is counted. */
  readonly needs: readonly Role[];
  readonly options: {
    readonly by?: CalendarUnit;
    readonly bins?: Bins;
    readonly top?: boolean;
    readonly other?: boolean;
    readonly of?: boolean;
    readonly package?: boolean;
  };
}

const BOTH: readonly DefaultField[] = ['is_staff', 'is_compute'];
const ANY_UNIT: readonly Distinct[] = ['record', 'process', 'user', 'job'];

/** Packages of which at least one makes a job eligible for MKL, and the package that shows its use (domain: "Definitions"). */
export const MKL_ELIGIBLE: readonly string[] = [
  'numpy',
  'scipy',
  'numexpr',
  'sklearn'
];
export const MKL = 'mkl';

export const ANALYSES: Readonly<Record<AnalysisId, IAnalysis>> = {
  users: {
    id: 'users',
    distincts: ['user'],
    population: BOTH,
    columns: ['#'],
    needs: [],
    options: {}
  },
  'user-share': {
    id: 'user-share',
    distincts: ['user'],
    population: BOTH,
    columns: ['#', 'of', 'share'],
    needs: [],
    options: { of: true }
  },
  'partition-shares': {
    id: 'partition-shares',
    distincts: ['job', 'user', 'process', 'record'],
    population: BOTH,
    columns: ['subsystem', '#', 'share'],
    needs: ['subsystem'],
    options: { top: true, other: true }
  },
  'module-share': {
    id: 'module-share',
    // Counts users over all nodes and jobs over compute nodes, so there is nothing to choose.
    distincts: ['user'],
    population: ['is_staff'],
    columns: ['environment', 'users', 'jobs', 'user_share', 'job_share'],
    needs: ['job', 'executable'],
    options: {}
  },
  'mkl-share': {
    id: 'mkl-share',
    distincts: ['job'],
    population: BOTH,
    columns: ['eligible_jobs', 'mkl_jobs', 'share'],
    needs: ['package'],
    options: {}
  },
  'top-packages': {
    id: 'top-packages',
    distincts: ['user+package', 'job+package', ...ANY_UNIT],
    population: ['is_staff'],
    columns: ['package', '#'],
    needs: ['package'],
    options: { top: true, other: true }
  },
  'job-sizes': {
    id: 'job-sizes',
    distincts: ['job', 'user', 'process', 'record'],
    population: BOTH,
    columns: ['num_nodes', '#'],
    needs: ['nodes'],
    options: { bins: null }
  },
  'package-job-size': {
    id: 'package-job-size',
    distincts: ['job+package', 'user+package', ...ANY_UNIT],
    population: BOTH,
    columns: ['package', 'nodes_from', 'nodes_to', '#'],
    needs: ['package', 'nodes'],
    options: { bins: 'log2', top: true, other: true }
  },
  'package-correlation': {
    id: 'package-correlation',
    distincts: ['job'],
    population: BOTH,
    columns: ['package_a', 'package_b', 'r', 'jobs_a', 'jobs_b', 'jobs_both'],
    needs: ['package'],
    options: { top: true }
  },
  'package-affinity': {
    id: 'package-affinity',
    distincts: ['job'],
    population: BOTH,
    columns: ['package', 'r', 'jobs', 'jobs_both'],
    needs: ['package'],
    options: { package: true, top: true }
  },
  'package-trend': {
    id: 'package-trend',
    distincts: ['user+package', 'job+package', ...ANY_UNIT],
    population: BOTH,
    columns: ['period', 'package', '#'],
    needs: ['package', 'time'],
    options: { by: 'month', top: true, other: true }
  }
};

/**
 * The counted column of an answer (domain: "`distinct` names the key whose distinct values are counted").
 *
 * @param byPackage Whether package is among the groups; a pair then counts the other half.
 */
export function countedColumn(distinct: Distinct, byPackage: boolean): string {
  switch (distinct) {
    case 'record':
      return 'records';
    case 'process':
      return 'processes';
    case 'user':
      return 'users';
    case 'job':
      return 'jobs';
    case 'job+package':
      return byPackage ? 'jobs' : 'job_packages';
    case 'user+package':
      return byPackage ? 'users' : 'user_packages';
  }
}

/** The question that an analysis asks when nothing else is said. */
export function defaultQuestion(analysis: AnalysisId): IQuestion {
  const { distincts, options } = ANALYSES[analysis];
  return {
    analysis,
    distinct: distincts[0],
    by: options.by ?? null,
    bins: options.bins ?? null,
    top: null,
    other: false,
    of: null,
    package: null
  };
}

/** The columns of an analysis's answer, in order. */
export function answerColumns(question: IQuestion): string[] {
  const { columns, id } = ANALYSES[question.analysis];
  const byPackage = columns.includes('package');
  const names = columns.map(name =>
    name === '#' ? countedColumn(question.distinct, byPackage) : name
  );
  // Custom classes of job sizes need both bounds; single values need one.
  return id === 'job-sizes' && question.bins !== null
    ? names.flatMap(name =>
        name === 'num_nodes' ? ['nodes_from', 'nodes_to'] : [name]
      )
    : names;
}
