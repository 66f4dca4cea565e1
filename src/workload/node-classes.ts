import type { Bins } from './query';

/**
 * Classes of node counts (domain: "log₂ classes of nodes: 1, 2–3, 4–7, …; others by a list of lower bounds").
 */
export interface INodeClass {
  readonly from: number;
  /** Inclusive; null for the last class of a list of bounds, which has no end. */
  readonly to: number | null;
}

/**
 * The class of a node count.
 *
 * @returns null when no class holds it: below one or without end, or below the first bound.
 */
export function nodeClass(nodes: number, bins: Bins): INodeClass | null {
  if (bins === null) {
    return { from: nodes, to: nodes };
  }
  if (bins === 'log2') {
    if (!(nodes >= 1 && nodes < Infinity)) {
      return null;
    }
    // Exact for every whole number a column can hold, unlike a logarithm.
    let from = 1;
    while (from * 2 <= nodes) {
      from *= 2;
    }
    return { from, to: from * 2 - 1 };
  }
  let found: INodeClass | null = null;
  for (let k = 0; k < bins.length && bins[k] <= nodes; k++) {
    found = { from: bins[k], to: k + 1 < bins.length ? bins[k + 1] - 1 : null };
  }
  return found;
}

/**
 * @throws RangeError with a sentence when lower bounds are not ascending whole numbers from 1.
 */
export function checkBins(bins: Bins): void {
  if (bins === null || bins === 'log2') {
    return;
  }
  const good =
    bins.length > 0 &&
    bins.every(
      (bound, k) =>
        Number.isSafeInteger(bound) &&
        bound >= 1 &&
        (k === 0 || bound > bins[k - 1])
    );
  if (!good) {
    throw new RangeError(
      'Classes are “log2” or ascending whole numbers from 1, such as 1,2,33,65.'
    );
  }
}
