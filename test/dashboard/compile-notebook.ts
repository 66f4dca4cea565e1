import { compileDashboard } from '../../src/dashboard/compile';
import type {
  Compilation,
  ICompiled,
  ICompileOptions
} from '../../src/dashboard/compile';
import {
  idOf,
  memberOf,
  sourceOf,
  tagsOf
} from '../../src/dashboard/notebook-json';
import type {
  ICellJson,
  INotebookJson
} from '../../src/dashboard/notebook-json';
import { NotebookChecker } from '../../src/lint/check';
import type { ICell } from '../../src/lint/notebook';
import type { ICheckResult } from '../../src/lint/result';
import { RULE_IDS } from '../../src/lint/rules';
import { readRolePolicy } from '../../src/workload/role-policy';
import type { IRolePolicy } from '../../src/workload/role-policy';
import { english } from '../../src/workload/translator';

/** Options of compiling, and the site's `roles`. */
export type Options = Partial<ICompileOptions> & {
  readonly siteRoles?: unknown;
};

/** A notebook's check, as the command line does it, and by what. */
export function checkedOf(
  notebook: INotebookJson,
  siteRoles?: unknown
): {
  readonly policy: IRolePolicy;
  readonly cells: readonly ICell[];
  readonly checked: ICheckResult;
} {
  const roles = memberOf(notebook.metadata, 'workload', 'roles');
  const { policy } = readRolePolicy([siteRoles, roles], RULE_IDS);
  const cells = notebook.cells.map((cell): ICell => ({
    id: idOf(cell),
    type: cell.cell_type as ICell['type'],
    source: sourceOf(cell),
    tags: tagsOf(cell)
  }));
  const checked = new NotebookChecker().check(
    { path: 'report.ipynb', cells },
    { policy, trans: english }
  );
  return { policy, cells, checked };
}

/** Check a notebook and compile it, as the command line does. */
export function compileNotebook(
  notebook: INotebookJson,
  { siteRoles, ...options }: Options = {}
): Compilation {
  const { policy, checked } = checkedOf(notebook, siteRoles);
  return compileDashboard({
    notebook,
    checked,
    policy,
    source: 'report.ipynb',
    trans: english,
    ...options
  });
}

/** The same where there must be a compiled notebook. */
export function compiledOf(
  notebook: INotebookJson,
  options: Options = {}
): ICompiled {
  const compilation = compileNotebook(notebook, options);
  if (compilation.kind === 'refused') {
    throw new Error(compilation.errors.map(({ message }) => message).join());
  }
  return compilation;
}

export function code(source: string, ...tags: string[]): ICellJson {
  return {
    cell_type: 'code',
    execution_count: 3,
    metadata: tags.length > 0 ? { tags } : {},
    outputs: [{ name: 'stdout', output_type: 'stream', text: 'shown' }],
    source
  };
}

export function text(
  cell_type: 'markdown' | 'raw',
  source: string,
  ...tags: string[]
): ICellJson {
  return { cell_type, metadata: { tags }, source };
}

/** A notebook of nbformat 4.5 whose cells have the ids `c0`, `c1` …. */
export function notebookOf(
  cells: readonly ICellJson[],
  metadata: Readonly<Record<string, unknown>> = {}
): INotebookJson {
  return {
    cells: cells.map((cell, i) => ({ ...cell, id: `c${i}` })),
    metadata,
    nbformat: 4,
    nbformat_minor: 5
  };
}
