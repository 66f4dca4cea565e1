/** Reading Parquet straight to dictionary codes in typed arrays: no string and no object for any value. */

export { buffersOf, decodeChunk } from './chunk';
export { runtimeOf } from './decompress';
export { readFooter } from './footer';
export * from './types';
