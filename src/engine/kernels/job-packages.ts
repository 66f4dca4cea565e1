import type { Codes } from '../dictionary';
import { NONE } from './distinct';

/** One segment, as far as packages of jobs go. */
export interface IJobPart {
  readonly mask: Uint8Array;
  readonly jobs: Codes;
  readonly codes: Codes;
  readonly offsets: Uint32Array | null;
}

/** How jobs are numbered. */
export interface IJobCodes {
  /** Lowest code of a job. */
  readonly first: number;
  /** One more than the highest code. */
  readonly size: number;
  /** By code: how many jobs it stands for; null when each stands for one. */
  readonly counts: Uint32Array | null;
}

/** Package sets of all chosen jobs. */
export interface IJobPackages {
  /** Number of packages. */
  readonly packages: number;
  /** Jobs by package index and class of the job: counts by package · classes + class. */
  countByClass(classOf: Uint32Array, classes: number): Float64Array;
  /** Jobs that have both packages, by a · packages + b for a ≤ b; with itself: jobs that have the package. */
  countPairs(): Float64Array;
}

/** Most packages for which a job's set is kept as bits; above, sorted lists are smaller. */
export const MOST_BIT_PACKAGES = 256;

/**
 * The packages of each job among the chosen records.
 *
 * @param keys Job codes.
 * @param index By package code: its index below `packages`, or `NONE`.
 */
export function jobPackages(
  parts: () => Iterable<IJobPart>,
  keys: IJobCodes,
  index: Uint32Array,
  packages: number,
  mostBits = MOST_BIT_PACKAGES
): IJobPackages {
  return packages <= mostBits
    ? new JobPackageBits(parts, keys, index, packages)
    : new JobPackageLists(parts, keys, index, packages);
}

class JobPackageBits implements IJobPackages {
  constructor(
    parts: () => Iterable<IJobPart>,
    { first, size, counts }: IJobCodes,
    index: Uint32Array,
    readonly packages: number
  ) {
    this._counts = counts;
    const words = Math.max(1, Math.ceil(packages / 32));
    this._words = words;
    this._bits = new Uint32Array(size * words);
    const bits = this._bits;
    for (const { mask, jobs: units, codes, offsets } of parts()) {
      const rows = mask.length;
      if (offsets === null) {
        for (let i = 0; i < rows; i++) {
          if (mask[i] !== 0) {
            const job = units[i];
            const name = index[codes[i]];
            if (job >= first && name !== NONE) {
              bits[job * words + (name >>> 5)] |= 1 << (name & 31);
            }
          }
        }
        continue;
      }
      for (let i = 0; i < rows; i++) {
        const job = units[i];
        if (mask[i] === 0 || job < first) {
          continue;
        }
        for (let e = offsets[i]; e < offsets[i + 1]; e++) {
          const name = index[codes[e]];
          if (name !== NONE) {
            bits[job * words + (name >>> 5)] |= 1 << (name & 31);
          }
        }
      }
    }
  }

  countByClass(classOf: Uint32Array, classes: number): Float64Array {
    const counts = new Float64Array(this.packages * classes);
    const words = this._words;
    for (let job = 0, at = 0; at < this._bits.length; job++, at += words) {
      const jobClass = classOf[job];
      if (jobClass === NONE) {
        continue;
      }
      const standsFor = this._counts ? this._counts[job] : 1;
      for (let w = 0; w < words; w++) {
        let word = this._bits[at + w];
        while (word !== 0) {
          const bit = 31 - Math.clz32(word & -word);
          word &= word - 1;
          counts[(w * 32 + bit) * classes + jobClass] += standsFor;
        }
      }
    }
    return counts;
  }

  countPairs(): Float64Array {
    const packages = this.packages;
    const counts = new Float64Array(packages * packages);
    const words = this._words;
    const set = new Int32Array(packages);
    for (let job = 0, at = 0; at < this._bits.length; job++, at += words) {
      const standsFor = this._counts ? this._counts[job] : 1;
      let size = 0;
      for (let w = 0; w < words; w++) {
        let word = this._bits[at + w];
        while (word !== 0) {
          const bit = 31 - Math.clz32(word & -word);
          word &= word - 1;
          set[size++] = w * 32 + bit;
        }
      }
      for (let a = 0; a < size; a++) {
        const row = set[a] * packages;
        for (let b = a; b < size; b++) {
          counts[row + set[b]] += standsFor;
        }
      }
    }
    return counts;
  }

  private readonly _counts: Uint32Array | null;
  private readonly _words: number;
  private readonly _bits: Uint32Array;
}

/** Package sets as sorted lists, one after the other: for thousands of packages. */
class JobPackageLists implements IJobPackages {
  constructor(
    parts: () => Iterable<IJobPart>,
    { first, size: jobs, counts }: IJobCodes,
    index: Uint32Array,
    readonly packages: number
  ) {
    this._counts = counts;
    // Counting sort by job, then each job's list is sorted and rid of repetitions.
    const starts = new Uint32Array(jobs + 1);
    eachPair(parts, first, index, job => starts[job + 1]++);
    for (let job = 0; job < jobs; job++) {
      starts[job + 1] += starts[job];
    }
    const list = new Uint32Array(starts[jobs]);
    const next = starts.slice();
    eachPair(parts, first, index, (job, name) => {
      list[next[job]++] = name;
    });
    let end = 0;
    this._starts = new Uint32Array(jobs + 1);
    for (let job = 0; job < jobs; job++) {
      const own = list.subarray(starts[job], starts[job + 1]).sort();
      for (let k = 0; k < own.length; k++) {
        if (k === 0 || own[k] !== own[k - 1]) {
          list[end++] = own[k];
        }
      }
      this._starts[job + 1] = end;
    }
    this._list = list.slice(0, end);
  }

  countByClass(classOf: Uint32Array, classes: number): Float64Array {
    const counts = new Float64Array(this.packages * classes);
    for (let job = 0; job + 1 < this._starts.length; job++) {
      const jobClass = classOf[job];
      const standsFor = this._counts ? this._counts[job] : 1;
      for (
        let k = this._starts[job];
        jobClass !== NONE && k < this._starts[job + 1];
        k++
      ) {
        counts[this._list[k] * classes + jobClass] += standsFor;
      }
    }
    return counts;
  }

  countPairs(): Float64Array {
    const packages = this.packages;
    const counts = new Float64Array(packages * packages);
    for (let job = 0; job + 1 < this._starts.length; job++) {
      const end = this._starts[job + 1];
      const standsFor = this._counts ? this._counts[job] : 1;
      for (let a = this._starts[job]; a < end; a++) {
        for (let b = a; b < end; b++) {
          counts[this._list[a] * packages + this._list[b]] += standsFor;
        }
      }
    }
    return counts;
  }

  private readonly _counts: Uint32Array | null;
  private readonly _starts: Uint32Array;
  private readonly _list: Uint32Array;
}

function eachPair(
  parts: () => Iterable<IJobPart>,
  first: number,
  index: Uint32Array,
  visit: (job: number, name: number) => void
): void {
  for (const { mask, jobs, codes, offsets } of parts()) {
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0 || jobs[i] < first) {
        continue;
      }
      const end = offsets === null ? i + 1 : offsets[i + 1];
      for (let e = offsets === null ? i : offsets[i]; e < end; e++) {
        const name = index[codes[e]];
        if (name !== NONE) {
          visit(jobs[i], name);
        }
      }
    }
  }
}
