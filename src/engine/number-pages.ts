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

/** Stands for a page that is not there. */
export const NO_PAGE = new Uint32Array(0);

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
   * The page with the place of a number, at `placeOf(number)`; 0 is free. `NO_PAGE` where the number is to be hashed.
   *
   * @param key An unsigned 32-bit number.
   * @param size How many numbers there are already.
   */
  reach(key: number, size: number): Uint32Array {
    const page = this.find(key);
    return page === NO_PAGE && key < PAGED && !this._full
      ? this._add(key >>> PAGE_BITS, size)
      : page;
  }

  /** As `reach`, without a new page. */
  find(key: number): Uint32Array {
    const index = key >>> PAGE_BITS;
    return index < this._pages.length ? this._pages[index] : NO_PAGE;
  }

  /** Forget all; the memory serves what follows. */
  clear(): void {
    for (const index of this._used) {
      if (this._free.length < MOST_KEPT) {
        this._free.push(this._pages[index].fill(0));
      }
      this._pages[index] = NO_PAGE;
    }
    this._used.length = 0;
    this._full = false;
  }

  private _add(index: number, size: number): Uint32Array {
    if ((this._used.length + 1) * PAGE > MOST_SPARSE * size + SPARE) {
      this._full = true;
      return NO_PAGE;
    }
    while (this._pages.length <= index) {
      this._pages.push(NO_PAGE);
    }
    if (this._free.length === 1) {
      this._free.push(new Uint32Array(PAGE));
    }
    const page = this._free.pop() ?? NO_PAGE;
    this._used.push(index);
    this._pages[index] = page;
    return page;
  }

  private readonly _pages = [NO_PAGE];
  private readonly _used: number[] = [];
  /** Pages for later, above one that keeps the array what it is to the compiler: one of objects. */
  private readonly _free = [NO_PAGE];
  private _full = false;
}

/** Where in its page a number has its place. */
export function placeOf(key: number): number {
  return key & (PAGE - 1);
}
