import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Ajv from 'ajv';

import { checkCommand } from '../../src/cli/check-command';
import { RULES } from '../../src/lint/rules';
import { runCommand } from './run-command';
import type { IOutcome } from './run-command';

/** Rules whose examples need stored outputs. */
const NEEDS_MORE = new Set(['upstream-output-shown']);

type Cell = Readonly<Record<string, unknown>>;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.WORKLOAD_SITE;
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]): Promise<IOutcome> =>
  runCommand(checkCommand, args);

function code(source: string | string[], ...tags: string[]): Cell {
  return {
    cell_type: 'code',
    execution_count: null,
    metadata: tags.length > 0 ? { tags } : {},
    outputs: [],
    source
  };
}

/** Write a notebook; its path. */
function write(
  name: string,
  cells: readonly Cell[],
  more: Readonly<Record<string, unknown>> = {}
): string {
  const path = join(folder, name);
  const content = {
    cells,
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 4,
    ...more
  };
  writeFileSync(path, `${JSON.stringify(content, null, 1)}\n`);
  return path;
}

describe('findings', () => {
  it('are none in a clean notebook', async () => {
    const path = write('a.ipynb', [code('print(1)', 'downstream')]);
    expect(await run(path)).toEqual({
      status: 0,
      out: 'Nothing found in 1 notebook.\n',
      err: ''
    });
    expect((await run(path, '--format', 'json')).out).toBe('[]\n');
    expect((await run(path, '--format', 'gitlab')).out).toBe('[]\n');
  });

  it('are told as lines', async () => {
    const path = write('a.ipynb', [
      code('x = 1; y = [i for i in "a"]', 'upstream'),
      code(['print(1)\n', 'é = "𝒳", y'], 'downstream'),
      code('print(2)')
    ]);
    const { status, out } = await run(path);
    expect(status).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringContaining(
        `${path}: cell 2, line 2:10 error name-upstream-only “y” is defined by cell 1 only`
      ),
      expect.stringContaining(`${path}: cell 3 error role-missing This cell`),
      '2 errors in 1 notebook.',
      ''
    ]);
  });

  it('are told as JSON, with places in code points', async () => {
    const path = write('a.ipynb', [
      code('limit = 1', 'upstream'),
      { ...code(['print(1)\n', '"𝒳", limit'], 'downstream'), id: 'abc' },
      code('print(2)')
    ]);
    const { status, out } = await run('--format', 'json', path);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        notebook: path,
        cell: 1,
        cell_id: 'abc',
        rule: 'name-upstream-only',
        severity: 'error',
        line: 2,
        column: 6,
        end_line: 2,
        end_column: 11,
        name: 'limit',
        message: expect.stringContaining('“limit”') as unknown,
        fix: {
          title: 'Tag cell 1 shared',
          edits: [],
          tags: [{ cell: 0, add: ['shared'], remove: ['upstream'] }]
        }
      },
      {
        notebook: path,
        cell: 2,
        cell_id: null,
        rule: 'role-missing',
        severity: 'error',
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        message: expect.any(String) as unknown,
        fix: {
          title: 'Tag it downstream, as the cell beside it',
          edits: [],
          tags: [{ cell: 2, add: ['downstream'], remove: [] }]
        }
      }
    ]);
  });

  it.each(RULES.map(({ id, examples }) => [id, examples.fires] as const))(
    'are what their schema says, of %s',
    async (id, fires) => {
      const validate = new Ajv().compile(
        JSON.parse(readFileSync('schema/findings.schema.json', 'utf8'))
      );
      for (const { cells } of fires) {
        const path = write(
          'a.ipynb',
          cells.map(({ source, tags = [], type = 'code' }) =>
            type === 'code'
              ? code(source, ...tags)
              : { cell_type: type, metadata: { tags }, source }
          )
        );
        const { out } = await run('--format', 'json', path);
        const findings = JSON.parse(out) as { rule: string }[];
        validate(findings);
        expect(validate.errors).toBeNull();
        if (!NEEDS_MORE.has(id)) {
          expect(findings.map(({ rule }) => rule)).toContain(id);
        }
      }
    }
  );

  it('have edits in code points, and cells to insert', async () => {
    const path = write('a.ipynb', [
      code('"𝒳"\nimport json\nrows = [i for i in "a"]', 'upstream'),
      code('json', 'downstream')
    ]);
    const [{ fix }] = JSON.parse((await run('--format', 'json', path)).out) as {
      fix: unknown;
    }[];
    expect(fix).toEqual({
      title: 'Move the import to a new shared cell',
      edits: [{ cell: 0, start: 4, end: 16, text: '' }],
      tags: [],
      insert: [{ before: 0, source: 'import json', tags: ['shared'] }]
    });
  });

  it('are told to GitLab, with lines of the file', async () => {
    const path = write('a.ipynb', [
      code('x = [i for i in "a"]', 'upstream'),
      code(['print(1)\n', 'print(x)'], 'downstream'),
      code('print(x)', 'downstream'),
      code('print(2)')
    ]);
    const lines = readFileSync(path, 'utf8').split('\n');
    const report = JSON.parse((await run('--format', 'gitlab', path)).out) as {
      fingerprint: string;
      check_name: string;
      severity: string;
      description: string;
      location: { path: string; lines: { begin: number } };
    }[];
    expect(report.map(each => each.check_name)).toEqual([
      'name-upstream-only',
      'name-upstream-only',
      'role-missing'
    ]);
    expect(
      report.map(each => lines[each.location.lines.begin - 1].trim())
    ).toEqual(['"print(x)"', '"source": "print(x)"', '{']);
    expect(new Set(report.map(each => each.fingerprint)).size).toBe(3);
    expect(report[0]).toMatchObject({
      severity: 'major',
      location: { path }
    });
    const again = (await run('--format', 'gitlab', path)).out;
    expect(JSON.parse(again)).toEqual(report);
  });

  it('weigh what the command line, the notebook and the site say', async () => {
    const path = write(
      'a.ipynb',
      [code('x = [i for i in "a"]', 'gpu'), code('x', 'downstream')],
      {
        metadata: {
          workload: { roles: { severities: { 'name-upstream-only': 'info' } } }
        }
      }
    );
    process.env.WORKLOAD_SITE = join(folder, 'site.json');
    writeFileSync(
      process.env.WORKLOAD_SITE,
      JSON.stringify({
        version: 1,
        roles: {
          tags: { upstream: 'gpu' },
          severities: { 'name-upstream-only': 'warning' }
        }
      })
    );
    expect((await run(path)).out).toContain(' info name-upstream-only ');
    const louder = await run(path, '--rule', 'name-upstream-only=error');
    expect([louder.status, louder.err]).toEqual([1, '']);
    const off = await run(path, '--rule=name-upstream-only=off');
    expect([off.status, off.out]).toEqual([
      0,
      'Nothing found in 1 notebook.\n'
    ]);
  });

  it('are told to GitLab by paths from the working folder', async () => {
    const path = write('a.ipynb', [code('print(1)')]);
    jest.spyOn(process, 'cwd').mockReturnValue(folder);
    const { out } = await run('--format', 'gitlab', path);
    jest.restoreAllMocks();
    expect(JSON.parse(out)).toMatchObject([{ location: { path: 'a.ipynb' } }]);
  });

  it('are counted once, however often a notebook is named', async () => {
    const path = write('a.ipynb', [code('print(1)')]);
    const { out } = await run(path, join(folder, '.', 'a.ipynb'), path);
    expect(out).toContain('1 error in 1 notebook.');
  });

  it('leave what is wrong in the site file to the site file', async () => {
    const site = join(folder, 'site.json');
    process.env.WORKLOAD_SITE = site;
    writeFileSync(
      site,
      JSON.stringify({ version: 1, roles: { severities: { order: 'fatal' } } })
    );
    const own = { workload: { roles: { severities: { ordr: 'off' } } } };
    const paths = [
      write('a.ipynb', []),
      write('b.ipynb', [], { metadata: own })
    ];
    const { status, err } = await run(...paths);
    expect(status).toBe(0);
    expect(err.trimEnd().split('\n')).toEqual([
      `${site}: The severity of “order” must be error, warning, info or off.`,
      `${paths[1]}: “roles.severities” names the rule “ordr”, which is none.`
    ]);
  });

  it.each([
    ['ENOSPC', 2, 'The findings cannot be written: no space.\n'],
    ['EPIPE', 0, '']
  ])('may fail to be written: %s', async (which, expected, message) => {
    const path = write('a.ipynb', []);
    jest.spyOn(process.stdout, 'write').mockImplementation(((
      _: string,
      done: (error: Error) => void
    ) => {
      const error = Object.assign(new Error('no space'), { code: which });
      done(error);
      process.stdout.emit('error', error);
      return false;
    }) as typeof process.stdout.write);
    let err = '';
    jest.spyOn(process.stderr, 'write').mockImplementation(text => {
      err += String(text);
      return true;
    });
    const status = await checkCommand([path]);
    jest.restoreAllMocks();
    expect([status, err]).toEqual([expected, message]);
  });

  it('look for files beside the notebook', async () => {
    const cells = [code('open("data/a.csv").read()', 'downstream')];
    mkdirSync(join(folder, 'sub', 'data'), { recursive: true });
    const path = write('sub/a.ipynb', cells);
    expect((await run(path)).out).toContain('file-not-written');
    writeFileSync(join(folder, 'sub', 'data', 'a.csv'), '');
    expect((await run(path)).status).toBe(0);
  });
});

describe('--fix', () => {
  it('writes the notebook back, and tells what remains', async () => {
    const path = write('a.ipynb', [
      code('import json\nrows = [json]', 'upstream'),
      code('print(json, rows)', 'keep-me', 'downsteam')
    ]);
    chmodSync(path, 0o640);
    const { status, out, err } = await run(path, '--fix');
    expect(status).toBe(1);
    expect(out).toContain('cell 3, line 1:13 error name-upstream-only “rows”');
    expect(out).not.toContain('json');
    expect(err).toBe(`${path}: 2 fixes applied.\n`);
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
      cells: unknown[];
    };
    expect(cells).toEqual([
      {
        cell_type: 'code',
        execution_count: null,
        metadata: { tags: ['shared'] },
        outputs: [],
        source: ['import json']
      },
      code('rows = [json]', 'upstream'),
      code('print(json, rows)', 'keep-me', 'downstream')
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a.ipynb']);
  });

  it.each([
    ['a list', (lines: readonly string[]) => [...lines]],
    ['a text', (lines: readonly string[]) => lines.join('')]
  ])('keeps line ends of \\r\\n in a source that is %s', async (_, stored) => {
    const path = write('a.ipynb', [
      code(stored(['import os\r\n', '# more\r\n', 'os']), 'shared'),
      code(stored(['import json\r\n', 'rows = [\r\n', '  json]']), 'upstream'),
      code(stored(['# é\r\n', 'print(json)']), 'downstream')
    ]);
    const found = JSON.parse(
      (await run('--format', 'json', path)).out
    ) as object[];
    expect(found).toMatchObject([
      {
        cell: 2,
        line: 2,
        column: 7,
        end_line: 2,
        end_column: 11,
        fix: {
          edits: [
            { cell: 1, start: 0, end: 13, text: '' },
            { cell: 0, start: 9, end: 9, text: '\r\nimport json' }
          ]
        }
      }
    ]);
    expect((await run(path, '--fix')).status).toBe(0);
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
      cells: { source: unknown }[];
    };
    expect(cells.map(({ source }) => source)).toEqual([
      stored(['import os\r\n', 'import json\r\n', '# more\r\n', 'os']),
      stored(['rows = [\r\n', '  json]']),
      stored(['# é\r\n', 'print(json)'])
    ]);
  });

  it('writes nothing when there is nothing to fix', async () => {
    const path = write('a.ipynb', [code('print(1)', 'downstream')]);
    const before = statSync(path).mtimeMs;
    expect((await run(path, '--fix')).err).toBe('');
    expect(statSync(path).mtimeMs).toBe(before);
  });

  it('leaves guesses to people', async () => {
    const path = write('a.ipynb', [
      code('total = 1\nprint(totl)', 'downstream')
    ]);
    const before = readFileSync(path, 'utf8');
    expect((await run(path, '--fix')).status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each([
    [
      'a cell without a role',
      [code('!sbatch reduce.sh'), code('1', 'downstream')]
    ],
    ['an import without a role', [code('import os'), code('1', 'downstream')]],
    [
      'a cell of parameters that computes',
      [code('n = [i for i in "ab"]', 'parameters', 'upstream')]
    ],
    [
      'functions',
      [
        code('def area(r):\n    return r', 'upstream'),
        code('area(1)', 'downstream')
      ]
    ],
    [
      'a module of ones own',
      [
        code('import helpers_gpu\nn = 2', 'upstream'),
        code('print(n)', 'downstream')
      ]
    ]
  ])('gives the dashboard no work unasked: %s', async (_, cells) => {
    const path = write('a.ipynb', cells);
    const before = readFileSync(path, 'utf8');
    expect((await run(path, '--fix')).status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('moves no module of ones own along with what is needed', async () => {
    const path = write('a.ipynb', [
      code('import helpers_gpu\nimport json', 'upstream'),
      code('print(json)', 'downstream')
    ]);
    expect((await run(path, '--fix')).status).toBe(0);
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as {
      cells: { source: unknown; metadata: unknown }[];
    };
    expect(cells.slice(0, 2)).toMatchObject([
      { source: ['import json'], metadata: { tags: ['shared'] } },
      { source: 'import helpers_gpu', metadata: { tags: ['upstream'] } }
    ]);
  });

  it('shares literals that both need', async () => {
    const path = write('a.ipynb', [
      code('n = 2', 'upstream'),
      code('print(n)', 'downstream')
    ]);
    expect((await run(path, '--fix')).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('"shared"');
  });

  it('follows a link', async () => {
    const path = write('a.ipynb', [code('print(1)', 'Downstream')]);
    symlinkSync('a.ipynb', join(folder, 'b.ipynb'));
    expect((await run(join(folder, 'b.ipynb'), '--fix')).status).toBe(0);
    expect(lstatSync(join(folder, 'b.ipynb')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain('"downstream"');
  });
});

describe('what cannot be checked', () => {
  const told: readonly (readonly [string, string, RegExp])[] = [
    ['broken JSON', '{"cells": [\n 1,,\n]}', /line 2, column 4/],
    [
      'NaN',
      '{"cells": [], "metadata": {"p": NaN}, "nbformat": 4}',
      /line 1, column 33 has NaN.*Replace it by null/
    ],
    [
      '-Infinity',
      '{"cells": [], "metadata": {"p": [-Infinity]}, "nbformat": 4}',
      /line 1, column 34 has -Infinity/
    ],
    [
      'a text beside it',
      '{"cells": [], "metadata": {"NaN": "NaN", "b": }, "nbformat": 4}',
      /line 1, column 47 is wrong/
    ],
    [
      'R by the name of its kernel',
      '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"name": "ir"}}}',
      /notebook of R; only Python/
    ],
    [
      'Julia by the name of its kernel',
      '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"name": "julia-1.10"}}}',
      /notebook of Julia; only Python/
    ],
    ['an empty file', '', /empty/],
    ['other JSON', '{"a": 1}', /no notebook/],
    ['a list', '[]', /no notebook/],
    ['nbformat 3', '{"nbformat": 3, "worksheets": []}', /format 3.*nbconvert/],
    ['nbformat 5', '{"nbformat": 5, "cells": []}', /too new/],
    ['no cells', '{"nbformat": 4}', /no “cells”/],
    [
      'another language',
      '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"name": "ir", "language": "R"}}}',
      /notebook of R/
    ],
    [
      'a cell without a source',
      '{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
      /cell 1 has no source/
    ]
  ];

  it.each(told)('is told: %s', async (_, text, message) => {
    const path = join(folder, 'bad.ipynb');
    writeFileSync(path, text);
    const { status, out, err } = await run(path, '--format', 'json');
    expect([status, out]).toEqual([2, '[]\n']);
    expect(err.startsWith(`${path}: `)).toBe(true);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is told of files that are not there, folders and bytes', async () => {
    const bytes = join(folder, 'bytes.ipynb');
    writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0x00]));
    const { status, out, err } = await run(
      join(folder, 'no.ipynb'),
      folder,
      bytes
    );
    expect([status, out]).toEqual([2, '']);
    expect(err.split('\n')).toEqual([
      expect.stringContaining('There is no such file'),
      expect.stringContaining('This is a folder'),
      expect.stringContaining('not UTF-8'),
      ''
    ]);
  });

  it('does not keep others from being checked', async () => {
    const good = write('good.ipynb', [code('print(1)')]);
    const { status, out } = await run(join(folder, 'no.ipynb'), good);
    expect(status).toBe(2);
    expect(out).toContain('role-missing');
  });

  it('takes a notebook that does not say its language for Python', async () => {
    const path = write('a.ipynb', [], { metadata: {} });
    expect((await run(path)).status).toBe(0);
  });
});

describe('usage', () => {
  it.each([
    [[], 'Name the notebooks'],
    [['a.ipynb', ''], 'Name the notebooks'],
    [['a.ipynb', '--format', 'xml'], 'text, json or gitlab'],
    [['a.ipynb', '--rule', 'order'], 'ID=LEVEL'],
    [['a.ipynb', '--rule', 'order=fatal'], 'ID=LEVEL'],
    [['a.ipynb', '--rule', 'ordr=off'], 'Did you mean “order”?'],
    [['a.ipynb', '--strict'], 'Unknown option']
  ])('is told: %j', async (args, message) => {
    const { status, out, err } = await run(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain('--help says more');
  });

  it('is shown for --help', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('Usage: workload-explorer check');
  });

  it('refuses a site file that cannot be read', async () => {
    process.env.WORKLOAD_SITE = join(folder, 'no.json');
    const { status, err } = await run(write('a.ipynb', []));
    expect(status).toBe(2);
    expect(err).toContain('WORKLOAD_SITE');
  });
});
