import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { op, table } from 'arquero';
import * as compressors from 'hyparquet-compressors';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { RE2JS } from 're2js';
import { Temporal } from 'temporal-polyfill';
import { parse } from 'yaml';
import { ZSTDDecoder } from 'zstddec';

/** The ES modules that the pure code stands on must load under Jest as they do in a browser. */
describe('ES module dependencies', () => {
  it('runs arquero', () => {
    const result = table({ n: [1, 2, 3] }).rollup({ sum: op.sum('n') });
    expect(result.objects()).toEqual([{ sum: 6 }]);
  });

  it('writes and reads Parquet', async () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'package', data: ['numpy', 'scipy'], type: 'STRING' }
      ]
    });
    await expect(
      parquetReadObjects({ file, compressors: compressors.compressors })
    ).resolves.toEqual([{ package: 'numpy' }, { package: 'scipy' }]);
  });

  it('loads the others', () => {
    expect(RE2JS.compile('^a+$').matcher('aaa').find()).toBe(true);
    expect(
      Temporal.PlainDate.from('2021-01-31').add({ days: 1 }).toString()
    ).toBe('2021-02-01');
    expect(typeof new ZSTDDecoder().decode).toBe('function');
    expect(parse('a: [1]')).toEqual({ a: [1] });
    expect(bytesToHex(sha256(new Uint8Array())).slice(0, 8)).toBe('e3b0c442');
  });
});
