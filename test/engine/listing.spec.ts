import { listDataset } from '../../src/engine/listing';
import type { IFileLister, IListedEntry } from '../../src/engine/listing';

/** A file system of paths; what ends in a slash is an empty folder. */
function lister(...paths: string[]): IFileLister & { listed: string[] } {
  const entries = new Map<string, IListedEntry>();
  const entry = (path: string, type: IListedEntry['type']) =>
    entries.set(path, {
      path,
      type,
      size: path.length,
      modified: null,
      location: `at:${path}`
    });
  for (const path of paths) {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      entry(parts.slice(0, i).join('/'), 'directory');
    }
    if (!path.endsWith('/')) {
      entry(path, 'file');
    }
  }
  const parentOf = (path: string) =>
    path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const listed: string[] = [];
  return {
    listed,
    stat: path => {
      const clean = path.replace(/\/$/, '');
      return Promise.resolve(
        clean === ''
          ? {
              path: clean,
              type: 'directory',
              size: 0,
              modified: null,
              location: ''
            }
          : (entries.get(clean) ?? null)
      );
    },
    list: path => {
      listed.push(path);
      const clean = path.replace(/\/$/, '');
      return Promise.resolve(
        // In an order that is none.
        [...entries.values()]
          .filter(e => e.path !== '' && parentOf(e.path) === clean)
          .reverse()
      );
    }
  };
}

const FILES = lister(
  'one.parquet',
  'data/b.parquet',
  'data/a.parquet',
  'data/README.md',
  'data/_SUCCESS',
  'data/.a.parquet.crc',
  'data/_temporary/x.parquet',
  'data/sub/c.parq',
  'data/sub/deep/d.PQ',
  'data/.hidden/e.parquet',
  'hive/month=2021-01/part-0.parquet',
  'hive/month=2021-02/part-0.parquet',
  'hive/month=__HIVE_DEFAULT_PARTITION__/part-0.parquet',
  'empty/',
  'texts/a.csv',
  'odd/[x].parquet',
  'odd/x.parquet'
);

async function pathsOf(...paths: string[]): Promise<string[]> {
  return (await listDataset(paths, FILES)).map(({ path }) => path);
}

describe('listDataset', () => {
  it('takes a file as it is, whatever its name', async () => {
    expect(await pathsOf('one.parquet')).toEqual(['one.parquet']);
    expect(await pathsOf('texts/a.csv')).toEqual(['texts/a.csv']);
    expect(await pathsOf('odd/[x].parquet')).toEqual(['odd/[x].parquet']);
    expect(await listDataset(['one.parquet'], FILES)).toEqual([
      {
        path: 'one.parquet',
        location: 'at:one.parquet',
        size: 11,
        modified: null,
        partitions: {}
      }
    ]);
  });

  it('takes all Parquet files below a folder, hidden ones left out, in order', async () => {
    const all = [
      'data/a.parquet',
      'data/b.parquet',
      'data/sub/c.parq',
      'data/sub/deep/d.PQ'
    ];
    expect(await pathsOf('data')).toEqual(all);
    expect(await pathsOf('data/')).toEqual(all);
    expect(await pathsOf('data/_temporary')).toEqual([
      'data/_temporary/x.parquet'
    ]);
  });

  it('takes each file once', async () => {
    expect(
      await pathsOf('data/sub', 'data/sub/c.parq', 'data/*/c.parq')
    ).toEqual(['data/sub/c.parq', 'data/sub/deep/d.PQ']);
  });

  it.each<[string, string[]]>([
    ['*.parquet', ['one.parquet']],
    ['data/*.parquet', ['data/a.parquet', 'data/b.parquet']],
    ['data/?.parquet', ['data/a.parquet', 'data/b.parquet']],
    ['data/[!a].parquet', ['data/b.parquet']],
    [
      '*/*.parquet',
      ['data/a.parquet', 'data/b.parquet', 'odd/[x].parquet', 'odd/x.parquet']
    ],
    ['data/**/*.parq', ['data/sub/c.parq']],
    ['data/**/*.parquet', ['data/a.parquet', 'data/b.parquet']],
    ['**/d.PQ', ['data/sub/deep/d.PQ']],
    ['odd/[[]x].parquet', ['odd/[x].parquet']],
    [
      'hive/month=2021-0[12]/*.parquet',
      ['hive/month=2021-01/part-0.parquet', 'hive/month=2021-02/part-0.parquet']
    ],
    // A glob of folders is what is in them.
    [
      'hive/month=2021-*',
      ['hive/month=2021-01/part-0.parquet', 'hive/month=2021-02/part-0.parquet']
    ],
    [
      'dat*',
      [
        'data/a.parquet',
        'data/b.parquet',
        'data/sub/c.parq',
        'data/sub/deep/d.PQ'
      ]
    ],
    ['data/s*/', ['data/sub/c.parq', 'data/sub/deep/d.PQ']]
  ])('takes what %s matches', async (glob, expected) => {
    expect(await pathsOf(glob)).toEqual(expected);
  });

  it('looks no deeper than a glob can match', async () => {
    FILES.listed.length = 0;
    await pathsOf('data/*.parquet');
    expect(FILES.listed).toEqual(['data']);
  });

  it('reads the keys of Hive folders', async () => {
    const entries = await listDataset(['hive'], FILES);
    expect(entries.map(({ partitions }) => partitions)).toEqual([
      { month: '2021-01' },
      { month: '2021-02' },
      { month: null }
    ]);
    const escaped = lister(
      'h/when=2021-01-01 00%3A00%3A00/a%2Fb=x%3Dy/plain%zz=1%/e=/p.parquet'
    );
    expect((await listDataset(['h'], escaped))[0].partitions).toEqual({
      when: '2021-01-01 00:00:00',
      'a/b': 'x=y',
      'plain%zz': '1%',
      e: ''
    });
    // A folder's key counts also for a file that is named, and a file's own name is none.
    const named = lister('h/_k=1/a=b.parquet');
    expect(
      (await listDataset(['h/_k=1/a=b.parquet'], named))[0].partitions
    ).toEqual({ _k: '1' });
    expect(await listDataset(['h'], named)).toHaveLength(1);
  });

  it.each([
    [
      'absent.parquet',
      'not-found',
      '“absent.parquet” does not exist. Check the path, or choose the file again.'
    ],
    [
      'empty',
      'not-parquet',
      'There is no Parquet file in “empty”. Choose a folder that holds some.'
    ],
    [
      'texts',
      'not-parquet',
      'There is no Parquet file in “texts”. Choose a folder that holds some.'
    ],
    [
      'data/*.orc',
      'not-parquet',
      'No file matches “data/*.orc”. Check the pattern.'
    ],
    [
      'nowhere/*.parquet',
      'not-parquet',
      'No file matches “nowhere/*.parquet”. Check the pattern.'
    ],
    [
      'data/[z-a].parquet',
      'query',
      'The pattern “data/[z-a].parquet” cannot be read.'
    ]
  ])('says what is wrong with %s', async (path, code, message) => {
    await expect(pathsOf(path)).rejects.toMatchObject({ code });
    await expect(pathsOf(path)).rejects.toThrow(message);
  });

  it('refuses more files than anybody means', async () => {
    const many: IFileLister = {
      stat: path =>
        Promise.resolve({
          path,
          type: 'directory',
          size: 0,
          modified: null,
          location: ''
        }),
      list: path =>
        Promise.resolve(
          Array.from({ length: 20_001 }, (_, i) => ({
            path: `${path}/${i}.parquet`,
            type: 'file' as const,
            size: 1,
            modified: null,
            location: `${i}`
          }))
        )
    };
    await expect(listDataset(['many'], many)).rejects.toMatchObject({
      code: 'memory'
    });
    await expect(listDataset(['many'], many)).rejects.toThrow(
      '“many” holds more than 20000 files.'
    );
  });

  it('takes a file that two paths lead to once, by where it lies', async () => {
    const twice: IFileLister = {
      stat: path =>
        Promise.resolve({
          path,
          type: 'file',
          size: 1,
          modified: null,
          location: '/abs/a.parquet'
        }),
      list: () => Promise.resolve([])
    };
    expect(await listDataset(['a.parquet', './a.parquet'], twice)).toHaveLength(
      1
    );
  });
});
