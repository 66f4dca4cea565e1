import type { ICoder } from './coder';
import { TextCoder } from './coder-text';
import { decodeDelta } from './delta';
import { damagedColumn, unsupportedColumn } from './errors';
import { boundOfIndices, readIndices } from './hybrid';
import { isEnd, readPageIndices } from './indices';
import { ENCODING } from './page-header';
import type { DataPage } from './pages';
import { readThroughHyparquet } from './slow';
import { Scratch } from './scratch';
import type { LeafLayout } from './types';

/** The dictionary of a chunk, as codes. */
export type ChunkDictionary = {
  /** Number of entries in the file. */
  size: number;
  /** The code of each entry; null when entry k simply has code k + 1. */
  codes: Uint32Array | null;
};

const prefixScratch = new Scratch();
const lengthScratch = new Scratch();
const numberScratch = new Scratch();

/** Whether values of this encoding are decoded by hyparquet. */
export function isSlow(encoding: number, layout: LeafLayout): boolean {
  if (encoding === ENCODING.byteStreamSplit) {
    return true;
  }
  const indices =
    encoding === ENCODING.plainDictionary ||
    encoding === ENCODING.rleDictionary;
  const bytesOfNumber =
    layout.physical === 'BYTE_ARRAY' && layout.bytesAs !== 'text';
  return (
    !indices && (layout.physical === 'FIXED_LEN_BYTE_ARRAY' || bytesOfNumber)
  );
}

/** Give the entries of a dictionary page codes. */
export function codeDictionary(
  bytes: Uint8Array,
  count: number,
  layout: LeafLayout,
  coder: ICoder,
  slow: boolean
): ChunkDictionary {
  if (!(count >= 0 && count * coder.leastBytes <= bytes.length)) {
    throw damagedColumn(layout, 'its dictionary is cut off');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codes = new Uint32Array(count);
  const end =
    slow || isSlow(ENCODING.plain, layout)
      ? codeSlowly(view, 0, ENCODING.plain, count, layout, coder, codes, 0)
      : coder.plain(bytes, view, 0, bytes.length, count, codes, 0);
  if (end !== bytes.length) {
    throw damagedColumn(layout, 'its dictionary is damaged');
  }
  return { size: count, codes: coder.size === count ? null : codes };
}

/** Write the codes of all present values of a page to `out` from `outAt` on. */
export function codePage(
  page: DataPage,
  layout: LeafLayout,
  coder: ICoder,
  dictionary: ChunkDictionary | null,
  slow: boolean,
  out: Uint32Array,
  outAt: number
): void {
  const { bytes, view, at, encoding, present } = page;
  const end = bytes.length;
  let stop: number;
  switch (encoding) {
    case ENCODING.plainDictionary:
    case ENCODING.rleDictionary:
      stop = codeIndices(page, layout, dictionary, slow, out, outAt);
      break;
    case ENCODING.plain:
      if (present * coder.leastBytes > end - at) {
        throw damagedColumn(layout, 'a page is cut off');
      }
      stop =
        slow || isSlow(encoding, layout)
          ? codeSlowly(view, at, encoding, present, layout, coder, out, outAt)
          : coder.plain(bytes, view, at, end, present, out, outAt);
      // What is left over would show that the page was not understood.
      stop = stop >= 0 && isEnd(bytes, stop) ? stop : -1;
      break;
    case ENCODING.byteStreamSplit:
      if (
        (coder instanceof TextCoder && layout.physical === 'BYTE_ARRAY') ||
        present * coder.leastBytes > end - at
      ) {
        throw damagedColumn(layout, 'a page is cut off');
      }
      stop = codeSlowly(view, at, encoding, present, layout, coder, out, outAt);
      break;
    case ENCODING.rle:
      stop = codeRle(page, layout, coder, slow, out, outAt);
      break;
    case ENCODING.deltaBinaryPacked:
    case ENCODING.deltaLengthByteArray:
    case ENCODING.deltaByteArray:
      stop = codeDelta(page, layout, coder, slow, out, outAt);
      break;
    default:
      throw unsupportedColumn(
        layout,
        `it has the unknown encoding ${encoding}`
      );
  }
  if (stop < 0 || stop > end) {
    throw damagedColumn(layout, 'the values of a page are damaged');
  }
}

/**
 * The present values of a page as PLAIN bytes, whatever their encoding: for columns of times, whose values are not
 * coded. Null for an encoding that is none of fixed-width values, or if the page is damaged.
 */
export function plainValues(
  page: DataPage,
  layout: LeafLayout,
  width: number
): { view: DataView; at: number } | null {
  const { view, at, present, encoding } = page;
  const size = present * width;
  switch (encoding) {
    case ENCODING.plain:
      return at + size <= page.bytes.length && isEnd(page.bytes, at + size)
        ? { view, at }
        : null;
    case ENCODING.deltaBinaryPacked: {
      const numbers = present === 0 ? view : plainFromDelta(page, layout);
      return numbers && { view: numbers, at: 0 };
    }
    case ENCODING.byteStreamSplit: {
      if (view.byteLength - at !== size || layout.physical === 'INT96') {
        return null;
      }
      const { values } = readThroughHyparquet(
        view,
        at,
        encoding,
        present,
        layout
      );
      return ArrayBuffer.isView(values)
        ? {
            view: new DataView(values.buffer, values.byteOffset, size),
            at: 0
          }
        : null;
    }
    default:
      return null;
  }
}

/** The values of a DELTA_BINARY_PACKED page as PLAIN ones; null if it is damaged. */
function plainFromDelta(page: DataPage, layout: LeafLayout): DataView | null {
  const { bytes, view, at, present } = page;
  if (layout.physical !== 'INT32' && layout.physical !== 'INT64') {
    return null;
  }
  const words = layout.physical === 'INT64' ? 2 : 1;
  const length = words * present;
  const { buffer } = numberScratch.bytes(4 * length);
  const numbers = new Int32Array(buffer, 0, length);
  const stop = decodeDelta(
    bytes,
    view,
    at,
    bytes.length,
    present,
    words,
    numbers
  );
  return stop < 0 ? null : new DataView(buffer, 0, 4 * length);
}

/** Code through hyparquet; returns where reading ended. */
function codeSlowly(
  view: DataView,
  at: number,
  encoding: number,
  count: number,
  layout: LeafLayout,
  coder: ICoder,
  out: Uint32Array,
  outAt: number
): number {
  const { values, end } = readThroughHyparquet(
    view,
    at,
    encoding,
    count,
    layout
  );
  if (values.length !== count) {
    return -1;
  }
  coder.decoded(values, out, outAt);
  return end;
}

/** Read dictionary indices as codes. */
function codeIndices(
  page: DataPage,
  layout: LeafLayout,
  dictionary: ChunkDictionary | null,
  slow: boolean,
  out: Uint32Array,
  outAt: number
): number {
  const { view, at, present } = page;
  const codes = dictionary?.codes;
  // Without a translation entry k has code k + 1.
  const base = codes ? 0 : 1;
  readPageIndices(page, layout, dictionary?.size ?? -1, base, out, outAt);
  if (slow && present > 0) {
    const { values } = readThroughHyparquet(
      view,
      at,
      page.encoding,
      present,
      layout
    );
    for (let i = 0; i < present; i++) {
      out[outAt + i] = Number(values[i]) + base;
    }
  }
  if (codes) {
    for (let i = outAt; i < outAt + present; i++) {
      out[i] = codes[out[i]];
    }
  }
  return page.bytes.length;
}

/** Booleans in the hybrid encoding, after a length of four bytes. */
function codeRle(
  page: DataPage,
  layout: LeafLayout,
  coder: ICoder,
  slow: boolean,
  out: Uint32Array,
  outAt: number
): number {
  const { bytes, view, at, present } = page;
  const length = at + 4 <= bytes.length ? view.getUint32(at, true) : -1;
  const end = at + 4 + length;
  if (layout.physical !== 'BOOLEAN' || length < 0 || end > bytes.length) {
    return present === 0 && length < 0 ? at : -1;
  }
  const stop = readIndices(bytes, view, at + 4, end, 1, present, out, outAt, 1);
  if (stop < 0 || boundOfIndices() > 1) {
    return -1;
  }
  return slow
    ? codeSlowly(view, at, page.encoding, present, layout, coder, out, outAt)
    : end;
}

/** The delta encodings: of integers, and of the lengths of texts. */
function codeDelta(
  page: DataPage,
  layout: LeafLayout,
  coder: ICoder,
  slow: boolean,
  out: Uint32Array,
  outAt: number
): number {
  const { bytes, view, encoding, present } = page;
  const end = bytes.length;
  let at = page.at;
  if (present === 0) {
    return at;
  }
  const { physical } = layout;
  if (encoding === ENCODING.deltaBinaryPacked) {
    const numbers = plainFromDelta(page, layout);
    if (!numbers) {
      return -1;
    }
    if (slow) {
      return codeSlowly(view, at, encoding, present, layout, coder, out, outAt);
    }
    const plain = new Uint8Array(numbers.buffer, 0, numbers.byteLength);
    coder.plain(plain, numbers, 0, plain.length, present, out, outAt);
    return end;
  }
  if (physical !== 'BYTE_ARRAY' && physical !== 'FIXED_LEN_BYTE_ARRAY') {
    return -1;
  }
  const start = at;
  let prefixes: Int32Array | null = null;
  if (encoding === ENCODING.deltaByteArray) {
    prefixes = new Int32Array(
      prefixScratch.bytes(4 * present).buffer,
      0,
      present
    );
    at = decodeDelta(bytes, view, at, end, present, 1, prefixes);
  }
  const lengths = new Int32Array(
    lengthScratch.bytes(4 * present).buffer,
    0,
    present
  );
  at = at < 0 ? -1 : decodeDelta(bytes, view, at, end, present, 1, lengths);
  if (at < 0) {
    return -1;
  }
  if (!slow && !isSlow(encoding, layout) && coder instanceof TextCoder) {
    return prefixes
      ? coder.prefixed(bytes, at, end, prefixes, lengths, present, out, outAt)
      : coder.joined(bytes, view, at, end, lengths, present, out, outAt);
  }
  // hyparquet takes these numbers as they are.
  let total = 0;
  let before = 0;
  for (let i = 0; i < present; i++) {
    const prefix = prefixes ? prefixes[i] : 0;
    if (lengths[i] < 0 || prefix < 0 || prefix > before) {
      return -1;
    }
    before = prefix + lengths[i];
    if (layout.typeLength > 0 && before !== layout.typeLength) {
      return -1;
    }
    total += lengths[i];
  }
  return total > end - at
    ? -1
    : codeSlowly(view, start, encoding, present, layout, coder, out, outAt);
}
