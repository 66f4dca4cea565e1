/**
 * Decoding of DELTA_BINARY_PACKED integers.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#DELTAENC
 *
 * 64-bit arithmetic is done on two 32-bit halves, without BigInt.
 */

/** What a header may claim: writers use blocks of 128 to a few thousand values. */
const LARGEST_BLOCK = 1 << 20;

/** Where reading stands, and the last 64-bit integer that was read. */
type State = {
  at: number;
  low: number;
  high: number;
};

/**
 * Decode `count` integers from `bytes[at, end)`, over whose memory `view` is. With `words` 2 each takes a low and a
 * high half in `out`, with 1 only the low half, as for INT32.
 *
 * @returns where the encoded integers end, or −1 if they are damaged or not `count`.
 */
export function decodeDelta(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  count: number,
  words: 1 | 2,
  out: Int32Array
): number {
  const state: State = { at, low: 0, high: 0 };
  const blockSize = readLength(bytes, state, end);
  const miniblocks = readLength(bytes, state, end);
  const total = readLength(bytes, state, end);
  const size = blockSize / miniblocks;
  if (
    !(blockSize > 0 && blockSize <= LARGEST_BLOCK && miniblocks > 0) ||
    size % 8 !== 0 ||
    total !== count ||
    !readZigzag(bytes, state, end)
  ) {
    return -1;
  }
  if (count === 0) {
    return state.at;
  }
  let low = state.low;
  let high = state.high;
  out[0] = low;
  if (words === 2) {
    out[1] = high;
  }
  let done = 1;
  while (done < count) {
    if (!readZigzag(bytes, state, end)) {
      return -1;
    }
    const minLow = state.low;
    const minHigh = state.high;
    const widths = state.at;
    state.at += miniblocks;
    if (state.at > end) {
      return -1;
    }
    for (let m = 0; m < miniblocks && done < count; m++) {
      const width = bytes[widths + m];
      const body = state.at;
      const wanted = Math.min(size, count - done);
      if (width > 64 || Math.ceil((wanted * width) / 8) > end - body) {
        return -1;
      }
      // Narrow deltas come from one load of four bytes each, as long as these lie in the view.
      const narrow =
        width <= 25 && body + ((wanted * width) >>> 3) + 4 <= view.byteLength;
      const mask = narrow ? (1 << width) - 1 : 0;
      for (let i = 0; i < wanted; i++) {
        const bit = i * width;
        const deltaLow = narrow
          ? (view.getUint32(body + (bit >>> 3), true) >>> (bit & 7)) & mask
          : readBits(bytes, body, end, bit, Math.min(width, 32));
        const deltaHigh =
          width > 32 ? readBits(bytes, body, end, bit + 32, width - 32) : 0;
        // low + minLow + deltaLow, with what carries over to the high half
        const sum = (low >>> 0) + (minLow >>> 0) + deltaLow;
        high = (high + minHigh + deltaHigh + Math.floor(sum / 4294967296)) | 0;
        low = sum | 0;
        out[done * words] = low;
        if (words === 2) {
          out[done * 2 + 1] = high;
        }
        done++;
      }
      state.at = Math.min(end, body + (size * width) / 8);
    }
  }
  return state.at;
}

/** An unsigned number of `width` bits, 0 to 32, from bit `bit` after `from`; bits behind the end are 0. */
function readBits(
  bytes: Uint8Array,
  from: number,
  end: number,
  bit: number,
  width: number
): number {
  let at = from + (bit >>> 3);
  const shift = bit & 7;
  let value = 0;
  let got = -shift;
  let factor = 1 / (1 << shift);
  while (got < width) {
    value += (at < end ? bytes[at] : 0) * factor;
    at++;
    got += 8;
    factor *= 256;
  }
  // Away with the bits below (now a fraction) and above.
  return Math.floor(value) % 2 ** width;
}

/** An unsigned variable-length integer of at most 32 bits, or −1. */
function readLength(bytes: Uint8Array, state: State, end: number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (state.at >= end) {
      return -1;
    }
    const byte = bytes[state.at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) {
      return value < 2 ** 32 ? value : -1;
    }
  }
  return -1;
}

/** Read a zigzag-coded 64-bit integer into the state; whether there was one. */
function readZigzag(bytes: Uint8Array, state: State, end: number): boolean {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (state.at >= end) {
      return false;
    }
    const byte = bytes[state.at++];
    const part = byte & 127;
    if (shift < 32) {
      low |= part << shift;
      high |= shift > 25 ? part >>> (32 - shift) : 0;
    } else {
      high |= part << (shift - 32);
    }
    if (byte < 128) {
      const sign = -(low & 1);
      state.low = ((low >>> 1) | (high << 31)) ^ sign;
      state.high = (high >>> 1) ^ sign;
      return true;
    }
  }
  return false;
}
