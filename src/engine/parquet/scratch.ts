/** Working memory that is used again for every page, so that decoding does not keep the collector busy. */
export class Scratch {
  /** At least `size` bytes, with what the last use left in them. Valid until the next call. */
  bytes(size: number): Uint8Array {
    if (this._bytes.length < size) {
      this._bytes = new Uint8Array(roundUp(size));
    }
    return this._bytes;
  }

  /** At least `size` 32-bit words, as `bytes`. */
  words(size: number): Uint32Array {
    if (this._words.length < size) {
      this._words = new Uint32Array(roundUp(size));
    }
    return this._words;
  }

  private _bytes = new Uint8Array(0);
  private _words = new Uint32Array(0);
}

function roundUp(size: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(size)));
}
