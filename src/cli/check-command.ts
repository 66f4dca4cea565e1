import { dirname, resolve, sep } from 'node:path';

import { RULE_IDS } from '../lint/rules';
import { readRolePolicy } from '../workload/role-policy';
import { checkFile } from './check';
import type { ICheckedFile } from './check';
import {
  CHECK_USAGE,
  CheckUsageError,
  readCheckArguments
} from './check-arguments';
import type { ICheckArguments } from './check-arguments';
import { asGitlab, asJson, asText, summary } from './check-report';
import {
  codeOf,
  existsIn,
  messageOf,
  readNotebookText,
  replaceFile,
  sayWhy
} from './notebook-disk';
import { siteRoles } from './site-file';
import { writeOut } from './write-out';

const REPORTS = { text: asText, json: asJson, gitlab: asGitlab };

/**
 * The command `workload-explorer check`: findings on standard output, all else on standard error.
 *
 * @param args What follows the command's name.
 * @returns Exit status: 0 without errors, 1 with errors, 2 for a usage error or a notebook that cannot be checked.
 */
export async function checkCommand(args: string[]): Promise<number> {
  let options: ICheckArguments | null;
  let roles: unknown;
  try {
    options = readCheckArguments(args);
    roles = options ? await siteRoles() : undefined;
  } catch (error) {
    const usage = error instanceof CheckUsageError;
    process.stderr.write(
      `${messageOf(error)}\n${usage ? '\nworkload-explorer check --help says more.\n' : ''}`
    );
    return 2;
  }
  if (!options) {
    process.stdout.write(CHECK_USAGE);
    return 0;
  }
  const { format } = options;
  const notebooks = eachOnce(options.notebooks);
  readRolePolicy([roles], RULE_IDS).problems.forEach(problem =>
    process.stderr.write(`${process.env.WORKLOAD_SITE}: ${problem}\n`)
  );
  const checked: ICheckedFile[] = [];
  let isAllReadable = true;
  for (const path of notebooks) {
    try {
      const file = await checkPath(path, options, roles);
      file.problems.forEach(problem =>
        process.stderr.write(`${path}: ${problem}\n`)
      );
      if (file.fixes > 0) {
        process.stderr.write(
          `${path}: ${file.fixes} ${file.fixes === 1 ? 'fix' : 'fixes'} applied.\n`
        );
      }
      checked.push(file);
    } catch (error) {
      isAllReadable = false;
      process.stderr.write(
        `${path}: ${sayWhy(error, 'The notebook cannot be checked')}\n`
      );
    }
  }
  const report = REPORTS[format](checked);
  try {
    await writeOut(format === 'text' ? report + summary(checked) : report);
  } catch (error) {
    // Who reads no further, as `head` does, has what was asked for.
    if (codeOf(error) !== 'EPIPE') {
      process.stderr.write(
        `The findings cannot be written: ${messageOf(error)}.\n`
      );
      return 2;
    }
  }
  const hasErrors = checked.some(({ findings }) =>
    findings.some(({ severity }) => severity === 'error')
  );
  return isAllReadable ? (hasErrors ? 1 : 0) : 2;
}

/** Paths without those that name the same file again. */
function eachOnce(paths: readonly string[]): readonly string[] {
  const files = paths.map(path => resolve(path));
  return paths.filter((_, i) => files.indexOf(files[i]) === i);
}

async function checkPath(
  path: string,
  { severities, fix }: ICheckArguments,
  roles: unknown
): Promise<ICheckedFile> {
  const { mark, text } = await readNotebookText(path);
  const folder = dirname(resolve(path));
  const file = checkFile(text, path.split(sep).join('/'), {
    siteRoles: roles,
    severities,
    fix,
    exists: existsIn(folder)
  });
  if (file.fixes > 0) {
    await replaceFile(path, mark + file.text);
  }
  return { ...file, path };
}
