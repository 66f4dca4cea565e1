import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nodeLister, nodeSource } from '../../src/cli/node-files';
import { listDataset } from '../../src/engine/listing';
import type { IFileEntry } from '../../src/engine/engine';

const cwd = process.cwd();
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'explorer-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

function write(path: string, content = '0123456789'): void {
  const at = path.lastIndexOf('/');
  if (at > 0) {
    mkdirSync(path.slice(0, at), { recursive: true });
  }
  writeFileSync(path, content);
}

const paths = async (...given: string[]) =>
  (await listDataset(given, nodeLister)).map(({ path }) => path);

describe('nodeLister', () => {
  it('knows files and folders, and what is not there', async () => {
    write('data/a.parquet');
    utimesSync('data/a.parquet', 0, Date.UTC(2021, 0, 2) / 1000);
    expect(await nodeLister.stat('data/a.parquet')).toMatchObject({
      path: 'data/a.parquet',
      type: 'file',
      size: 10,
      modified: '2021-01-02T00:00:00.000Z'
    });
    expect(await nodeLister.stat('data')).toMatchObject({
      path: 'data',
      type: 'directory'
    });
    expect(await nodeLister.stat('absent')).toBeNull();
    expect(await nodeLister.stat('data/a.parquet/below')).toBeNull();
  });

  it('keeps paths as they were written', async () => {
    write('data/a.parquet');
    write('data/sub/b.parquet');
    write('c.parquet');
    expect(await paths('data')).toEqual([
      'data/a.parquet',
      'data/sub/b.parquet'
    ]);
    expect(await paths('./data/')).toEqual([
      './data/a.parquet',
      './data/sub/b.parquet'
    ]);
    expect(await paths('*.parquet')).toEqual(['c.parquet']);
    expect(await paths('.')).toEqual([
      './c.parquet',
      './data/a.parquet',
      './data/sub/b.parquet'
    ]);
    expect(await paths(`${folder}/da*`)).toEqual([
      `${folder}/data/a.parquet`,
      `${folder}/data/sub/b.parquet`
    ]);
    expect(await paths('**/b.parquet')).toEqual(['data/sub/b.parquet']);
  });

  it('takes a file once that links or other spellings lead to as well', async () => {
    write('data/a.parquet');
    symlinkSync('a.parquet', 'data/latest.parquet');
    symlinkSync('data', 'link');
    expect(
      await listDataset(
        ['data', './data', 'link', `${folder}/data/a.parquet`],
        nodeLister
      )
    ).toHaveLength(1);
  });

  it('passes over links that lead nowhere or in circles, and what is no file', async () => {
    write('data/a.parquet');
    symlinkSync('absent', 'data/dangling.parquet');
    symlinkSync('circle.parquet', 'data/circle.parquet');
    execFileSync('mkfifo', ['data/pipe.parquet']);
    expect(await paths('data')).toEqual(['data/a.parquet']);
    await expect(paths('data/pipe.parquet')).rejects.toMatchObject({
      code: 'not-found'
    });
  });
});

describe('nodeSource', () => {
  async function open(path: string): Promise<IFileEntry> {
    const [entry] = await listDataset([path], nodeLister);
    return entry;
  }
  const read = async (
    entry: IFileEntry,
    start: number,
    end?: number,
    stamp: string | null = null
  ) => Buffer.from(await nodeSource(entry, stamp).slice(start, end)).toString();

  it('reads pieces of a file', async () => {
    write('a.parquet');
    const entry = await open('a.parquet');
    expect(await read(entry, 2, 5)).toBe('234');
    expect(await read(entry, 7)).toBe('789');
    expect(await read(entry, 4, 4)).toBe('');
    expect(nodeSource(entry, null).byteLength).toBe(10);
  });

  it('refuses a file that grew, shrank, was written anew or replaced', async () => {
    for (const change of [
      () => write('a.parquet', '0123456789x'),
      () => write('a.parquet', '012345678'),
      () => utimesSync('a.parquet', 0, 12345),
      () => {
        write('other', '9876543210');
        utimesSync('other', 0, 1_600_000_000);
        renameSync('other', 'a.parquet');
      }
    ]) {
      write('a.parquet');
      utimesSync('a.parquet', 0, 1_600_000_000);
      const entry = await open('a.parquet');
      const source = nodeSource(entry, null);
      await source.slice(0, 4);
      const { stamp } = source;
      expect(stamp).not.toBeNull();
      expect(await read(entry, 0, 4, stamp)).toBe('0123');
      change();
      for (const attempt of [
        () => source.slice(2, 4),
        () => nodeSource(entry, stamp).slice(2, 4)
      ]) {
        await expect(attempt()).rejects.toMatchObject({
          code: 'changed',
          message:
            '“a.parquet” changed while it was read. Reload it to see what it holds now.'
        });
      }
    }
  });

  it('says that a file is gone, and reads it when it is back', async () => {
    write('a.parquet');
    const entry = await open('a.parquet');
    renameSync('a.parquet', 'b.parquet');
    await expect(read(entry, 0, 4)).rejects.toMatchObject({
      code: 'not-found'
    });
    renameSync('b.parquet', 'a.parquet');
    expect(await read(entry, 0, 4)).toBe('0123');
  });

  it('stops when it is given up', async () => {
    write('a.parquet');
    const entry = await open('a.parquet');
    await expect(
      nodeSource(entry, null).slice(0, 4, AbortSignal.abort())
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leaves no file open', async () => {
    write('a.parquet');
    const entry = await open('a.parquet');
    const before = openHandles();
    for (let i = 0; i < 200; i++) {
      const own = `f${i}.parquet`;
      symlinkSync('a.parquet', own);
      await nodeSource({ ...entry, location: own }, null).slice(0, 1);
    }
    // Others of this process open a few files at the same time.
    expect(openHandles()).toBeLessThan(before + 100);
  });
});

/** Files that this process has open; 0 where the system does not tell. */
function openHandles(): number {
  return Number(
    execFileSync('sh', [
      '-c',
      `ls /proc/${process.pid}/fd 2>/dev/null | wc -l`
    ]).toString()
  );
}
