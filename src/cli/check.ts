import { NotebookChecker } from '../lint/check';
import type { INotebook } from '../lint/notebook';
import type { ICheckResult } from '../lint/result';
import { RULE_IDS } from '../lint/rules';
import { readRolePolicy } from '../workload/role-policy';
import type { Severity } from '../workload/role-policy';
import { english } from '../workload/translator';
import type { ICheckedNotebook } from './check-report';
import { fixNotebook } from './fix-notebook';
import { editNotebookText } from './notebook-edit';
import { NotebookError, readNotebook } from './notebook-file';

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

/**
 * Check the text of a notebook file, and fix what can be fixed when that is asked for.
 *
 * @param path As the command line names it.
 * @throws NotebookError when it cannot be checked.
 */
export function checkFile(
  text: string,
  path: string,
  { siteRoles, severities, fix, exists }: ICheckFileOptions
): ICheckedFile {
  const { notebook, roles, hasIds } = readNotebook(text, path);
  const { policy, problems: all } = readRolePolicy(
    [siteRoles, roles, { severities }],
    RULE_IDS
  );
  // Those of the site come first, and are not this notebook's.
  const problems = all.slice(
    readRolePolicy([siteRoles], RULE_IDS).problems.length
  );
  const checker = new NotebookChecker();
  const check = (each: INotebook): ICheckResult =>
    checker.check(each, { policy, trans: english, exists });
  if (!fix) {
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
