/**
 * Pseudo-random numbers that are the same on every machine: xoshiro128** by Blackman and Vigna,
 * seeded by a hash of a text, so that independent streams are named rather than numbered.
 */
export class Random {
  /**
   * @param seed Any text; equal texts give equal numbers.
   */
  constructor(seed: string) {
    this._seed = seed;
    this._a = hash(seed, 0x9e3779b9);
    this._b = hash(seed, 0x85ebca6b);
    this._c = hash(seed, 0xc2b2ae35);
    this._d = hash(seed, 0x27d4eb2f) | 1;
  }

  /** An independent stream, the same for the same name. */
  fork(name: string): Random {
    return new Random(`${this._seed}/${name}`);
  }

  /** A number from 0, inclusive, to 1, exclusive, in steps of 2⁻³². */
  float(): number {
    const scrambled = Math.imul(this._b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this._b << 9;
    this._c ^= this._a;
    this._d ^= this._b;
    this._b ^= this._c;
    this._a ^= this._d;
    this._c ^= shifted;
    this._d = (this._d << 11) | (this._d >>> 21);
    return result / 0x100000000;
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of the values, each as likely. The list must not be empty. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  /** Exponentially distributed, mean 1. */
  exponential(): number {
    return -Math.log(1 - this.float());
  }

  /** Normally distributed, mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    return (
      Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.float())
    );
  }

  /** Log-normally distributed around a median. */
  around(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  /**
   * A whole number from `least` to `most` by a Pareto law cut off at `most`.
   *
   * @param tail Exponent of the law; the smaller, the heavier the tail.
   */
  pareto(least: number, most: number, tail: number): number {
    const cut = 1 - Math.pow(least / (most + 1), tail);
    const value = least * Math.pow(1 - this.float() * cut, -1 / tail);
    return Math.min(most, Math.floor(value));
  }

  /** The values in random order, as a new list. */
  shuffled<T>(values: readonly T[]): T[] {
    const result = [...values];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }

  private readonly _seed: string;
  private _a: number;
  private _b: number;
  private _c: number;
  private _d: number;
}

/**
 * Draws indices by weight in constant time (the alias method of Walker and Vose).
 */
export class AliasTable {
  /**
   * @param weights None negative, and at least one positive.
   */
  constructor(weights: ArrayLike<number>) {
    const count = weights.length;
    let total = 0;
    for (let i = 0; i < count; i++) {
      total += weights[i];
    }
    if (!(total > 0)) {
      throw new Error('An alias table needs a positive weight.');
    }
    this._keep = new Float64Array(count);
    this._alias = new Int32Array(count);
    const small: number[] = [];
    const large: number[] = [];
    for (let i = 0; i < count; i++) {
      this._keep[i] = (weights[i] * count) / total;
      (this._keep[i] < 1 ? small : large).push(i);
    }
    let low = small.pop();
    let high = large.pop();
    while (low !== undefined && high !== undefined) {
      this._alias[low] = high;
      this._keep[high] -= 1 - this._keep[low];
      if (this._keep[high] < 1) {
        small.push(high);
        high = large.pop();
      }
      low = small.pop();
    }
    // What is left differs from 1 by rounding only.
    for (const rest of [low, high, ...small, ...large]) {
      if (rest !== undefined) {
        this._keep[rest] = 1;
        this._alias[rest] = rest;
      }
    }
  }

  /** An index, drawn by weight. */
  draw(random: Random): number {
    const place = random.float() * this._keep.length;
    const index = Math.floor(place);
    return place - index < this._keep[index] ? index : this._alias[index];
  }

  private readonly _keep: Float64Array;
  private readonly _alias: Int32Array;
}

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3. */
function hash(text: string, basis: number): number {
  let h = basis ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
