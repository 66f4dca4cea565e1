import { findings } from '../rules/notebooks';

const WRITES =
  'u: for m in ["jan", "feb"]:⏎    open(f"agg_{m}.csv", "w").write("")';

describe('files of loops over texts', () => {
  const cases: readonly (readonly [
    cells: readonly string[],
    found: readonly string[]
  ])[] = [
    [[WRITES, 'd: for m in ["jan", "feb"]:⏎    open(f"agg_{m}.csv")'], []],
    [[WRITES, 'd: open("agg_jan.csv")⏎open("agg_feb.csv")'], []],
    [
      [WRITES, 'd: for m in ("jan", "feb"):⏎    open(f"agr_{m}.csv")'],
      [
        '1 file-name-differs warning agr_jan.csv',
        '1 file-name-differs warning agr_feb.csv'
      ]
    ],
    [
      [
        WRITES,
        'd: for m in ("jan", "may"):⏎    print(open("agg_" + m + ".csv"))'
      ],
      ['1 file-not-written error agg_may.csv']
    ],
    [
      [WRITES, 'd: open("agg_may.csv")'],
      ['1 file-not-written error agg_may.csv']
    ],
    // The next round comes, whatever a round leaves out.
    [
      [
        WRITES,
        'd: import os⏎for m in ["jan", "may"]:⏎    if not os.path.exists(f"agg_{m}.csv"):⏎        continue⏎    open(f"agg_{m}.csv")'
      ],
      ['1 file-not-written info agg_may.csv']
    ],
    // What is left of the loop.
    [
      [WRITES, 'd: for m in ["jan", "feb"]:⏎    open(f"agg_{m}.csv")⏎open(m)'],
      ['1 file-not-written error feb']
    ],
    // Nobody can tell: the rounds, the name, or how many there are.
    [
      [
        'u: for m in ["jan", "feb"]:⏎    if len(m) > 5:⏎        break⏎    open(f"agg_{m}.csv", "w").write("")',
        'd: open("agg_jan.csv")⏎open("agg_may.csv")'
      ],
      []
    ],
    [
      [
        'u: for m in ["jan", "feb"]:⏎    m = m.upper()⏎    open(f"agg_{m}.csv", "w").write("")',
        'd: open("agg_MAY.csv")'
      ],
      []
    ],
    [
      [
        'u: for m in ["jan", lib]:⏎    open(f"agg_{m}.csv", "w").write("")',
        's: lib = 1',
        'd: open("agg_MAY.csv")'
      ],
      ['0 order error lib']
    ],
    // What they do is told once.
    [
      [
        'd: for m in ["jan", "feb"]:⏎    open(f"agg_{m}.csv", "w").write(missing)'
      ],
      ['0 name-undefined error missing']
    ]
  ];
  it.each(cases)('%j', (cells, found) => {
    expect(findings(...cells)).toEqual(found);
  });
});
