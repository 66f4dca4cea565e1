import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetMetadata, parquetReadObjects } from 'hyparquet';

import { bitWidth, Bytes, hybrid } from '../../../src/cli/sample/parquet/bytes';
import {
  FlagColumn,
  NumberColumn,
  PlainTextColumn,
  TextColumn,
  TextListColumn
} from '../../../src/cli/sample/parquet/columns';
import { ParquetFile } from '../../../src/cli/sample/parquet/file';
import { Random } from '../../../src/cli/sample/random';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function contents(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}

/** Decodes the hybrid as its specification says, apart from the code under test. */
function decode(bytes: Uint8Array, width: number, count: number): number[] {
  const values: number[] = [];
  let place = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[place++];
      value |= (byte & 127) << shift;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (place < bytes.length) {
    const header = varint();
    if (header & 1) {
      const bits = (header >> 1) * 8 * width;
      for (let start = 0; start < bits; start += width) {
        let value = 0;
        for (let bit = 0; bit < width; bit++) {
          const at = place * 8 + start + bit;
          value |= ((bytes[at >> 3] >> (at & 7)) & 1) << bit;
        }
        values.push(value);
      }
      place += bits / 8;
    } else {
      let value = 0;
      for (let shift = 0; shift < width; shift += 8) {
        value |= bytes[place++] << shift;
      }
      values.push(...new Array<number>(header >> 1).fill(value));
    }
  }
  expect(values.length).toBeLessThan(count + 8);
  return values.slice(0, count);
}

describe('hybrid', () => {
  it.each([1, 2, 5, 8, 11, 17, 24])(
    'keeps codes of %i bits, in runs and out of them',
    width => {
      const random = new Random(`hybrid ${width}`);
      for (let round = 0; round < 50; round++) {
        const codes: number[] = [];
        const length = 1 + random.below(300);
        while (codes.length < length) {
          const code = random.below(2 ** width);
          const run = random.chance(0.3) ? 1 + random.below(40) : 1;
          codes.push(...new Array<number>(run).fill(code));
        }
        const start = random.below(4);
        const bytes = new Bytes(1);
        hybrid(bytes, Int32Array.from(codes), start, codes.length, width);
        const kept = codes.slice(start);
        expect(decode(bytes.written, width, kept.length)).toEqual(kept);
      }
    }
  );

  it('packs what does not repeat and counts what does', () => {
    const bytes = new Bytes();
    hybrid(bytes, Int32Array.from(new Array<number>(1000).fill(3)), 0, 1000, 2);
    expect(Array.from(bytes.written)).toEqual([0xd0, 0x0f, 3]);
    bytes.clear();
    hybrid(bytes, Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), 0, 8, 3);
    // The example of the Parquet specification.
    expect(Array.from(bytes.written)).toEqual([
      3, 0b10001000, 0b11000110, 0b11111010
    ]);
  });

  it('finds the width of a largest code', () => {
    expect([0, 1, 2, 3, 4, 255, 256].map(bitWidth)).toEqual([
      0, 1, 2, 2, 3, 8, 9
    ]);
  });
});

describe('ParquetFile', () => {
  it('writes every kind of column in several row groups', async () => {
    const path = join(folder, 'all.parquet');
    const texts = ['', 'é', '名前', 'x'.repeat(300)];
    const text = new TextColumn('text', 4, texts);
    const optional = new TextColumn('optional', 4, texts, { optional: true });
    const plain = new PlainTextColumn('plain');
    const list = new TextListColumn('list', 4, texts);
    const small = new NumberColumn('small', 4, 'int32');
    const large = new NumberColumn('large', 4, 'int64');
    const time = new NumberColumn('time', 4, 'time');
    const flag = new FlagColumn('flag', 4);
    const columns = [text, optional, plain, list, small, large, time, flag];
    const file = new ParquetFile(path, columns, { made: 'here' });
    const expected: Record<string, unknown>[] = [];
    for (const rows of [4, 3]) {
      for (let row = 0; row < rows; row++) {
        const code = (row * 3 + rows) % 4;
        text.codes[row] = code;
        optional.codes[row] = row === 1 ? -1 : code;
        plain.values[row] = `${rows} ${row}`;
        list.add([code, ...(row === 2 ? [] : [3, 0])]);
        small.values[row] = 2 ** 31 - 1 - row;
        large.values[row] = 2 ** 53 - 1 - row;
        time.values[row] = Date.UTC(2021, row, 1) + rows;
        flag.values[row] = row % 2;
        expected.push({
          text: texts[code],
          optional: row === 1 ? null : texts[code],
          plain: `${rows} ${row}`,
          list: [texts[code], ...(row === 2 ? [] : [texts[3], texts[0]])],
          small: 2 ** 31 - 1 - row,
          large: BigInt(2 ** 53 - 1 - row),
          time: new Date(Date.UTC(2021, row, 1) + rows),
          flag: row % 2 === 1
        });
      }
      file.writeRowGroup(rows);
    }
    file.finish();
    expect(readdirSync(folder)).not.toContain('all.parquet');
    file.publish();
    file.discard();

    const buffer = contents(path);
    expect(await parquetReadObjects({ file: buffer })).toEqual(expected);
    const metadata = parquetMetadata(buffer);
    expect(metadata.key_value_metadata).toEqual([
      { key: 'made', value: 'here' }
    ]);
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([
      4n,
      3n
    ]);
    const statistics = metadata.row_groups[1].columns.map(
      ({ meta_data }) => meta_data?.statistics
    );
    expect(statistics[1]?.null_count).toBe(1n);
    expect(statistics[4]).toMatchObject({
      min_value: 2 ** 31 - 3,
      max_value: 2 ** 31 - 1
    });
    expect(statistics[6]).toMatchObject({
      min_value: new Date(Date.UTC(2021, 0, 1) + 3),
      max_value: new Date(Date.UTC(2021, 2, 1) + 3)
    });
  });

  it('splits long chunks into pages, none of which cuts a list', async () => {
    const path = join(folder, 'long.parquet');
    const rows = 300_000;
    const list = new TextListColumn('list', rows, ['a', 'b', 'c']);
    const number = new NumberColumn('number', rows, 'int64');
    const flag = new FlagColumn('flag', rows);
    for (let row = 0; row < rows; row++) {
      list.add(row % 3 === 0 ? [0, 1, 2] : [row % 2]);
      number.values[row] = row;
      flag.values[row] = row % 5 === 0 ? 1 : 0;
    }
    const file = new ParquetFile(path, [list, number, flag], {});
    file.writeRowGroup(rows);
    file.finish();
    file.publish();
    const read = await parquetReadObjects({ file: contents(path) });
    expect(read).toHaveLength(rows);
    const wrong = read.findIndex(
      (value, row) =>
        value.number !== BigInt(row) ||
        value.flag !== (row % 5 === 0) ||
        String(value.list) !==
          (row % 3 === 0 ? 'a,b,c' : row % 2 === 0 ? 'a' : 'b')
    );
    expect(wrong).toBe(-1);
    const chunk = parquetMetadata(contents(path)).row_groups[0].columns[1]
      .meta_data;
    expect(chunk?.encoding_stats).toEqual([
      { page_type: 'DATA_PAGE', encoding: 'PLAIN', count: 3 }
    ]);
  });

  it('leaves nothing when discarded', () => {
    const file = new ParquetFile(join(folder, 'no.parquet'), [], {});
    file.discard();
    file.discard();
    expect(readdirSync(folder)).toEqual([]);
  });
});
