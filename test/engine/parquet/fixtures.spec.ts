import { ENCODING } from '../../../src/engine/parquet/page-header';
import { scanPages } from '../../../src/engine/parquet/pages';
import {
  fixtureFiles,
  manifest,
  openBytes,
  readColumn,
  readFixture,
  table,
  type Value
} from './support';

/** Epoch seconds of expected milliseconds. */
function toSeconds(values: Value[]): Value[] {
  return values.map(value =>
    typeof value === 'number' ? Math.floor(value / 1000) : null
  );
}

test('every fixture is in the manifest, from every writer', () => {
  expect(manifest.files.map(({ file }) => file).sort()).toEqual(
    [...fixtureFiles].sort()
  );
  expect(new Set(manifest.files.map(({ writer }) => writer))).toEqual(
    new Set(['pyarrow', 'duckdb', 'polars', 'spark', 'fastparquet'])
  );
});

describe.each(manifest.files)('$file by $writer', ({ file: name, slow }) => {
  const bytes = readFixture(name);
  const rows = name === 'arrow-empty.parquet' ? 0 : manifest.rows;

  test('has the values that other readers find', async () => {
    const file = await openBytes(bytes);
    expect(file.rows).toBe(rows);
    expect(file.columns.length).toBeGreaterThan(0);
    for (const column of file.columns) {
      const { values, pages } = await readColumn(bytes, file, column, 'codes');
      expect({ column: column.name, values }).toEqual({
        column: column.name,
        values: table[column.name].slice(0, rows)
      });
      const isSlow = slow.includes(column.name);
      expect({ column: column.name, slow: pages.slow > 0 }).toEqual({
        column: column.name,
        slow: isSlow
      });
      const all = pages.fast + pages.slow;
      expect([0, all]).toContain(pages.checked);
      // pyarrow was told to write checksums into these.
      if (/^arrow-(none|snappy|gzip|brotli|zstd|lz4)(-v2)?\./.test(name)) {
        expect(pages.checked).toBe(all);
      }
      // A column may be slow from where its dictionary ends.
      if (!isSlow && rows > 0) {
        expect(pages.fast).toBeGreaterThan(0);
      }
    }
  });

  test('has the same values through hyparquet alone', async () => {
    const file = await openBytes(bytes);
    for (const column of file.columns) {
      if (name === 'duckdb-zstd-v2.parquet' && column.name === 'unsigned') {
        // hyparquet 1.31 reads only 32 bits of a delta of INT32, and DuckDB writes more for an unsigned one.
        continue;
      }
      const options = { slow: true };
      const { values, pages } = await readColumn(
        bytes,
        file,
        column,
        'codes',
        options
      );
      expect({ column: column.name, values }).toEqual({
        column: column.name,
        values: table[column.name].slice(0, rows)
      });
      expect(pages.fast).toBe(0);
    }
  });

  test('gives its times as seconds', async () => {
    const file = await openBytes(bytes);
    for (const column of file.columns.filter(({ type }) => type === 'time')) {
      const { values, pages } = await readColumn(
        bytes,
        file,
        column,
        'seconds'
      );
      expect({ column: column.name, values }).toEqual({
        column: column.name,
        values: toSeconds(table[column.name]).slice(0, rows)
      });
      expect(pages.slow > 0).toBe(slow.includes(column.name));
    }
  });

  test('gives its texts as seconds', async () => {
    const file = await openBytes(bytes);
    const column = file.columns.find(({ name: n }) => n === 'text_time');
    if (column) {
      const { values, chunks } = await readColumn(
        bytes,
        file,
        column,
        'seconds'
      );
      expect(values).toEqual(table['seconds of text_time'].slice(0, rows));
      const unparsable = chunks.reduce(
        (sum, chunk) => sum + (chunk.kind === 'seconds' ? chunk.unparsable : 0),
        0
      );
      expect(unparsable).toBe(rows ? table['unparsable in text_time'][0] : 0);
    }
  });

  test('has bounds that bound', async () => {
    const file = await openBytes(bytes);
    let bounded = 0;
    for (const column of file.columns) {
      let from = 0;
      for (const group of file.rowGroups) {
        const { min, max, nulls } = group.columns[column.leaf];
        const values = table[column.name].slice(from, from + group.rows);
        from += group.rows;
        if (min !== null && max !== null) {
          bounded++;
          for (const value of values) {
            if (typeof value === 'number') {
              expect(value).toBeGreaterThanOrEqual(min);
              // The bound of a time is rounded up, the value down.
              expect(value).toBeLessThanOrEqual(max);
            }
          }
          expect(['number', 'time']).toContain(column.type);
        }
        if (nulls !== null && !column.list) {
          expect(nulls).toBe(values.filter(value => value === null).length);
        }
      }
    }
    const times = file.columns.filter(
      ({ type, physical }) => type === 'time' && physical !== 'INT96'
    );
    if (rows > 0) {
      expect(bounded).toBeGreaterThanOrEqual(times.length);
    }
  });
});

test('a dictionary falls back to plain within a chunk', async () => {
  for (const [name, column] of [
    ['arrow-fallback.parquet', 'job_id'],
    ['spark-int96.parquet', 'job_id'],
    ['arrow-zstd-v2.parquet', 'job_id']
  ]) {
    const bytes = readFixture(name);
    const file = await openBytes(bytes);
    const { leaf } = file.columns.find(c => c.name === column)!;
    const info = file.rowGroups[0].columns[leaf];
    const { data } = scanPages(
      bytes.subarray(info.start, info.end),
      info,
      file.raw.leaves[leaf]
    );
    const indexed = data.filter(
      ({ encoding }) =>
        encoding === ENCODING.rleDictionary ||
        encoding === ENCODING.plainDictionary
    );
    expect(indexed.length).toBeGreaterThan(0);
    expect(indexed.length).toBeLessThan(data.length);
  }
});
