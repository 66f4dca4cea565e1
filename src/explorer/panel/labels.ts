import type { IndexKind } from '../../server/elasticsearch';
import type { Bins } from '../../workload/query';
import type { ITranslator } from '../../workload/translator';

/** Names of things in the panel's menus and selects. */

/** Classes of the second study, by their lower bounds (domain: "job width (nodes) classes"). */
export const WIDTH_CLASSES: readonly number[] = [
  1, 2, 33, 65, 129, 257, 513, 1025
];

/**
 * Classes of node counts as typed: lower bounds, ascending, whole, from 1, apart by commas or blanks.
 *
 * @returns null when the text is no such list.
 */
export function parseBounds(text: string): number[] | null {
  const bounds = text
    .split(/[\s,]+/)
    .filter(part => part !== '')
    .map(Number);
  const isList =
    bounds.length > 0 &&
    bounds.every(
      (bound, i) =>
        Number.isSafeInteger(bound) &&
        bound >= 1 &&
        (i === 0 || bound > bounds[i - 1])
    );
  return isList ? bounds : null;
}

export function binsLabel(bins: Bins, trans: ITranslator): string {
  return bins === null
    ? trans.__('every node count by itself')
    : bins === 'log2'
      ? trans.__('doubling: 1, 2–3, 4–7, …')
      : bins
          .map((from, i) =>
            i + 1 < bins.length ? range(from, bins[i + 1] - 1) : `${from}+`
          )
          .join(', ');
}

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** What kind of name of Elasticsearch one is. */
export function indexKind(kind: IndexKind, trans: ITranslator): string {
  switch (kind) {
    case 'index':
      return trans.__('index');
    case 'alias':
      return trans.__('alias');
    case 'data_stream':
      return trans.__('data stream');
  }
}
