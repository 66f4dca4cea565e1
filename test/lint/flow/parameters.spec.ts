import { cellsOf, check, notebookOf, short } from '../rules/notebooks';

/** What is found of files, of cells beside which `raw.csv` lies. */
function filesFound(...lines: readonly string[]): readonly string[] {
  const notebook = notebookOf({ cells: cellsOf(...lines) });
  return short(
    check(notebook, ['raw.csv']).findings.filter(({ rule }) =>
      ['file-not-written', 'file-name-differs', 'order'].includes(rule)
    )
  );
}

const LOAD = 's: def load(name):⏎    return open(name).read()';
const SAVE = 's: def save(text, name):⏎    open(name, "w").write(text)';

describe('paths through parameters', () => {
  it.each<readonly [why: string, lines: readonly string[]]>([
    ['an argument', [LOAD, 'd: load("gone.json")']],
    ['a keyword', [LOAD, 'd: load(name="gone.json")']],
    ['a name', [LOAD, 's: PATH = "gone.json"', 'd: load(PATH)']],
    [
      'a default',
      ['s: def load(name="gone.json"):⏎    return open(name)', 'd: load()']
    ],
    [
      'a default of the time of definition',
      [
        's: name = "gone.json"⏎def load(path=name):⏎    return open(path)⏎name = "raw.csv"',
        'd: load()'
      ]
    ],
    [
      'a parameter that has to be named',
      [
        's: def load(*, name):⏎    return open(name)',
        'd: load(name="gone.json")'
      ]
    ],
    [
      'an f-string',
      ['s: def load(n):⏎    return open(f"{n}.json")', 'd: load("gone")']
    ],
    [
      'a local name',
      [
        's: def load(n):⏎    path = n + ".json"⏎    return open(path)',
        'd: load("gone")'
      ]
    ],
    [
      'a function that hands it on',
      [LOAD, 's: def both(n):⏎    return load(f"{n}.json")', 'd: both("gone")']
    ],
    ['a lambda', ['s: load = lambda n: open(n)', 'd: load("gone.json")']],
    [
      'a method',
      [
        's: class A:⏎    def load(self, n):⏎        return open(n)',
        'd: a = A()⏎a.load("gone.json")'
      ]
    ],
    [
      'a constructor',
      [
        's: class A:⏎    def __init__(self, n):⏎        self.text = open(n).read()',
        'd: A("gone.json")'
      ]
    ],
    [
      'a static method',
      [
        's: class A:⏎    @staticmethod⏎    def load(n):⏎        return open(n)',
        'd: A.load("gone.json")'
      ]
    ],
    [
      'a class method',
      [
        's: class A:⏎    @classmethod⏎    def load(cls, n):⏎        return open(n)',
        'd: A.load("gone.json")'
      ]
    ],
    [
      'a method of the class',
      [
        's: class A:⏎    def load(self, n):⏎        return open(n)',
        'd: A.load(None, "gone.json")'
      ]
    ]
  ])('tells a file that is missing: %s', (_why, lines) => {
    expect(filesFound(...lines)).toEqual([
      `${lines.length - 1} file-not-written error gone.json`
    ]);
  });

  it.each<readonly [why: string, lines: readonly string[]]>([
    ['of many', [LOAD, 'd: for n in ["a", "b"]:⏎    load(n)']],
    ['spread', [LOAD, 'd: args = ["raw.csv"]⏎load(*args)']],
    [
      'spread over a default',
      [
        's: def load(n="gone.json"):⏎    return open(n)',
        'd: load(**{"n": "raw.csv"})'
      ]
    ],
    ['handed over', [LOAD, 'd: list(map(load, ["raw.csv"]))']],
    [
      'that a decorator may change',
      [
        's: def raw(f):⏎    return lambda n: f("raw.csv")⏎@raw⏎def load(n):⏎    return open(n)',
        'd: load("gone.json")'
      ]
    ],
    [
      'bound anew',
      [
        's: def load(n):⏎    n = n.replace("gone", "raw")⏎    return open(n)',
        'd: load("gone.csv")'
      ]
    ],
    [
      'bound anew in some cases',
      [
        's: import os⏎def load(n):⏎    if os.sep:⏎        n = "raw.csv"⏎    return open(n)',
        'd: load("gone.csv")'
      ]
    ],
    [
      'of a function within',
      [
        's: def outer(n):⏎    def load(n):⏎        return open(n)⏎    return load("raw.csv")',
        'd: outer("gone.csv")'
      ]
    ]
  ])('says nothing of what cannot be told: %s', (_why, lines) => {
    expect(filesFound(...lines)).toEqual([]);
  });

  it('takes what is written so as written', () => {
    expect(
      filesFound(
        SAVE,
        'u: save("1", "a.txt")⏎save("2", name="b.txt")',
        'd: print(open("a.txt").read(), open("b.txt").read())'
      )
    ).toEqual([]);
    expect(
      filesFound(SAVE, 'u: save("1", "jobs.txt")', 'd: open("users.txt")')
    ).toEqual(['2 file-not-written error users.txt']);
    expect(
      filesFound(SAVE, 'u: save("1", "jobs.txt")', 'd: open("job.txt")')
    ).toEqual(['2 file-name-differs warning job.txt']);
  });

  it('takes what may be any file as possible', () => {
    expect(
      filesFound(
        SAVE,
        'u: for n in [1, 2]:⏎    save("", n)',
        'd: open("users.txt")'
      )
    ).toEqual(['2 file-not-written info users.txt']);
    expect(
      filesFound(
        's: def save(n, mode):⏎    open(n, mode)',
        'u: import sys⏎save("users.txt", sys.argv[0])',
        'd: open("users.txt")'
      )
    ).toEqual([]);
  });

  it('goes by the order of what happens in a cell', () => {
    const both = [SAVE, LOAD];
    expect(filesFound(...both, 'd: save("", "a.txt")⏎load("a.txt")')).toEqual(
      []
    );
    expect(filesFound(...both, 'd: load("a.txt")⏎save("", "a.txt")')).toEqual([
      '2 file-not-written error a.txt'
    ]);
    expect(
      filesFound(
        's: def save(name):⏎    open(name, "w")⏎    return name',
        LOAD,
        'd: load(save("a.txt")), open("a.txt")'
      )
    ).toEqual([]);
  });
});
