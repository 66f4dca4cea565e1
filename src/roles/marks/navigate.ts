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
  const sorted = inOrder(findings);
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

/**
 * The finding before or after one that was shown last, maybe of an earlier result; those at the same place come one by one.
 *
 * @param findings In the order of the notebook.
 * @param last With the index of its cell in `findings`.
 * @returns Null without findings.
 */
export function findingBeside(
  findings: readonly IFinding[],
  last: IFinding,
  direction: 'next' | 'previous'
): IFinding | null {
  const sorted = inOrder(findings);
  const at = sorted.findIndex(
    each =>
      each.rule === last.rule &&
      each.name === last.name &&
      compare(placeOf(each), placeOf(last)) === 0
  );
  if (at < 0) {
    // It is settled: what now stands where it was has not been shown.
    const { cell, offset } = placeOf(last);
    const beside = direction === 'next' ? offset - 1 : offset;
    return nextFinding(findings, { cell, offset: beside }, direction);
  }
  const by = direction === 'next' ? 1 : -1;
  return sorted.at((at + by) % sorted.length) ?? null;
}

function inOrder(findings: readonly IFinding[]): readonly IFinding[] {
  return [...findings].sort((a, b) => compare(placeOf(a), placeOf(b)));
}

/** Findings of the cell as a whole stand before all of its names. */
function placeOf({ cell, range }: IFinding): IPlace {
  return { cell, offset: range?.from ?? -1 };
}

function compare(a: IPlace, b: IPlace): number {
  return a.cell - b.cell || a.offset - b.offset;
}
