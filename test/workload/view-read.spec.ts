import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { english } from '../../src/workload/translator';
import { newView } from '../../src/workload/view';
import { readView } from '../../src/workload/view-read';

function fixture(version: number): string {
  const file = join(
    __dirname,
    `../fixtures/views/version-${version}.workload.json`
  );
  return readFileSync(file, 'utf8');
}

describe('readView', () => {
  it('migrates version 0', () => {
    const { view, problem, version } = readView(fixture(0), english);
    expect(problem).toBeNull();
    expect(version).toBe(0);
    expect(view).toMatchObject({
      version: 1,
      source: { paths: ['../data/records.parquet'] },
      defaults: [],
      period: { from: '2021-01-01', to: '2021-06-01' },
      filters: [
        { field: 'package', op: 'any', values: ['numpy', 'scipy'] },
        { field: 'user', op: 'any', values: ['svc'], not: true }
      ],
      board: [
        {
          id: 'a',
          question: { analysis: 'top-packages', distinct: 'job', top: 10 },
          look: { width: 2 }
        },
        {
          id: 'b',
          question: { analysis: 'job-sizes', distinct: 'job', top: null }
        }
      ]
    });
  });

  it('takes a view without a version but with charts for version 0', () => {
    const text =
      '{"source": "x.parquet", "population": "default", "charts": []}';
    expect(readView(text, english)).toMatchObject({
      problem: null,
      version: 0,
      view: {
        source: { paths: ['x.parquet'] },
        defaults: ['is_staff', 'is_compute'],
        board: []
      }
    });
  });

  it('reads version 1', () => {
    const { view, problem, version } = readView(fixture(1), english);
    expect(problem).toBeNull();
    expect(version).toBe(1);
    expect(view).toMatchObject({
      mapping: { account: ['project'] },
      zone: 'America/Los_Angeles',
      board: [
        {
          transform: 'filter(d => d.r > 0.5)',
          look: { order: 'name', band: [0.5, 0.9] }
        }
      ]
    });
    expect(view).not.toHaveProperty('owner');
  });

  it('shows what it knows of a newer version, and says so', () => {
    const { view, problem } = readView(fixture(2), english);
    expect(problem).toBe(
      'This view was saved by a newer version of Workload Explorer (view version 2, this one knows up to 1). It is shown as far as it is understood, and cannot be changed here.'
    );
    expect(view?.board.map(chart => chart.id)).toEqual(['a']);
    expect(view?.version).toBe(2);
  });

  it('gives an empty file a view with no data', () => {
    expect(readView(' \n', english)).toMatchObject({
      problem: null,
      view: newView({ paths: [] })
    });
  });

  it('fills in what is left out', () => {
    const text = '{"version": 1, "source": {"paths": ["x"]}}';
    expect(readView(text, english)).toMatchObject({
      problem: null,
      view: newView({ paths: ['x'] })
    });
  });

  const view = (rest: string) =>
    `{"version": 1,\n"source": {"paths": []},\n${rest}}`;
  const chart = (rest: string) => view(`"board": [{"id": "a",\n${rest}}]`);
  it.each([
    ['[]', 'This file is not a workload view: it holds no JSON object.'],
    [
      '{"version": 1\n "source"}',
      'This file is not valid JSON: line 2, column 2: a comma is missing.'
    ],
    [
      '{"a": "x\n}',
      'line 1, column 7: a text in quotes does not end, or holds a character that must be escaped.'
    ],
    ['{}', 'line 1: version is missing.'],
    ['{"version": "1", "source": {"paths": []}}', 'line 1: version must be 1.'],
    ['{"version": 1}', 'line 1: source is missing.'],
    ['{"version": 1, "source": {}}', 'line 1: source.paths is missing.'],
    [
      '{"version": 1,\n"source": {"paths": [""]}}',
      'line 2: source.paths[0] must be a text in quotes that is not empty.'
    ],
    [
      view('"zone": 1'),
      'line 3: zone must be a text in quotes that is not empty.'
    ],
    [
      view('"period": {"from": "May"}'),
      'line 3: period.from must be a date such as "2021-01-31", or null.'
    ],
    [view('"filters": {}'), 'line 3: filters must be a list in brackets.'],
    [
      view('"filters": [{"field": "user"}]'),
      'line 3: filters[0].op is missing.'
    ],
    [
      view('"filters": [{"field": "user", "op": "job-has", "values": []}]'),
      'line 3: filters[0].field must be "package".'
    ],
    [
      view('"defaults": ["users"]'),
      'line 3: defaults[0] must be one of "is_staff", "is_compute".'
    ],
    [chart('"question": {}'), 'line 4: board[0].question.analysis is missing.'],
    [
      chart('"question": {"analysis": "users", "top": 0}'),
      'line 4: board[0].question.top must be a whole number from 1 up, or null.'
    ],
    [
      chart('"question": {"analysis": "users"}, "look": {"width": 4}'),
      'line 4: board[0].look.width must be one of 1, 2, 3.'
    ],
    [
      chart('"question": {"analysis": "users"}, "look": {"band": [1]}'),
      'line 4: board[0].look.band must be two numbers between -1 and 1, such as [0.6, 0.8].'
    ]
  ])('%j: %s', (text, problem) => {
    expect(readView(text, english).problem).toContain(problem);
  });

  it('does not let a text reach prototypes', () => {
    const text =
      '{"version": 1, "source": {"paths": []}, "__proto__": {"zone": "X"}}';
    const { view: read, problem } = readView(text, english);
    expect(problem).toBeNull();
    expect(read?.zone).toBe('UTC');
  });
});
