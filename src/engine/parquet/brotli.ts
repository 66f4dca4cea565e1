import { decompressBrotli as decompress } from 'hyparquet-compressors/src/brotli.js';
import { BrotliOutput } from 'hyparquet-compressors/src/brotli.streams.js';

/** Bytes that the decoder has written since this was last set to 0. */
let written = 0;

// The decoder leaves an output that is too short or too long as it is, in part zeros, and does not say how much there
// was. So what it writes is counted.
const write = BrotliOutput.prototype.write;
BrotliOutput.prototype.write = function (bytes, count) {
  written += count;
  return write.call(this, bytes, count);
};

/** Decompress Brotli data that must give exactly `length` bytes; null if they do not. */
export function decompressBrotli(
  input: Uint8Array,
  length: number
): Uint8Array | null {
  written = 0;
  const output = decompress(input, length);
  return written === length ? output : null;
}
