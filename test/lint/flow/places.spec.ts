import { cellsOf, check, notebookOf, short } from '../rules/notebooks';

const RULES = [
  'file-not-written',
  'file-name-differs',
  'source-read-downstream',
  'order'
];

/** What is found of files. */
function found(...lines: readonly string[]): readonly string[] {
  const cells = cellsOf(
    's: import os, tempfile, getpass, socket⏎import toolz as lib',
    ...lines
  );
  return short(
    check(notebookOf({ cells }), ['raw.csv']).findings.filter(({ rule }) =>
      RULES.includes(rule)
    )
  );
}

/** Expressions of a folder that only the run tells, and how it is shown. */
const FOLDERS: readonly (readonly [folder: string, shown: string])[] = [
  ['os.environ["SCRATCH"]', '$SCRATCH'],
  ["os.environ.get('SCRATCH')", '$SCRATCH'],
  ['os.getenv("SCRATCH", "/tmp")', '$SCRATCH'],
  ['"%s" % os.environ["SCRATCH"]', '$SCRATCH'],
  ['os.path.expandvars("$SCRATCH")', '$SCRATCH'],
  ['str(Path.home())', '~'],
  ['os.path.expanduser("~")', '~'],
  ['tempfile.gettempdir()', '{tempdir}'],
  ['f"/data/{getpass.getuser()}"', '/data/{user}'],
  ['lib.folder("a")', '{lib.folder(a)}'],
  ['FOLDER', '{lib.where()}'],
  ['OTHER', '{OTHER}'],
  ['CONFIG["out"]', '{CONFIG["out"]}'],
  ['CONFIG.get("out")', '{CONFIG["out"]}'],
  ['lib.OUT', '{lib.OUT}'],
  ['base()', '{base()}'],
  ['base(1, a="b")', '{base(1, a=b)}']
];

const BEGINNINGS = [
  's: from pathlib import Path',
  's: FOLDER = lib.where()⏎OTHER = lib.xs[lib.i]⏎CONFIG = lib.load()',
  's: def base(*args, a=0):⏎    for each in args:⏎        return each⏎    return lib.x'
];

describe('paths that begin with what only the run tells', () => {
  describe.each(FOLDERS)('%s', (folder, shown) => {
    const write = (rest: string): string =>
      `u: open(${folder} + "/${rest}", "w")`;
    const read = (rest: string): string => `d: open(${folder} + "/${rest}")`;
    const at = BEGINNINGS.length + 2;

    it('are written where they are the same', () => {
      expect(found(...BEGINNINGS, write('a.csv'), read('a.csv'))).toEqual([]);
      expect(found(...BEGINNINGS, write('out'), read('out/a.csv'))).toEqual([]);
      expect(
        found(
          ...BEGINNINGS,
          `u: for n in lib.names:⏎    open(f"{${folder.replaceAll('"', "'")}}/{n}.csv", "w")`,
          read('b.csv')
        )
      ).toEqual([]);
    });

    // A path of which more than the beginning is not known is left alone.
    const isPlaced = !shown.startsWith('/');

    it('differ where they are near', () => {
      expect(found(...BEGINNINGS, write('jobs.csv'), read('job.csv'))).toEqual(
        isPlaced ? [`${at} file-name-differs warning ${shown}/job.csv`] : []
      );
    });

    it('are not said to be missing for certain', () => {
      expect(found(...BEGINNINGS, write('users.csv'), read('job.csv'))).toEqual(
        isPlaced ? [`${at} file-not-written info ${shown}/job.csv`] : []
      );
    });

    it('are raw data where upstream reads them', () => {
      expect(
        found(...BEGINNINGS, `u: open(${folder} + "/a.csv")`, read('a.csv'))
      ).toEqual(
        isPlaced ? [`${at} source-read-downstream error ${shown}/a.csv`] : []
      );
    });

    it('are written below', () => {
      expect(found(...BEGINNINGS, read('a.csv'), write('a.csv'))).toEqual(
        isPlaced ? [`${at - 1} order warning ${shown}/a.csv`] : []
      );
    });
  });

  it.each([
    ['another variable', 'os.environ["B"] + "/a.csv"'],
    ['the same with a default', 'os.environ.get("A", "b") + "/a.csv"'],
    ['a known path', '"out/a.csv"'],
    ['the same path', '"a.csv"'],
    ['an unknown folder', 'lib.x + "/a.csv"'],
    ['an unknown name', '"out/" + lib.x']
  ])('may be those that end the same: %s', (_why, written) => {
    // The other reads as well, as a near name is told.
    const lines = [
      `u: open(${written}, "w")⏎open(os.environ["A"] + "/a.csv")`,
      'd: open(os.environ["A"] + "/a.csv")'
    ];
    expect(found(...lines).filter(each => !each.includes('differs'))).toEqual(
      []
    );
  });

  it('are others than those that end otherwise', () => {
    expect(
      found(
        'u: open("out/b.csv", "w")⏎open(os.environ["B"] + "/c.csv", "w")',
        'd: open(os.environ["A"] + "/a.csv")'
      )
    ).toEqual(['2 file-not-written info $A/a.csv']);
  });

  it.each([
    ['a variable that is set', 'os.environ["A"] = "out"', '"out/a.csv"'],
    ['a magic', '%env A=out', '"out/a.csv"'],
    ['a magic', '%set_env A out', '"out/a.csv"']
  ])('are known once they are said: %s', (_why, set, path) => {
    const read = 'd: open(os.environ["A"] + "/a.csv")';
    expect(found(`s: ${set}`, `u: open(${path}, "w")`, read)).toEqual([]);
    expect(found(`s: ${set}`, read)).toEqual([
      '2 file-not-written error out/a.csv'
    ]);
  });

  it.each([
    'os.environ.update(lib.x)',
    'os.environ["A"] = lib.x',
    'del os.environ["A"]',
    'os.environ.setdefault("A", "b")',
    'from dotenv import load_dotenv⏎load_dotenv()',
    '%env A={lib.x}',
    'if lib.x:⏎    os.environ["A"] = "b"'
  ])('are unknown where the environment changes: %s', change => {
    expect(
      found(
        'u: open(os.environ["A"] + "/a.csv")',
        `d: ${change}⏎open(os.environ["A"] + "/a.csv")`
      )
    ).toEqual([]);
  });

  it.each([
    ['in a loop', 'for x in lib.xs:⏎    F = x.folder'],
    ['in a loop that makes it', 'for x in lib.xs:⏎    F = lib.make(x)'],
    ['again in some cases', 'F = lib.a()⏎if lib.b:⏎    F = lib.c()'],
    ['by a loop', 'for F in lib.xs: pass'],
    ['by a function', 'def f():⏎    global F⏎    F = lib.xs[lib.i]⏎f()'],
    ['and changed', 'F = lib.load()⏎F["x"] = 1']
  ])('are unknown where the name is bound %s', (_why, bind) => {
    expect(
      found(`s: ${bind}`, 'u: open(F + "/a.csv")', 'd: open(F + "/a.csv")')
    ).toEqual([]);
  });

  it('are others after the name is bound anew', () => {
    expect(
      found(
        's: F = lib.a()',
        'u: open(F + "/a.csv")',
        's: F = lib.b()',
        'd: open(F + "/a.csv")'
      )
    ).toEqual([]);
  });

  it.each(['uuid.uuid4().hex', 'next(NAMES)', 'input()', 'time.time()'])(
    'are unknown where each call gives another: %s',
    call => {
      expect(
        found(
          's: import uuid, time⏎NAMES = iter(lib.names)',
          `u: open(f"{${call}}/a.csv")`,
          `d: open(f"{${call}}/a.csv")`
        )
      ).toEqual([]);
    }
  );

  it('leaves alone what need not be a path', () => {
    expect(
      found(
        's: import io⏎import pandas as pd⏎buffer = lib.buffer()',
        'u: pd.read_csv(buffer)⏎pd.read_csv(io.StringIO(lib.text))',
        'd: pd.read_csv(buffer)⏎pd.read_csv(io.StringIO(lib.text))⏎pd.read_csv(lib.url + "/jobs.csv")⏎open("gone.csv")'
      )
    ).toEqual(['3 file-not-written error gone.csv']);
  });

  it('are those of the notebook where they begin with its folder', () => {
    const from = (folder: string): string =>
      `d: open(os.path.join(${folder}, "a.csv"))`;
    for (const folder of ['os.getcwd()', 'Path.cwd()', 'HERE']) {
      const lines = ['s: from pathlib import Path⏎HERE = os.getcwd()'];
      expect(found(...lines, 'u: open("a.csv", "w")', from(folder))).toEqual(
        []
      );
      expect(found(...lines, from(folder))).toEqual([
        '2 file-not-written error a.csv'
      ]);
    }
    expect(
      found(
        's: HERE = os.getcwd()⏎os.chdir("out")',
        'u: open("a.csv", "w")',
        'd: open(os.path.join(HERE, "out", "a.csv")), open(os.getcwd() + "/a.csv")',
        'd: open(HERE + "/a.csv")'
      )
    ).toEqual(['4 file-not-written error a.csv']);
  });
});
