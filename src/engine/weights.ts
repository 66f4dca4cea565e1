import type { ISegment } from './dataset';
import { mappedColumn } from './shared';
import type { IShared } from './shared';

/** Records that each row of a segment stands for; null when each is one. A weight that is missing or no number counts once, too. */
export function weightsOf(
  shared: Pick<IShared, 'mapping' | 'column'>,
  segment: ISegment
): Float64Array | null {
  if (!shared.mapping.count) {
    return null;
  }
  const column = mappedColumn(shared, 'count');
  const { dictionary } = column;
  const codes = column.codes(segment);
  const byCode = Float64Array.from({ length: dictionary.size }, (_, code) => {
    const weight = dictionary.number(code);
    return Number.isNaN(weight) ? 1 : weight;
  });
  const weights = new Float64Array(segment.rows);
  for (let i = 0; i < weights.length; i++) {
    weights[i] = byCode[codes[i]];
  }
  return weights;
}
