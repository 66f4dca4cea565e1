import {
  baseName,
  elasticPath,
  indexPath,
  isInside,
  movedPath,
  resolvePath,
  sourcePath,
  splitPaths
} from '../../src/explorer/source-paths';

describe('indexPath', () => {
  it.each([
    ['elasticsearch:mods/mods-2021*', 'mods', 'mods-2021*'],
    ['elasticsearch:mods/a,b', 'mods', 'a,b'],
    ['elasticsearch:mods/<mods-{now/d}>', 'mods', '<mods-{now/d}>'],
    ['elasticsearch:mods/', 'mods', ''],
    ['elasticsearch:mo', 'mo', ''],
    ['elasticsearch:', '', '']
  ])('reads %s', (path, connection, indices) => {
    expect(indexPath(path)).toEqual({ connection, indices });
  });

  it('is of files otherwise', () => {
    expect(indexPath('records/elasticsearch:mods/a')).toBeNull();
    expect(indexPath('root:mods/a')).toBeNull();
  });

  it('stays what it is, wherever a view lies', () => {
    const path = elasticPath({ connection: 'mods', indices: 'a,b*' });
    expect(resolvePath(path, 'views/v.workload.json')).toBe(path);
    expect(sourcePath(path, 'views/v.workload.json')).toBe(path);
    expect(isInside(path, 'v.workload.json')).toBe(false);
    expect(baseName(path)).toBe('a,b*');
  });
});

describe('splitPaths', () => {
  it.each([
    ['a.parquet, b/ ,', ['a.parquet', 'b/']],
    ['elasticsearch:mods/a, b*', ['elasticsearch:mods/a,b*']],
    [
      'a.parquet, elasticsearch:mods/a,b',
      ['a.parquet', 'elasticsearch:mods/a,b']
    ],
    [
      'elasticsearch:mods/a,elasticsearch:xalt/b',
      ['elasticsearch:mods/a', 'elasticsearch:xalt/b']
    ],
    ['', []]
  ])('understands %j', (text, paths) => {
    expect(splitPaths(text)).toEqual(paths);
  });
});

describe('resolvePath', () => {
  it.each([
    ['a.parquet', null, 'a.parquet'],
    ['a.parquet', 'views/v.workload.json', 'views/a.parquet'],
    ['a.parquet', 'v.workload.json', 'a.parquet'],
    ['../data/*.parquet', 'views/v.workload.json', 'data/*.parquet'],
    ['../../x', 'views/v.workload.json', 'x'],
    ['./x/', 'views/v.workload.json', 'views/x/'],
    ['/data/x', 'views/v.workload.json', 'data/x'],
    ['/../etc/x', 'views/v.workload.json', 'etc/x'],
    ['root:scratch/x/', 'views/v.workload.json', 'root:scratch/x/'],
    ['x', 'RTC:views/v.workload.json', 'RTC:views/x'],
    ['/x', 'RTC:views/v.workload.json', 'x'],
    ['.', 'views/v.workload.json', 'views']
  ])('%s of %s is %s', (path, document, resolved) => {
    expect(resolvePath(path, document)).toBe(resolved);
  });
});

describe('sourcePath', () => {
  it.each([
    ['views/a.parquet', 'views/v.workload.json', 'a.parquet'],
    ['views/x/a.parquet', 'views/v.workload.json', 'x/a.parquet'],
    ['data/a.parquet', 'views/v.workload.json', '/data/a.parquet'],
    ['views2/a.parquet', 'views/v.workload.json', '/views2/a.parquet'],
    ['a.parquet', 'v.workload.json', 'a.parquet'],
    ['a.parquet', null, '/a.parquet'],
    ['views/', 'views/v.workload.json', '/views/'],
    ['views/a:b.parquet', 'views/v.workload.json', './a:b.parquet'],
    ['root:scratch/a', 'views/v.workload.json', 'root:scratch/a'],
    ['RTC:views/a', 'RTC:views/v.workload.json', 'a'],
    ['RTC:other/a', 'RTC:views/v.workload.json', 'RTC:other/a'],
    ['other/a', 'RTC:views/v.workload.json', '/other/a']
  ])('%s for %s is %s, and leads back', (path, document, written) => {
    expect(sourcePath(path, document)).toBe(written);
    expect(resolvePath(written, document)).toBe(path);
  });
});

describe('isInside', () => {
  it.each([
    ['a.parquet', true],
    ['x/../a.parquet', true],
    ['../views/a.parquet', true],
    ['/views/a.parquet', true],
    ['../a.parquet', false],
    ['../../views/a.parquet', false],
    ['/views2/a.parquet', false],
    ['root:views/a.parquet', false],
    ['other:views/a.parquet', false]
  ])('%s: %s', (path, inside) => {
    expect(isInside(path, 'views/v.workload.json')).toBe(inside);
  });

  it('knows what leaves the root', () => {
    expect(isInside('../a.parquet', 'v.workload.json')).toBe(false);
    expect(isInside('a.parquet', 'v.workload.json')).toBe(true);
    expect(isInside('/x/a.parquet', 'v.workload.json')).toBe(true);
  });
});

it('moves a path with its document', () => {
  expect(movedPath('/data/a.parquet', null, 'data/v.workload.json')).toBe(
    'a.parquet'
  );
  expect(
    movedPath('a.parquet', 'data/v.workload.json', 'views/v.workload.json')
  ).toBe('/data/a.parquet');
});

it.each([
  ['a/b.parquet', 'b.parquet'],
  ['a/b/', 'b'],
  ['root:scratch/', 'scratch'],
  ['RTC:b', 'b']
])('names %s %s', (path, name) => {
  expect(baseName(path)).toBe(name);
});
