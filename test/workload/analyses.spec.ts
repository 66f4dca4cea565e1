import {
  ANALYSES,
  answerColumns,
  countedColumn,
  defaultQuestion
} from '../../src/workload/analyses';
import { isRole } from '../../src/workload/fields';
import { ANALYSIS_IDS, DISTINCTS } from '../../src/workload/query';
import type { AnalysisId, Distinct } from '../../src/workload/query';

describe('the analyses', () => {
  it('are all there, under their own ids', () => {
    expect(Object.keys(ANALYSES)).toEqual([...ANALYSIS_IDS]);
    for (const id of ANALYSIS_IDS) {
      expect(ANALYSES[id].id).toBe(id);
      expect(ANALYSES[id].needs.every(isRole)).toBe(true);
      expect(new Set(ANALYSES[id].distincts).size).toBe(
        ANALYSES[id].distincts.length
      );
    }
  });

  // The columns that the command line promises.
  it.each<[AnalysisId, string[]]>([
    ['users', ['users']],
    ['user-share', ['users', 'of', 'share']],
    ['partition-shares', ['subsystem', 'jobs', 'share']],
    [
      'module-share',
      ['environment', 'users', 'jobs', 'user_share', 'job_share']
    ],
    ['mkl-share', ['eligible_jobs', 'mkl_jobs', 'share']],
    ['top-packages', ['package', 'users']],
    ['job-sizes', ['num_nodes', 'jobs']],
    ['package-job-size', ['package', 'nodes_from', 'nodes_to', 'jobs']],
    [
      'package-correlation',
      ['package_a', 'package_b', 'r', 'jobs_a', 'jobs_b', 'jobs_both']
    ],
    ['package-affinity', ['package', 'r', 'jobs', 'jobs_both']],
    ['package-trend', ['period', 'package', 'users']]
  ])('%s answers in the columns %j', (id, columns) => {
    expect(answerColumns(defaultQuestion(id))).toEqual(columns);
  });

  it('has two bounds for classes of job sizes', () => {
    const question = defaultQuestion('job-sizes');
    expect(answerColumns({ ...question, bins: 'log2' })).toEqual([
      'nodes_from',
      'nodes_to',
      'jobs'
    ]);
    expect(answerColumns({ ...question, bins: [1, 2] })).toEqual([
      'nodes_from',
      'nodes_to',
      'jobs'
    ]);
    expect(answerColumns({ ...question, distinct: 'record' })).toEqual([
      'num_nodes',
      'records'
    ]);
  });

  it('has defaults that it allows', () => {
    expect(defaultQuestion('package-trend')).toEqual({
      analysis: 'package-trend',
      distinct: 'user+package',
      by: 'month',
      bins: null,
      top: null,
      other: false,
      of: null,
      package: null
    });
    expect(defaultQuestion('package-job-size').bins).toBe('log2');
    expect(defaultQuestion('job-sizes').bins).toBeNull();
  });
});

describe('countedColumn', () => {
  it.each<[Distinct, string, string]>([
    ['record', 'records', 'records'],
    ['process', 'processes', 'processes'],
    ['user', 'users', 'users'],
    ['job', 'jobs', 'jobs'],
    ['job+package', 'jobs', 'job_packages'],
    ['user+package', 'users', 'user_packages']
  ])('of %s is %s by package, else %s', (distinct, byPackage, alone) => {
    expect(countedColumn(distinct, true)).toBe(byPackage);
    expect(countedColumn(distinct, false)).toBe(alone);
  });

  it('names each distinct otherwise', () => {
    expect(
      new Set(DISTINCTS.map(distinct => countedColumn(distinct, false))).size
    ).toBe(DISTINCTS.length);
  });
});
