/** A small generator of pseudo-random numbers with a seed (mulberry32), so that failures can be repeated. */
export class Random {
  constructor(seed: number) {
    this._state = seed;
  }

  /** A number from 0 to 1. */
  next(): number {
    this._state = (this._state + 0x6d2b79f5) | 0;
    let value = Math.imul(this._state ^ (this._state >>> 15), 1 | this._state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to `end` − 1. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  private _state: number;
}
