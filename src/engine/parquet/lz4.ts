/**
 * Decompression of LZ4 blocks. The format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 *
 * Parquet's LZ4_RAW is a bare block. Its older LZ4 is Hadoop's framing of blocks, or, from some writers, a bare block.
 */

/**
 * Decompress the block `input[at, end)` to `output` from `to` on.
 *
 * @returns the position after what was written, or −1 if the block is damaged or does not fit.
 */
function decompressBlock(
  input: Uint8Array,
  at: number,
  end: number,
  output: Uint8Array,
  to: number
): number {
  const limit = output.length;
  const start = to;
  while (at < end) {
    const token = input[at++];
    let literals = token >>> 4;
    if (literals === 15) {
      let byte: number;
      do {
        if (at >= end) {
          return -1;
        }
        byte = input[at++];
        literals += byte;
      } while (byte === 255);
    }
    if (literals > end - at || literals > limit - to) {
      return -1;
    }
    if (literals > 32) {
      output.set(input.subarray(at, at + literals), to);
    } else {
      for (let i = 0; i < literals; i++) {
        output[to + i] = input[at + i];
      }
    }
    at += literals;
    to += literals;
    if (at === end) {
      // The last sequence has no copy.
      return to;
    }
    if (end - at < 2) {
      return -1;
    }
    const distance = input[at] | (input[at + 1] << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) {
      let byte: number;
      do {
        if (at >= end) {
          return -1;
        }
        byte = input[at++];
        length += byte;
      } while (byte === 255);
    }
    length += 4;
    if (distance === 0 || distance > to - start || length > limit - to) {
      return -1;
    }
    // A copy may overlap what it writes, so it goes forwards, byte by byte.
    const from = to - distance;
    for (let i = 0; i < length; i++) {
      output[to + i] = output[from + i];
    }
    to += length;
  }
  return to;
}

/** Decompress a bare block that fills `output`; whether that went well. */
export function decompressLz4Raw(
  input: Uint8Array,
  output: Uint8Array
): boolean {
  return decompressBlock(input, 0, input.length, output, 0) === output.length;
}

/** Decompress Hadoop's framing (big-endian lengths before each block), or else a bare block. */
export function decompressLz4(input: Uint8Array, output: Uint8Array): boolean {
  return decompressFrames(input, output) || decompressLz4Raw(input, output);
}

function decompressFrames(input: Uint8Array, output: Uint8Array): boolean {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let to = 0;
  while (at < input.length) {
    if (input.length - at < 8) {
      return false;
    }
    const plain = view.getUint32(at, false);
    const packed = view.getUint32(at + 4, false);
    at += 8;
    if (packed > input.length - at || plain > output.length - to) {
      return false;
    }
    const block = output.subarray(to, to + plain);
    if (decompressBlock(input, at, at + packed, block, 0) !== plain) {
      return false;
    }
    at += packed;
    to += plain;
  }
  return to === output.length;
}
