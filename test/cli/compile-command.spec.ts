import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileCommand } from '../../src/cli/compile-command';
import { memberOf, sourceOf } from '../../src/dashboard/notebook-json';
import type {
  ICellJson,
  INotebookJson
} from '../../src/dashboard/notebook-json';
import { code, text } from '../dashboard/compile-notebook';
import { runCommand } from './run-command';
import type { IOutcome } from './run-command';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compile-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.WORKLOAD_SITE;
  rmSync(folder, { recursive: true });
});

const at = (...names: string[]): string => join(folder, ...names);

const run = (...args: string[]): Promise<IOutcome> =>
  runCommand(compileCommand, args);

/** Write a notebook; its path. */
function write(
  name: string,
  cells: readonly ICellJson[],
  metadata: Readonly<Record<string, unknown>> = {
    language_info: { name: 'python' }
  }
): string {
  const content = { cells, metadata, nbformat: 4, nbformat_minor: 4 };
  writeFileSync(at(name), JSON.stringify(content));
  return at(name);
}

const read = (path: string): INotebookJson =>
  JSON.parse(readFileSync(path, 'utf8')) as INotebookJson;

const CELLS = [
  text('markdown', '# Report'),
  code('year = 2020', 'parameters'),
  code('print("upstream", year)', 'upstream'),
  code('# nothing'),
  code('print("downstream", year)', 'downstream')
];

const BROKEN = [
  code('x = 1', 'upstream'),
  code('print(x)', 'downstream'),
  code('print(2)')
];

describe('compile', () => {
  it('writes the dashboard beside the notebook', async () => {
    const path = write('report.ipynb', CELLS);
    const out = at('report.dashboard.ipynb');
    expect(await run(path)).toEqual({
      status: 0,
      out: `${out}: 3 cells; 2 left out: 1 upstream, 1 without code\n`,
      err: ''
    });
    const dashboard = read(out);
    expect(dashboard.cells.map(sourceOf)).toEqual([
      '# Report',
      'year = 2020',
      'print("downstream", year)'
    ]);
    expect(memberOf(dashboard.metadata, 'workload', 'dashboard')).toMatchObject(
      { source: 'report.ipynb' }
    );
    expect(readdirSync(folder).sort()).toEqual([
      'report.dashboard.ipynb',
      'report.ipynb'
    ]);
  });

  it('writes where it is told to, and names the source from there', async () => {
    const path = write('report.ipynb', CELLS);
    mkdirSync(at('public', 'a'), { recursive: true });
    const out = at('public', 'a', 'index.ipynb');
    expect((await run(path, '--out', out)).status).toBe(0);
    expect(
      memberOf(read(out).metadata, 'workload', 'dashboard', 'source')
    ).toBe('../../report.ipynb');
  });

  it('says what it is for, and how it is used', async () => {
    expect(await run('--help')).toEqual({
      status: 0,
      out: expect.stringContaining(
        'Usage: workload-explorer compile'
      ) as string,
      err: ''
    });
    const { status, err } = await run();
    expect(status).toBe(2);
    expect(err).toContain('Name the notebook to compile.');
    expect(err).toContain('workload-explorer compile --help says more.');
  });

  it.each([
    [['a.ipynb', 'b.ipynb'], '“b.ipynb” is one too many'],
    [['a.ipynb', '--out', ''], '--out is empty'],
    [['a.ipynb', '--parameters', ''], '--parameters is empty'],
    [[''], 'Name the notebook to compile.'],
    [['a.ipynb', '--fast'], "Unknown option '--fast'."]
  ])('refuses %j', async (args, says) => {
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });
});

describe('a notebook with errors', () => {
  it('is refused, with findings as check tells them', async () => {
    const path = write('a.ipynb', BROKEN);
    const { status, out, err } = await run(path);
    expect([status, out]).toEqual([1, '']);
    expect(err.split('\n')).toEqual([
      expect.stringContaining(
        `${path}: cell 2, line 1:7 error name-upstream-only “x” is defined by cell 1 only`
      ),
      expect.stringContaining(`${path}: cell 3 error role-missing This cell`),
      '2 errors in 1 notebook.',
      'No dashboard was made. Correct the errors, or compile with --force.',
      ''
    ]);
    expect(readdirSync(folder)).toEqual(['a.ipynb']);
  });

  it('is compiled by --force, which is recorded', async () => {
    const path = write('a.ipynb', BROKEN);
    const { status, out, err } = await run(path, '--force');
    expect([status, out]).toEqual([
      0,
      `${at('a.dashboard.ipynb')}: 1 cell; 2 left out: 1 upstream, 1 without a role\n`
    ]);
    expect(err).toContain('2 errors in 1 notebook.\n');
    const { cells, metadata } = read(at('a.dashboard.ipynb'));
    expect(cells.map(sourceOf)).toEqual(['print(x)']);
    expect(memberOf(metadata, 'workload', 'dashboard', 'forced')).toEqual({
      errors: 2,
      rules: ['name-upstream-only', 'role-missing']
    });
  });

  it('leaves the dashboard of before as it was', async () => {
    const path = write('a.ipynb', CELLS);
    await run(path);
    const before = readFileSync(at('a.dashboard.ipynb'), 'utf8');
    write('a.ipynb', BROKEN);
    expect((await run(path)).status).toBe(1);
    expect(readFileSync(at('a.dashboard.ipynb'), 'utf8')).toBe(before);
  });

  it('is checked by the site’s roles, whose mistakes are told', async () => {
    process.env.WORKLOAD_SITE = at('site.json');
    writeFileSync(
      at('site.json'),
      JSON.stringify({ roles: { tags: { upstream: 'batch', other: 'x' } } })
    );
    const path = write('a.ipynb', [
      code('x = 1', 'batch'),
      code('print(1)', 'downstream')
    ]);
    const { status, err } = await run(path);
    expect(status).toBe(0);
    expect(err).toBe(
      `${at('site.json')}: “roles.tags” names the role “other”; roles are upstream, downstream, shared.\n`
    );
    expect(read(at('a.dashboard.ipynb')).cells.map(sourceOf)).toEqual([
      'print(1)'
    ]);
    writeFileSync(at('site.json'), '{');
    expect(await run(path)).toMatchObject({
      status: 2,
      err: expect.stringContaining('cannot be used') as string
    });
  });

  it('may have roles that cannot be read, which is told', async () => {
    const path = write('a.ipynb', CELLS, { workload: { roles: { tags: 1 } } });
    expect(await run(path)).toMatchObject({
      status: 0,
      err: `${path}: “roles.tags” must be an object of tags by role.\n`
    });
  });
});

describe('the file of a dashboard', () => {
  it('is not touched when nothing has changed', async () => {
    const path = write('a.ipynb', CELLS);
    const out = at('a.dashboard.ipynb');
    await run(path);
    utimesSync(out, 1000, 1000);
    expect((await run(path)).out).toBe(`${out}: unchanged\n`);
    expect(statSync(out).mtimeMs).toBe(1_000_000);
    write('a.ipynb', CELLS.slice(1));
    expect((await run(path)).out).toContain('2 cells');
    expect(statSync(out).mtimeMs).not.toBe(1_000_000);
  });

  it('keeps its rights, and stays a link', async () => {
    const path = write('a.ipynb', CELLS);
    mkdirSync(at('public'));
    const out = at('public', 'a.ipynb');
    await run(path, '--out', out);
    chmodSync(out, 0o640);
    symlinkSync(join('public', 'a.ipynb'), at('a.dashboard.ipynb'));
    write('a.ipynb', CELLS.slice(1));
    expect((await run(path)).status).toBe(0);
    expect(lstatSync(at('a.dashboard.ipynb')).isSymbolicLink()).toBe(true);
    expect(statSync(out).mode & 0o777).toBe(0o640);
    expect(read(out).cells).toHaveLength(2);
    expect(readdirSync(at('public'))).toEqual(['a.ipynb']);
  });

  it('is never the notebook itself, by whatever name', async () => {
    const path = write('a.ipynb', CELLS);
    const before = readFileSync(path, 'utf8');
    symlinkSync('a.ipynb', at('link.ipynb'));
    linkSync(path, at('hard.ipynb'));
    for (const out of [path, at('link.ipynb'), at('hard.ipynb')]) {
      expect(await run(path, '--out', out)).toMatchObject({
        status: 2,
        out: '',
        err: `${out}: This is the notebook itself. Name another file with --out.\n`
      });
    }
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('is not one that somebody has changed by hand', async () => {
    const path = write('a.ipynb', CELLS);
    await run(path);
    const out = at('a.dashboard.ipynb');
    const changed = readFileSync(out, 'utf8').replace(
      '"source": [',
      '"source": ["# x\\n",'
    );
    expect(changed).not.toBe(readFileSync(out, 'utf8'));
    writeFileSync(out, changed);
    const { status, err } = await run(path);
    expect({ status, err }).toEqual({
      status: 2,
      err: `${out}: This dashboard was changed by hand after it was compiled. Name another one with --out, or remove it.\n`
    });
    expect(readFileSync(out, 'utf8')).toBe(changed);
  });

  it('is not that of another notebook', async () => {
    const out = at('public.ipynb');
    await run(write('a.ipynb', CELLS), '--out', out);
    const before = readFileSync(out, 'utf8');
    const { status, err } = await run(write('b.ipynb', CELLS), '--out', out);
    expect(status).toBe(2);
    expect(err).toContain('is the dashboard of another notebook');
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  it.each([
    ['another notebook', () => write('b.ipynb', CELLS)],
    ['what is no notebook', () => (writeFileSync(at('b.ipynb'), '{"a'), '')],
    ['an empty file', () => (writeFileSync(at('b.ipynb'), ''), '')]
  ])('is not written over %s', async (_, make) => {
    make();
    const before = readFileSync(at('b.ipynb'), 'utf8');
    const path = write('a.ipynb', CELLS);
    expect(await run(path, '--out', at('b.ipynb'))).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('is no compiled dashboard') as string
    });
    expect(readFileSync(at('b.ipynb'), 'utf8')).toBe(before);
  });

  it('is not compiled again', async () => {
    await run(write('a.ipynb', CELLS));
    const out = at('a.dashboard.ipynb');
    expect(await run(out)).toEqual({
      status: 2,
      out: '',
      err: `${out}: This is a compiled dashboard, made from “a.ipynb”. Compile that one.\n`
    });
  });

  it('needs a folder', async () => {
    const path = write('a.ipynb', CELLS);
    expect((await run(path, '--out', at('none', 'b.ipynb'))).err).toContain(
      'There is no such folder.'
    );
    mkdirSync(at('b.ipynb'));
    expect(await run(path, '--out', at('b.ipynb'))).toMatchObject({
      status: 2,
      err: expect.stringContaining('This is a folder') as string
    });
  });
});

describe('what cannot be compiled', () => {
  it.each([
    ['{"nbformat": 3, "worksheets": []}', 'which is too old'],
    ['', 'The file is empty.'],
    ['\xff', 'it is not UTF-8 text'],
    [
      JSON.stringify({
        cells: [],
        metadata: { language_info: { name: 'R' } },
        nbformat: 4,
        nbformat_minor: 5
      }),
      'This is a notebook of R; only Python'
    ],
    ['{"nbformat": 4, "cells": [{"cell_type": "code"}]}', 'has no source']
  ])('is told: %s', async (content, says) => {
    writeFileSync(at('a.ipynb'), content, 'latin1');
    const { status, out, err } = await run(at('a.ipynb'));
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it('may not be there', async () => {
    expect((await run(at('none.ipynb'))).err).toContain('no such file');
  });
});

describe('--parameters', () => {
  const compile = async (
    name: string,
    content: string
  ): Promise<IOutcome & { readonly cells: readonly string[] }> => {
    writeFileSync(at(name), content);
    const path = write('a.ipynb', CELLS);
    const outcome = await run(path, '--parameters', at(name));
    return {
      ...outcome,
      cells:
        outcome.status === 0
          ? read(at('a.dashboard.ipynb')).cells.map(sourceOf)
          : []
    };
  };

  it('sets values from YAML', async () => {
    const { status, err, cells } = await compile('p.yaml', 'year: 2021\n');
    expect([status, err]).toEqual([0, '']);
    expect(cells).toEqual([
      '# Report',
      'year = 2020',
      '# Parameters\nyear = 2021\n',
      'print("downstream", year)'
    ]);
  });

  it('sets values from JSON, and tells names that are unknown', async () => {
    const { status, err, cells } = await compile(
      'p.json',
      '{"year": 1.0, "month": 1e2}'
    );
    expect(status).toBe(0);
    expect(cells[2]).toBe('# Parameters\nyear = 1.0\nmonth = 100.0\n');
    expect(err).toBe(
      `${at('a.ipynb')}: The parameter “month” is not assigned in cell 2, which is tagged “parameters”. Check its name.\n`
    );
  });

  it.each([
    ['- 1', 'no names with values'],
    ['a: [1', 'This is neither YAML nor JSON'],
    ['a b: 1', '“a b” is no name of Python'],
    ['yes: 1', '“True” is a reserved word'],
    ['a: !!python/object:os.system x', 'Unresolved tag']
  ])('refuses %j', async (content, says) => {
    const { status, out, err } = await compile('p.yaml', content);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(`${at('p.yaml')}: `);
    expect(err).toContain(says);
  });

  it('needs a file', async () => {
    const path = write('a.ipynb', CELLS);
    const { status, err } = await run(path, '--parameters', at('none.yaml'));
    expect([status, err]).toEqual([
      2,
      `${at('none.yaml')}: There is no such file. Check the path.\n`
    ]);
  });
});
