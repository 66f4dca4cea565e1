import type { IEstimate } from '../workload/answer';
import type { ITimeBounds } from '../engine/dataset';
import type { ISlice } from './slices';

/** Pairs of stretches of a sample. */
const MOST_PAIRS = 6;
/** With fewer pairs no error can be told. */
const LEAST_PAIRS = 3;
/** A larger share of jobs that lie in both stretches of a pair says that many lie in more than two, which pairs cannot tell. */
const MOST_CROSSING = 0.05;
/** A larger share of documents without a time would weigh too much, as they are in no stretch. */
const MOST_UNDATED = 0.01;
/** Quantiles of 97.5 % of Student's t by degrees of freedom. */
const STUDENT = [Infinity, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365];

/** Two stretches of time, one after the other. */
export type Pair = readonly [ISlice, ISlice];

/** A sample of stretches of time. */
export interface ISample {
  readonly pairs: readonly Pair[];
  /** Documents of all by documents of the pairs. */
  readonly factor: number;
}

/**
 * Choose pairs of neighboring slices inside the time asked about, evenly spread over it.
 *
 * @param slices Those asked about, in the order of time within each group of indices.
 * @param within The time asked about, epoch seconds, half-open.
 * @returns null where a sample would be half of all or more, or too small to tell its error.
 */
export function samplePairs(
  slices: readonly ISlice[],
  within: ITimeBounds
): ISample | null {
  const dated = slices.filter(({ bounds }) => bounds !== null);
  const candidates: Pair[] = [];
  for (let i = 0; i + 1 < dated.length; i++) {
    const [one, next] = [dated[i], dated[i + 1]];
    const isInside = [one, next].every(
      ({ bounds }) =>
        bounds && bounds.from >= within.from && bounds.to <= within.to
    );
    if (one.group === next.group && isInside) {
      candidates.push([one, next]);
      i++;
    }
  }
  const wanted = Math.min(MOST_PAIRS, Math.floor(candidates.length / 2));
  const undated =
    within.from === -Infinity && within.to === Infinity
      ? documentsIn(slices.filter(({ bounds }) => bounds === null))
      : 0;
  const all = undated + documentsIn(dated, within);
  if (wanted < LEAST_PAIRS || undated > MOST_UNDATED * all) {
    return null;
  }
  const step = candidates.length / wanted;
  const pairs = Array.from(
    { length: wanted },
    (_, k) => candidates[Math.floor((k + 0.5) * step)]
  );
  return { pairs, factor: all / documentsIn(pairs.flat()) };
}

/** Documents of slices, of those at the edge of some time as large a part as lies in it. */
function documentsIn(slices: readonly ISlice[], within?: ITimeBounds): number {
  return slices.reduce((sum, { records, bounds }) => {
    if (!bounds || !within || bounds.to <= bounds.from) {
      return sum + records;
    }
    const part =
      Math.min(bounds.to, within.to) - Math.max(bounds.from, within.from);
    return sum + records * Math.max(0, part / (bounds.to - bounds.from));
  }, 0);
}

/** A number of jobs in the stretches of a pair: in both together, in the first, in the second. */
export type PairCount = readonly [both: number, first: number, second: number];

/**
 * Jobs that a pair adds: those of each stretch that the other one does not have, which stand for jobs that the stretch before it did not
 * have. Added up over all stretches they count each job once, also one that goes on from a stretch to the next.
 */
export function added([both, first, second]: PairCount): number {
  return 2 * both - first - second;
}

/** Whether so many jobs lie in both stretches of a pair that some must lie in more than two. */
export function crossesOften(jobs: readonly PairCount[]): boolean {
  const [both, parts] = jobs.reduce(
    ([all, each], [union, first, second]) => [
      all + union,
      each + first + second
    ],
    [0, 0]
  );
  return parts - both > MOST_CROSSING * both;
}

/**
 * Half the width of an interval that holds the right value in 95 of 100 cases: by the jackknife over the pairs.
 *
 * @param statistic What is estimated from some pairs, by their positions; null where it is not defined, which counts as nothing.
 */
export function jackknife(
  pairs: number,
  statistic: (chosen: readonly number[]) => number | null
): number {
  const all = Array.from({ length: pairs }, (_, k) => k);
  const without = all.map(left => statistic(all.filter(k => k !== left)) ?? 0);
  const mean = without.reduce((sum, value) => sum + value, 0) / pairs;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (
    (STUDENT[pairs - 1] ?? 2.3) * Math.sqrt(((pairs - 1) / pairs) * squares)
  );
}

/**
 * The error that holds for 95 of 100 rows.
 *
 * @param errors Of each row.
 */
export function errorOfMost(errors: readonly number[]): number | null {
  const sorted = [...errors].sort((a, b) => a - b);
  return sorted.at(Math.ceil(0.95 * sorted.length) - 1) ?? null;
}

/** What a sample is worth. */
export function sampled(error: number | null, of: IEstimate['of']): IEstimate {
  return { method: 'sample', error, of };
}
