import { scanPages } from '../../../src/engine/parquet/pages';
import type { ParquetFile } from '../../../src/engine/parquet/types';
import type { Random } from './random';

/** What was done to a file, in words. */
export type Mutation = { bytes: Uint8Array; what: string };

/** Where the parts of a file lie that say how to read the rest. */
export type Anatomy = {
  footerStart: number;
  /** Position and length of each page header. */
  headers: [number, number][];
};

export function dissect(bytes: Uint8Array, file: ParquetFile): Anatomy {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const footerStart = bytes.length - 8 - view.getUint32(bytes.length - 8, true);
  const headers: [number, number][] = [];
  for (const group of file.rowGroups) {
    for (const [leaf, info] of group.columns.entries()) {
      const chunk = bytes.subarray(info.start, info.end);
      const { dictionary, data } = scanPages(
        chunk,
        info,
        file.raw.leaves[leaf]
      );
      let at = 0;
      for (const header of dictionary ? [dictionary, ...data] : data) {
        headers.push([info.start + at, header.at - at]);
        at = header.at + header.compressed;
      }
    }
  }
  return { footerStart, headers };
}

/** Flip one bit of the whole file. */
export function flipAnywhere(bytes: Uint8Array, random: Random): Mutation {
  return flip(bytes, random.below(bytes.length), random);
}

/** Flip one bit of a page header, or of the footer. */
export function flipMetadata(
  bytes: Uint8Array,
  anatomy: Anatomy,
  random: Random
): Mutation {
  if (anatomy.headers.length === 0 || random.next() < 0.4) {
    const { footerStart } = anatomy;
    const length = bytes.length - footerStart;
    return flip(bytes, footerStart + random.below(length), random);
  }
  const [at, length] = random.pick(anatomy.headers);
  return flip(bytes, at + random.below(length), random);
}

function flip(bytes: Uint8Array, at: number, random: Random): Mutation {
  const mutated = bytes.slice();
  const bit = random.below(8);
  mutated[at] ^= 1 << bit;
  return { bytes: mutated, what: `bit ${bit} of byte ${at} flipped` };
}

/** Lie in the metadata: numbers that are absurd, negative, or taken from elsewhere. */
export function lieInMetadata(
  bytes: Uint8Array,
  anatomy: Anatomy,
  random: Random
): Mutation {
  const mutated = bytes.slice();
  const [start, length] =
    anatomy.headers.length === 0 || random.next() < 0.5
      ? [anatomy.footerStart, bytes.length - anatomy.footerStart]
      : random.pick(anatomy.headers);
  const at = start + random.below(length);
  const lies = [
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xfe, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0x80, 0x80, 0x80, 0x80, 0x08],
    [0x01],
    [0x00],
    [0xfc, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x1c, 0x1c, 0x1c, 0x1c],
    [0x9c, 0xff, 0xff, 0xff, 0x0f],
    Array.from({ length: 1 + random.below(8) }, () => random.below(256))
  ];
  const lie = random.pick(lies).slice(0, bytes.length - at);
  mutated.set(lie, at);
  return { bytes: mutated, what: `bytes ${lie.join(' ')} at ${at}` };
}

/** Cut, drop, repeat or overwrite a part of the file. */
export function damage(bytes: Uint8Array, random: Random): Mutation {
  const at = random.below(bytes.length);
  const length = 1 + random.below(Math.min(2000, bytes.length - at));
  switch (random.below(5)) {
    case 0:
      return { bytes: bytes.slice(0, at), what: `cut at ${at}` };
    case 1:
      return {
        bytes: join(bytes.subarray(0, at), bytes.subarray(at + length)),
        what: `${length} bytes at ${at} dropped`
      };
    case 2:
      return {
        bytes: join(bytes.subarray(0, at + length), bytes.subarray(at)),
        what: `${length} bytes at ${at} repeated`
      };
    case 3: {
      const mutated = bytes.slice();
      mutated.fill(random.pick([0, 255, 1, 127, 128]), at, at + length);
      return { bytes: mutated, what: `${length} bytes at ${at} made the same` };
    }
    default: {
      const mutated = bytes.slice();
      const from = random.below(bytes.length - length + 1);
      mutated.copyWithin(at, from, from + length);
      return {
        bytes: mutated,
        what: `${length} bytes at ${at} copied from ${from}`
      };
    }
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
