import type { Mapping } from '../workload/fields';
import type { IDataset, ISegment } from './dataset';
import type { IShared } from './shared';

/** The column that says how many records a row stands for; undefined when each is one. */
export function weightColumn(
  mapping: Mapping,
  { weights }: Pick<IDataset, 'weights'>
): string | undefined {
  return weights ?? mapping.count?.[0];
}

/** Records that each row of a segment stands for; null when each is one. A weight that is missing or no number counts once, too. */
export function weightsOf(
  shared: Pick<IShared, 'mapping' | 'index' | 'column'>,
  segment: ISegment
): Float64Array | null {
  const name = weightColumn(shared.mapping, shared.index.dataset);
  if (name === undefined) {
    return null;
  }
  const column = shared.column(name);
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
