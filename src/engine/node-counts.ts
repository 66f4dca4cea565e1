import { nodeClass } from '../workload/node-classes';
import type { INodeClass } from '../workload/node-classes';
import type { Bins } from '../workload/query';
import type { ISegment } from './dataset';
import type { Codes } from './dictionary';
import { missingKey } from './keys';
import type { Selection } from './selection';
import { mappedColumn } from './shared';
import type { IRowCodes, IShared } from './shared';

/** Added to the rank of every job that is there, so that 0 is left for those that are not. */
const PRESENT = 1;

/** Node counts in ascending order. */
interface IRanking {
  /** By rank; rank 0 stands for unknown. */
  readonly values: readonly number[];
  /** By dictionary code. */
  readonly rankOf: Uint32Array;
}

interface IJobRanks {
  /** By job code 1 + the rank of its largest node count; 0 when no chosen record has the job. */
  readonly ranks: Codes;
  /** By job code: how many jobs it stands for. */
  readonly counts: Uint32Array | null;
  /** Jobs whose records disagree. */
  readonly differing: number;
}

/**
 * Node counts of chosen records. A job has the largest of its records (domain: "Definitions that answers depend on").
 */
export class NodeCounts {
  constructor(
    private readonly _shared: IShared,
    private readonly _segments: readonly ISegment[],
    private readonly _selection: Selection
  ) {
    this._column = mappedColumn(_shared, 'nodes');
  }

  /** Jobs whose records disagree. */
  get differing(): number {
    return this._ofJobs().differing;
  }

  /** Chosen jobs, when their node counts are known already; else undefined. */
  jobs(): number | undefined {
    if (!this._jobs) {
      return undefined;
    }
    const { ranks, counts } = this._jobs;
    let jobs = 0;
    for (let job = 0; job < ranks.length; job++) {
      jobs += ranks[job] === 0 ? 0 : counts ? counts[job] : 1;
    }
    return jobs;
  }

  /** Classes by rank of a node count, ascending; the last, null, is that of unknown counts and of those outside all classes. */
  classes(bins: Bins): { of: Uint32Array; classes: (INodeClass | null)[] } {
    const { values } = this._ranking();
    const classes: (INodeClass | null)[] = [];
    const of = new Uint32Array(values.length);
    const outside = [0];
    for (let rank = 1; rank < values.length; rank++) {
      const found = nodeClass(values[rank], bins);
      if (found === null) {
        outside.push(rank);
        continue;
      }
      if (classes.at(-1)?.from !== found.from) {
        classes.push(found);
      }
      of[rank] = classes.length - 1;
    }
    outside.forEach(rank => {
      of[rank] = classes.length;
    });
    classes.push(null);
    return { of, classes };
  }

  /** Rank of the node count of each row's job, or of the row itself outside jobs. */
  rows(segment: ISegment): Uint32Array {
    const ranks = new Uint32Array(segment.rows);
    const { rankOf } = this._ranking();
    const nodes = this._column.codes(segment);
    const jobs = this._shared.keys('job');
    const codes = jobs?.codes(segment);
    const ofJobs = jobs ? this._ofJobs().ranks : null;
    for (let i = 0; i < ranks.length; i++) {
      ranks[i] =
        jobs && codes && ofJobs && codes[i] >= jobs.first
          ? Math.max(0, ofJobs[codes[i]] - PRESENT)
          : rankOf[nodes[i]];
    }
    return ranks;
  }

  /** Chosen jobs by class. */
  countJobs(classOf: Uint32Array, classes: number): Float64Array {
    const { ranks, counts: standsFor } = this._ofJobs();
    const byRank = new Float64Array(classOf.length + PRESENT);
    for (let job = 0; job < ranks.length; job++) {
      byRank[ranks[job]] += standsFor ? standsFor[job] : 1;
    }
    const counts = new Float64Array(classes);
    classOf.forEach((group, rank) => {
      counts[group] += byRank[rank + PRESENT];
    });
    return counts;
  }

  /** The class of each chosen job; of no use for others, which nobody counts. */
  classOfJobs(classOf: Uint32Array): Uint32Array {
    const { ranks } = this._ofJobs();
    const classes = new Uint32Array(ranks.length);
    for (let job = 0; job < classes.length; job++) {
      classes[job] = classOf[Math.max(0, ranks[job] - PRESENT)];
    }
    return classes;
  }

  private _ofJobs(): IJobRanks {
    // Ranks are void when other segments have brought node counts since.
    const ranking = this._ranking();
    this._jobs ??= this._largest(ranking);
    return this._jobs;
  }

  private _largest({ rankOf }: IRanking): IJobRanks {
    const jobs = this._shared.keys('job');
    if (!jobs) {
      throw missingKey('job');
    }
    const ranks =
      rankOf.length < 0xffff
        ? new Uint16Array(jobs.size)
        : new Uint32Array(jobs.size);
    const differing = new Set<number>();
    for (const segment of this._segments) {
      const mask = this._selection.mask(segment);
      const codes = jobs.codes(segment);
      const nodes = this._column.codes(segment);
      let lastJob = -1;
      let lastNodes = -1;
      for (let i = 0; i < mask.length; i++) {
        const job = codes[i];
        const own = nodes[i];
        // Records of a job come in runs, most often with one node count.
        if ((job === lastJob && own === lastNodes) || mask[i] === 0) {
          continue;
        }
        lastJob = job;
        lastNodes = own;
        const rank = rankOf[own] + PRESENT;
        const known = ranks[job];
        if (job >= jobs.first && rank !== known) {
          if (known > PRESENT && rank > PRESENT) {
            differing.add(job);
          }
          if (rank > known) {
            ranks[job] = rank;
          }
        }
      }
    }
    // A code that stands for several jobs has records that agree.
    return { ranks, counts: jobs.counts, differing: differing.size };
  }

  private _ranking(): IRanking {
    const { dictionary } = this._column;
    if (this._ranks?.rankOf.length !== dictionary.size) {
      const codes = Array.from({ length: dictionary.size }, (_, code) => code)
        .filter(code => Number.isFinite(dictionary.number(code)))
        .sort((a, b) => dictionary.number(a) - dictionary.number(b));
      const rankOf = new Uint32Array(dictionary.size);
      const values = [NaN];
      for (const code of codes) {
        values.push(dictionary.number(code));
        rankOf[code] = values.length - 1;
      }
      this._ranks = { values, rankOf };
      this._jobs = null;
    }
    return this._ranks;
  }

  private readonly _column: IRowCodes;
  private _ranks: IRanking | null = null;
  private _jobs: IJobRanks | null = null;
}
