import { defaultQuestion } from '../src/workload/analyses';
import { defaultSelection } from '../src/workload/query';
import type { AnalysisId, Filter, IQuery } from '../src/workload/query';

/** The five questions of the first study that are measured, in the order of the table. */
export const STUDY: readonly AnalysisId[] = [
  'top-packages',
  'job-sizes',
  'package-job-size',
  'package-correlation',
  'package-trend'
];

/** Changes of the filter, one a round; `engines.py` has the same. */
export const FILTERS: readonly (readonly Filter[])[] = [
  [],
  [{ field: 'subsystem', op: 'any', values: ['haswell'] }],
  [{ field: 'nodes', op: 'range', from: '2' }],
  [{ field: 'subsystem', op: 'any', values: ['gpu'], not: true }],
  [{ field: 'qos', op: 'any', values: ['regular'] }],
  [{ field: 'nodes', op: 'range', to: '64' }],
  [{ field: 'qos', op: 'any', values: ['regular'], not: true }]
];

/** A filter on a column that the questions have read already. */
export const FIRST_CHANGE: readonly Filter[] = [
  { field: 'nodes', op: 'range', from: '4' }
];

/** A filter on a column that this very question has read. */
export function filterOnRead(analysis: AnalysisId): Filter {
  return analysis === 'job-sizes' || analysis === 'package-job-size'
    ? FIRST_CHANGE[0]
    : { field: 'package', op: 'any', values: ['python'], not: true };
}

/** A study question with a filter. */
export function studyQuery(
  analysis: AnalysisId,
  path: string,
  filters: readonly Filter[]
): IQuery {
  return {
    ...defaultSelection({ paths: [path] }),
    ...defaultQuestion(analysis),
    filters
  };
}
