import type { Codes } from '../dictionary';
import { NONE } from './distinct';
import { PackageSets } from './package-sets';
import type { ISharedLists } from './package-sets';

/** One segment, as far as packages of jobs go. */
export interface IJobPart {
  readonly mask: Uint8Array;
  readonly jobs: Codes;
  readonly codes: Codes;
  readonly offsets: Uint32Array | null;
  /** The lists by number, where many rows have the same. */
  readonly lists?: ISharedLists | null;
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

/**
 * The packages of each job among the chosen records.
 *
 * @param keys Job codes.
 * @param index By package code: its index below `packages`, or `NONE`.
 * @param mostSteps See `PackageSets`: with more different sets, each job has a list of its own.
 */
export function jobPackages(
  parts: () => Iterable<IJobPart>,
  keys: IJobCodes,
  index: Uint32Array,
  packages: number,
  mostSteps?: number
): IJobPackages {
  const sets = new PackageSets(packages, mostSteps);
  const setOf = setsOfJobs(parts, keys, index, sets);
  return setOf
    ? new JobPackageSets(keys, sets, setOf)
    : new JobPackageLists(parts, keys, index, packages);
}

/** By job: the set of its packages; null when there are too many different ones. */
function setsOfJobs(
  parts: () => Iterable<IJobPart>,
  { first, size }: IJobCodes,
  index: Uint32Array,
  sets: PackageSets
): Uint32Array | null {
  const setOf = new Uint32Array(size);
  for (const { mask, jobs, codes, offsets, lists } of parts()) {
    const rows = mask.length;
    if (lists) {
      if (!addLists(mask, jobs, lists, first, index, sets, setOf)) {
        return null;
      }
      continue;
    }
    for (let i = 0; i < rows; i++) {
      const job = jobs[i];
      if (mask[i] === 0 || job < first) {
        continue;
      }
      const end = offsets === null ? i + 1 : offsets[i + 1];
      let set = setOf[job];
      for (let e = offsets === null ? i : offsets[i]; e < end; e++) {
        const name = index[codes[e]];
        if (name !== NONE) {
          set = sets.add(set, name);
          if (set < 0) {
            return null;
          }
        }
      }
      setOf[job] = set;
    }
  }
  return setOf;
}

/** Add lists, each of which is looked at once; false when there are too many sets. */
function addLists(
  mask: Uint8Array,
  jobs: Codes,
  lists: ISharedLists,
  first: number,
  index: Uint32Array,
  sets: PackageSets,
  setOf: Uint32Array
): boolean {
  const names = Array.from({ length: lists.size }, (_, list) =>
    lists
      .members(list)
      .map(code => index[code])
      .filter(name => name !== NONE)
  );
  const add = (set: number, list: number) =>
    names[list].reduce(
      (grown, name) => (grown < 0 ? grown : sets.add(grown, name)),
      set
    );
  const ofLists = Int32Array.from(names, (_, list) => add(0, list));
  for (let i = 0; i < mask.length; i++) {
    const job = jobs[i];
    if (mask[i] === 0 || job < first) {
      continue;
    }
    const list = lists.of[i];
    // Nearly all jobs have one row.
    const set = setOf[job] === 0 ? ofLists[list] : add(setOf[job], list);
    if (set < 0) {
      return false;
    }
    setOf[job] = set;
  }
  return true;
}

/** Largest table of jobs by set and class (32 MiB). */
const MOST_CELLS = 2 ** 22;

/** Few different sets of packages: what is counted of one is counted of all jobs that have it. */
class JobPackageSets implements IJobPackages {
  constructor(
    private readonly _keys: IJobCodes,
    private readonly _sets: PackageSets,
    private readonly _setOf: Uint32Array
  ) {}

  get packages(): number {
    return this._sets.packages;
  }

  countByClass(classOf: Uint32Array, classes: number): Float64Array {
    const { counts: standsFor } = this._keys;
    const sets = this._sets.size;
    const counts = new Float64Array(this.packages * classes);
    const direct = sets * classes > MOST_CELLS;
    const ofSets = new Float64Array(direct ? 0 : sets * classes);
    for (let job = 0; job < this._setOf.length; job++) {
      const jobClass = classOf[job];
      if (jobClass === NONE) {
        continue;
      }
      const jobs = standsFor === null ? 1 : standsFor[job];
      const set = this._setOf[job];
      if (direct) {
        for (const name of this._sets.members(set)) {
          counts[name * classes + jobClass] += jobs;
        }
      } else {
        ofSets[jobClass * sets + set] += jobs;
      }
    }
    for (let set = 0; !direct && set < sets; set++) {
      for (const name of this._sets.members(set)) {
        for (let c = 0; c < classes; c++) {
          counts[name * classes + c] += ofSets[c * sets + set];
        }
      }
    }
    return counts;
  }

  countPairs(): Float64Array {
    const { packages } = this;
    const ofSets = this._jobsBySet();
    const counts = new Float64Array(packages * packages);
    for (let set = 0; set < ofSets.length; set++) {
      const members = this._sets.members(set);
      for (let a = 0; a < members.length; a++) {
        for (let b = a; b < members.length; b++) {
          counts[members[a] * packages + members[b]] += ofSets[set];
        }
      }
    }
    return counts;
  }

  private _jobsBySet(): Float64Array {
    const { counts: standsFor } = this._keys;
    const jobs = new Float64Array(this._sets.size);
    for (let job = 0; job < this._setOf.length; job++) {
      jobs[this._setOf[job]] += standsFor === null ? 1 : standsFor[job];
    }
    return jobs;
  }
}

/** Packages of each job as sorted lists, one after the other: where nearly every job has a set of its own. */
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
