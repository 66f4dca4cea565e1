import { existsSync } from 'node:fs';
import {
  chmod,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve, sep } from 'node:path';
import { TextDecoder } from 'node:util';

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
import { NotebookError } from './notebook-file';
import { siteRoles } from './site-file';
import { writeOut } from './write-out';

const REPORTS = { text: asText, json: asJson, gitlab: asGitlab };

const BYTE_ORDER_MARK = '\ufeff';

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
      process.stderr.write(`${path}: ${sayWhy(error)}\n`);
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
  const bytes = await readFile(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes
    );
  } catch {
    throw new NotebookError('This is no notebook: it is not UTF-8 text.');
  }
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const folder = dirname(resolve(path));
  const file = checkFile(text.slice(mark.length), path.split(sep).join('/'), {
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

/** Whether a file exists, relative to a folder; nobody can tell where variables of a shell stand in the path. */
function existsIn(folder: string): (path: string) => boolean | undefined {
  const known = new Map<string, boolean | undefined>();
  return path => {
    if (!known.has(path)) {
      const whole = path
        .replace(/^file:(?:\/\/)?/, '')
        .replace(/^~(?=\/|$)/, homedir());
      known.set(
        path,
        whole.includes('$') ? undefined : existsSync(resolve(folder, whole))
      );
    }
    return known.get(path);
  };
}

/** Replace a file as a whole, or not at all; it keeps its rights, and a link stays one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode } = await stat(target);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await chmod(draft, mode & 0o7777);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function sayWhy(error: unknown): string {
  if (error instanceof NotebookError) {
    return error.message;
  }
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'There is no such file. Check the path.';
    case 'EISDIR':
      return 'This is a folder. Name the notebooks in it.';
    case 'EACCES':
    case 'EPERM':
      return 'You may not read or write this file. Ask for access to it.';
    default:
      return `The notebook cannot be checked: ${messageOf(error)}`;
  }
}

/** The system's code of an error, such as `ENOENT`. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error
    ? error.code
    : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
