import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

import type { ICompiled } from '../dashboard/compile';
import { dashboardPath, relativePath } from '../dashboard/dashboard-name';
import type { DropReason } from '../dashboard/dashboard-record';
import { lossOf } from '../dashboard/overwriting';
import { ParameterError } from '../dashboard/parameters';
import { RULE_IDS } from '../lint/rules';
import { readRolePolicy } from '../workload/role-policy';
import { asText, summary } from './check-report';
import { compileFile } from './compile';
import {
  COMPILE_USAGE,
  CompileUsageError,
  readCompileArguments
} from './compile-arguments';
import type { ICompileArguments } from './compile-arguments';
import {
  codeOf,
  existsIn,
  messageOf,
  readNotebookText,
  replaceFile,
  sayWhy
} from './notebook-disk';
import { NotebookError } from './notebook-file';
import { readParameters } from './read-parameters';
import { siteRoles } from './site-file';

/**
 * The command `workload-explorer compile`: what was made on standard output, all else on standard error.
 *
 * @param args What follows the command's name.
 * @returns Exit status: 0 when the dashboard is there, 1 when errors were found, 2 for a usage error, and files that cannot be read or
 * written.
 */
export async function compileCommand(args: string[]): Promise<number> {
  try {
    const options = readCompileArguments(args);
    if (options) {
      return await compile(options);
    }
    process.stdout.write(COMPILE_USAGE);
    return 0;
  } catch (error) {
    const usage = error instanceof CompileUsageError;
    process.stderr.write(
      `${messageOf(error)}\n${usage ? '\nworkload-explorer compile --help says more.\n' : ''}`
    );
    return 2;
  }
}

/** @throws Error with a sentence, when a file cannot be read or written. */
async function compile({
  notebook: path,
  out = dashboardPath(path),
  parameters: values,
  force
}: ICompileArguments): Promise<number> {
  const roles = await siteRoles();
  readRolePolicy([roles], RULE_IDS).problems.forEach(problem =>
    tell(`${process.env.WORKLOAD_SITE}: ${problem}`)
  );
  const parameters =
    values === undefined
      ? undefined
      : await about(values, 'The parameters cannot be read', () =>
          readParameters(values)
        );
  const { compilation, checked, problems } = await about(
    path,
    'The notebook cannot be compiled',
    async () => {
      const { text } = await readNotebookText(path);
      return compileFile(text, slashed(path), {
        siteRoles: roles,
        exists: existsIn(dirname(resolve(path))),
        parameters,
        force,
        source: relativePath(slashed(resolve(out)), slashed(resolve(path)))
      });
    }
  );
  problems.forEach(problem => tell(`${path}: ${problem}`));
  const isForced =
    compilation.kind === 'compiled' && compilation.record.forced !== undefined;
  if (compilation.kind === 'refused' || isForced) {
    process.stderr.write(asText([checked]) + summary([checked]));
  }
  if (compilation.kind === 'refused') {
    tell('No dashboard was made. Correct the errors, or compile with --force.');
    return 1;
  }
  compilation.notes.forEach(note => tell(`${path}: ${note}`));
  const isNew = await write(compilation, out, path);
  process.stdout.write(
    `${out}: ${isNew ? contents(compilation) : 'unchanged'}\n`
  );
  return 0;
}

/**
 * Write the dashboard where none is, or an older one; nothing else is written over.
 *
 * @returns Whether it is another than before; the same is not written again.
 */
function write(
  { text, record }: ICompiled,
  out: string,
  source: string
): Promise<boolean> {
  return about(out, 'The dashboard cannot be written', async () => {
    const there = await stat(out).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') {
        return null;
      }
      throw error;
    });
    if (there) {
      const { dev, ino } = await stat(source);
      if (there.dev === dev && there.ino === ino) {
        throw new NotebookError(
          'This is the notebook itself. Name another file with --out.'
        );
      }
      const before = await readFile(out, 'utf8');
      // It may be reached by a link, from which the notebook is elsewhere.
      const folder = dirname(await realpath(out));
      const file = await realpath(source);
      const loss = lossOf(
        before,
        record,
        named => resolve(folder, named) === file || named === record.source
      );
      if (loss !== 'none' && loss !== 'parameters') {
        throw new NotebookError(
          `${LOSSES[loss]} Name another one with --out, or remove it.`
        );
      }
      if (before === text) {
        return false;
      }
    } else if (!existsSync(dirname(out))) {
      throw new NotebookError(
        'There is no such folder. Make it, or name another one with --out.'
      );
    }
    await replaceFile(out, text);
    return true;
  });
}

const LOSSES = {
  foreign: 'This file is there, and is no compiled dashboard.',
  other: 'This file is there, and is the dashboard of another notebook.',
  edits: 'This dashboard was changed by hand after it was compiled.'
};

const REASONS: readonly (readonly [DropReason, string])[] = [
  ['upstream', 'upstream'],
  ['blank', 'without code'],
  ['no role', 'without a role'],
  ['conflict', 'with several roles']
];

/** What is in a dashboard, and what is not: `4 cells; 3 left out: 2 upstream, 1 without code`. */
function contents({ notebook, record }: ICompiled): string {
  const { length } = notebook.cells;
  const cells = `${length} ${length === 1 ? 'cell' : 'cells'}`;
  const { dropped } = record;
  const parts = REASONS.map(([reason, words]) => {
    const count = dropped.filter(({ why }) => why === reason).length;
    return count === 0 ? null : `${count} ${words}`;
  }).filter(part => part !== null);
  return parts.length === 0
    ? cells
    : `${cells}; ${dropped.length} left out: ${parts.join(', ')}`;
}

/** Do something with a file; what fails is told with its name. */
async function about<T>(
  path: string,
  failed: string,
  act: () => Promise<T>
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const why =
      error instanceof ParameterError ? error.message : sayWhy(error, failed);
    throw new Error(`${path}: ${why}`, { cause: error });
  }
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** A path with `/`. */
function slashed(path: string): string {
  return path.split(sep).join('/');
}
