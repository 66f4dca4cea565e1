import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IWorkloadRoles } from '../tokens';
import { isObject } from '../workload/json';
import { compileDashboard } from './compile';
import type { ICompiled } from './compile';
import { dashboardPath, previewPath, relativePath } from './dashboard-name';
import { isCompiled } from './dashboard-record';
import { isNotebookJson, sourceOf } from './notebook-json';
import type { INotebookJson } from './notebook-json';
import { lossOf } from './overwriting';
import type { Loss } from './overwriting';
import { ParameterError } from './parameters';
import { readParametersFile } from './parameters-file';
import { readText, writeText } from './text-file';

/** A notebook is compiled as it is checked; while somebody types in it, both are done anew, at most so often. */
const MOST_TRIES = 20;

/** What came of compiling an open notebook. */
export type ICompiling =
  | {
      readonly kind: 'compiled';
      /** Of the compiled notebook. */
      readonly path: string;
      /** Whether it is another than was there before. */
      readonly isNew: boolean;
      /** Where each of its cells stands in the notebook, from 0; null for one that was made. */
      readonly places: readonly (number | null)[];
      /** What somebody should know, as sentences. */
      readonly notices: readonly string[];
      /** The template that Voilà makes its page by; null where the notebook names none. */
      readonly template: string | null;
    }
  | { readonly kind: 'findings'; readonly errors: readonly ICellError[] }
  /** Nothing is written over without being asked to. */
  | { readonly kind: 'loss'; readonly path: string; readonly loss: Losable }
  /** What stands in the way, a sentence, and the file that it is said of, where it is another than the notebook. */
  | {
      readonly kind: 'problem';
      readonly message: string;
      readonly file?: string;
    };

/** What may be lost when somebody asks for it. */
export type Losable = Exclude<Loss, 'none' | 'foreign'>;

/** An error of the check of roles, and where it is. */
export interface ICellError {
  /** Id of the cell in the open notebook. */
  readonly cell: string | null;
  readonly index: number;
  readonly message: string;
}

/** What is said of parameters when a notebook is compiled. */
export interface IParametersChoice {
  /** A file in the file browser whose values are set; left out, the notebook's stay. */
  readonly parameters?: string;
  /** What was published with parameters, and is to be published anew: without such a file, they would be lost. */
  readonly publishedWithParameters?: string;
}

export interface ICompileOpenOptions extends IParametersChoice {
  readonly roles: IWorkloadRoles;
  readonly services: ServiceManager.IManager;
  readonly trans: TranslationBundle;
  /** The product, or a copy to look at that goes with the preview. */
  readonly to: 'dashboard' | 'preview';
  /** What may be lost by it. */
  readonly overwrite?: readonly Losable[];
}

/** Compile an open notebook as it is now, saved or not, into its file beside it. Never rejects. */
export async function compileOpen(
  panel: NotebookPanel,
  options: ICompileOpenOptions
): Promise<ICompiling> {
  try {
    return await compile(panel, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ParameterError) {
      return { kind: 'problem', message, file: options.parameters };
    }
    return {
      kind: 'problem',
      message: options.trans.__('No dashboard was compiled: %1', message)
    };
  }
}

/** Whether there is a dashboard of an open notebook already. Never rejects. */
export async function isCompiledBefore(
  panel: NotebookPanel,
  { contents }: ServiceManager.IManager
): Promise<boolean> {
  const there = await readText(
    contents,
    dashboardPath(panel.context.path)
  ).catch(() => null);
  return there !== null;
}

async function compile(
  panel: NotebookPanel,
  {
    roles,
    services,
    trans,
    to,
    overwrite = [],
    parameters: file,
    publishedWithParameters
  }: ICompileOpenOptions
): Promise<ICompiling> {
  const { contents } = services;
  const { path } = panel.context;
  const parameters =
    file === undefined
      ? undefined
      : await readParametersFile(contents, file, trans);
  const open = roles.get(panel);
  const { notebook, check } = await checkedNotebook(panel, roles, trans);
  if (!open || !notebook || !check) {
    throw new Error(trans.__('this is no notebook of Python.'));
  }
  if (isCompiled(notebook)) {
    throw new Error(
      trans.__('this is a compiled one. Open the notebook that it is made of.')
    );
  }
  const out = to === 'preview' ? previewPath(path) : dashboardPath(path);
  const compiled = compileDashboard({
    notebook,
    checked: check.checked.result,
    policy: open.roles.policy,
    parameters,
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
  if (compiled.record.parameters && compiled.notes.length > 0) {
    // The command line says so and goes on; here it would be published before anybody has read it.
    throw new ParameterError(compiled.notes.join(' '));
  }
  const there = await readText(contents, out);
  const loss = there === null ? 'none' : lossOf(there, compiled.record);
  if (loss === 'foreign') {
    throw new Error(
      trans.__(
        '%1 is there already, and is no dashboard that was compiled. Rename it.',
        out
      )
    );
  }
  if (loss !== 'none' && to === 'dashboard' && !overwrite.includes(loss)) {
    return { kind: 'loss', path: out, loss };
  }
  if (
    publishedWithParameters !== undefined &&
    compiled.record.parameters === undefined &&
    !overwrite.includes('parameters')
  ) {
    return {
      kind: 'loss',
      path: publishedWithParameters,
      loss: 'parameters'
    };
  }
  const isNew = there !== compiled.text;
  if (isNew) {
    await writeText(contents, out, compiled.text);
  }
  return {
    kind: 'compiled',
    path: out,
    isNew,
    places: compiled.places,
    notices: [...compiled.notes, ...leftOut(compiled, trans)],
    template: templateOf(notebook)
  };
}

/** What the notebook's `metadata.voila` says. */
function templateOf({ metadata }: INotebookJson): string | null {
  const voila = isObject(metadata) ? metadata.voila : null;
  const named = isObject(voila) ? voila.template : null;
  return typeof named === 'string' && named !== '' ? named : null;
}

/** Cells that are not in it though nobody said that they run upstream: where a site lets that pass. */
function leftOut(
  { record }: ICompiled,
  trans: TranslationBundle
): readonly string[] {
  const count = record.dropped.filter(
    ({ why }) => why === 'no role' || why === 'conflict'
  ).length;
  return count === 0
    ? []
    : [
        trans._n(
          '%1 code cell is left out, because its tags do not say one role.',
          '%1 code cells are left out, because their tags do not say one role.',
          count
        )
      ];
}

/** A notebook and the check of just this; the notebook is null where its model is. */
async function checkedNotebook(
  panel: NotebookPanel,
  roles: IWorkloadRoles,
  trans: TranslationBundle
): Promise<{
  notebook: INotebookJson | null;
  check: Awaited<ReturnType<IWorkloadRoles['checkClean']>>;
}> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
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
  throw new Error(
    trans.__('the notebook changes all the time. Try again when it rests.')
  );
}
