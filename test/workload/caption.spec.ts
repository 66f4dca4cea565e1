import { defaultQuestion } from '../../src/workload/analyses';
import type { IProvenance } from '../../src/workload/answer';
import {
  analysisDescription,
  analysisTitle,
  caption,
  columnNote,
  columnTitle,
  countSentence,
  describeFilter,
  describePeriod,
  describePopulation,
  limitsLine,
  sentenceParts
} from '../../src/workload/caption';
import { answerColumns } from '../../src/workload/analyses';
import {
  ANALYSIS_IDS,
  DISTINCTS,
  defaultSelection
} from '../../src/workload/query';
import type {
  AnalysisId,
  Filter,
  IQuery,
  IQuestion
} from '../../src/workload/query';
import { english } from '../../src/workload/translator';

const NO_STAFF: Filter = { field: 'is_staff', op: 'any', values: ['false'] };
const COMPUTE: Filter = { field: 'is_compute', op: 'any', values: ['true'] };

const selection = defaultSelection({ paths: ['demo.parquet'] });

function provenance(
  analysis: AnalysisId,
  change: Partial<IProvenance> = {},
  query: Partial<IQuery> = {}
): { provenance: IProvenance } {
  const own: IProvenance = {
    version: 1,
    tool: 'workload-explorer 0',
    query: {
      ...selection,
      ...defaultQuestion(analysis),
      period: { from: '2021-01-01', to: '2021-06-01' },
      ...query
    },
    mapping: {
      user: ['username'],
      is_staff: ['is_staff'],
      is_compute: ['is_compute']
    },
    filters: [NO_STAFF],
    source: { files: 1, bytes: 1, rows: 1018332, modified: null, index: null },
    counted: ['users'],
    population: { records: 1018332, users: 2612, jobs: 270413 },
    span: null,
    exact: true,
    estimate: null,
    partial: false,
    rows_read: 1018332,
    rows_skipped: 0,
    rows_condensed: null,
    bytes_read: 1,
    pages: { fast: 1, slow: 0, checked: 0 },
    jobs_with_differing_nodes: null,
    notes: [],
    timing: { read_ms: 1, answer_ms: 1 },
    ...change
  };
  return { provenance: own };
}

describe('caption', () => {
  it('says what it counted, as interface.md has it', () => {
    expect(caption(provenance('top-packages'), english)).toBe(
      'Users, counted once for each package · all nodes, staff excluded · Jan – May 2021 · 2,612 users in 1,018,332 records · exact'
    );
  });

  it('names every filter in force, negations included, and no disabled one', () => {
    const filters: Filter[] = [
      { field: 'package', op: 'any', values: ['mpi4py'], not: true },
      { field: 'qos', op: 'any', values: ['debug'], disabled: true },
      { field: 'package', op: 'job-has', values: ['dask'] },
      NO_STAFF,
      COMPUTE
    ];
    expect(caption(provenance('job-sizes', { filters }), english)).toBe(
      'Jobs, counted once for each number of nodes · compute nodes, staff excluded, package not mpi4py, jobs with dask · Jan – May 2021 · 270,413 jobs in 1,018,332 records · exact'
    );
  });

  it('tells a default that does not apply from one that was taken away', () => {
    const unmapped = provenance('job-sizes', { mapping: {}, filters: [] });
    expect(caption(unmapped, english)).toContain(
      '· all nodes (no column tells compute nodes), staff included (no column tells them) ·'
    );
    const everybody = provenance(
      'job-sizes',
      { filters: [] },
      { defaults: [] }
    );
    expect(caption(everybody, english)).toContain(
      '· all nodes, staff included ·'
    );
    // Top packages never looked at nodes, so nothing is missing.
    expect(
      caption(provenance('top-packages', { mapping: {}, filters: [] }), english)
    ).toContain('· all nodes, staff included (no column tells them) ·');
  });

  it('names the two units of the module share', () => {
    expect(caption(provenance('module-share'), english)).toBe(
      'Users over all nodes and jobs on compute nodes, counted once for each environment · staff excluded · Jan – May 2021 · 2,612 users and 270,413 jobs in 1,018,332 records · exact'
    );
  });

  it('does not claim two populations where there is one', () => {
    const everywhere = provenance(
      'module-share',
      {},
      { defaults: ['is_staff'] }
    );
    expect(caption(everywhere, english)).toMatch(
      /^Users and jobs over all nodes, counted once/
    );
    const unmapped = provenance('module-share', { mapping: {}, filters: [] });
    expect(caption(unmapped, english)).toMatch(
      /^Users and jobs over all nodes, counted once/
    );
    const chosen = provenance('module-share', { filters: [NO_STAFF, COMPUTE] });
    expect(caption(chosen, english)).toMatch(
      /^Users and jobs, counted once for each environment · compute nodes, staff excluded/
    );
  });

  it('says top N and others, differing jobs, and that it is partial or estimated', () => {
    expect(
      caption(
        provenance(
          'package-job-size',
          { jobs_with_differing_nodes: 1200, exact: false },
          { top: 15, other: true }
        ),
        english
      )
    ).toMatch(
      /records · the 15 highest, all others together · 1,200 jobs with differing node numbers, the largest taken · estimate, error unknown$/
    );
    expect(
      caption(
        provenance('top-packages', {
          partial: true,
          rows_read: 400000,
          rows_skipped: 18332
        }),
        english
      )
    ).toMatch(/so far: 400,000 of 1,000,000 rows read$/);
    expect(
      caption(provenance('top-packages', {}, { top: 1 }), english)
    ).toContain('· the highest only ·');
  });

  it('takes the period from the data where the query has none', () => {
    const open = { period: { from: null, to: null } };
    const span = { from: '2021-01-01T00:03:00Z', to: '2021-05-31T23:10:00Z' };
    expect(
      caption(provenance('top-packages', { span }, open), english)
    ).toContain('· Jan – May 2021 ·');
    expect(caption(provenance('top-packages', {}, open), english)).toContain(
      '· all time ·'
    );
    expect(
      caption(provenance('top-packages', {}, open), english, { span })
    ).toContain('· Jan – May 2021 ·');
  });

  it('leaves out a unit that cannot be counted', () => {
    const none = provenance('top-packages', {
      population: { records: 1, users: null, jobs: null }
    });
    expect(caption(none, english)).toContain('· 1 record ·');
  });

  it('writes numbers by the locale', () => {
    expect(
      caption(provenance('top-packages'), english, { locale: 'de-DE' })
    ).toContain('2.612 users in 1.018.332 records');
  });

  it('has words for every analysis and everything it can count', () => {
    const texts = new Set<string>();
    for (const id of ANALYSIS_IDS) {
      for (const distinct of DISTINCTS) {
        texts.add(
          caption(provenance(id, {}, { distinct, package: 'mpi4py' }), english)
        );
      }
      expect(analysisDescription(id, english)).toMatch(/\.$/);
    }
    for (const text of texts) {
      expect(text).not.toMatch(/%\d|undefined|null|group/);
    }
    expect(texts.size).toBeGreaterThan(ANALYSIS_IDS.length * 2);
  });
});

describe('countSentence', () => {
  const ask = (id: AnalysisId, change: Partial<IQuestion> = {}) => ({
    ...defaultQuestion(id),
    ...change
  });

  it.each<[IQuestion, string]>([
    [
      ask('top-packages'),
      'Count **users** once for each **package**, from **all nodes, no staff**'
    ],
    [
      ask('job-sizes'),
      'Count **jobs** once for each **number of nodes**, from **jobs on compute nodes, no staff**'
    ],
    [
      ask('package-trend', { by: 'quarter' }),
      'Count **users** once for each **package and quarter**, from **compute nodes, no staff**'
    ],
    [
      ask('top-packages', { distinct: 'record' }),
      'Count **records** for each **package**, from **all nodes, no staff**'
    ],
    [
      ask('users'),
      'Count **users**, each once, from **compute nodes, no staff**'
    ],
    [
      ask('package-affinity', { package: 'dask' }),
      'Correlate **dask** with each other package over **jobs**, each counted once, from **jobs on compute nodes, no staff**'
    ]
  ])('%#', (question, sentence) => {
    expect(countSentence(question, selection, english)).toBe(sentence);
  });

  it('does not claim what the source cannot tell', () => {
    expect(countSentence(ask('job-sizes'), selection, english, {})).toContain(
      'from **all nodes, staff too**'
    );
  });

  it('can be taken apart', () => {
    expect(sentenceParts('Count **users** once')).toEqual([
      { text: 'Count ', strong: false },
      { text: 'users', strong: true },
      { text: ' once', strong: false }
    ]);
  });

  it('names filters', () => {
    const filtered = {
      ...selection,
      filters: [
        { field: 'is_compute', op: 'any', values: ['false'] },
        { field: 'package', op: 'any', values: ['numpy'] }
      ] satisfies Filter[]
    };
    expect(describePopulation(filtered, 'job-sizes', english)).toBe(
      'no compute nodes, no staff, package numpy'
    );
  });
});

describe('describeFilter', () => {
  it.each<[Filter, string]>([
    [NO_STAFF, 'staff excluded'],
    [{ ...NO_STAFF, not: true }, 'staff only or not known'],
    [{ field: 'is_staff', op: 'any', values: ['true'] }, 'staff only'],
    [COMPUTE, 'compute nodes'],
    [
      { field: 'is_compute', op: 'any', values: ['true'], not: true },
      'no compute nodes or not known'
    ],
    [{ field: 'is_container', op: 'any', values: ['true'] }, 'in containers'],
    [
      { field: 'is_staff', op: 'any', values: ['true', 'false'] },
      'staff mark true or false'
    ],
    [{ field: 'package', op: 'any', values: ['numpy'] }, 'package numpy'],
    [
      { field: 'package', op: 'any', values: ['a', 'b', 'c', 'd'] },
      'package a, b, c or d'
    ],
    [
      { field: 'package', op: 'any', values: ['a', 'b', 'c', 'd', 'e'] },
      'package a, b, c or 2 others'
    ],
    [{ field: 'qos', op: 'any', values: [''], not: true }, 'queue not (empty)'],
    [{ field: 'subsystem', op: 'any', values: [] }, 'partition nothing'],
    [
      { field: 'executable', op: 'prefix', value: '/opt' },
      'interpreter starts with “/opt”'
    ],
    [
      { field: 'my column', op: 'glob', value: '*x', not: true },
      'my column not like “*x”'
    ],
    [{ field: 'main', op: 'regexp', value: 'a|b' }, 'script matches “a|b”'],
    [{ field: 'nodes', op: 'range', from: '2', to: '4' }, '2 to 3 nodes'],
    [{ field: 'nodes', op: 'range', from: '1', to: '2' }, '1 node'],
    [{ field: 'nodes', op: 'range', from: '65' }, '65 nodes or more'],
    [{ field: 'nodes', op: 'range', to: '2', not: true }, 'not 1 node at most'],
    [
      { field: 'walltime', op: 'range', from: '1.5', to: '2' },
      'walltime from 1.5 to below 2'
    ],
    [{ field: 'walltime', op: 'range', to: '2' }, 'walltime below 2'],
    [
      { field: 'time', op: 'range', from: '2021-01-01', to: '2021-02-01' },
      'Jan 2021'
    ],
    [
      { field: 'time', op: 'range', from: '2021-03-05', not: true },
      'not from 2021-03-05'
    ],
    [{ field: 'job', op: 'missing' }, 'without a job'],
    [{ field: 'job', op: 'missing', not: true }, 'with a job'],
    [
      { field: 'package', op: 'job-has', values: ['dask', 'ray'] },
      'jobs with dask or ray'
    ],
    [
      { field: 'package', op: 'job-has', values: ['dask'], not: true },
      'jobs without dask'
    ]
  ])('%j is “%s”', (filter, text) => {
    expect(describeFilter(filter, english)).toBe(text);
  });
});

describe('describePeriod', () => {
  it.each([
    ['2021-01-01', '2021-06-01', 'Jan – May 2021'],
    ['2021-03-01', '2021-04-01', 'Mar 2021'],
    ['2021-01-01', '2021-04-01', 'Q1 2021'],
    ['2021-10-01', '2022-01-01', 'Q4 2021'],
    ['2021-02-01', '2021-05-01', 'Feb – Apr 2021'],
    ['2021-01-01', '2022-01-01', '2021'],
    ['2019-01-01', '2022-01-01', '2019 – 2021'],
    ['2020-11-01', '2021-03-01', 'Nov 2020 – Feb 2021'],
    ['2021-03-05', '2021-03-10', '2021-03-05 – 2021-03-09'],
    ['2021-03-05', '2021-03-06', '2021-03-05'],
    [
      '2021-03-05T06:00:00',
      '2021-03-05T07:30:15Z',
      '2021-03-05 06:00 – 2021-03-05 07:30:15Z'
    ],
    ['2021-03-01', null, 'from Mar 2021'],
    ['2021-03-05', null, 'from 2021-03-05'],
    [null, '2021-06-01', 'until May 2021'],
    [null, null, 'All time']
  ])('%s to %s is “%s”', (from, to, text) => {
    expect(describePeriod({ from, to }, english)).toBe(text);
  });

  it('fills open ends from the span of the data, in the zone', () => {
    const span = { from: '2021-01-01T05:00:00Z', to: '2021-06-01T03:00:00Z' };
    const open = { from: null, to: null };
    expect(describePeriod(open, english, { span })).toBe(
      '2021-01-01 – 2021-06-01'
    );
    expect(
      describePeriod(open, english, { span, zone: 'America/New_York' })
    ).toBe('Jan – May 2021 (America/New_York)');
    expect(
      describePeriod({ from: '2021-05-01', to: null }, english, {
        span: { from: 0, to: 1622505599 }
      })
    ).toBe('May 2021');
  });

  it('writes months by the locale', () => {
    expect(
      describePeriod({ from: '2021-03-01', to: '2021-06-01' }, english, {
        locale: 'de-DE'
      })
    ).toBe('Mär – Mai 2021');
  });
});

describe('titles', () => {
  it('name every analysis and every column of every answer', () => {
    for (const id of ANALYSIS_IDS) {
      expect(analysisTitle(defaultQuestion(id), english)).not.toBe('');
      for (const distinct of DISTINCTS) {
        for (const column of answerColumns({
          ...defaultQuestion(id),
          distinct
        })) {
          expect(columnTitle(column, english)).not.toBe(column);
        }
      }
    }
    expect(columnTitle('my share', english)).toBe('my share');
    expect(columnNote('my share', english)).toBeNull();
    expect(columnNote('users', english)).toContain('cannot be added up');
    expect(
      analysisTitle({ analysis: 'package-affinity', package: 'dask' }, english)
    ).toBe('Used together with dask');
  });

  it('say the limits in one line', () => {
    expect(limitsLine(english)).toContain('imported is not used');
    expect(limitsLine(english)).not.toContain('\n');
  });
});

describe('caption of a transformed chart', () => {
  it('ends in what was done to the answer before it says how exact that was', () => {
    const plain = caption(provenance('users'), english);
    const transformed = caption(provenance('users'), english, {
      transform: 'filter(d => d.users > 5)\n  .orderby(desc("users"))'
    });
    expect(plain).not.toContain('then');
    expect(transformed).toContain(
      ' · then filter(d => d.users > 5) .orderby(desc("users")) · '
    );
  });
});
