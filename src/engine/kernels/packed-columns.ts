import type { Codes } from '../dictionary';

/** Values of a word are below this, so that one more than any is still a word. */
const WORD = 2 ** 32 - 1;

/** Some columns in one word a row, as digits of mixed radix. */
export interface IPacking {
  /** Positions of the columns. */
  readonly columns: readonly number[];
  /** One more than the highest value of the word. */
  readonly size: number;
}

/** Spread columns over as few words as their order allows. */
export function packings(sizes: readonly number[]): IPacking[] {
  const found: { columns: number[]; size: number }[] = [];
  sizes.forEach((size, c) => {
    const last = found.at(-1);
    if (last && last.size * size <= WORD) {
      last.columns.push(c);
      last.size *= size;
    } else {
      found.push({ columns: [c], size });
    }
  });
  return found;
}

/**
 * The words of some rows.
 *
 * @param positions Rows, or null for all.
 */
export function pack(
  { columns: chosen }: IPacking,
  columns: readonly Codes[],
  sizes: readonly number[],
  into: Uint32Array,
  positions: Uint32Array | null
): void {
  into.fill(0);
  for (const c of chosen) {
    const codes = columns[c];
    const size = sizes[c];
    for (let k = 0; k < into.length; k++) {
      // Products stay below 2^32, so that their low half is all of them.
      into[k] =
        Math.imul(into[k], size) + codes[positions === null ? k : positions[k]];
    }
  }
}

/** The columns of words, in the order of their packing. */
export function unpack(
  { columns }: IPacking,
  words: Uint32Array,
  sizes: readonly number[]
): Codes[] {
  const unpacked = columns.map(c =>
    sizes[c] <= 2 ** 16
      ? new Uint16Array(words.length)
      : new Uint32Array(words.length)
  );
  for (let k = 0; k < words.length; k++) {
    let rest = words[k];
    for (let at = columns.length - 1; at >= 0; at--) {
      const size = sizes[columns[at]];
      unpacked[at][k] = rest % size;
      rest = Math.floor(rest / size);
    }
  }
  return unpacked;
}
