/** Definition and repetition levels: small numbers in the RLE / bit-packing hybrid, one byte each once read. */

/** Bits of a level up to `max`. */
export function levelWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/**
 * Whether `[at, end)` begins with a run that gives all `count` levels the value `max`; so pages without nulls need no
 * look at their levels. False does not say that some differ.
 */
export function allLevelsAre(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  max: number
): boolean {
  let header = 0;
  for (let shift = 0; at < end && shift <= 28; shift += 7) {
    const byte = bytes[at++];
    header += (byte & 127) * 2 ** shift;
    if (byte < 128) {
      return (
        header % 2 === 0 && header / 2 >= count && at < end && bytes[at] === max
      );
    }
  }
  return false;
}

/**
 * Whether `[at, end)` holds nothing, or one run of `count` values that have no bits: some writers store repetition
 * levels in pages of version 2 even where a column has none.
 */
export function areEmptyLevels(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number
): boolean {
  if (at === end) {
    return true;
  }
  let header = 0;
  for (let shift = 0; at < end && shift <= 28; shift += 7) {
    const byte = bytes[at++];
    header += (byte & 127) * 2 ** shift;
    if (byte < 128) {
      return at === end && header === 2 * count;
    }
  }
  return false;
}

/**
 * Read `count` levels of at most `max` (below 256) into `out`.
 *
 * @returns the number of levels that equal `max`, or −1 if the data are damaged, too short or too large.
 */
export function readLevels(
  bytes: Uint8Array,
  at: number,
  end: number,
  max: number,
  count: number,
  out: Uint8Array
): number {
  const width = levelWidth(max);
  let o = 0;
  let full = 0;
  while (o < count) {
    let header = 0;
    let factor = 1;
    for (;;) {
      // A header has five bytes at most.
      if (at >= end || factor > 2 ** 28) {
        return -1;
      }
      const byte = bytes[at++];
      header += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) {
        break;
      }
    }
    const length = Math.floor(header / 2);
    if (length === 0) {
      return -1;
    }
    if (header % 2 === 0) {
      if (at >= end) {
        return -1;
      }
      const value = bytes[at++];
      if (value > max) {
        return -1;
      }
      const until = Math.min(count, o + length);
      full += value === max ? until - o : 0;
      out.fill(value, o, until);
      o = until;
    } else {
      const wanted = Math.min(length * 8, count - o);
      if (Math.ceil((wanted * width) / 8) > end - at) {
        return -1;
      }
      const found =
        width === 1
          ? unpackBits(bytes, at, wanted, out, o)
          : width === 2
            ? unpackPairs(bytes, at, max, wanted, out, o)
            : unpackLevels(bytes, at, end, width, max, wanted, out, o);
      if (found < 0) {
        return -1;
      }
      full += found;
      o += wanted;
      at = Math.min(end, at + length * width);
    }
  }
  return full;
}

/** Levels of one bit, whose largest value is 1. */
function unpackBits(
  bytes: Uint8Array,
  at: number,
  count: number,
  out: Uint8Array,
  o: number
): number {
  let full = 0;
  const whole = count >>> 3;
  for (let i = 0; i < whole; i++) {
    const byte = bytes[at++];
    out[o] = byte & 1;
    out[o + 1] = (byte >>> 1) & 1;
    out[o + 2] = (byte >>> 2) & 1;
    out[o + 3] = (byte >>> 3) & 1;
    out[o + 4] = (byte >>> 4) & 1;
    out[o + 5] = (byte >>> 5) & 1;
    out[o + 6] = (byte >>> 6) & 1;
    out[o + 7] = byte >>> 7;
    // The number of ones in a byte.
    let ones = byte - ((byte >>> 1) & 0x55);
    ones = (ones & 0x33) + ((ones >>> 2) & 0x33);
    full += (ones + (ones >>> 4)) & 15;
    o += 8;
  }
  for (let i = 0; i < (count & 7); i++) {
    const value = (bytes[at] >>> i) & 1;
    out[o + i] = value;
    full += value;
  }
  return full;
}

/** Levels of two bits. */
function unpackPairs(
  bytes: Uint8Array,
  at: number,
  max: number,
  count: number,
  out: Uint8Array,
  o: number
): number {
  let full = 0;
  let most = 0;
  const whole = count >>> 2;
  for (let i = 0; i < whole; i++) {
    const byte = bytes[at++];
    const a = byte & 3;
    const b = (byte >>> 2) & 3;
    const c = (byte >>> 4) & 3;
    const d = byte >>> 6;
    out[o] = a;
    out[o + 1] = b;
    out[o + 2] = c;
    out[o + 3] = d;
    full +=
      (a === max ? 1 : 0) +
      (b === max ? 1 : 0) +
      (c === max ? 1 : 0) +
      (d === max ? 1 : 0);
    // With a largest level of 2 only a 3 is wrong, which has both bits.
    most |= byte & (byte >>> 1) & 0x55;
    o += 4;
  }
  for (let i = 0; i < (count & 3); i++) {
    const value = (bytes[at] >>> (2 * i)) & 3;
    out[o + i] = value;
    full += value === max ? 1 : 0;
    most |= value & (value >>> 1);
  }
  return max === 3 || most === 0 ? full : -1;
}

/** Levels of any width up to 8 bits. */
function unpackLevels(
  bytes: Uint8Array,
  at: number,
  end: number,
  width: number,
  max: number,
  count: number,
  out: Uint8Array,
  o: number
): number {
  const mask = (1 << width) - 1;
  let full = 0;
  let most = 0;
  let bit = 0;
  for (let i = 0; i < count; i++) {
    const byte = at + (bit >>> 3);
    const next = byte + 1 < end ? bytes[byte + 1] : 0;
    const value = ((bytes[byte] | (next << 8)) >>> (bit & 7)) & mask;
    out[o + i] = value;
    full += value === max ? 1 : 0;
    most = value > most ? value : most;
    bit += width;
  }
  return most > max ? -1 : full;
}
