/** Numbers of one page, as bits. */
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
/** Numbers from here on have no page. Ids of jobs lie below: Slurm counts up to 2^26. */
const PAGED = 2 ** 27;
/** Places for each number that is there, at most: more, and hashing takes less memory. */
const MOST_SPARSE = 8;
/** Places that are always allowed. */
const SPARE = 16 * PAGE;
/** Pages that are kept for later when all are forgotten. */
const MOST_KEPT = 512;

/**
 * Places for small whole numbers by number itself, in pages that come into being where numbers lie: no hash, nothing to move when
 * there are more, and ids of jobs that ran at one time share lines of the processor's cache.
 *
 * #### Notes
 * A number has its page or none for good, so that a table which hashes the rest knows where to look: after the first number
 * without a page no page is added.
 */
export class NumberPages {
  /**
   * The page with the place of a number, at `placeOf(number)`; 0 is free. Null where the number is to be hashed.
   *
   * @param key An unsigned 32-bit number.
   * @param size How many numbers there are already.
   */
  reach(key: number, size: number): Uint32Array | null {
    const page = this.find(key);
    return page === null && key < PAGED && !this._full
      ? this._add(key >>> PAGE_BITS, size)
      : page;
  }

  /** As `reach`, without a new page. */
  find(key: number): Uint32Array | null {
    const index = key >>> PAGE_BITS;
    return index < this._pages.length ? this._pages[index] : null;
  }

  /** Forget all; the memory serves what follows. */
  clear(): void {
    for (const index of this._used) {
      const page = this._pages[index];
      if (page && this._free.length < MOST_KEPT) {
        this._free.push(page.fill(0));
      }
      this._pages[index] = null;
    }
    this._used.length = 0;
    this._full = false;
  }

  private _add(index: number, size: number): Uint32Array | null {
    if ((this._used.length + 1) * PAGE > MOST_SPARSE * size + SPARE) {
      this._full = true;
      return null;
    }
    while (this._pages.length <= index) {
      this._pages.push(null);
    }
    this._used.push(index);
    return (this._pages[index] = this._free.pop() ?? new Uint32Array(PAGE));
  }

  private readonly _pages: (Uint32Array | null)[] = [];
  private readonly _used: number[] = [];
  private readonly _free: Uint32Array[] = [];
  private _full = false;
}

/** Where in its page a number has its place. */
export function placeOf(key: number): number {
  return key & (PAGE - 1);
}
