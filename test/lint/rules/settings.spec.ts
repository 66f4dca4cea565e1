import { cellsOf, check, notebookOf, short } from './notebooks';

/** What is said where both read a file that is there, or not. */
function told(path: string, isThere: boolean): readonly string[] {
  const cells = cellsOf(
    's: import os',
    `u: print(open(${path}).read())`,
    `d: print(open(${path}).read())`
  );
  const files = isThere ? [path.slice(1, -1)] : [];
  return short(check(notebookOf({ cells }), files).findings).map(
    each => each.split(' ')[1]
  );
}

it.each([
  '"config.json"',
  '"conf/site.config.json"',
  '"settings.local.json"',
  '"site.yaml"',
  '"SITE.YML"',
  '"pyproject.toml"',
  '"a.ini"',
  '"a.cfg"',
  '".env"'
])('both may read settings: %s', path => {
  expect(told(path, true)).toEqual([]);
  expect(told(path, false)).toEqual(['file-not-written']);
});

it.each(['"jobs.json"', '"reconfig.json"', '"config.csv"', '"yaml.csv"'])(
  'nobody takes raw data for settings: %s',
  path => {
    expect(told(path, true)).toEqual(['source-read-downstream']);
  }
);

it('says nothing of settings that lie where only the run tells', () => {
  expect(told('os.environ["HOME"] + "/config.yaml"', false)).toEqual([]);
  expect(told('os.environ["HOME"] + "/config.csv"', false)).toEqual([
    'source-read-downstream'
  ]);
});
