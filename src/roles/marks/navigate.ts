import type { IFinding } from '../../lint/finding';

/** A place in a notebook. */
export interface IPlace {
  /** Index of the cell. */
  readonly cell: number;
  /** UTF-16 offset in its source. */
  readonly offset: number;
}

/**
 * The finding to go to from a place, round and round.
 *
 * @param findings In the order of the notebook.
 * @returns Null without findings.
 */
export function nextFinding(
  findings: readonly IFinding[],
  from: IPlace,
  direction: 'next' | 'previous'
): IFinding | null {
  const sorted = [...findings].sort((a, b) => compare(placeOf(a), placeOf(b)));
  if (direction === 'next') {
    return (
      sorted.find(finding => compare(placeOf(finding), from) > 0) ??
      sorted[0] ??
      null
    );
  }
  return (
    sorted.findLast(finding => compare(placeOf(finding), from) < 0) ??
    sorted.at(-1) ??
    null
  );
}

/** Findings of the cell as a whole stand before all of its names. */
function placeOf({ cell, range }: IFinding): IPlace {
  return { cell, offset: range?.from ?? -1 };
}

function compare(a: IPlace, b: IPlace): number {
  return a.cell - b.cell || a.offset - b.offset;
}
