import { NumberTable } from '../hash-table';
import type { Codes } from '../dictionary';

/** Below this, numbers in a float are exact. */
const EXACT = 2 ** 53;

/**
 * Distinct tuples of codes, numbered densely from 0 in order of arrival.
 *
 * #### Notes
 * The codes of a tuple are packed into one number of 53 bits, as digits of mixed radix. What does not fit any more is packed with
 * the number of the tuple so far.
 */
export class Tuples {
  /**
   * @param sizes By column: one more than its highest code.
   * @param most Most tuples: more cannot be told apart.
   */
  constructor(
    private readonly _sizes: readonly number[],
    readonly most: number
  ) {
    let room = EXACT;
    this._numbered = _sizes.map(size => {
      const full = size > room;
      room = Math.floor((full ? EXACT / most : room) / size);
      return full;
    });
  }

  /** Number of distinct tuples so far; more than `most` when there are too many. */
  get size(): number {
    return this._last.size;
  }

  /**
   * Number some tuples, the k-th of which is `columns[0][k], columns[1][k], …`.
   *
   * @param into Where their numbers go.
   * @returns False when there are more than `most`; numbers are void then.
   */
  number(columns: readonly Codes[], into: Uint32Array): boolean {
    const keys = new Float64Array(into.length);
    for (let c = 0; c < columns.length; c++) {
      const codes = columns[c];
      const size = this._sizes[c];
      if (this._numbered[c]) {
        const table = (this._tables[c] ??= new NumberTable());
        for (let k = 0; k < keys.length; k++) {
          keys[k] = table.intern(keys[k]);
        }
        if (table.size > this.most) {
          return false;
        }
      }
      for (let k = 0; k < keys.length; k++) {
        keys[k] = keys[k] * size + codes[k];
      }
    }
    for (let k = 0; k < keys.length; k++) {
      into[k] = this._last.intern(keys[k]);
    }
    return this._last.size <= this.most;
  }

  /** By column: whether the tuple so far is numbered before it, for lack of room. */
  private readonly _numbered: readonly boolean[];
  private readonly _tables: NumberTable[] = [];
  private readonly _last = new NumberTable();
}
