import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents, ServiceManager } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IWorkloadRoles } from '../tokens';
import { compileDashboard } from './compile';
import { dashboardPath, relativePath } from './dashboard-name';
import { isCompiled } from './dashboard-record';
import { isNotebookJson, sourceOf } from './notebook-json';
import type { INotebookJson } from './notebook-json';

/** What came of compiling an open notebook. */
export type ICompiling =
  | {
      readonly kind: 'compiled';
      /** Of the compiled notebook. */
      readonly path: string;
      /** What somebody should know, as sentences. */
      readonly notices: readonly string[];
    }
  | { readonly kind: 'findings'; readonly errors: readonly ICellError[] }
  /** What stands in the way, a sentence. */
  | { readonly kind: 'problem'; readonly message: string };

/** An error of the check of roles, and where it is. */
export interface ICellError {
  /** Id of the cell in the open notebook. */
  readonly cell: string | null;
  readonly index: number;
  readonly message: string;
}

export interface ICompileOpenOptions {
  readonly roles: IWorkloadRoles;
  readonly services: ServiceManager.IManager;
  readonly trans: TranslationBundle;
}

/**
 * Compile an open notebook as it is now, saved or not, into its file beside it. Never rejects.
 */
export async function compileOpen(
  panel: NotebookPanel,
  options: ICompileOpenOptions
): Promise<ICompiling> {
  try {
    return await compile(panel, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      kind: 'problem',
      message: options.trans.__('No dashboard was compiled: %1', message)
    };
  }
}

/** Whether there is a dashboard of an open notebook already, which was compiled. */
export async function isCompiledBefore(
  panel: NotebookPanel,
  { contents }: ServiceManager.IManager
): Promise<boolean> {
  const there = await readText(contents, dashboardPath(panel.context.path));
  return there !== null && isOurs(there);
}

async function compile(
  panel: NotebookPanel,
  { roles, services, trans }: ICompileOpenOptions
): Promise<ICompiling> {
  const { contents } = services;
  const { path } = panel.context;
  const open = roles.get(panel);
  const { notebook, check } = await checkedNotebook(panel, roles);
  if (!open || !notebook || !check) {
    throw new Error(trans.__('this is no notebook of Python.'));
  }
  if (isCompiled(notebook)) {
    throw new Error(
      trans.__('this is a compiled one. Open the notebook that it is made of.')
    );
  }
  const out = dashboardPath(path);
  const compiled = compileDashboard({
    notebook,
    checked: check.checked.result,
    policy: open.roles.policy,
    source: relativePath(contents.localPath(out), contents.localPath(path)),
    trans
  });
  if (compiled.kind === 'refused') {
    return {
      kind: 'findings',
      errors: compiled.errors.map(({ cell, message }) => ({
        cell: check.checked.cells[cell]?.id ?? null,
        index: cell,
        message
      }))
    };
  }
  const there = await readText(contents, out);
  if (there !== null && !isOurs(there)) {
    throw new Error(
      trans.__(
        '%1 is there already, and is no dashboard that was compiled. Rename it.',
        out
      )
    );
  }
  if (there !== compiled.text) {
    // As a text, so that it has the same bytes as by the command line.
    await contents.save(out, {
      type: 'file',
      format: 'text',
      content: compiled.text
    });
  }
  return { kind: 'compiled', path: out, notices: compiled.notes };
}

/** A notebook and the check of just this; the notebook is null where its model is. */
async function checkedNotebook(
  panel: NotebookPanel,
  roles: IWorkloadRoles
): Promise<{
  notebook: INotebookJson | null;
  check: Awaited<ReturnType<IWorkloadRoles['checkClean']>>;
}> {
  for (;;) {
    const check = await roles.checkClean(panel);
    const notebook: unknown = panel.model?.toJSON() ?? null;
    if (!check || !isNotebookJson(notebook)) {
      return { notebook: null, check };
    }
    // Somebody may have typed meanwhile, or given a role.
    const isSame =
      !roles.get(panel)?.check.isStale &&
      notebook.cells.length === check.checked.cells.length &&
      notebook.cells.every(
        (cell, i) => sourceOf(cell) === check.checked.cells[i].source
      );
    if (isSame) {
      return { notebook, check };
    }
  }
}

/** The text of a file; null where there is none. */
async function readText(
  contents: Contents.IManager,
  path: string
): Promise<string | null> {
  try {
    const model = await contents.get(path, {
      type: 'file',
      format: 'text',
      content: true
    });
    const content: unknown = model.content;
    return typeof content === 'string' ? content : '';
  } catch (error) {
    if (
      error instanceof ServerConnection.ResponseError &&
      error.response.status === 404
    ) {
      return null;
    }
    throw error;
  }
}

function isOurs(text: string): boolean {
  try {
    const notebook: unknown = JSON.parse(text);
    return isNotebookJson(notebook) && isCompiled(notebook);
  } catch {
    return false;
  }
}
