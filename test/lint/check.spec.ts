import { NotebookChecker } from '../../src/lint/check';
import { RULE_IDS, RULES } from '../../src/lint/rules';
import {
  DEFAULT_ROLE_POLICY,
  readRolePolicy
} from '../../src/workload/role-policy';
import type { IRolePolicy } from '../../src/workload/role-policy';
import { english } from '../../src/workload/translator';
import { cellsOf, check, notebookOf, short } from './rules/notebooks';

function checked(lines: readonly string[], policy?: IRolePolicy) {
  return check(notebookOf({ cells: cellsOf(...lines) }), [], policy);
}

function withRoles(roles: unknown): IRolePolicy {
  return readRolePolicy([roles], RULE_IDS).policy;
}

describe('rules', () => {
  it('have the severities of the documentation', () => {
    const of = (severity: string) =>
      RULES.filter(each => each.severity === severity).map(({ id }) => id);
    expect(of('error').sort()).toEqual([
      'file-not-written',
      'import-heavy',
      'import-upstream-only',
      'name-downstream-only',
      'name-undefined',
      'name-upstream-only',
      'order',
      'role-conflict',
      'role-missing',
      'role-unknown',
      'source-read-downstream'
    ]);
    expect(of('warning').sort()).toEqual([
      'file-name-differs',
      'mutation-upstream',
      'parameters-role',
      'unparsed'
    ]);
    expect(of('info').sort()).toEqual([
      'import-repeated',
      'upstream-output-shown'
    ]);
  });

  it('have texts and examples of both kinds', () => {
    for (const rule of RULES) {
      expect(rule.title(english)).toMatch(/^[A-Z].*[^.]$/);
      expect(rule.description(english)).toMatch(/^[A-Z].*\.$/s);
      expect(rule.examples.fires.length).toBeGreaterThan(0);
      expect(rule.examples.clean.length).toBeGreaterThan(0);
    }
  });
});

describe('files', () => {
  const rules = (...lines: string[]) => short(checked(lines).findings);

  it('are raw data also where a pattern is read', () => {
    const read = 'dd.read_parquet("/raw/*.parquet")';
    const load = 's: import dask.dataframe as dd⏎source = "/raw"';
    for (const each of [read, read.replace('"/raw', 'f"{source}')]) {
      expect(rules(load, `u: ${read}`, `d: ${each}`)).toEqual([
        '2 source-read-downstream error /raw/*.parquet'
      ]);
    }
    const write = 'dd.DataFrame().to_parquet("/raw/1.parquet")';
    expect(rules(load, `u: ${write}⏎${read}`, `d: ${read}`)).toEqual([]);
    expect(rules(load, `d: ${read}`)).toEqual([]);
  });

  it('make the folder that they are written to', () => {
    const write = 'u: for n in range(3):⏎    open(f"parts/{n}.csv", "w")';
    expect(rules(write, 'd: import os⏎os.stat("parts")')).toEqual([]);
    expect(rules(write, 'd: import os⏎os.stat("parts/")')).toEqual([]);
    expect(rules(write, 'd: import os⏎os.stat("part")')).toEqual([
      '1 file-not-written error part'
    ]);
    expect(rules(write, 'd: import os⏎os.stat("/parts")')).toEqual([
      '1 file-not-written error /parts'
    ]);
    const deep = 'u: for n in range(3):⏎    open(f"a/{n}/b.csv", "w")';
    expect(rules(deep, 'd: import os⏎os.stat("a")⏎os.stat("a/0")')).toEqual([]);
    const anywhere = 'u: import sys⏎open(sys.argv[1] + "/b.csv", "w")';
    expect(rules(anywhere, 'd: import os⏎os.stat("a")')).toHaveLength(1);
  });
});

describe('code that cannot be read', () => {
  const rules = (...lines: string[]) => short(checked(lines).findings);

  it.each([
    'x = ⏎y = 2⏎def f(:⏎    return q⏎z = 3',
    'if True:⏎    def f(:⏎⏎        # q⏎⏎        return q⏎    z = 3',
    'while (:⏎    pass⏎    break⏎⏎z = 3',
    'def f(x:⏎\treturn q⏎z = 3'
  ])('hides nothing that stands beside it: %j', lines => {
    expect(rules(`s: ${lines}`, 'd: print(z)')).toEqual(['0 unparsed warning']);
  });
});

describe('annotations', () => {
  const rules = (...lines: string[]) => short(checked(lines).findings);

  it('are texts below the import of it, also in other cells', () => {
    const future = 's: from __future__ import annotations';
    const uses = [
      'd: z: Other = 3⏎class A:⏎    y: Other',
      'd: def f(x: Other) -> Other: pass'
    ];
    expect(rules(future, ...uses)).toEqual([]);
    expect(rules(...uses, future)).toEqual([
      '0 name-undefined error Other',
      '1 name-undefined error Other'
    ]);
    expect(rules(future.replace('s:', 'u:'), ...uses)).toHaveLength(2);
    expect(rules(future, 'd: def f(x=Other): pass')).toEqual([
      '1 name-undefined error Other'
    ]);
  });
});

describe('pictures', () => {
  const rules = (files: string[], ...lines: string[]) =>
    short(check(notebookOf({ cells: cellsOf(...lines) }), files).findings);
  const load = 's: from IPython.display import Image, display';
  const show = 'd: display(Image(filename="x.png"))';

  it('that are missing are told once', () => {
    expect(rules([], load, show)).toEqual(['1 file-not-written error x.png']);
    expect(rules(['x.png'], load, show)).toEqual([]);
    expect(rules([], load, 'u: fig.savefig("x.png")', show)).toEqual([
      '1 name-undefined error fig'
    ]);
  });

  it('are no raw data', () => {
    expect(rules(['x.png'], load, 'u: Image("x.png")', show)).toEqual([]);
  });
});

describe('the working folder', () => {
  const rules = (...lines: string[]) => short(checked(lines).findings);
  const write = (path: string) => `open("${path}", "w").write("")`;

  it.each<[string, string[]]>([
    [`os.chdir("out")⏎${write('b.csv')}`, []],
    [`%cd out⏎${write('b.csv')}`, []],
    [`os.chdir("out")⏎os.chdir("..")⏎${write('out/b.csv')}`, []],
    [`os.chdir("/tmp")⏎os.chdir(os.environ["X"])⏎${write('b.csv')}`, []],
    [`if os.sep:⏎    os.chdir("out")⏎${write('b.csv')}`, []],
    [
      `def go():⏎    os.chdir("out")⏎go()⏎${write('b.csv')}⏎${write('c.csv')}`,
      []
    ],
    [
      `os.chdir("in")⏎${write('b.csv')}`,
      ['2 file-name-differs warning out/b.csv']
    ],
    [
      `os.chdir("in")⏎${write('other.csv')}`,
      ['2 file-not-written error out/b.csv']
    ],
    [
      `os.chdir("in")⏎${write('/x/other.csv')}⏎os.system("x")`,
      ['2 file-not-written info out/b.csv']
    ]
  ])('is followed in %j', (line, expected) => {
    const read = 'd: print(open("out/b.csv").read())';
    expect(rules('s: import os', `u: ${line}`, read)).toEqual(expected);
  });

  it('is another in every run', () => {
    const read = 'd: print(open("b.csv").read())';
    const first = `u: import os⏎os.chdir("out")⏎${write('b.csv')}`;
    expect(rules(first, read)).toEqual(['1 file-name-differs warning b.csv']);
    expect(
      rules('s: import os⏎os.chdir("out")', `u: ${write('b.csv')}`, read)
    ).toEqual([]);
  });
});

describe('NotebookChecker', () => {
  it('takes severities, tags and packages from the policy', () => {
    const lines = ['u: x = 1', 'd: x'];
    expect(
      short(
        checked(
          lines,
          withRoles({ severities: { 'name-upstream-only': 'info' } })
        ).findings
      )
    ).toEqual(['1 name-upstream-only info x']);
    expect(
      checked(lines, withRoles({ severities: { 'name-upstream-only': 'off' } }))
        .findings
    ).toEqual([]);
    expect(
      short(checked(lines, withRoles({ tags: { upstream: 'gpu' } })).findings)
    ).toEqual(['0 role-unknown error upstream']);
    expect(
      short(
        checked(['d: import json'], withRoles({ heavy_packages: ['json'] }))
          .findings
      )
    ).toEqual(['0 import-heavy error json']);
  });

  it('does not make more of what only may fail', () => {
    const policy = withRoles({ severities: { 'name-undefined': 'error' } });
    expect(
      short(checked(['s: if len("a"):⏎    x = 1', 'd: x'], policy).findings)
    ).toEqual(['1 name-undefined info x']);
  });

  it('keeps quiet what is allowed for a reason, and lists it', () => {
    const allowed = checked([
      'u: x = 1',
      'd: # workload: allow name-upstream-only set by the server⏎print(x)⏎print(x)'
    ]);
    expect(allowed.findings).toEqual([]);
    expect(allowed.allowances).toEqual([
      {
        cell: 1,
        range: expect.objectContaining({ from: 0 }) as unknown,
        rule: 'name-upstream-only',
        reason: 'set by the server',
        findings: 1
      }
    ]);
  });

  it('keeps quiet findings on roles, in the cell of the comment only', () => {
    const { findings, allowances } = checked([
      'n: # workload: allow role-missing tried out⏎x = 1',
      'n: y = 1'
    ]);
    expect(short(findings)).toEqual(['1 role-missing error']);
    expect(allowances.map(each => each.findings)).toEqual([1]);
  });

  it('lists what is allowed in vain', () => {
    const { allowances } = checked([
      'd: # workload: allow order not yet⏎print(1)'
    ]);
    expect(allowances.map(each => each.findings)).toEqual([0]);
  });

  it('tells of comments that allow nothing', () => {
    const { findings, allowances } = checked([
      'd: # workload: allow ordr for now⏎# workload: allow order⏎print(1)'
    ]);
    expect(short(findings)).toEqual([
      '0 unparsed info ordr',
      '0 unparsed info order'
    ]);
    expect(findings[0].message).toContain('Did you mean “order”?');
    expect(findings[1].message).toContain('why');
    expect(allowances).toEqual([]);
  });

  it.each([
    '# workload: allow',
    '# Workload: Allow order for now',
    '# workload allow order for now',
    '# workload : allow order for now',
    '#workload-allow name-undefined for now',
    '# workload: allow: order for now'
  ])('tells of “%s”, which allows nothing', comment => {
    const { findings, allowances } = checked([`d: ${comment}⏎print(1)`]);
    expect(findings).toMatchObject([
      {
        rule: 'unparsed',
        severity: 'info',
        message: expect.stringContaining(
          '# workload: allow RULE reason'
        ) as unknown
      }
    ]);
    expect(allowances).toEqual([]);
  });

  it.each(['# workload allow list', '# workload: allowed', '# workload'])(
    'takes “%s” for a sentence',
    comment => {
      expect(checked([`d: ${comment}⏎print(1)`]).findings).toEqual([]);
    }
  );

  it('says of each cell what ties it to others', () => {
    const { cells } = checked([
      's: import math',
      'u: r = math.pi',
      'm: text',
      'd: print(r)',
      'n: # nothing'
    ]);
    expect(cells).toEqual([
      {
        id: 'cell-0',
        role: 'shared',
        needsRole: true,
        uses: [],
        defines: [{ name: 'math', cells: [1] }]
      },
      {
        id: 'cell-1',
        role: 'upstream',
        needsRole: true,
        uses: [{ name: 'math', cells: [0] }],
        defines: [{ name: 'r', cells: [3] }]
      },
      {
        id: 'cell-2',
        role: 'none',
        needsRole: false,
        uses: [],
        defines: []
      },
      {
        id: 'cell-3',
        role: 'downstream',
        needsRole: true,
        uses: [{ name: 'r', cells: [1] }],
        defines: []
      },
      {
        id: 'cell-4',
        role: 'none',
        needsRole: false,
        uses: [],
        defines: []
      }
    ]);
  });

  it('asks for files that decide, and is silent while nobody knows', () => {
    const notebook = notebookOf({
      cells: cellsOf('d: open("a.csv").read()')
    });
    const result = new NotebookChecker().check(notebook, {
      policy: DEFAULT_ROLE_POLICY,
      trans: english
    });
    expect(result.findings).toEqual([]);
    expect(result.paths).toEqual(['a.csv']);
  });

  it('orders findings by cell and place', () => {
    const { findings } = checked(['d: b⏎a', 'd: c']);
    expect(findings.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
});
