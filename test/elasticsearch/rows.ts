import type { IArrived } from '../../src/elasticsearch/tuples';
import { DOCUMENTS } from '../../src/elasticsearch/tuples';
import { MISSING_SECONDS } from '../../src/engine/parquet/types';
import { WorkloadIndex } from '../../src/engine/workload-index';
import type { IColumn } from '../../src/workload/fields';
import { datasetOf } from '../engine/tables';

/** What has arrived, as rows of an index: column by column. */
export function rowsIn(
  { rows, columns }: IArrived,
  known: ReadonlyMap<string, IColumn>
): Record<string, unknown>[] {
  const dataset = datasetOf({
    [DOCUMENTS]: { type: 'number', values: Array<number>(rows).fill(0) },
    ...Object.fromEntries(
      [...known.values()].map(({ name, type, list }) => [
        name,
        { type, values: Array<null | null[]>(rows).fill(list ? [] : null) }
      ])
    )
  });
  const index = new WorkloadIndex(dataset);
  const found = Array.from(
    { length: rows },
    (): Record<string, unknown> => ({})
  );
  if (rows === 0) {
    return found;
  }
  const [segment] = dataset.segments;
  for (const { name, chunk } of columns) {
    expect(chunk.rows).toBe(rows);
    index.add(segment, name, chunk);
    if (chunk.kind === 'seconds') {
      chunk.seconds.forEach((s, i) => {
        found[i][`${name} in seconds`] =
          s === MISSING_SECONDS || Number.isNaN(s) ? null : s;
      });
      continue;
    }
    const { dictionary, codes, offsets } = index.coded(name);
    const values = Array.from(codes[0] ?? [], code => dictionary.value(code));
    const starts = offsets[0];
    found.forEach((row, i) => {
      row[name] = starts ? values.slice(starts[i], starts[i + 1]) : values[i];
    });
  }
  return found;
}
