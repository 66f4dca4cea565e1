// The package's main module instantiates WebAssembly when it is imported, which a strict content security policy
// forbids; so its parts are imported one by one, and it has no types for these.
declare module 'hyparquet-compressors/src/gzip.js' {
  export function gunzip(input: Uint8Array, output?: Uint8Array): Uint8Array;
}
declare module 'hyparquet-compressors/src/brotli.js' {
  export function decompressBrotli(
    input: Uint8Array,
    outputLength: number
  ): Uint8Array;
}
declare module 'hyparquet-compressors/src/brotli.streams.js' {
  export class BrotliOutput {
    write: (this: BrotliOutput, bytes: Uint8Array, count: number) => number;
  }
}
