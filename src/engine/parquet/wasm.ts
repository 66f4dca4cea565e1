import { snappyUncompressor } from 'hysnappy';
import { ZSTDDecoder } from 'zstddec';

/**
 * The WebAssembly inside of two libraries, called directly: their own functions copy every page out of its memory, which takes
 * about as long as decompressing it does. What these return is valid until the next call.
 */
type Uncompress = (input: Uint8Array, length: number) => Uint8Array | null;

interface ISnappy {
  readonly memory: WebAssembly.Memory;
  /** 0 when all went well. */
  readonly uncompress: (
    input: number,
    inputLength: number,
    output: number
  ) => number;
}

interface IZstd {
  readonly memory: WebAssembly.Memory;
  readonly malloc: (size: number) => number;
  readonly free: (address: number) => void;
  /** The length of the output; an error is another one. */
  readonly ZSTD_decompress: (
    output: number,
    outputLength: number,
    input: number,
    inputLength: number
  ) => number;
}

/** Bytes of its memory that the Snappy decoder uses itself, by its library. */
const SNAPPY_OWN = 68_000;
const WASM_PAGE = 65_536;

/** A new decoder of Snappy; damaged input gives null or throws, and may leave the decoder unusable. */
export function snappyWasm(): Uncompress {
  const { memory, uncompress } = snappyExports();
  return (input, length) => {
    const output = SNAPPY_OWN + input.length;
    const missing = output + length - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / WASM_PAGE));
    }
    const heap = new Uint8Array(memory.buffer);
    heap.set(input, SNAPPY_OWN);
    return uncompress(SNAPPY_OWN, input.length, output) === 0
      ? heap.subarray(output, output + length)
      : null;
  };
}

/** The decoder of Zstandard; damaged input gives null. */
export async function zstdWasm(): Promise<Uncompress> {
  const { memory, malloc, free, ZSTD_decompress } = await zstdExports();
  let room = 0;
  let at = 0;
  return (input, length) => {
    if (input.length + length > room) {
      free(at);
      room = 2 ** Math.ceil(Math.log2(input.length + length));
      at = malloc(room);
      if (at === 0) {
        room = 0;
        throw new RangeError('no memory for a page');
      }
    }
    const output = at + input.length;
    new Uint8Array(memory.buffer).set(input, at);
    return ZSTD_decompress(output, length, at, input.length) === length
      ? new Uint8Array(memory.buffer, output, length)
      : null;
  };
}

/** The library keeps its instance to itself; so for this one call the constructor of instances tells of it. */
function snappyExports(): ISnappy {
  const { Instance } = WebAssembly;
  let made: WebAssembly.Instance | null = null;
  const tell = function (module: WebAssembly.Module) {
    return (made = new Instance(module));
  };
  WebAssembly.Instance = tell as unknown as typeof Instance;
  try {
    snappyUncompressor();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return exportsOf<ISnappy>(made);
}

/**
 * The library fetches its own code from a `data:` URL, which the `connect-src` of a content security policy may forbid where
 * WebAssembly is allowed; so for this one call `fetch` takes the code from it, and the library does nothing more.
 */
async function zstdExports(): Promise<IZstd> {
  const { fetch } = globalThis;
  let code = '';
  globalThis.fetch = url => {
    code = typeof url === 'string' ? url.split(',')[1] : '';
    return new Promise(() => undefined);
  };
  try {
    void new ZSTDDecoder().init();
  } finally {
    globalThis.fetch = fetch;
  }
  const { instance } = await WebAssembly.instantiate(
    Uint8Array.from(atob(code), char => char.charCodeAt(0)),
    { env: { emscripten_notify_memory_growth: () => undefined } }
  );
  return exportsOf<IZstd>(instance);
}

function exportsOf<T>(instance: WebAssembly.Instance | null): T {
  if (!instance) {
    throw new TypeError('the library works in another way than it did');
  }
  return instance.exports as unknown as T;
}
