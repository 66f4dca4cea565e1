import { compileDashboard } from '../dashboard/compile';
import type { Compilation } from '../dashboard/compile';
import { isCompiled } from '../dashboard/dashboard-record';
import { memberOf } from '../dashboard/notebook-json';
import type { ParameterMap } from '../dashboard/parameters';
import { english } from '../workload/translator';
import { openToCheck } from './check';
import type { ICheckedNotebook } from './check-report';
import { NotebookError } from './notebook-file';

export interface ICompileFileOptions {
  /** `roles` of the site file, as it is; undefined where there is none. */
  readonly siteRoles: unknown;
  /** Whether a file exists, by the path that a cell names; undefined when nobody can tell. */
  readonly exists: (path: string) => boolean | undefined;
  /** Values to set. */
  readonly parameters?: ParameterMap;
  readonly force: boolean;
  /** Path of the notebook, relative to the folder of the compiled one, with `/`. */
  readonly source: string;
}

/** What compiling a notebook file gives. */
export interface ICompiledFile {
  readonly compilation: Compilation;
  /** All that the check found. */
  readonly checked: ICheckedNotebook;
  /** What of the notebook's `roles` could not be read, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Check the text of a notebook file, and compile it.
 *
 * @param path As the command line names it, with `/`.
 * @throws NotebookError when it cannot be checked, or is compiled already; ParameterError when a parameter cannot be set.
 */
export function compileFile(
  text: string,
  path: string,
  { siteRoles, exists, parameters, force, source }: ICompileFileOptions
): ICompiledFile {
  const file = openToCheck(text, path, { siteRoles, severities: {}, exists });
  const { notebook, content, policy, problems } = file;
  if (isCompiled(content)) {
    const from = memberOf(content.metadata, 'workload', 'dashboard', 'source');
    throw new NotebookError(
      typeof from === 'string'
        ? `This is a compiled dashboard, made from “${from}”. Compile that one.`
        : 'This is a compiled dashboard. Compile the notebook that it was made from.'
    );
  }
  const result = file.check(notebook);
  return {
    compilation: compileDashboard({
      notebook: content,
      checked: result,
      policy,
      parameters,
      force,
      source,
      trans: english
    }),
    checked: { path, text, notebook, findings: result.findings },
    problems
  };
}
