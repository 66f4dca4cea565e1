import type { Contents } from '@jupyterlab/services';

import { FileExistence } from '../../src/roles/file-existence';

/** Contents of a server, as folders with their entries. */
class Folders {
  readonly asked: string[] = [];

  constructor(readonly folders: Record<string, string[]>) {}

  readonly manager = {
    driveName: (path: string) => (path.includes(':') ? path.split(':')[0] : ''),
    localPath: (path: string) => path.split(':').pop(),
    get: async (path: string) => {
      this.asked.push(path);
      const entries = this.folders[path];
      if (!entries) {
        throw new Error('404');
      }
      return {
        content: entries.map(entry => ({
          name: entry.replace(/\/$/, ''),
          type: entry.endsWith('/') ? 'directory' : 'file'
        }))
      };
    }
  } as unknown as Contents.IManager;
}

describe('FileExistence', () => {
  const folders = () =>
    new Folders({
      '': ['work/', 'top.csv'],
      work: ['data/', 'near.csv', 'note.ipynb'],
      'work/data': ['a.parquet', 'b.parquet']
    });
  const existence = (server: Folders, notebook = 'work/note.ipynb') =>
    new FileExistence(server.manager, () => notebook, '/home/ann');

  it.each([
    ['near.csv', true],
    ['./data/a.parquet', true],
    ['data', true],
    ['data/', true],
    ['data/c.parquet', false],
    ['near.csv/x', false],
    ['nowhere/x', false],
    ['../top.csv', true],
    ['../../outside.csv', undefined],
    ['/home/ann/top.csv', true],
    ['/home/ann/work/data/b.parquet', true],
    ['/home/bob/top.csv', undefined],
    ['~/top.csv', undefined],
    ['data/*.parquet', true],
    ['data/*.csv', false],
    ['data/?.parquet', true],
    ['.hidden', undefined]
  ])('tells of %s: %s', async (path, exists) => {
    const files = existence(folders());
    await files.ask([path]);
    expect(files.known.get(path)).toBe(exists);
  });

  it('lists a folder once, and again when files may have changed', async () => {
    const server = folders();
    const files = existence(server);
    await expect(
      files.ask(['near.csv', 'far.csv', 'data/a.parquet'])
    ).resolves.toBe(true);
    await files.ask(['near.csv']);
    expect(server.asked).toEqual(['', 'work', 'work/data']);

    server.folders.work.push('far.csv');
    files.invalidate();
    await expect(files.ask(['near.csv', 'far.csv'])).resolves.toBe(true);
    expect(files.known.get('far.csv')).toBe(true);
    files.invalidate();
    // Nothing new.
    await expect(files.ask(['near.csv', 'far.csv'])).resolves.toBe(false);
  });

  it('keeps to the drive of the notebook', async () => {
    const server = new Folders({ 'RTC:': ['a.csv'] });
    const files = existence(server, 'RTC:note.ipynb');
    await files.ask(['a.csv', 'b.csv']);
    expect([...files.known]).toEqual([
      ['a.csv', true],
      ['b.csv', false]
    ]);
  });

  it('knows nothing where a folder cannot be listed', async () => {
    const files = existence(new Folders({}));
    await files.ask(['near.csv']);
    expect(files.known.size).toBe(0);
  });
});
