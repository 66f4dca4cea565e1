import type { Row } from '../workload/answer';
import { compareText } from '../workload/text';
import type { ILook } from '../workload/view';
import { clusterOrder } from './cluster';
import { numberOf } from './rows';

/** The pairs of an answer as a matrix, names ascending. */
export interface IMatrix {
  readonly names: readonly string[];
  /** Jobs with each package. */
  readonly jobs: readonly number[];
  readonly pairs: ReadonlyMap<number, Row>;
}

/** Read the rows of an answer. */
export function readPairs(rows: readonly Row[]): IMatrix {
  const jobs = new Map<string, number>();
  for (const row of rows) {
    jobs.set(String(row.package_a), numberOf(row.jobs_a) ?? 0);
    jobs.set(String(row.package_b), numberOf(row.jobs_b) ?? 0);
  }
  const names = [...jobs.keys()].sort(compareText);
  const index = new Map(names.map((name, i) => [name, i]));
  const pairs = new Map<number, Row>();
  for (const row of rows) {
    const a = index.get(String(row.package_a)) ?? 0;
    const b = index.get(String(row.package_b)) ?? 0;
    pairs.set(pairKey(a, b, names.length), row);
  }
  return { names, jobs: names.map(name => jobs.get(name) ?? 0), pairs };
}

/** Where a pair of places in `names` is found in `pairs`. */
export function pairKey(a: number, b: number, n: number): number {
  return Math.min(a, b) * n + Math.max(a, b);
}

/** Places in `names` in the order of rows and columns. */
export function orderOf(
  { names, jobs, pairs }: IMatrix,
  order: ILook['order']
): number[] {
  const indices = names.map((_, i) => i);
  switch (order) {
    case 'name':
      return indices;
    case 'value':
      return indices.sort((a, b) => jobs[b] - jobs[a] || a - b);
    case 'cluster':
      return clusterOrder(
        indices.map(a =>
          indices.map(b =>
            a === b
              ? 0
              : 1 - (numberOf(pairs.get(pairKey(a, b, names.length))?.r) ?? 0)
          )
        )
      );
  }
}
