import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  PUBLISH_USAGE,
  publishCommand,
  readPublishArguments
} from '../../src/cli/publish-command';
import type { ICellJson } from '../../src/dashboard/notebook-json';
import { code, text } from '../dashboard/compile-notebook';
import { runCommand } from './run-command';
import type { IOutcome } from './run-command';

const ROOT = join(__dirname, '..', '..');
const PYTHON = join(ROOT, '.venv', 'bin', 'python');

let folder = '';
const before = process.env.WORKLOAD_EXPLORER_PYTHON;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'publish-')));
});

afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) {
    delete process.env.WORKLOAD_EXPLORER_PYTHON;
  } else {
    process.env.WORKLOAD_EXPLORER_PYTHON = before;
  }
  rmSync(folder, { recursive: true });
});

const at = (...names: string[]): string => join(folder, ...names);

const run = (...args: string[]): Promise<IOutcome> =>
  runCommand(publishCommand, args);

const CELLS = [
  text('markdown', '# Report'),
  code('year = 2020', 'parameters'),
  code('print("upstream", year)', 'upstream'),
  code('print("-".join(["text", str(year)]))', 'downstream')
];

/** Write a notebook; its path. */
function write(name: string, cells: readonly ICellJson[] = CELLS): string {
  const metadata = {
    kernelspec: { name: 'python3', display_name: 'Python', language: 'python' },
    language_info: { name: 'python' }
  };
  const content = { cells, metadata, nbformat: 4, nbformat_minor: 4 };
  writeFileSync(at(name), JSON.stringify(content));
  return at(name);
}

/** A Python half that notes what it was asked, keeps the notebook, and ends with a status. */
function standIn(status: number, more = ''): void {
  const program = [
    '#!/bin/sh',
    '[ "$1" = -c ] && exit 0',
    `printf '%s\\n' "$@" > "${at('asked')}"`,
    'for last; do :; done',
    `[ -f "$last" ] && cp "$last" "${at('kept')}"`,
    more,
    `exit ${status}`
  ].join('\n');
  mkdirSync(at('bin'));
  writeFileSync(at('bin', 'python'), program);
  chmodSync(at('bin', 'python'), 0o755);
  process.env.WORKLOAD_EXPLORER_PYTHON = at('bin', 'python');
}

const asked = (): string[] =>
  readFileSync(at('asked'), 'utf8').trimEnd().split('\n');

const files = (): string[] =>
  readdirSync(folder)
    .filter(name => !['asked', 'kept', 'bin'].includes(name))
    .sort();

describe('publish', () => {
  it('compiles, and hands on what comes out', async () => {
    standIn(1);
    const path = write('report.ipynb');
    writeFileSync(at('2021.yaml'), 'year: 2021\n');
    const { status, err } = await run(
      path,
      ...['--parameters', at('2021.yaml'), '--out', at('out')],
      ...['--raw', 'a', '--raw=b', '--accept', 'as agreed']
    );
    expect([status, err]).toEqual([1, '']);
    const [module, name, command, ...rest] = asked();
    expect([module, name, command]).toEqual([
      '-m',
      'jupyterlab_workload_explorer',
      'publish'
    ]);
    const draft = rest.pop() ?? '';
    expect(rest).toEqual([
      `--out=${at('out')}`,
      '--raw=a',
      '--raw=b',
      '--accept=as agreed',
      `--compiled-with=${at('2021.yaml')}`,
      '--'
    ]);
    // Where its data are, and only as long as it takes.
    expect(draft.startsWith(at('.report.'))).toBe(true);
    expect(existsSync(draft)).toBe(false);
    expect(files()).toEqual(['2021.yaml', 'report.ipynb']);
    const kept = readFileSync(at('kept'), 'utf8');
    expect(kept).toContain('year = 2021');
    expect(kept).toContain('"source": "report.ipynb"');
    expect(kept).not.toContain('print(\\"upstream\\"');
  });

  it('hands a compiled dashboard on as it is', async () => {
    standIn(0);
    const path = write('report.ipynb');
    await run(path, '--out', at('out'));
    writeFileSync(at('report.dashboard.ipynb'), readFileSync(at('kept')));
    const compiled = at('report.dashboard.ipynb');
    expect((await run(compiled, '--out', at('out'))).status).toBe(0);
    expect(asked().at(-1)).toBe(compiled);
    const { status, err } = await run(compiled, '--out', 'o', '--force');
    expect(status).toBe(2);
    expect(err).toContain('is compiled already');
  });

  it('is stopped by errors of roles, with its findings', async () => {
    standIn(0);
    const path = write('report.ipynb', [
      code('x = 1', 'upstream'),
      code('print(x)', 'downstream')
    ]);
    const { status, out, err } = await run(path, '--out', at('out'));
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain('name-upstream-only');
    expect(err).toContain('It is not published. Correct the errors first.');
    expect(existsSync(at('asked'))).toBe(false);
    expect((await run(path, '--out', at('out'), '--force')).status).toBe(0);
    expect(readFileSync(at('kept'), 'utf8')).toContain('"forced"');
  });

  it('rolls back without a notebook', async () => {
    standIn(0);
    expect((await run('--rollback', '--out', 'a')).status).toBe(0);
    expect(asked().slice(3)).toEqual(['--rollback', '--out=a']);
  });

  it.each(['SIGTERM', 'SIGINT'])('leaves nothing behind after %s', signal => {
    // As a terminal does: both get the signal, in whatever order.
    standIn(143, `kill -${signal.slice(3)} $PPID`);
    const cli = at('bin', 'cli.mjs');
    const bundle = join(ROOT, 'test', 'support', 'bundle-cli.mjs');
    expect(spawnSync(process.execPath, [bundle, cli]).status).toBe(0);
    const args = [cli, 'publish', write('a.ipynb'), '--out', at('o')];
    const { status } = spawnSync(process.execPath, args, { env: process.env });
    expect(status).not.toBe(0);
    expect(readFileSync(at('kept'), 'utf8')).toContain('year = 2020');
    expect(files()).toEqual(['a.ipynb']);
  });

  it.each([
    [['--out', 'o'], 'Name the notebook to publish.'],
    [['a.ipynb'], 'Name the folder to publish to'],
    [['a.ipynb', 'b.ipynb', '--out', 'o'], '“b.ipynb” is one too many'],
    [['a.ipynb', '--out', 'o', '--rollback'], '--rollback takes no notebook'],
    [['a.ipynb', '--out', 'o', '--parameters', ''], '--parameters takes one'],
    [['a.ipynb', '--out', 'o', '--fast'], "Unknown option '--fast'."],
    [['none.ipynb', '--out', 'o'], 'There is no such file. Check the path.']
  ])('refuses %j', async (args, says) => {
    standIn(0);
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
    expect(existsSync(at('asked'))).toBe(false);
  });

  it('says what it is for, and knows all options that it names', async () => {
    expect(await run('--help')).toEqual({
      status: 0,
      out: PUBLISH_USAGE,
      err: ''
    });
    const named: string[] =
      PUBLISH_USAGE.match(/(?<=^ {2})--[a-z-]+(?= [A-Z])/gm) ?? [];
    expect(named.length).toBeGreaterThan(12);
    const args = named.flatMap(option => [option, '1']);
    const rest = readPublishArguments(['a.ipynb', ...args])?.rest;
    // The Python half has them all, but for the parameters.
    const { stdout } = spawnSync(
      PYTHON,
      ['-m', 'jupyterlab_workload_explorer', 'publish', '--help'],
      { encoding: 'utf8', cwd: ROOT }
    );
    const known: string[] = stdout.match(/--[a-z-]+/g) ?? [];
    const passed = (rest ?? []).map(arg => arg.split('=')[0]);
    expect(passed.filter(option => !known.includes(option))).toEqual([]);
    const switches = ['--page', '--rollback', '--help'];
    expect([...new Set([...passed, ...switches])].sort()).toEqual(
      [...new Set(known)].sort()
    );
  });
});

it('publishes for real, without the upstream cell', async () => {
  process.env.WORKLOAD_EXPLORER_PYTHON = PYTHON;
  const path = write('report.ipynb');
  const { status, err } = await run(path, '--out', at('out'));
  expect([status, err]).toEqual([0, '']);
  const published = readFileSync(at('out', 'dashboard.ipynb'), 'utf8');
  expect(published).toContain('year = 2020');
  expect(published).not.toContain('print(\\"upstream\\"');
  const manifest: unknown = JSON.parse(
    readFileSync(at('out', 'manifest.json'), 'utf8')
  );
  expect(manifest).toMatchObject({ version: 1, source: 'report.ipynb' });
  expect(files()).toEqual(['.out.versions', 'out', 'report.ipynb']);
}, 240_000);
