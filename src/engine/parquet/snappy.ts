/**
 * Decompress a Snappy block (https://github.com/google/snappy/blob/main/format_description.txt) without its length in front.
 *
 * Only where WebAssembly is not allowed. Every step moves on in `input`, so that damaged ones end.
 *
 * @returns Whether it is intact and fills `output` exactly.
 */
export function decompressSnappy(
  input: Uint8Array,
  output: Uint8Array
): boolean {
  let at = 0;
  let to = 0;
  /** The little-endian number in the next bytes. */
  const number = (bytes: number) => {
    let value = 0;
    for (let k = 0; k < bytes; k++) {
      value += input[at + k] * 2 ** (8 * k);
    }
    at += bytes;
    return value;
  };
  while (at < input.length) {
    const tag = input[at++];
    const kind = tag & 3;
    let length = (tag >>> 2) + 1;
    if (kind === 0) {
      // Lengths above 60 follow in one to four bytes.
      length = length > 60 ? number(length - 60) + 1 : length;
      if (!(at + length <= input.length && to + length <= output.length)) {
        return false;
      }
      output.set(input.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let offset: number;
    if (kind === 1) {
      length = ((tag >>> 2) & 7) + 4;
      offset = (tag >>> 5) * 256 + number(1);
    } else {
      offset = number(kind === 2 ? 2 : 4);
    }
    // A number that was cut off is none, and fails every comparison.
    if (!(offset > 0 && offset <= to && to + length <= output.length)) {
      return false;
    }
    for (let k = 0; k < length; k++) {
      output[to] = output[to - offset];
      to++;
    }
  }
  return to === output.length;
}
