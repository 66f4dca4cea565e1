import type { Codes } from '../dictionary';
import type { ISharedLists } from './package-sets';

/** Index of a row or package that belongs to no group. */
export const NONE = 0xffffffff;

/** One segment, as counting needs it. All arrays have an entry a row, but for lists of packages. */
export interface IPart {
  /** 1 for each chosen row. */
  readonly mask: Uint8Array;
  /** Group of the row by all keys but package; `NONE` (in 32 bits) leaves the row out. Null puts all rows into group 0. */
  readonly groups: Codes | null;
  /** Packages of the rows, when package is a key. */
  readonly packages: {
    readonly codes: Codes;
    /** Where each row's list begins; null when there is one package a row. */
    readonly offsets: Uint32Array | null;
    /** The lists by number, where many rows have the same. */
    readonly lists?: ISharedLists | null;
  } | null;
  /** Unit of the row. */
  readonly units: Codes;
}

export interface ICountSpec {
  /** Number of groups by all keys but package. */
  readonly groups: number;
  /** By package code: its index, or `NONE`; null when package is no key. */
  readonly packageIndex: Uint32Array | null;
  /** Number of package indices; 1 when package is no key. */
  readonly packages: number;
  /** One more than the highest unit. */
  readonly units: number;
  /** Lowest code that is a unit. */
  readonly first: number;
  /** By unit: how many it stands for; null when each stands for itself. */
  readonly counts: Uint32Array | null;
  /** Split each group further by a class of the unit; `NONE` leaves the unit out. */
  readonly unitClasses: {
    readonly of: Uint32Array;
    readonly count: number;
  } | null;
}

/** Words of the largest bit table by list (16 MiB). */
const MOST_LIST_WORDS = 2 ** 22;
/** Words of the largest bit table (256 MiB). */
const MOST_WORDS = 2 ** 26;

/**
 * Count distinct units in each group: a bit for each pair of group and unit is set, then bits are counted.
 *
 * @param parts Segments; iterated once for each pass.
 * @param mostWords Words of the bit table; when all groups need more, groups are counted in several passes.
 * @returns Counts by (group · packages + package) · classes + class.
 */
export function countDistinct(
  parts: () => Iterable<IPart>,
  spec: ICountSpec,
  mostWords = MOST_WORDS
): Float64Array {
  const words = Math.ceil(spec.units / 32);
  const total = spec.groups * spec.packages;
  const classes = spec.unitClasses?.count ?? 1;
  const counts = new Float64Array(total * classes);
  const step = Math.max(
    1,
    Math.min(total, Math.floor(mostWords / Math.max(1, words)))
  );
  const bits = new Uint32Array(step * words);
  for (let low = 0; low < total; low += step) {
    const high = Math.min(total, low + step);
    if (low > 0) {
      bits.fill(0);
    }
    for (const part of parts()) {
      if (part.packages === null || spec.packageIndex === null) {
        markRows(bits, words, part, spec, low, high);
      } else if (
        part.packages.lists &&
        low === 0 &&
        high === total &&
        spec.groups * part.packages.lists.size * words <= MOST_LIST_WORDS
      ) {
        markByList(
          bits,
          words,
          part,
          part.packages.lists,
          spec.packageIndex,
          spec
        );
      } else if (part.packages.offsets === null) {
        markPackages(
          bits,
          words,
          part,
          part.packages.codes,
          spec.packageIndex,
          spec,
          low,
          high
        );
      } else {
        markLists(
          bits,
          words,
          part,
          part.packages.codes,
          part.packages.offsets,
          spec.packageIndex,
          spec,
          low,
          high
        );
      }
    }
    for (let group = low; group < high; group++) {
      const from = (group - low) * words;
      if (spec.unitClasses) {
        countByClass(
          bits,
          from,
          words,
          spec.unitClasses.of,
          spec.counts,
          counts,
          group * classes
        );
      } else {
        counts[group] = spec.counts
          ? sumOfBits(bits, from, words, spec.counts)
          : countBits(bits, from, from + words);
      }
    }
  }
  return counts;
}

function markRows(
  bits: Uint32Array,
  words: number,
  { mask, groups, units }: IPart,
  { first }: ICountSpec,
  low: number,
  high: number
): void {
  const rows = mask.length;
  // Records of one job or user come in runs, and the rest of a run has nothing to add.
  let lastUnit = -1;
  let lastGroup = -1;
  if (groups === null) {
    for (let i = 0; i < rows; i++) {
      const unit = units[i];
      if (unit !== lastUnit && mask[i] !== 0 && unit >= first) {
        bits[unit >>> 5] |= 1 << (unit & 31);
        lastUnit = unit;
      }
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    const unit = units[i];
    const group = groups[i];
    if (
      (unit !== lastUnit || group !== lastGroup) &&
      mask[i] !== 0 &&
      unit >= first &&
      group >= low &&
      group < high
    ) {
      bits[(group - low) * words + (unit >>> 5)] |= 1 << (unit & 31);
      lastUnit = unit;
      lastGroup = group;
    }
  }
}

function markPackages(
  bits: Uint32Array,
  words: number,
  { mask, groups, units }: IPart,
  codes: Codes,
  index: Uint32Array,
  { first, packages }: ICountSpec,
  low: number,
  high: number
): void {
  const rows = mask.length;
  if (groups === null) {
    for (let i = 0; i < rows; i++) {
      if (mask[i] !== 0) {
        const unit = units[i];
        const group = index[codes[i]];
        if (unit >= first && group >= low && group < high) {
          bits[(group - low) * words + (unit >>> 5)] |= 1 << (unit & 31);
        }
      }
    }
    return;
  }
  for (let i = 0; i < rows; i++) {
    if (mask[i] !== 0) {
      const unit = units[i];
      const name = index[codes[i]];
      if (unit >= first && name !== NONE && groups[i] !== NONE) {
        const group = groups[i] * packages + name;
        if (group >= low && group < high) {
          bits[(group - low) * words + (unit >>> 5)] |= 1 << (unit & 31);
        }
      }
    }
  }
}

/** Units are marked by list first, and then all at once for each package of it. */
function markByList(
  bits: Uint32Array,
  words: number,
  { mask, groups, units }: IPart,
  lists: ISharedLists,
  index: Uint32Array,
  { first, groups: count, packages }: ICountSpec
): void {
  const { of, size } = lists;
  const byList = new Uint32Array(count * size * words);
  // Rows of one user are far apart, so that nothing is gained by looking at the last one.
  if (groups === null) {
    for (let i = 0; i < mask.length; i++) {
      const unit = units[i];
      if (mask[i] !== 0 && unit >= first) {
        byList[Math.imul(of[i], words) + (unit >>> 5)] |= 1 << (unit & 31);
      }
    }
  } else {
    for (let i = 0; i < mask.length; i++) {
      const unit = units[i];
      const row = groups[i];
      // Groups that are none are past the last.
      if (mask[i] !== 0 && unit >= first && row < count) {
        byList[Math.imul(Math.imul(row, size) + of[i], words) + (unit >>> 5)] |=
          1 << (unit & 31);
      }
    }
  }
  for (let list = 0; list < lists.size; list++) {
    const names = lists
      .members(list)
      .map(code => index[code])
      .filter(name => name !== NONE);
    for (let row = 0; row < count; row++) {
      const from = (row * lists.size + list) * words;
      for (let w = 0; w < words; w++) {
        const word = byList[from + w];
        for (let k = 0; word !== 0 && k < names.length; k++) {
          bits[(row * packages + names[k]) * words + w] |= word;
        }
      }
    }
  }
}

function markLists(
  bits: Uint32Array,
  words: number,
  { mask, groups, units }: IPart,
  codes: Codes,
  offsets: Uint32Array,
  index: Uint32Array,
  { first, packages }: ICountSpec,
  low: number,
  high: number
): void {
  const rows = mask.length;
  for (let i = 0; i < rows; i++) {
    const unit = units[i];
    const row = groups === null ? 0 : groups[i];
    if (mask[i] === 0 || unit < first || row === NONE) {
      continue;
    }
    const end = offsets[i + 1];
    for (let e = offsets[i]; e < end; e++) {
      const name = index[codes[e]];
      const group = row * packages + name;
      if (name !== NONE && group >= low && group < high) {
        bits[(group - low) * words + (unit >>> 5)] |= 1 << (unit & 31);
      }
    }
  }
}

/** Records in each group, or the sum of their weights. Counts are by group · packages + package. */
export function countRecords(
  parts: () => Iterable<IPart & { readonly weights: Float64Array | null }>,
  spec: Pick<ICountSpec, 'groups' | 'packageIndex' | 'packages'>
): Float64Array {
  const { packageIndex, packages } = spec;
  const counts = new Float64Array(spec.groups * packages);
  for (const { mask, groups, packages: list, weights } of parts()) {
    // A list may name a package twice; its row is still one record of that package.
    const seen = new Int32Array(packages).fill(-1);
    for (let i = 0; i < mask.length; i++) {
      const row = groups === null ? 0 : groups[i];
      if (mask[i] === 0 || row === NONE) {
        continue;
      }
      const weight = weights === null ? 1 : weights[i];
      if (list === null || packageIndex === null) {
        counts[row] += weight;
        continue;
      }
      const start = list.offsets === null ? i : list.offsets[i];
      const end = list.offsets === null ? i + 1 : list.offsets[i + 1];
      for (let e = start; e < end; e++) {
        const name = packageIndex[list.codes[e]];
        if (name !== NONE && seen[name] !== i) {
          seen[name] = i;
          counts[row * packages + name] += weight;
        }
      }
    }
  }
  return counts;
}

function countByClass(
  bits: Uint32Array,
  from: number,
  words: number,
  classOf: Uint32Array,
  standsFor: Uint32Array | null,
  counts: Float64Array,
  at: number
): void {
  for (let w = 0; w < words; w++) {
    let word = bits[from + w];
    while (word !== 0) {
      const unit = w * 32 + 31 - Math.clz32(word & -word);
      word &= word - 1;
      const unitClass = classOf[unit];
      if (unitClass !== NONE) {
        counts[at + unitClass] += standsFor ? standsFor[unit] : 1;
      }
    }
  }
}

/** What the units stand for whose bits are set. */
function sumOfBits(
  bits: Uint32Array,
  from: number,
  words: number,
  standsFor: Uint32Array
): number {
  let sum = 0;
  for (let w = 0; w < words; w++) {
    let word = bits[from + w];
    while (word !== 0) {
      sum += standsFor[w * 32 + 31 - Math.clz32(word & -word)];
      word &= word - 1;
    }
  }
  return sum;
}

/** Number of bits set in words [from, to). */
export function countBits(bits: Uint32Array, from: number, to: number): number {
  let count = 0;
  for (let w = from; w < to; w++) {
    let x = bits[w];
    x -= (x >>> 1) & 0x55555555;
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
    count += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
