import type { Codes } from '../dictionary';
import { FIRST, MISSING } from '../dictionary';
import { PackageSets } from './package-sets';
import type { ISharedLists } from './package-sets';
import { pack, packings, unpack } from './packed-columns';
import type { IPacking } from './packed-columns';
import type { Steps } from './steps';
import { Tuples } from './tuples';

/** One segment of the long shape: an entry a row in all arrays. */
export interface IRowPart {
  readonly rows: number;
  /** Jobs of the rows; null where jobs are not told apart. */
  readonly jobs: Codes | null;
  readonly packages: Codes;
  /** Codes by column. */
  readonly columns: readonly Codes[];
}

export interface ICondenseSpec {
  readonly parts: readonly IRowPart[];
  /** Lowest code of a job, and one more than the highest. */
  readonly jobs: { readonly first: number; readonly size: number };
  /** One more than the highest package code. */
  readonly packages: number;
  /** By column: one more than its highest code. */
  readonly sizes: readonly number[];
  /** Most rows, and most packages in all their lists: with more it is not worth while. */
  readonly most: number;
}

/** Rows of the wide shape that say the same as the rows they were made of. */
export interface ICondensed {
  readonly rows: number;
  /** A code a row, by column. */
  readonly columns: readonly Codes[];
  /** A code a list element. */
  readonly packages: Codes;
  /** Where each row's list begins; one more than rows. */
  readonly offsets: Uint32Array;
  /** The same lists by number. */
  readonly lists: ISharedLists;
  /** Records by list element. */
  readonly records: Uint32Array;
  /** A code a row: `MISSING` outside jobs, else from `FIRST`. */
  readonly jobs: Uint32Array;
  /** By code in `jobs`: how many jobs it stands for. */
  readonly jobCounts: Uint32Array;
}

/** Rows whose numbers are worked out at once. */
const BATCH = 2 ** 16;

/**
 * Put rows together that tell the same: all jobs that agree in their columns and in their set of packages become one row, which
 * stands for so many jobs.
 *
 * #### Notes
 * A job whose rows differ in a column gets a row of its own for each of them, under one code, so that a condition may choose some
 * and not others. Rows outside jobs are put together by their columns. The order of rows, and what is in no column, is lost.
 *
 * @returns Steps, between which other work may be done, as rows stay what they are. The result is null when there is too little
 * to gain.
 */
export function* condense(spec: ICondenseSpec): Steps<ICondensed | null> {
  const sets = new PackageSets(spec.packages);
  const packed = packings(spec.sizes);
  const whole = yield* wholeJobs(spec, packed, sets);
  const loose =
    whole && (yield* looseRows(spec, packed, whole.differing, sets));
  return whole && loose && (yield* joined(spec, packed, sets, whole, loose));
}

/** Rows to be, by number. */
interface IGroups {
  readonly size: number;
  /** Packed columns. */
  readonly words: readonly Uint32Array[];
  /** Set of packages by group. */
  readonly sets: Uint32Array;
}

interface IWholeJobs extends IGroups {
  /** By job: 1 when its rows differ in some column. */
  readonly differing: Uint8Array;
  /** By job: its group; of no meaning for those that differ or are not there. */
  readonly groupOf: Uint32Array;
  /** Jobs by group. */
  readonly counts: Uint32Array;
}

/** Jobs all of whose rows agree, put together. */
function* wholeJobs(
  { parts, jobs, sizes, most }: ICondenseSpec,
  packed: readonly IPacking[],
  sets: PackageSets
): Steps<IWholeJobs | null> {
  const differing = new Uint8Array(jobs.size);
  const values: Uint32Array[] = [];
  for (const packing of packed) {
    values.push(yield* valuesOfJobs(parts, packing, sizes, jobs, differing));
  }
  const setOf = yield* setsOfJobs(parts, jobs, sets);
  if (!setOf) {
    return null;
  }
  const tuples = new Tuples(
    [sets.size, ...packed.map(({ size }) => size)],
    most
  );
  const groupOf = new Uint32Array(jobs.size);
  const present = new Uint32Array(BATCH);
  const representatives: number[] = [];
  let counts = new Uint32Array(1024);
  for (let job = jobs.first; job < jobs.size;) {
    yield;
    let filled = 0;
    for (; job < jobs.size && filled < BATCH; job++) {
      // Every row has a package, be it the missing one, so a job without a set has no row.
      if (setOf[job] !== 0 && differing[job] === 0) {
        present[filled++] = job;
      }
    }
    const batch = present.subarray(0, filled);
    const groups = new Uint32Array(filled);
    if (
      !tuples.number(
        [setOf, ...values].map(of => at(of, batch)),
        groups
      )
    ) {
      return null;
    }
    if (tuples.size > counts.length) {
      const grown = new Uint32Array(tuples.size * 2);
      grown.set(counts);
      counts = grown;
    }
    for (let k = 0; k < filled; k++) {
      if (groups[k] === representatives.length) {
        representatives.push(batch[k]);
      }
      groupOf[batch[k]] = groups[k];
      counts[groups[k]]++;
    }
  }
  const chosen = Uint32Array.from(representatives);
  return {
    size: chosen.length,
    differing,
    groupOf,
    counts,
    words: values.map(of => at(of, chosen)),
    sets: at(setOf, chosen)
  };
}

/** By job: the columns of its rows, packed. Jobs whose rows differ are marked. */
function* valuesOfJobs(
  parts: readonly IRowPart[],
  packing: IPacking,
  sizes: readonly number[],
  { first, size: jobs }: { first: number; size: number },
  differing: Uint8Array
): Steps<Uint32Array> {
  // One more than the word, as 0 stands for none yet.
  const values = new Uint32Array(jobs);
  let words = new Uint32Array(0);
  for (const { rows, jobs: jobOf, columns } of parts) {
    yield;
    if (jobOf === null) {
      continue;
    }
    if (words.length !== rows) {
      words = new Uint32Array(rows);
    }
    pack(packing, columns, sizes, words, null);
    let lastJob = -1;
    let lastWord = -1;
    for (let i = 0; i < rows; i++) {
      const job = jobOf[i];
      const word = words[i];
      // Records of a job come in runs.
      if ((job === lastJob && word === lastWord) || job < first) {
        continue;
      }
      lastJob = job;
      lastWord = word;
      const known = values[job];
      if (known === 0) {
        values[job] = word + 1;
      } else if (known !== word + 1) {
        differing[job] = 1;
      }
    }
  }
  for (let job = 0; job < jobs; job++) {
    values[job] = Math.max(0, values[job] - 1);
  }
  return values;
}

/** By job: the set of its packages; null when there are too many sets. */
function* setsOfJobs(
  parts: readonly IRowPart[],
  { first, size }: { first: number; size: number },
  sets: PackageSets
): Steps<Uint32Array | null> {
  const setOf = new Uint32Array(size);
  for (const { rows, jobs, packages } of parts) {
    yield;
    for (let i = 0; jobs !== null && i < rows; i++) {
      const job = jobs[i];
      if (job >= first) {
        const set = sets.add(setOf[job], packages[i]);
        if (set < 0) {
          return null;
        }
        setOf[job] = set;
      }
    }
  }
  return setOf;
}

interface ILooseRows extends IGroups {
  /** Jobs that differ, with which groups belong to; `MISSING` is outside jobs. */
  readonly jobs: Uint32Array;
  /** By part: the group of each of its loose rows, in order. */
  readonly groupOf: readonly Uint32Array[];
}

/** Rows outside jobs, and rows of jobs that differ, put together by their columns and job. */
function* looseRows(
  { parts, jobs, sizes, most }: ICondenseSpec,
  packed: readonly IPacking[],
  differing: Uint8Array,
  sets: PackageSets
): Steps<ILooseRows | null> {
  const tuples = new Tuples(
    [...packed.map(({ size }) => size), Math.max(1, jobs.size)],
    most
  );
  const words: number[][] = packed.map(() => []);
  const ofJobs: number[] = [];
  const setOf: number[] = [];
  const groupOf: Uint32Array[] = [];
  for (const part of parts) {
    yield;
    const rows = rowsThatAreLoose(part, jobs.first, differing);
    const own = rows.map(i => {
      const job = part.jobs === null ? MISSING : part.jobs[i];
      return job < jobs.first ? MISSING : job;
    });
    const groups = new Uint32Array(rows.length);
    for (let from = 0; from < rows.length; from += BATCH) {
      const to = Math.min(rows.length, from + BATCH);
      const batch = packed.map(packing => {
        const word = new Uint32Array(to - from);
        pack(packing, part.columns, sizes, word, rows.subarray(from, to));
        return word;
      });
      if (
        !tuples.number(
          [...batch, own.subarray(from, to)],
          groups.subarray(from, to)
        )
      ) {
        return null;
      }
      for (let k = 0; k < to - from; k++) {
        const group = groups[from + k];
        if (group === setOf.length) {
          batch.forEach((word, w) => words[w].push(word[k]));
          ofJobs.push(own[from + k]);
          setOf.push(0);
        }
        const set = sets.add(setOf[group], part.packages[rows[from + k]]);
        if (set < 0) {
          return null;
        }
        setOf[group] = set;
      }
    }
    groupOf.push(groups);
  }
  return {
    size: setOf.length,
    words: words.map(word => Uint32Array.from(word)),
    sets: Uint32Array.from(setOf),
    jobs: Uint32Array.from(ofJobs),
    groupOf
  };
}

function rowsThatAreLoose(
  { rows, jobs }: IRowPart,
  first: number,
  differing: Uint8Array
): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if (jobs === null || jobs[i] < first || differing[jobs[i]] !== 0) {
      found[count++] = i;
    }
  }
  return found.subarray(0, count);
}

/** Groups of whole jobs and, after them, of loose rows, as rows of the wide shape. */
function* joined(
  spec: ICondenseSpec,
  packed: readonly IPacking[],
  sets: PackageSets,
  whole: IWholeJobs,
  loose: ILooseRows
): Steps<ICondensed | null> {
  const rows = whole.size + loose.size;
  const setOf = joint(whole.sets, loose.sets);
  const offsets = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    offsets[row + 1] = offsets[row] + sets.members(setOf[row]).length;
  }
  if (offsets[rows] > spec.most) {
    return null;
  }
  const packages =
    spec.packages <= 2 ** 16
      ? new Uint16Array(offsets[rows])
      : new Uint32Array(offsets[rows]);
  for (let row = 0; row < rows; row++) {
    packages.set(sets.members(setOf[row]), offsets[row]);
  }

  const jobs = new Uint32Array(rows);
  const jobCounts: number[] = [0, 0];
  for (let group = 0; group < whole.size; group++) {
    jobs[group] = FIRST + group;
    jobCounts.push(whole.counts[group]);
  }
  const codeOf = new Map<number, number>();
  loose.jobs.forEach((job, group) => {
    if (job !== MISSING) {
      let code = codeOf.get(job);
      if (code === undefined) {
        code = jobCounts.push(1) - 1;
        codeOf.set(job, code);
      }
      jobs[whole.size + group] = code;
    }
  });

  return {
    rows,
    columns: packed.flatMap((packing, w) =>
      unpack(packing, joint(whole.words[w], loose.words[w]), spec.sizes)
    ),
    packages,
    offsets,
    lists: {
      of: setOf,
      size: sets.size,
      members: set => sets.members(set)
    },
    records: yield* countRecords(spec, sets, whole, loose, setOf, offsets),
    jobs,
    jobCounts: Uint32Array.from(jobCounts)
  };
}

/** Records by list element. */
function* countRecords(
  { parts, jobs: { first } }: ICondenseSpec,
  sets: PackageSets,
  whole: IWholeJobs,
  loose: ILooseRows,
  setOf: Uint32Array,
  offsets: Uint32Array
): Steps<Uint32Array> {
  // By set · packages + package: the place of the package in the list.
  const places = new Uint16Array(sets.size * sets.packages);
  for (let set = 0; set < sets.size; set++) {
    sets.members(set).forEach((code, place) => {
      places[set * sets.packages + code] = place;
    });
  }
  const records = new Uint32Array(offsets[offsets.length - 1]);
  for (const [p, { rows, jobs, packages }] of parts.entries()) {
    yield;
    const groups = loose.groupOf[p];
    let next = 0;
    for (let i = 0; i < rows; i++) {
      const job = jobs === null ? MISSING : jobs[i];
      const row =
        job >= first && whole.differing[job] === 0
          ? whole.groupOf[job]
          : whole.size + groups[next++];
      records[
        offsets[row] + places[setOf[row] * sets.packages + packages[i]]
      ]++;
    }
  }
  return records;
}

function joint(first: Uint32Array, second: Uint32Array): Uint32Array {
  const all = new Uint32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The entries at some positions. */
function at(codes: Uint32Array, positions: Uint32Array): Uint32Array {
  const found = new Uint32Array(positions.length);
  for (let k = 0; k < found.length; k++) {
    found[k] = codes[positions[k]];
  }
  return found;
}
