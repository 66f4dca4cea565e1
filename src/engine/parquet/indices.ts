import { damagedColumn } from './errors';
import { boundOfIndices, readIndices } from './hybrid';
import { ENCODING } from './page-header';
import type { DataPage } from './pages';
import type { LeafLayout } from './types';

/** Whether a page ends at `at`. fastparquet puts eight zeros behind the values. */
export function isEnd(bytes: Uint8Array, at: number): boolean {
  const left = bytes.length - at;
  return (
    left === 0 || (left === 8 && bytes.subarray(at).every(byte => byte === 0))
  );
}

/** Whether a page of this encoding holds indices into the dictionary. */
export function isIndexed(encoding: number): boolean {
  return (
    encoding === ENCODING.plainDictionary || encoding === ENCODING.rleDictionary
  );
}

/**
 * Read the dictionary indices of a page, with `base` added, into `out` from `outAt` on, and check that the dictionary
 * has them all. A negative `size` means that there is no dictionary.
 */
export function readPageIndices(
  page: DataPage,
  layout: LeafLayout,
  size: number,
  base: number,
  out: Uint32Array,
  outAt: number
): void {
  const { bytes, view, at, present } = page;
  if (size < 0) {
    throw damagedColumn(
      layout,
      'a page refers to a dictionary that is not there'
    );
  }
  if (present === 0) {
    return;
  }
  const end = bytes.length;
  const width = at < end ? bytes[at] : 33;
  const stop = readIndices(
    bytes,
    view,
    at + 1,
    end,
    width,
    present,
    out,
    outAt,
    base
  );
  // What is left over would show that the page was not understood.
  if (stop < 0 || !isEnd(bytes, stop)) {
    throw damagedColumn(layout, 'the values of a page are damaged');
  }
  if (
    boundOfIndices() >= size &&
    highest(out, outAt, outAt + present) - base >= size
  ) {
    throw damagedColumn(
      layout,
      'a page refers to an entry that its dictionary does not have'
    );
  }
}

function highest(values: Uint32Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) {
    most = values[i] > most ? values[i] : most;
  }
  return most;
}
