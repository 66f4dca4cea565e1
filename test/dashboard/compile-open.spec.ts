import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';

import { compileOpen } from '../../src/dashboard/compile-open';
import type { ICompileOpenOptions } from '../../src/dashboard/compile-open';
import type { ICellJson } from '../../src/dashboard/notebook-json';
import type { IWorkloadRoles } from '../../src/tokens';
import { checkedOf, code, notebookOf } from './compile-notebook';
import { contentsOnDisk } from './contents-on-disk';

const CELLS = [
  code('year = 2020', 'parameters'),
  code('print(year)', 'downstream')
];

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compile-open-'));
  write('2021.yaml', 'year: 2021\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const dashboard = (): string =>
  readFileSync(join(folder, 'report.dashboard.ipynb'), 'utf8');

/** Compile a notebook that is open, with its check; the rest of the panel is of no matter. */
function compile(
  options: Partial<ICompileOpenOptions> = {},
  cells: readonly ICellJson[] = CELLS
): ReturnType<typeof compileOpen> {
  const notebook = notebookOf(cells);
  const { policy, cells: seen, checked } = checkedOf(notebook);
  const panel = {
    context: { path: 'report.ipynb' },
    model: { toJSON: () => notebook }
  } as unknown as NotebookPanel;
  const roles = {
    get: () => ({ roles: { policy }, check: { isStale: false } }),
    checkClean: () =>
      Promise.resolve({ checked: { cells: seen, result: checked } })
  } as unknown as IWorkloadRoles;
  const contents = contentsOnDisk(folder);
  return compileOpen(panel, {
    roles,
    services: { contents } as unknown as ServiceManager.IManager,
    trans: nullTranslator.load('test'),
    to: 'dashboard',
    ...options
  }).finally(() => contents.dispose());
}

describe('compiling with parameters of a file', () => {
  it('sets them as the command line does', async () => {
    const compiling = await compile({ parameters: '2021.yaml' });
    expect(compiling).toMatchObject({ kind: 'compiled', notices: [] });
    expect(dashboard()).toContain('"# Parameters\\n",\n    "year = 2021\\n"');
    expect(dashboard()).toContain('"parameters": {\n     "year": 2021\n    }');
    write('2022.json', '{"year": 2022}');
    await compile({ parameters: '2022.json' });
    expect(dashboard()).toContain('year = 2022');
  });

  it.each([
    ['gone.yaml', 'There is no such file. Check its path'],
    ['folder', 'folder is a directory, not a file. Name a file of YAML'],
    ['/srv/2021.yaml', 'outside the folder that it shows. Copy it there'],
    ['root:shared/2021.yaml', 'outside the folder that it shows'],
    ['list.yaml', 'Write a line such as “year: 2021”'],
    ['broken.yaml', 'This is neither YAML nor JSON'],
    ['name.yaml', '“a b” is no name of Python'],
    [
      'other.yaml',
      'The parameter “month” is not assigned in cell 1, which is tagged “parameters”. Check its name.'
    ]
  ])('says what is wrong with %s, and writes nothing', async (file, says) => {
    mkdirSync(join(folder, 'folder'));
    write('list.yaml', '- 2021\n');
    write('broken.yaml', 'year: [\n');
    write('name.yaml', 'a b: 1\n');
    write('other.yaml', 'year: 2021\nmonth: 5\n');
    expect(await compile({ parameters: file })).toEqual({
      kind: 'problem',
      file,
      message: expect.stringContaining(says)
    });
    expect(existsSync(join(folder, 'report.dashboard.ipynb'))).toBe(false);
  });

  it('asks for the cell that has their defaults', async () => {
    const cells = [code('print(1)', 'downstream')];
    expect(await compile({ parameters: '2021.yaml' }, cells)).toEqual({
      kind: 'problem',
      file: '2021.yaml',
      message: expect.stringContaining('Tag the cell that has their defaults.')
    });
  });
});

describe('compiling without parameters', () => {
  const loss = { kind: 'loss', loss: 'parameters' };

  it('loses those of the dashboard only when that is asked for', async () => {
    await compile({ parameters: '2021.yaml' });
    const path = 'report.dashboard.ipynb';
    expect(await compile()).toEqual({ ...loss, path });
    // A file without values sets none.
    write('none.yaml', '# nothing\n');
    expect(await compile({ parameters: 'none.yaml' })).toEqual({
      ...loss,
      path
    });
    expect(dashboard()).toContain('year = 2021');
    await compile({ overwrite: ['parameters'] });
    expect(dashboard()).not.toContain('2021');
  });

  it('loses those of what is published only when that is asked for', async () => {
    const publishedWithParameters = 'public/report';
    expect(await compile({ publishedWithParameters })).toEqual({
      ...loss,
      path: 'public/report'
    });
    expect(existsSync(join(folder, 'report.dashboard.ipynb'))).toBe(false);
    expect(
      await compile({ publishedWithParameters, parameters: '2021.yaml' })
    ).toMatchObject({ kind: 'compiled' });
    expect(
      await compile({ publishedWithParameters, overwrite: ['parameters'] })
    ).toMatchObject({ kind: 'compiled' });
  });

  it('asks for each loss by itself', async () => {
    await compile();
    write(
      'report.dashboard.ipynb',
      dashboard().replace('print(year)', 'print(-year)')
    );
    const publishedWithParameters = 'public/report';
    const edits = await compile({ publishedWithParameters });
    expect(edits).toMatchObject({ kind: 'loss', loss: 'edits' });
    expect(
      await compile({ publishedWithParameters, overwrite: ['edits'] })
    ).toMatchObject(loss);
    expect(dashboard()).toContain('-year');
    await compile({
      publishedWithParameters,
      overwrite: ['edits', 'parameters']
    });
    expect(dashboard()).not.toContain('-year');
  });
});
