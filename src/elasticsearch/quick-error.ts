import type { IEstimate } from '../workload/answer';
import type { IQuery } from '../workload/query';
import { unitOf } from '../engine/keys';
import { bucketIn, bucketsIn, bucketsOf } from './answers';
import type { IBucket, ISearchAnswer } from './protocol';
import { restName } from './quick-levels';
import type { ILevel } from './quick-levels';
import { countOf, LEAF } from './quick-rows';
import { lacksUnits, PRECISION, unitsIn } from './unit-sketch';

/**
 * A sketch of that precision has 2¹⁴ registers and so a standard error of 1.04 / √2¹⁴ = 0.8 % (Heule, Nunkesser, Hall: HyperLogLog in
 * practice, 2013); twice that holds 95 of 100 values.
 */
const ERROR = 0.0163;

/** What a sketch is worth. */
export const SKETCHED: IEstimate = {
  method: 'cardinality',
  error: ERROR,
  of: 'value'
};

/**
 * How far a quick look may be off: by its sketches, by names that a shard did not send (`terms` says how many documents at most), and
 * by jobs whose documents disagree on their nodes, which it counts with each of them.
 */
export function quickError(
  query: IQuery,
  levels: readonly ILevel[],
  answer: ISearchAnswer
): IEstimate {
  const unit = unitOf(query.distinct);
  const sketch = unit === 'record' ? 0 : ERROR;
  const lost = lostNames(query, levels, answer);
  if (lost === null || lacksUnits(answer.aggregations, LEAF)) {
    return { ...SKETCHED, error: null };
  }
  const nodes = levels.find(({ name }) => name === 'nodes');
  if (nodes) {
    const error = unit === 'job' ? disagreement(nodes, answer) : null;
    return {
      ...SKETCHED,
      of: 'all',
      error: error === null ? null : error + lost
    };
  }
  // A share has two sketches.
  const isShare = query.analysis === 'partition-shares';
  return { ...SKETCHED, error: (isShare ? Math.SQRT2 : 1) * sketch + lost };
}

/**
 * What the documents amount to that shards did not tell of, as a share of the smallest shown count; null when a name may be missing.
 */
function lostNames(
  query: IQuery,
  levels: readonly ILevel[],
  answer: ISearchAnswer
): number | null {
  const [outer, inner] = levels;
  if (!outer) {
    return 0;
  }
  const buckets = bucketsOf(answer, outer.name);
  const shown = outer.rank === null ? query.top : null;
  const own = lostIn(answer.aggregations?.[outer.name], buckets, shown);
  return inner
    ? buckets.reduce<number | null>((most, bucket) => {
        const found = bucketIn(bucket, inner.name);
        const lost = lostIn(found, bucketsIn(bucket, inner.name), null);
        return most === null || lost === null ? null : Math.max(most, lost);
      }, own)
    : own;
}

/** @param shown Groups that are shown of the highest; null for all. */
function lostIn(
  aggregation: Readonly<Record<string, unknown>> | undefined,
  buckets: readonly IBucket[],
  shown: number | null
): number | null {
  const other = Number(aggregation?.sum_other_doc_count ?? 0);
  const bound = Number(aggregation?.doc_count_error_upper_bound ?? 0);
  if (buckets.length === 0 || (other === 0 && bound === 0)) {
    return other === 0 ? 0 : null;
  }
  const counts = buckets.map(countOf).sort((a, b) => b - a);
  const least = counts[Math.min(shown ?? Infinity, counts.length) - 1];
  const documents = Math.min(...buckets.map(({ doc_count = 0 }) => doc_count));
  // A name that is missing has no more documents than the rarest that is not, as far as its shard knows.
  const isSafe =
    bound >= 0 &&
    (other === 0 ||
      (shown !== null && shown <= counts.length && least >= documents + bound));
  return isSafe && least > 0 ? bound / least : null;
}

/**
 * Jobs that are counted with several numbers of nodes, at most, as a share of all: each job counts with one of them, so what the groups
 * amount to beyond the jobs there are is counted too much. The sketches' own errors come to it.
 */
function disagreement(nodes: ILevel, answer: ISearchAnswer): number | null {
  const jobs = unitsIn(answer.aggregations, LEAF);
  const rest = unitsIn(answer.aggregations?.[restName(nodes)], LEAF);
  if (jobs === null || rest === null) {
    return null;
  }
  const counts = [...bucketsOf(answer, nodes.name).map(countOf), rest];
  const sum = counts.reduce((total, count) => total + count, 0);
  const noise = Math.hypot(...[...counts, jobs].map(noiseOf));
  const most = Math.max(0, sum - jobs) + noise + ERROR * Math.max(...counts);
  return jobs > 0 ? most / jobs : 0;
}

function noiseOf(count: number): number {
  return count > PRECISION ? ERROR * count : 0;
}
