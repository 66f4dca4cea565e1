/** @jest-environment jsdom */
import Plotly from 'plotly.js/dist/plotly-cartesian.min.js';

import { figure } from '../../src/figure/figure';
import type { IFigure, IPlotFigure, ITrace } from '../../src/figure/model';
import { markLabel } from '../../src/figure/model';
import { figureStyle } from '../../src/figure/style';
import type { IPageStyle } from '../../src/figure/style';
import type { ITable } from '../../src/workload/answer';
import type { Filter, IQuestion } from '../../src/workload/query';
import { english } from '../../src/workload/translator';
import type { ILook } from '../../src/workload/view';
import {
  AFFINITY,
  CASES,
  ENVIRONMENTS,
  NAMES,
  PARTITIONS,
  look,
  overTime,
  packages,
  pairs,
  question,
  sizeGrid,
  sizes
} from './samples';

const CARD = { width: 360, height: 260 };
const WIDE = { width: 730, height: 300 };
const LARGE = { width: 1200, height: 700 };

function draw(
  table: ITable,
  asked: IQuestion,
  looks: ILook = look(),
  size = CARD,
  page: IPageStyle = {}
): IFigure {
  return figure(table, asked, looks, figureStyle(size, page), english);
}

function plot(...args: Parameters<typeof draw>): IPlotFigure {
  const drawn = draw(...args);
  if (drawn.kind !== 'plot') {
    throw new Error('not a plot');
  }
  return drawn;
}

/** An attribute of a trace or layout, by path. */
function at(from: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => new Map(Object.entries(value ?? {})).get(key),
      from
    );
}

function list(trace: ITrace | undefined, name: string): unknown[] {
  const value = trace?.[name];
  return Array.isArray(value) ? value : [];
}

const validate = (
  Plotly as unknown as {
    validate(
      data: unknown,
      layout: unknown
    ): undefined | { code: string; msg: string; path: unknown }[];
  }
).validate;

describe('every figure', () => {
  for (const [name, table, asked, looks] of CASES) {
    it(`is what Plotly takes: ${name}`, () => {
      for (const [size, dark] of [
        [CARD, false],
        [LARGE, true]
      ] as const) {
        const drawn = draw(table, asked, looks, size, { dark });
        if (drawn.kind === 'plot') {
          const wrong = validate(drawn.data, drawn.layout) ?? [];
          // An empty trace is none, and so it should be.
          expect(
            wrong.filter(one => table.rows.length > 0 || one.code === 'schema')
          ).toEqual([]);
        } else {
          expect(drawn.numbers.length).toBeGreaterThan(0);
        }
      }
    });

    it(`is drawn in any size: ${name}`, () => {
      for (const size of [CARD, WIDE, LARGE, { width: 120, height: 60 }]) {
        const drawn = draw(table, asked, looks, size);
        if (drawn.kind === 'plot') {
          expect(drawn.layout).toMatchObject(size);
          expect(JSON.stringify(drawn.data)).not.toMatch(/NaN|Infinity/);
          expect(JSON.stringify(drawn.layout)).not.toMatch(
            /NaN|Infinity|null,null/
          );
        }
      }
    });

    it(`has marks that points name and that say something: ${name}`, () => {
      const drawn = draw(table, asked, looks, LARGE);
      if (drawn.kind !== 'plot') {
        return;
      }
      const seen = new Set<number>();
      drawn.marks.forEach((mark, i) => {
        const trace = drawn.data[mark.trace];
        const { point } = mark;
        const numbers = list(trace, 'customdata');
        const number =
          typeof point === 'number'
            ? numbers[point]
            : at(numbers, `${point[0]}.${point[1]}`);
        expect(number).toBe(i);
        seen.add(i);
        expect(markLabel(mark)).not.toMatch(/(?<!r is )undefined|null|%\d|NaN/);
        expect(mark.lines.length).toBeGreaterThan(1);
      });
      expect(seen.size).toBe(drawn.marks.length);
      expect(
        table.rows.length === 0 ||
          drawn.marks.length > 0 ||
          name === 'nothing to draw'
      ).toBe(true);
    });
  }

  it('leaves its input as it is', () => {
    for (const [, table, asked, looks] of CASES) {
      const before = JSON.stringify([table, asked, looks]);
      draw(table, asked, looks, LARGE);
      expect(JSON.stringify([table, asked, looks])).toBe(before);
    }
  });

  it('shows names from data as text, not as markup', () => {
    const evil = '<a href="https://example.org">x</a> & $y$';
    const drawn = plot(
      { columns: ['package', 'users'], rows: [{ package: evil, users: 3 }] },
      question('top-packages'),
      look(),
      LARGE
    );
    const texts = JSON.stringify([drawn.data, drawn.layout]);
    expect(texts).not.toContain('<a');
    expect(texts).toContain('&lt;a href=');
    expect(drawn.marks[0].lines[0]).toBe(evil);
  });
});

describe('numbers', () => {
  it('are text with what they are made of', () => {
    expect(
      draw(
        {
          columns: ['users', 'of', 'share'],
          rows: [{ users: 2448, of: 7000, share: 0.3497 }]
        },
        question('user-share')
      )
    ).toEqual({
      kind: 'number',
      numbers: [
        {
          value: '35%',
          label: 'of all users of the site',
          detail: '2,448 of 7,000 users'
        }
      ]
    });
    expect(
      draw(
        {
          columns: ['eligible_jobs', 'mkl_jobs', 'share'],
          rows: [{ eligible_jobs: 0, mkl_jobs: 0, share: null }]
        },
        question('mkl-share')
      )
    ).toMatchObject({
      numbers: [
        {
          value: '–',
          detail: '0 of 0 jobs with numpy, scipy, numexpr or sklearn'
        }
      ]
    });
  });
});

describe('bars', () => {
  it('are in the order of the rows, with exact numbers', () => {
    const drawn = plot(packages(20), question('top-packages'));
    expect(list(drawn.data[0], 'x')).toEqual(
      packages(20).rows.map(row => row.users)
    );
    expect(list(drawn.data[0], 'text')[0]).toBe('1,790');
    expect(drawn.marks[0].lines).toEqual(['package-00', 'Users: 1,790']);
    expect(drawn.axes[0].labels.slice(0, 2)).toEqual([
      'package-00',
      'package-01'
    ]);
  });

  it('name all twenty in a card, and in a large chart all of 53', () => {
    expect(
      at(plot(packages(20), question('top-packages')).layout, 'yaxis.tickvals')
    ).toHaveLength(20);
    expect(
      at(
        plot(packages(53), question('top-packages'), look(), LARGE).layout,
        'yaxis.tickvals'
      )
    ).toHaveLength(53);
    expect(
      at(plot(packages(53), question('top-packages')).layout, 'yaxis.tickvals')
    ).toHaveLength(18);
  });

  it('put all others last, hatched, and do not let them hide the scale', () => {
    const huge = plot(
      packages(8, 9000),
      question('top-packages', { top: 8, other: true })
    );
    expect(list(huge.data[0], 'x')[8]).toBe(1790 * 1.5);
    expect(list(huge.data[0], 'text')[8]).toBe('9,000 (cut)');
    expect(huge.marks[8]).toMatchObject({
      lines: ['all others', 'Users: 9,000'],
      except: NAMES.slice(0, 8)
    });
    expect(at(huge.data[0], 'marker.pattern.shape')).toEqual([
      ...Array<string>(8).fill(''),
      '/'
    ]);
    const small = plot(
      packages(8, 2000),
      question('top-packages', { top: 8, other: true })
    );
    expect(list(small.data[0], 'x')[8]).toBe(2000);
    // Its place is the last, wherever a transform sorted it.
    const first = packages(3, 5);
    const sorted = plot(
      { ...first, rows: [...first.rows].reverse() },
      question('top-packages')
    );
    expect(sorted.axes[0].labels).toEqual([
      'package-02',
      'package-01',
      'package-00',
      'all others'
    ]);
  });

  it('say when there are more rows than can be drawn', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      package: `p${i}`,
      users: 1000 - i
    }));
    const drawn = plot(
      { columns: ['package', 'users'], rows },
      question('top-packages')
    );
    const shown = drawn.marks.length;
    expect(shown).toBeLessThan(100);
    expect(at(drawn.layout, 'xaxis.title.text')).toBe(
      `users · first ${shown} of 1000 rows, the rest in the table`
    );
  });

  it('draw the selected part in the accent and the rest grey', () => {
    const selected: Filter[] = [
      { field: 'package', op: 'any', values: [NAMES[1]] }
    ];
    const style = figureStyle(CARD);
    const drawn = plot(packages(3), question('top-packages'), look(), CARD, {
      selected
    });
    const { accent, unselected } = style.palette;
    expect(at(drawn.data[0], 'marker.color')).toEqual([
      unselected,
      accent,
      unselected
    ]);
    expect(drawn.axes[0].labels[1]).toBe(`<b>${NAMES[1]}</b>`);
    expect(markLabel(drawn.marks[1])).toContain('selected');
    const about: Filter[] = [{ field: 'qos', op: 'any', values: ['debug'] }];
    expect(
      new Set(
        list(
          {
            type: 'bar',
            c: at(
              plot(packages(3), question('top-packages'), look(), CARD, {
                selected: about
              }).data[0],
              'marker.color'
            ) as string[]
          },
          'c'
        )
      )
    ).toEqual(new Set([style.palette.count]));
  });

  it('name their unit, logarithmic or not', () => {
    const title = (asked: IQuestion, looks = look()) => {
      const table: ITable = {
        columns: ['package', 'jobs', 'users', 'records'],
        rows: [{ package: 'a', jobs: 1, users: 1, records: 1 }]
      };
      return at(plot(table, asked, looks).layout, 'xaxis.title.text');
    };
    expect(title(question('top-packages'))).toBe('users');
    expect(title(question('top-packages', { distinct: 'job+package' }))).toBe(
      'jobs'
    );
    expect(
      title(
        question('top-packages', { distinct: 'record' }),
        look({ log: true })
      )
    ).toBe('records (log)');
    expect(
      at(
        plot(PARTITIONS, question('partition-shares')).layout,
        'xaxis.title.text'
      )
    ).toBe('share of jobs');
  });

  it('draw shares with their counts in the label, and a missing name in words', () => {
    const drawn = plot(PARTITIONS, question('partition-shares'));
    expect(list(drawn.data[0], 'text')).toEqual(['84.1%', '14.1%', '1.75%']);
    expect(drawn.marks[2].lines).toEqual([
      '(none)',
      'Jobs: 175',
      'Share: 1.75%'
    ]);
  });

  it('show an undefined correlation as undefined, not as zero', () => {
    const drawn = plot(
      AFFINITY,
      question('package-affinity', { package: 'mpi4py' })
    );
    expect(list(drawn.data[0], 'text')).toEqual([
      '0.810',
      '−0.200',
      'undefined'
    ]);
    expect(at(drawn.layout, 'xaxis.zeroline')).toBe(true);
    const [positive, negative] = at(drawn.data[0], 'marker.color') as string[];
    expect(positive).not.toBe(negative);
  });

  it('stand side by side for users and jobs of environments', () => {
    const drawn = plot(ENVIRONMENTS, question('module-share'));
    expect(drawn.data.map(trace => [trace.name, trace.x])).toEqual([
      ['users', [0.63, 0.54]],
      ['jobs', [0.05, 0]]
    ]);
    expect(list(drawn.data[1], 'text')).toEqual(['5%', '–']);
    expect(drawn.marks.map(mark => mark.at)).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3]
    ]);
  });
});

describe('job sizes', () => {
  it('gather many sizes in classes by powers of two, and lose no job', () => {
    const drawn = plot(sizes(), question('job-sizes'), look({ log: true }));
    const jobs = sizes().rows.reduce((sum, row) => sum + Number(row.jobs), 0);
    expect(
      list(drawn.data[0], 'y').reduce<number>((sum, y) => sum + Number(y), 0)
    ).toBe(jobs);
    expect(drawn.axes[0].labels).toEqual([
      '1',
      '2',
      '4',
      '8',
      '16',
      '32',
      '64',
      '128',
      '256',
      '512',
      '1024'
    ]);
    expect(drawn.marks[1].lines).toEqual([
      '2–3 nodes',
      '18,056 jobs',
      '2 different sizes'
    ]);
    expect(drawn.marks[1].values).toEqual({ nodes_from: 2, nodes_to: 3 });
    expect(at(drawn.layout, 'yaxis.type')).toBe('log');
    expect(at(drawn.layout, 'yaxis.title.text')).toBe('jobs (log)');
  });

  it('keep an empty class empty', () => {
    const drawn = plot(
      {
        columns: ['nodes_from', 'nodes_to', 'jobs'],
        rows: [
          { nodes_from: 1, nodes_to: 1, jobs: 5 },
          { nodes_from: 4, nodes_to: 7, jobs: 2 }
        ]
      },
      question('job-sizes', { bins: 'log2' })
    );
    expect(list(drawn.data[0], 'y')).toEqual([5, 0, 2]);
    expect(drawn.axes[0].labels).toEqual(['1', '2', '4']);
  });

  it('never add up users', () => {
    const drawn = plot(
      {
        columns: ['num_nodes', 'users'],
        rows: sizes().rows.map(row => ({ num_nodes: row.num_nodes, users: 3 }))
      },
      question('job-sizes', { distinct: 'user' })
    );
    expect(drawn.data[0].type).toBe('scatter');
    expect(drawn.marks).toHaveLength(60);
  });

  it('show classes as they were asked for, the last one open, the unknown size last', () => {
    const drawn = plot(
      {
        columns: ['nodes_from', 'nodes_to', 'jobs'],
        rows: [
          { nodes_from: null, nodes_to: null, jobs: 1 },
          { nodes_from: 33, nodes_to: null, jobs: 53 },
          { nodes_from: 2, nodes_to: 32, jobs: 8555 }
        ]
      },
      question('job-sizes', { bins: [2, 33] })
    );
    expect(drawn.axes[0].labels).toEqual(['2–32', '33+', 'unknown']);
    expect(drawn.marks[1].lines[0]).toBe('33 and more nodes');
  });
});

describe('package × job size', () => {
  const drawn = plot(
    sizeGrid(15, true),
    question('package-job-size', { top: 15, other: true }),
    look(),
    WIDE
  );

  it('has a cell for each row, with its exact count', () => {
    const cells = drawn.marks.filter(mark => mark.trace === 0);
    expect(cells).toHaveLength(76);
    expect(cells[0].lines).toEqual(['package-00', '1 node', '1,000 jobs']);
    expect(at(drawn.data[0], 'z.0.0')).toBe(3);
    // Classes without a row are blank, also between others.
    expect(at(drawn.data[0], 'z.0.3')).toBeNull();
    expect(drawn.axes[1].labels).toEqual([
      '1',
      '2',
      '4',
      '8',
      '16',
      '32',
      '64',
      '128',
      '256',
      '512'
    ]);
    expect(drawn.axes[0].labels.at(-1)).toBe('all others');
  });

  it('says what its marginals count', () => {
    const [, right, top] = drawn.data;
    expect(right).toMatchObject({ xaxis: 'x2', orientation: 'h' });
    expect(top).toMatchObject({ yaxis: 'y2' });
    expect(at(drawn.layout, 'xaxis2.title.text')).toBe('jobs');
    expect(at(drawn.layout, 'annotations.0.text')).toBe(
      'job–package pairs (log)'
    );
    expect(at(drawn.layout, 'yaxis2.type')).toBe('log');
    const pairsOfOne = sizeGrid(15, true)
      .rows.filter(row => row.nodes_from === 1)
      .reduce((sum, row) => sum + Number(row.jobs), 0);
    expect(list(top, 'y')[0]).toBe(pairsOfOne);
    const column = drawn.marks.find(mark => mark.trace === 2);
    expect(column?.lines).toEqual([
      '1 node',
      `${pairsOfOne.toLocaleString('en-US')} job–package pairs`,
      'among the 16 packages shown'
    ]);
  });

  it.each([
    ['user+package', 'users', 'user–size pairs', 'user–package pairs (log)'],
    [
      'process',
      'processes',
      'process–size pairs',
      'process–package pairs (log)'
    ],
    ['record', 'records', 'records', 'record–package pairs (log)']
  ] as const)(
    'of %s does not add up what overlaps under its name',
    (distinct, column, row, top) => {
      const table: ITable = {
        columns: ['package', 'nodes_from', 'nodes_to', column],
        rows: [{ package: 'a', nodes_from: 1, nodes_to: 1, [column]: 5 }]
      };
      const one = plot(
        table,
        question('package-job-size', { distinct }),
        look(),
        WIDE
      );
      expect(at(one.layout, 'xaxis2.title.text')).toBe(row);
      expect(at(one.layout, 'annotations.0.text')).toBe(top);
    }
  );

  it('orders packages by their total, or by name', () => {
    const table: ITable = {
      columns: ['package', 'nodes_from', 'nodes_to', 'jobs'],
      rows: [
        { package: 'a', nodes_from: 1, nodes_to: 1, jobs: 5 },
        { package: 'b', nodes_from: 1, nodes_to: 1, jobs: 3 },
        { package: 'b', nodes_from: 2, nodes_to: 3, jobs: 4 }
      ]
    };
    const names = (order: ILook['order']) =>
      plot(table, question('package-job-size'), look({ order }), WIDE).axes[0]
        .labels;
    expect(names('value')).toEqual(['b', 'a']);
    expect(names('name')).toEqual(['a', 'b']);
  });

  it('names all 53 packages in a large chart', () => {
    const large = plot(
      sizeGrid(53),
      question('package-job-size'),
      look(),
      LARGE
    );
    expect(at(large.layout, 'yaxis.tickvals')).toHaveLength(53);
  });
});

describe('correlation', () => {
  const drawn = plot(pairs(53), question('package-correlation'), look(), LARGE);

  it('is symmetric, without a diagonal, and hides no pair', () => {
    expect(drawn.marks).toHaveLength(53 * 52);
    for (const mark of drawn.marks) {
      expect(mark.at[0]).not.toBe(mark.at[1]);
    }
    const places = new Set(drawn.marks.map(mark => mark.at.join()));
    expect(
      drawn.marks.every(mark => places.has([...mark.at].reverse().join()))
    ).toBe(true);
  });

  it('draws the band strongly, the rest muted, the undefined hatched', () => {
    const [outside, inside, undefined_, hatch] = drawn.data;
    const { diverging } = figureStyle(LARGE).palette;
    expect(at(inside, 'colorscale.0.1')).toBe(diverging[0]);
    expect(at(outside, 'colorscale.0.1')).not.toBe(diverging[0]);
    for (const mark of drawn.marks) {
      const { r } = mark.values;
      expect(mark.trace).toBe(
        r === null ? 2 : Number(r) >= 0.6 && Number(r) <= 0.8 ? 1 : 0
      );
    }
    expect(undefined_.type).toBe('heatmap');
    expect(list(hatch, 'x')).toHaveLength(2 * 52);
    const none = drawn.marks.find(mark => mark.values.r === null);
    expect(none?.lines[1]).toContain('undefined');
    expect([at(inside, 'zmin'), at(inside, 'zmax')]).toEqual([-1, 1]);
  });

  it('moves the band with the look', () => {
    const all = plot(
      pairs(5),
      question('package-correlation'),
      look({ band: [-1, 1] }),
      LARGE
    );
    expect(
      new Set(
        all.marks.map(mark => (mark.values.r === null ? 'none' : mark.trace))
      )
    ).toEqual(new Set([0, 'none']));
    expect(at(all.data[0], 'colorscale.0.1')).toBe(
      figureStyle(LARGE).palette.diverging[0]
    );
    expect(at(all.layout, 'annotations.0.text')).toContain('r -1 to 1 strong');
  });

  it('puts similar packages side by side, or sorts them', () => {
    const names = (order: ILook['order']) =>
      plot(pairs(28), question('package-correlation'), look({ order }), LARGE)
        .axes[0].labels;
    expect(names('name')).toEqual(NAMES.slice(0, 28));
    expect(names('value')).toEqual(NAMES.slice(0, 28));
    const kinds = names('cluster').map(name => Number(name.slice(-2)) % 7);
    // The one package without a defined correlation belongs nowhere.
    const changes = kinds.filter(
      (kind, i) => i > 0 && kind !== kinds[i - 1]
    ).length;
    expect(changes).toBeLessThanOrEqual(8);
    expect([...names('cluster')].sort()).toEqual(NAMES.slice(0, 28));
  });

  it('names rows first in their own label', () => {
    const [a, b] = drawn.marks
      .filter(mark => mark.values.package_a === NAMES[0])
      .slice(0, 2);
    expect(a.lines[0].split(' and ')[0]).toBe(b.lines[0].split(' and ')[0]);
  });

  it('has its scale also where no pair is in the band', () => {
    const one = plot(
      pairs(3),
      question('package-correlation'),
      look({ band: [0.9, 1] }),
      LARGE
    );
    expect(one.data.some(trace => at(trace, 'marker.showscale') === true)).toBe(
      true
    );
  });
});

describe('trend', () => {
  it('draws a missing row as none where others have records, and a gap where nobody has', () => {
    const drawn = plot(
      {
        columns: ['period', 'package', 'users'],
        rows: [
          { period: '2021-01', package: 'a', users: 5 },
          { period: '2021-01', package: 'b', users: 1 },
          { period: '2021-02', package: 'a', users: 6 },
          { period: '2021-04', package: 'a', users: 7 },
          { period: '2021-04', package: 'b', users: 2 }
        ]
      },
      question('package-trend')
    );
    expect(drawn.data.map(trace => [trace.name, trace.y])).toEqual([
      ['a', [5, 6, null, 7]],
      ['b', [1, 0, null, 2]]
    ]);
    expect(at(drawn.layout, 'xaxis.ticktext')).toEqual([
      'Jan<br>2021',
      'Feb',
      'Mar',
      'Apr'
    ]);
    expect(drawn.marks[1].lines).toEqual(['a', 'Feb 2021', '6 users']);
    expect(drawn.marks[1].values).toEqual({ package: 'a', period: '2021-02' });
  });

  it('gives a package the same colour in every chart', () => {
    const colors = (count: number) =>
      new Map(
        plot(
          overTime(['2021'], count),
          question('package-trend', { by: 'year' })
        ).data.map(trace => [trace.name, at(trace, 'line.color')])
      );
    const few = colors(3);
    const many = colors(20);
    for (const [name, color] of few) {
      expect(many.get(name)).toBe(color);
    }
  });

  it('draws all others dashed and grey, last among the names', () => {
    const drawn = plot(
      overTime(['2021-01', '2021-02'], 3, true),
      question('package-trend', { top: 3, other: true })
    );
    const other = drawn.data.at(-1);
    expect(other).toMatchObject({ name: 'all others', line: { dash: 'dash' } });
    expect(drawn.marks.at(-1)?.except).toEqual(NAMES.slice(0, 3));
  });

  it('names lines at their ends, or in a legend where they are too many', () => {
    const few = plot(
      overTime(['2021-01', '2021-02'], 6),
      question('package-trend')
    );
    expect(at(few.layout, 'annotations')).toHaveLength(6);
    expect(few.layout.showlegend).toBe(false);
    const many = plot(
      overTime(['2021-01', '2021-02'], 53),
      question('package-trend')
    );
    expect(at(many.layout, 'annotations')).toHaveLength(0);
    expect(many.layout.showlegend).toBe(true);
  });

  it('marks the period that is selected, and the line', () => {
    const drawn = plot(
      overTime(['2021-01', '2021-02'], 3),
      question('package-trend'),
      look(),
      CARD,
      {
        selected: [
          { field: 'package', op: 'any', values: [NAMES[0]] },
          { field: 'time', op: 'range', from: '2021-02-01', to: '2021-03-01' }
        ]
      }
    );
    expect(drawn.layout.shapes).toMatchObject([{ x0: 0.5, x1: 1.5 }]);
    expect(
      drawn.marks
        .filter(mark => mark.lines.includes('selected'))
        .map(mark => mark.values)
    ).toEqual([{ package: NAMES[0], period: '2021-02' }]);
    expect(drawn.data.map(trace => at(trace, 'line.width'))).toEqual([3, 2, 2]);
  });

  it('has markers for few periods only, and no zero on a logarithmic axis', () => {
    const days = CASES.find(([name]) => name === 'trend by day');
    expect(days && plot(days[1], days[2]).data[0].mode).toBe('lines');
    const log = plot(
      overTime(['2021-01', '2021-02'], 6),
      question('package-trend'),
      look({ log: true })
    );
    expect(log.data.flatMap(trace => list(trace, 'y'))).not.toContain(0);
    expect(log.data[0].mode).toBe('lines+markers');
  });
});

describe('a transformed table', () => {
  it('keeps its figure as long as it has the columns, in its own order', () => {
    const table = packages(3);
    const shared = {
      columns: [...table.columns, 'share'],
      rows: [...table.rows].reverse().map(row => ({ ...row, share: 0.25 }))
    };
    const drawn = plot(shared, question('top-packages'));
    expect(drawn.axes[0].labels).toEqual([
      'package-02',
      'package-01',
      'package-00'
    ]);
    expect(drawn.marks[0].lines).toEqual([
      'package-02',
      'Users: 1,193',
      'Share: 25%'
    ]);
  });

  it('is drawn by its first text and first number otherwise', () => {
    const drawn = plot(
      {
        columns: ['n', 'letter', 'm'],
        rows: [
          { n: 2, letter: 'a', m: 9 },
          { n: 1, letter: 'b', m: 8 }
        ]
      },
      question('top-packages')
    );
    expect(drawn.axes[0].labels).toEqual(['a', 'b']);
    expect(list(drawn.data[0], 'x')).toEqual([2, 1]);
    expect(at(drawn.layout, 'xaxis.title.text')).toBe('n');
  });

  it('tells rows apart by all their texts', () => {
    const drawn = plot(
      {
        columns: ['a', 'b', 'n'],
        rows: [
          { a: 'x', b: 'y', n: 1 },
          { a: 'x', b: 'z', n: 2 }
        ]
      },
      question('package-correlation')
    );
    expect(drawn.axes[0].labels).toEqual(['x · y', 'x · z']);
  });

  it('says why it cannot be drawn', () => {
    const drawn = plot(
      { columns: ['a'], rows: [{ a: 'x' }] },
      question('users')
    );
    expect(at(drawn.layout, 'annotations.0.text')).toContain(
      'no column of numbers'
    );
  });
});
