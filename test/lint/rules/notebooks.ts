import { NotebookChecker } from '../../../src/lint/check';
import type { IFinding } from '../../../src/lint/finding';
import type { INotebook } from '../../../src/lint/notebook';
import type { ICheckResult } from '../../../src/lint/result';
import type { IExample } from '../../../src/lint/rule';
import { DEFAULT_ROLE_POLICY } from '../../../src/workload/role-policy';
import type { IRolePolicy } from '../../../src/workload/role-policy';
import { english } from '../../../src/workload/translator';

/** The notebook of an example. */
export function notebookOf({ cells }: Pick<IExample, 'cells'>): INotebook {
  return {
    path: 'example.ipynb',
    cells: cells.map(({ source, tags, type, hasOutputs }, i) => ({
      id: `cell-${i}`,
      type: type ?? 'code',
      source,
      tags: tags ?? [],
      hasOutputs: hasOutputs ?? false
    }))
  };
}

/** Check a notebook beside which there are some files. */
export function check(
  notebook: INotebook,
  files: readonly string[] = [],
  policy: IRolePolicy = DEFAULT_ROLE_POLICY
): ICheckResult {
  return new NotebookChecker().check(notebook, {
    policy,
    trans: english,
    exists: path => files.includes(path)
  });
}

/** Cells from lines `role: source`, with `u`, `d`, `s`, `p` (parameters), `n` (none), `m` (markdown) for the role; `⏎` for a new line. */
export function cellsOf(...lines: readonly string[]): IExample['cells'] {
  const tags: Readonly<Record<string, readonly string[]>> = {
    u: ['upstream'],
    d: ['downstream'],
    s: ['shared'],
    p: ['parameters'],
    c: ['upstream', 'downstream']
  };
  return lines.map(line => {
    const [, role, source] = /^(\w): ?(.*)$/s.exec(line) ?? ['', 'n', line];
    return {
      source: source.replaceAll('⏎', '\n'),
      tags: tags[role] ?? [],
      type: role === 'm' ? 'markdown' : 'code'
    };
  });
}

/** Findings in short: `2 name-upstream-only error x`. */
export function short(findings: readonly IFinding[]): readonly string[] {
  return findings.map(({ cell, rule, severity, name }) =>
    [cell, rule, severity, name].filter(part => part !== undefined).join(' ')
  );
}

/** Findings of a notebook that is written with `cellsOf`. */
export function findings(...lines: readonly string[]): readonly string[] {
  return short(check(notebookOf({ cells: cellsOf(...lines) })).findings);
}
