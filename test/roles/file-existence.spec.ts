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

  it('answers all who ask for the same at once, and with what is there when files have changed meanwhile', async () => {
    const server = folders();
    const files = existence(server);
    const ask = async () => {
      await files.ask(['far.csv']);
      return files.known.get('far.csv');
    };
    const early = [ask(), ask()];
    await expect(Promise.all(early)).resolves.toEqual([false, false]);
    files.invalidate();
    const later = ask();
    server.folders.work.push('far.csv');
    files.invalidate();
    await expect(ask()).resolves.toBe(true);
    await later;
    expect(files.known.get('far.csv')).toBe(true);
  });

  it('forgets what it has asked for where the notebook was', async () => {
    const server = folders();
    let notebook = 'work/note.ipynb';
    const files = new FileExistence(server.manager, () => notebook, '/');
    const asked = files.ask(['near.csv', 'top.csv']);
    notebook = 'note.ipynb';
    files.reset();
    expect(files.known.size).toBe(0);
    await expect(asked).resolves.toBe(true);
    expect(files.known.get('near.csv')).toBe(false);
    expect(files.known.get('top.csv')).toBe(true);
  });
});
