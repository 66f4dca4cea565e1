import {
  completeIndex,
  filterIndices,
  isPattern,
  matchPattern
} from '../../../src/explorer/panel/index-completion';
import type {
  IConnection,
  IIndexEntry
} from '../../../src/server/elasticsearch';

function entry(
  name: string,
  documents: number | null,
  members: readonly string[] = []
): IIndexEntry {
  const kind = members.length > 0 ? 'alias' : 'index';
  return { name, kind, documents, bytes: null, members };
}

const ENTRIES = [
  entry('mods-2021-01', 10),
  entry('mods-2021-02', 20),
  entry('mods-2022-01', 40),
  entry('MODS-old', null),
  entry('mods', 30, ['mods-2021-01', 'mods-2021-02']),
  { ...entry('stream', 7, ['.ds-stream-1']), kind: 'data_stream' as const }
];

const names = (entries: readonly IIndexEntry[]) =>
  entries.map(({ name }) => name);

describe('the list of indices', () => {
  it('is filtered by a part of the name, or by a whole pattern', () => {
    expect(names(filterIndices(ENTRIES, '2021'))).toEqual([
      'mods-2021-01',
      'mods-2021-02'
    ]);
    expect(names(filterIndices(ENTRIES, ' OLD '))).toEqual(['MODS-old']);
    expect(names(filterIndices(ENTRIES, 'mods-*-01'))).toEqual([
      'mods-2021-01',
      'mods-2022-01'
    ]);
    expect(filterIndices(ENTRIES, '2021*')).toEqual([]);
    expect(filterIndices(ENTRIES, '')).toHaveLength(ENTRIES.length);
  });

  it('takes no character of a name for more than it is', () => {
    expect(filterIndices([entry('a.b', 1), entry('axb', 1)], 'a.b*')).toEqual([
      entry('a.b', 1)
    ]);
  });

  it('tells a pattern from the begin of a name', () => {
    expect(['mods*', 'a,b', '<mods-{now/d}>'].map(isPattern)).toEqual([
      true,
      true,
      true
    ]);
    expect(isPattern('mods-2021')).toBe(false);
  });
});

describe('what a pattern stands for', () => {
  it('counts each index once, by whichever name', () => {
    expect(matchPattern(ENTRIES, 'mods*')).toEqual({
      indices: 3,
      documents: 70
    });
    expect(matchPattern(ENTRIES, 'mods,mods-2021-01')).toEqual({
      indices: 2,
      documents: 30
    });
  });

  it('takes the count of an alias, which may have a filter', () => {
    const filtered = [
      entry('records', 1_000_000),
      entry('mine', 10, ['records']),
      entry('both', 15, ['records', 'more'])
    ];
    expect(matchPattern(filtered, 'mi*')).toEqual({
      indices: 1,
      documents: 10
    });
    // Who names the index itself reads all of it.
    expect(matchPattern(filtered, 'mine,records')).toEqual({
      indices: 1,
      documents: 1_000_000
    });
    // Which documents two filters share, no list tells.
    expect(matchPattern(filtered, 'mine,both')).toEqual({
      indices: 2,
      documents: null
    });
  });

  it('takes the count of a data stream whose indices are hidden', () => {
    expect(matchPattern(ENTRIES, 'str*')).toEqual({
      indices: 1,
      documents: 7
    });
  });

  it('says nothing where the list does not', () => {
    expect(matchPattern(ENTRIES, '<mods-{now/d}>')).toBeNull();
    expect(matchPattern(ENTRIES, 'mods-*,-mods-2021*')).toBeNull();
    expect(matchPattern(ENTRIES, '-mods*')).toBeNull();
    expect(matchPattern(ENTRIES, 'other*')).toBeNull();
    expect(matchPattern(ENTRIES, 'MODS*')?.documents).toBeNull();
  });
});

describe('completion of a path', () => {
  const connection = (name: string, available = true): IConnection => ({
    name,
    description: `about ${name}`,
    available,
    problem: available ? null : 'No key.',
    indices: ['*'],
    origin: 'site'
  });
  const complete = async (typed: string) => {
    const found = await completeIndex(
      typed,
      [connection('mods'), connection('xalt'), connection('shut', false)],
      name => Promise.resolve(name === 'mods' ? ENTRIES : []),
      { short: String }
    );
    return found?.map(({ text }) => text) ?? null;
  };

  it('goes from the prefix to connections to indices', async () => {
    expect(await complete('ela')).toEqual(['elasticsearch:']);
    expect(await complete('elasticsearch:')).toEqual([
      'elasticsearch:mods/',
      'elasticsearch:xalt/'
    ]);
    expect(await complete('elasticsearch:mo')).toEqual(['elasticsearch:mods/']);
    expect(await complete('elasticsearch:mods/2022')).toEqual([
      'elasticsearch:mods/mods-2022-01'
    ]);
    expect(await complete('elasticsearch:mods/mods-2021-01,2022')).toEqual([
      'elasticsearch:mods/mods-2021-01,mods-2022-01'
    ]);
  });

  it('leaves paths of files alone, and connections that are not there', async () => {
    expect(await complete('')).toBeNull();
    expect(await complete('records/')).toBeNull();
    expect(await complete('elasticsearch:nobody/')).toEqual([]);
  });
});
