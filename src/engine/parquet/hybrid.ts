/**
 * The hybrid of run-length encoding and bit packing, in which Parquet keeps dictionary indices (and levels, which
 * `levels.ts` reads). https://github.com/apache/parquet-format/blob/master/Encodings.md#RLE
 *
 * Every run is checked against the bytes that are there, and nothing is written outside of what was asked for.
 */

/** Runs shorter than this are written by a loop, which is quicker than calling `fill`. */
const SHORT_RUN = 64;
/** What the fifth and last byte of a run's header counts in. */
const MOST_FACTOR = 2 ** 28;

/** All values of the last `readIndices`, combined by "or". */
let seenBits = 0;

/** An upper bound of the values that the last call of `readIndices` read, before `base` was added. */
export function boundOfIndices(): number {
  return seenBits;
}

/**
 * Read `count` values of `width` bits from `[at, end)` into `out`, with `base` added to each.
 *
 * @returns where reading ended, or −1 if the data are damaged or too short.
 */
export function readIndices(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  width: number,
  count: number,
  out: Uint32Array,
  outAt: number,
  base: number
): number {
  seenBits = 0;
  if (width === 0) {
    out.fill(base, outAt, outAt + count);
    return skipEmptyRuns(bytes, at, end, count);
  }
  if (width > 32) {
    return -1;
  }
  const stop = outAt + count;
  const valueBytes = (width + 7) >>> 3;
  let bits = 0;
  while (outAt < stop) {
    // The header of a run, a variable-length integer.
    let header = 0;
    // Not `2 ** shift`: a power takes longer than all else that a short run needs.
    let factor = 1;
    for (;;) {
      if (at >= end || factor > MOST_FACTOR) {
        return -1;
      }
      const byte = bytes[at++];
      header += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) {
        break;
      }
    }
    // Not >>> 1: the sum may have 35 bits.
    const length = Math.floor(header / 2);
    if (length === 0) {
      return -1;
    }
    if (header % 2 === 0) {
      if (at + valueBytes > end) {
        return -1;
      }
      let value = bytes[at];
      for (let i = 1, factor = 256; i < valueBytes; i++, factor *= 256) {
        value += bytes[at + i] * factor;
      }
      at += valueBytes;
      bits |= value;
      const until = Math.min(stop, outAt + length);
      if (until - outAt < SHORT_RUN) {
        while (outAt < until) {
          out[outAt++] = value + base;
        }
      } else {
        out.fill(value + base, outAt, until);
        outAt = until;
      }
    } else {
      const wanted = Math.min(length * 8, stop - outAt);
      // The last run may be cut after the last value that counts.
      if (Math.ceil((wanted * width) / 8) > end - at) {
        return -1;
      }
      bits |= unpack(bytes, view, at, end, width, wanted, out, outAt, base);
      outAt += wanted;
      at = Math.min(end, at + length * width);
    }
  }
  seenBits = bits >>> 0;
  return at;
}

/** Move past the headers of runs whose values have no bits. Some writers leave them out; else they must suffice. */
function skipEmptyRuns(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number
): number {
  if (at === end) {
    return at;
  }
  let seen = 0;
  while (seen < count) {
    let header = 0;
    let factor = 1;
    for (;;) {
      if (at >= end || factor > MOST_FACTOR) {
        return -1;
      }
      const byte = bytes[at++];
      header += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) {
        break;
      }
    }
    if (header < 2) {
      return -1;
    }
    seen += Math.floor(header / 2) * (header % 2 === 0 ? 1 : 8);
  }
  return at;
}

/** Unpack values of 1 to 32 bits, and return them combined by "or". */
function unpack(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  width: number,
  count: number,
  out: Uint32Array,
  outAt: number,
  base: number
): number {
  // A group of eight values takes as many bytes as a value has bits. A load of four bytes at the last value's first
  // byte must stay inside of the view.
  const room = Math.floor((view.byteLength - at - 4) / width);
  const groups = width <= 25 ? Math.max(0, Math.min(count >>> 3, room)) : 0;
  // One loop for all these widths: several, quicker for the narrow ones, take longer to compile than they save.
  const bits = unpackGroups(view, at, width, groups, out, outAt, base);
  return (
    bits |
    unpackSlowly(
      bytes,
      at + groups * width,
      end,
      width,
      count - groups * 8,
      out,
      outAt + groups * 8,
      base
    )
  );
}

/** A load of four bytes for each value, in which those of up to 25 bits lie. */
function unpackGroups(
  view: DataView,
  at: number,
  width: number,
  groups: number,
  out: Uint32Array,
  o: number,
  base: number
): number {
  const mask = (1 << width) - 1;
  const b1 = width >>> 3;
  const b2 = (2 * width) >>> 3;
  const b3 = (3 * width) >>> 3;
  const b4 = (4 * width) >>> 3;
  const b5 = (5 * width) >>> 3;
  const b6 = (6 * width) >>> 3;
  const b7 = (7 * width) >>> 3;
  const s1 = width & 7;
  const s2 = (2 * width) & 7;
  const s3 = (3 * width) & 7;
  const s4 = (4 * width) & 7;
  const s5 = (5 * width) & 7;
  const s6 = (6 * width) & 7;
  const s7 = (7 * width) & 7;
  let bits = 0;
  for (let g = 0; g < groups; g++) {
    const v0 = view.getUint32(at, true) & mask;
    const v1 = (view.getUint32(at + b1, true) >>> s1) & mask;
    const v2 = (view.getUint32(at + b2, true) >>> s2) & mask;
    const v3 = (view.getUint32(at + b3, true) >>> s3) & mask;
    const v4 = (view.getUint32(at + b4, true) >>> s4) & mask;
    const v5 = (view.getUint32(at + b5, true) >>> s5) & mask;
    const v6 = (view.getUint32(at + b6, true) >>> s6) & mask;
    const v7 = (view.getUint32(at + b7, true) >>> s7) & mask;
    bits |= v0 | v1 | v2 | v3 | v4 | v5 | v6 | v7;
    out[o] = v0 + base;
    out[o + 1] = v1 + base;
    out[o + 2] = v2 + base;
    out[o + 3] = v3 + base;
    out[o + 4] = v4 + base;
    out[o + 5] = v5 + base;
    out[o + 6] = v6 + base;
    out[o + 7] = v7 + base;
    at += width;
    o += 8;
  }
  return bits;
}

/** Any width, byte by byte; bytes behind the end count as 0. */
function unpackSlowly(
  bytes: Uint8Array,
  at: number,
  end: number,
  width: number,
  count: number,
  out: Uint32Array,
  outAt: number,
  base: number
): number {
  let bits = 0;
  let bit = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let done = 0; done < width;) {
      const byte = at + (bit >>> 3);
      const shift = bit & 7;
      const taken = Math.min(8 - shift, width - done);
      const part =
        ((byte < end ? bytes[byte] : 0) >>> shift) & ((1 << taken) - 1);
      value += part * 2 ** done;
      done += taken;
      bit += taken;
    }
    bits |= value;
    out[outAt + i] = value + base;
  }
  return bits;
}
