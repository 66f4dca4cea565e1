import { decompress as decompressZstd } from 'fzstd';
import { gunzip } from 'hyparquet-compressors/src/gzip.js';
import { decompressBrotli } from './brotli';
import { crc32 } from './crc';
import { decompressLz4, decompressLz4Raw } from './lz4';
import { decompressSnappy } from './snappy';
import { snappyWasm, zstdWasm } from './wasm';

/**
 * Decompress `input`, which must give exactly `length` bytes. The result is valid until the next call, and null when
 * the input is damaged; libraries may throw as well.
 */
export type Decompressor = (
  input: Uint8Array,
  length: number
) => Uint8Array | null;

/** What the two codecs that have a WebAssembly decoder run on. */
export type Runtime = 'wasm' | 'javascript';

/**
 * No page has more bytes than this: Parquet counts them in signed 32 bits, and WebAssembly must hold the compressed
 * page as well.
 */
export const MOST_PAGE_BYTES = 2 ** 31 - 1;

/** Above this, Zstandard's memory of at most 2 GiB would not hold a page and what it was. */
const MOST_ZSTD_BYTES = 2 ** 29;

let zstd: Promise<{ run: Decompressor; runtime: Runtime }> | null = null;
let snappy: { run: Decompressor; runtime: Runtime } | null = null;

/**
 * The decompressor of a codec, by Parquet's name for it; null for one that is not supported.
 *
 * Snappy and Zstandard run in WebAssembly, and in JavaScript (about three times slower) where a content security
 * policy forbids that.
 */
export async function decompressorFor(
  codec: string
): Promise<Decompressor | null> {
  switch (codec) {
    case 'UNCOMPRESSED':
      return (input, length) => (input.length === length ? input : null);
    case 'SNAPPY':
      return (snappy ??= makeSnappy()).run;
    case 'ZSTD':
      return (await (zstd ??= makeZstd())).run;
    case 'GZIP':
      return decompressGzip;
    case 'BROTLI':
      return decompressBrotli;
    case 'LZ4':
      return allocating(decompressLz4);
    case 'LZ4_RAW':
      return allocating(decompressLz4Raw);
    default:
      return null;
  }
}

/** What a codec runs on here; `javascript` for Snappy or Zstandard means that WebAssembly is not allowed. */
export async function runtimeOf(codec: string): Promise<Runtime> {
  await decompressorFor(codec);
  if (codec === 'SNAPPY' && snappy) {
    return snappy.runtime;
  }
  return codec === 'ZSTD' && zstd ? (await zstd).runtime : 'javascript';
}

function allocating(
  fill: (input: Uint8Array, output: Uint8Array) => boolean
): Decompressor {
  return (input, length) => {
    // A token of LZ4 stands for at most 255 bytes.
    if (length > 255 * input.length + 64) {
      return null;
    }
    const output = new Uint8Array(length);
    return fill(input, output) ? output : null;
  };
}

/** The length that a Snappy block says it has, and where what follows begins; −1 where there is none. */
function snappyLength(input: Uint8Array): { length: number; start: number } {
  let length = 0;
  for (let i = 0; i < 5 && i < input.length; i++) {
    length += (input[i] & 127) * 2 ** (7 * i);
    if (input[i] < 128) {
      return { length, start: i + 1 };
    }
  }
  return { length: -1, start: 0 };
}

function makeSnappy(): { run: Decompressor; runtime: Runtime } {
  const javascript = allocating((input, output) =>
    decompressSnappy(input.subarray(snappyLength(input).start), output)
  );
  const checked =
    (run: Decompressor): Decompressor =>
    (input, length) => {
      if (snappyLength(input).length !== length) {
        return null;
      }
      // A block of nothing is its length alone, which not every library takes.
      return length === 0 ? new Uint8Array(0) : run(input, length);
    };
  try {
    let instance = snappyWasm();
    const wasm: Decompressor = (input, length) => {
      try {
        return instance(input, length);
      } catch (error) {
        // What stopped halfway may have left its memory in disorder.
        instance = snappyWasm();
        throw error;
      }
    };
    return { run: checked(wasm), runtime: 'wasm' };
  } catch {
    return { run: checked(javascript), runtime: 'javascript' };
  }
}

async function makeZstd(): Promise<{ run: Decompressor; runtime: Runtime }> {
  const checked =
    (run: Decompressor): Decompressor =>
    (input, length) => {
      // 0xFD2FB528, little-endian; skippable frames do not occur in pages.
      if (
        input[0] !== 0x28 ||
        input[1] !== 0xb5 ||
        input[2] !== 0x2f ||
        input[3] !== 0xfd
      ) {
        return null;
      }
      // A block of at least three bytes stands for at most 128 KiB.
      if (length > 43_691 * input.length) {
        return null;
      }
      return length === 0 ? new Uint8Array(0) : run(input, length);
    };
  const javascript: Decompressor = (input, length) =>
    decompressZstd(input, new Uint8Array(length));
  try {
    const decode = await zstdWasm();
    const wasm: Decompressor = (input, length) =>
      input.length + length > MOST_ZSTD_BYTES
        ? javascript(input, length)
        : decode(input, length);
    return { run: checked(wasm), runtime: 'wasm' };
  } catch {
    return { run: checked(javascript), runtime: 'javascript' };
  }
}

function decompressGzip(input: Uint8Array, length: number): Uint8Array | null {
  const end = input.length;
  // Deflate packs at most 1032 bytes into one.
  if (end < 18 || input[0] !== 31 || input[1] !== 139 || length > 1032 * end) {
    return null;
  }
  const output =
    length === 0 ? new Uint8Array(0) : gunzip(input, new Uint8Array(length));
  // A page may be several members; the last eight bytes are the checksum and the length of the last one.
  const view = new DataView(input.buffer, input.byteOffset, end);
  const last = view.getUint32(end - 4, true);
  const sound =
    last <= length &&
    crc32(output, length - last, length) === view.getUint32(end - 8, true);
  return sound ? output : null;
}
