import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { analyzeCommand } from '../../src/cli/analyze-command';
import { engineInThisThread } from './engine';
import { runCommand } from './run-command';
import type { IOutcome } from './run-command';
import { parquetBytes } from '../engine/files';
import { text } from '../engine/tables';

// Threads are started from the bundle, which there is none of here: files are read in this one.
jest.mock('../../src/cli/node-engine', () => ({
  openNodeEngine: (paths: readonly string[]) => engineInThisThread(paths)
}));

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'explorer-'));
  path = join(folder, 'a.parquet');
  writeFileSync(
    path,
    parquetBytes({
      username: text('ann', 'bob', 'ann'),
      subservice: text('numpy', 'a,b', 'dask')
    })
  );
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]): Promise<IOutcome> =>
  runCommand(analyzeCommand, args);

describe('analyzeCommand', () => {
  it('writes rows and provenance as JSON, times when they are asked for', async () => {
    const { status, out, err } = await run('top-packages', '--source', path);
    expect([status, err]).toEqual([0, '']);
    const answer = JSON.parse(out) as {
      rows: unknown;
      provenance: Record<string, unknown>;
    };
    expect(Object.keys(answer)).toEqual(['rows', 'provenance']);
    expect(answer.rows).toEqual([
      { package: 'a,b', users: 1 },
      { package: 'dask', users: 1 },
      { package: 'numpy', users: 1 }
    ]);
    expect(answer.provenance).toMatchObject({
      exact: true,
      rows_read: 3,
      query: { source: { paths: [path] } }
    });
    expect(answer.provenance).not.toHaveProperty('timing');
    expect(out.endsWith('}\n')).toBe(true);
    const timed = JSON.parse(
      (await run('users', '--source', path, '--timing')).out
    ) as typeof answer;
    expect(timed.provenance.timing).toEqual({
      read_ms: expect.any(Number) as unknown,
      answer_ms: expect.any(Number) as unknown
    });
  });

  it('writes CSV', async () => {
    const { status, out } = await run(
      'top-packages',
      '--source',
      path,
      '--format',
      'csv',
      '--top',
      '1',
      '--other'
    );
    expect(status).toBe(0);
    expect(out).toBe('package,users,other\n"a,b",1,\n,1,true\n');
  });

  it.each<[string, (source: string) => string[], number, string]>([
    [
      'a mistake in the arguments',
      source => ['users', '--top', '1', '--source', source],
      2,
      '“users” takes no --top.'
    ],
    ['no data', () => ['users'], 2, 'Name the data'],
    [
      'a pattern that is none',
      source => ['users', '--source', source, '--where', 'user~('],
      2,
      'RE2 syntax'
    ],
    [
      'a period that ends first',
      source => [
        'package-trend',
        '--source',
        source,
        '--map',
        'time=username',
        '--from',
        '2021-02-01',
        '--to',
        '2021-01-01'
      ],
      2,
      'The period ends before it begins.'
    ],
    [
      'a source that is not there',
      source => ['users', '--source', `${source}.not`],
      1,
      'does not exist'
    ],
    [
      'a column that is missing',
      source => ['job-sizes', '--source', source],
      1,
      '--map nodes=COLUMN'
    ],
    [
      'a condition on what there is not',
      source => ['users', '--source', source, '--where', 'colour=red'],
      1,
      'There is no column “colour”'
    ]
  ])('tells %s on standard error', async (_, args, status, sentence) => {
    const result = await run(...args(path));
    expect(result.status).toBe(status);
    expect(result.out).toBe('');
    expect(result.err).toContain(sentence);
    expect(result.err.includes('analyze --help says more')).toBe(status === 2);
  });

  it('tells what is no Parquet file', async () => {
    writeFileSync(path, 'username,job_id\n');
    const { status, out, err } = await run('users', '--source', path);
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain(`“${path}”`);
    expect(err).not.toContain('    at ');
  });

  it('explains itself', async () => {
    for (const help of ['--help', '-h']) {
      const { status, out, err } = await run(help);
      expect([status, err]).toEqual([0, '']);
      expect(out).toContain(
        'Usage: workload-explorer analyze ID --source PATH… [options]'
      );
      for (const option of [
        '--where',
        '--from',
        '--to',
        '--tz',
        '--all',
        '--distinct',
        '--top',
        '--other',
        '--of',
        '--package',
        '--has-package',
        '--without-package',
        '--by',
        '--bins',
        '--map',
        '--format',
        '--timing'
      ]) {
        expect(out).toContain(option);
      }
    }
  });
});
