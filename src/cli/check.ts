import { NotebookChecker } from '../lint/check';
import type { INotebook } from '../lint/notebook';
import type { ICheckResult } from '../lint/result';
import { RULE_IDS } from '../lint/rules';
import { readRolePolicy } from '../workload/role-policy';
import type { IRolePolicy, Severity } from '../workload/role-policy';
import { english } from '../workload/translator';
import type { ICheckedNotebook } from './check-report';
import { fixNotebook } from './fix-notebook';
import { editNotebookText } from './notebook-edit';
import { NotebookError, readNotebook } from './notebook-file';
import type { INotebookFile } from './notebook-file';

export interface ICheckFileOptions {
  /** `roles` of the site file, as it is; undefined where there is none. */
  readonly siteRoles: unknown;
  /** Severities that outweigh those of site and notebook. */
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  readonly fix: boolean;
  /** Whether a file exists, by the path that a cell names; undefined when nobody can tell. */
  readonly exists: (path: string) => boolean | undefined;
}

/** What checking a notebook file gives. */
export interface ICheckedFile extends ICheckedNotebook {
  /** How many fixes were applied; with none, the text is as it was. */
  readonly fixes: number;
  /** What of the notebook's `roles` could not be read, as sentences. */
  readonly problems: readonly string[];
}

/** A notebook that was read, and how it is checked. */
export interface ICheckableFile extends INotebookFile {
  readonly policy: IRolePolicy;
  /** What of the notebook's `roles` could not be read, as sentences. */
  readonly problems: readonly string[];
  readonly check: (notebook: INotebook) => ICheckResult;
}

/**
 * Read the text of a notebook file, to check it by its own roles and those of the site.
 *
 * @param path As the command line names it, with `/`.
 * @throws NotebookError when it cannot be checked.
 */
export function openToCheck(
  text: string,
  path: string,
  { siteRoles, severities, exists }: Omit<ICheckFileOptions, 'fix'>
): ICheckableFile {
  const file = readNotebook(text, path);
  const { policy, problems } = readRolePolicy(
    [siteRoles, file.roles, { severities }],
    RULE_IDS
  );
  const checker = new NotebookChecker();
  return {
    ...file,
    policy,
    // Those of the site come first, and are not this notebook's.
    problems: problems.slice(
      readRolePolicy([siteRoles], RULE_IDS).problems.length
    ),
    check: each => checker.check(each, { policy, trans: english, exists })
  };
}

/**
 * Check the text of a notebook file, and fix what can be fixed when that is asked for.
 *
 * @param path As the command line names it.
 * @throws NotebookError when it cannot be checked.
 */
export function checkFile(
  text: string,
  path: string,
  options: ICheckFileOptions
): ICheckedFile {
  const { notebook, hasIds, problems, check } = openToCheck(
    text,
    path,
    options
  );
  if (!options.fix) {
    const { findings } = check(notebook);
    return { path, text, notebook, findings, fixes: 0, problems };
  }
  const fixed = fixNotebook(notebook, check);
  const edited =
    fixed.fixes === 0
      ? text
      : editNotebookText(text, notebook.cells, fixed.notebook.cells, hasIds);
  if (edited === null) {
    throw new NotebookError(
      'This notebook is nested too deeply to be fixed; check it without --fix.'
    );
  }
  return {
    path,
    text: edited,
    // Read again, so that what is told is true of the file.
    notebook: readNotebook(edited, path).notebook,
    findings: fixed.result.findings,
    fixes: fixed.fixes,
    problems
  };
}
