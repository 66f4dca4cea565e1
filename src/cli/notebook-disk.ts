import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { TextDecoder } from 'node:util';

import { NotebookError } from './notebook-file';

const BYTE_ORDER_MARK = '\ufeff';

/** The text of a file. */
export interface IFileText {
  /** A byte order mark, or nothing. */
  readonly mark: string;
  readonly text: string;
}

/**
 * Read a notebook's file.
 *
 * @throws NotebookError when it is no text, and what the system says when it cannot be read.
 */
export async function readNotebookText(path: string): Promise<IFileText> {
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
  return { mark, text: text.slice(mark.length) };
}

/**
 * Write a file as a whole, or not at all. One that is there keeps its rights, and a link stays one.
 *
 * @throws What the system says when it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') {
      return path;
    }
    throw error;
  });
  const before = await stat(target).catch(() => null);
  // A name of its own: one that was left by a process that was killed is no hindrance.
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(text);
      // A machine that fails later must not leave the new name on an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    if (before) {
      await chmod(draft, before.mode & 0o7777);
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Whether a file exists, relative to a folder; nobody can tell where variables of a shell stand in the path. */
export function existsIn(
  folder: string
): (path: string) => boolean | undefined {
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

/**
 * Why a notebook cannot be read or written, as a sentence with what to do.
 *
 * @param failed What to say of other failures, such as “The notebook cannot be checked”.
 */
export function sayWhy(error: unknown, failed: string): string {
  if (error instanceof NotebookError) {
    return error.message;
  }
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'There is no such file. Check the path.';
    case 'EISDIR':
      return 'This is a folder. Name a file in it.';
    case 'EACCES':
    case 'EPERM':
      return 'You may not read or write this file. Ask for access to it.';
    default:
      return `${failed}: ${messageOf(error)}`;
  }
}

/** The system's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error
    ? error.code
    : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
