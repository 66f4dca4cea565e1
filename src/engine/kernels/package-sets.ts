/** Rows of which many have the same list of packages: a list is told by its number. */
export interface ISharedLists {
  /** By row: number of its list. */
  readonly of: Uint32Array;
  /** Number of lists. */
  readonly size: number;
  /** Package codes of a list, each once. */
  members(list: number): readonly number[];
}

/** Entries of the largest table of steps (64 MiB). */
const MOST_STEPS = 2 ** 24;

/**
 * Distinct sets of packages, numbered in order of arrival; set 0 is empty.
 *
 * #### Notes
 * A set grows by one package at a time, and each such step is worked out once: jobs are many, the sets they have are few.
 */
export class PackageSets {
  /**
   * @param packages One more than the highest package code.
   * @param mostSteps Sets times packages may not be more.
   */
  constructor(
    readonly packages: number,
    private readonly _mostSteps = MOST_STEPS
  ) {
    this._next = new Int32Array(Math.min(_mostSteps, packages * 64)).fill(-1);
  }

  get size(): number {
    return this._members.length;
  }

  /** Package codes of a set, ascending. */
  members(set: number): readonly number[] {
    return this._members[set];
  }

  /** The set with one package more; −1 when there are too many sets. */
  add(set: number, code: number): number {
    const known = this._next[set * this.packages + code];
    return known >= 0 ? known : this._step(set, code);
  }

  private _step(set: number, code: number): number {
    const members = this._members[set];
    const grown = members.includes(code)
      ? members
      : [...members, code].sort((a, b) => a - b);
    const key = grown.join();
    let found = this._ids.get(key);
    if (found === undefined) {
      found = this._members.length;
      const needed = (found + 1) * this.packages;
      if (needed > this._mostSteps) {
        return -1;
      }
      if (needed > this._next.length) {
        const next = new Int32Array(Math.min(this._mostSteps, needed * 2)).fill(
          -1
        );
        next.set(this._next);
        this._next = next;
      }
      this._members.push(grown);
      this._ids.set(key, found);
    }
    this._next[set * this.packages + code] = found;
    return found;
  }

  /** By set · packages + package: the set with that package too, or −1 when that is not worked out yet. */
  private _next: Int32Array;
  private readonly _members: (readonly number[])[] = [[]];
  private readonly _ids = new Map<string, number>([['', 0]]);
}
