import { isNotebookJson, isTexts } from '../dashboard/notebook-json';
import type { INotebookJson } from '../dashboard/notebook-json';
import type { ICell, INotebook } from '../lint/notebook';
import { isObject, own } from '../workload/json';
import { parseText, placeOf } from '../workload/view-tree';

/** A notebook that cannot be checked; the message says why, without the file's name. */
export class NotebookError extends Error {}

/** A notebook as it stands in its file. */
export interface INotebookFile {
  /** The text of the file, without a byte order mark. */
  readonly text: string;
  readonly notebook: INotebook;
  /** All of it, as it was read. */
  readonly content: INotebookJson;
  /** `metadata.workload.roles`, as it is; undefined where there is none. */
  readonly roles: unknown;
  /** Whether cells have ids, as since nbformat 4.5. */
  readonly hasIds: boolean;
}

/**
 * Read the text of a notebook file.
 *
 * @param path Of the notebook, with `/`; what its cells name is relative to its folder.
 * @throws NotebookError when it is no JSON, no notebook, of another version, or not of Python.
 */
export function readNotebook(text: string, path: string): INotebookFile {
  const content = parse(text);
  if (!isObject(content) || typeof content.nbformat !== 'number') {
    throw new NotebookError('This is no notebook: it has no “nbformat”.');
  }
  if (content.nbformat !== 4) {
    throw new NotebookError(
      content.nbformat < 4
        ? `This notebook has the format ${content.nbformat}, which is too old. Convert it: jupyter nbconvert --to notebook --nbformat 4 --inplace.`
        : `This notebook has the format ${content.nbformat}, which is too new. Save it as nbformat 4.`
    );
  }
  if (!Array.isArray(content.cells)) {
    throw new NotebookError('This is no notebook: it has no “cells”.');
  }
  const metadata = isObject(content.metadata) ? content.metadata : {};
  checkLanguage(metadata);
  const workload = own(metadata, 'workload');
  const minor = content.nbformat_minor;
  const cells = content.cells.map(readCell);
  if (!isNotebookJson(content)) {
    throw new NotebookError('This is no notebook.');
  }
  return {
    text,
    notebook: { path, cells },
    content,
    roles: isObject(workload) ? own(workload, 'roles') : undefined,
    hasIds: typeof minor === 'number' && minor >= 5
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') {
      throw new NotebookError('The file is empty.');
    }
    const fault = parseText(text).faults.at(0);
    const place = fault && placeOf(text, fault.at);
    const number =
      fault && /^-?(?:NaN|Infinity)\b/.exec(text.slice(fault.at))?.[0];
    if (place && number !== undefined) {
      throw new NotebookError(
        `This is no JSON: line ${place.line}, column ${place.column} has ${number}, which Python writes and reads, but JSON does not have. Replace it by null.`
      );
    }
    const says = error instanceof Error ? error.message : String(error);
    throw new NotebookError(
      place
        ? `This is no JSON: line ${place.line}, column ${place.column} is wrong. Resolve a merge, or restore the file.`
        : `This is no JSON: ${says}.`
    );
  }
}

/** Languages by what the names of kernels begin with, for notebooks that say no language: `ir`, `julia-1.10`. */
const KERNELS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ir\d*|r)$/i, 'R'],
  [/^julia/i, 'Julia'],
  [/^(?:bash|sh)$/i, 'Bash'],
  [/^octave/i, 'Octave'],
  [/^sas/i, 'SAS'],
  [/^(?:scala|almond)/i, 'Scala'],
  [/^(?:javascript|typescript|deno)/i, 'JavaScript'],
  [/^(?:xcpp|cling)/i, 'C++'],
  [/^(?:ruby|iruby)/i, 'Ruby']
];

/** Kernels say their language in one place or the other, and some in none but their name. */
function checkLanguage(metadata: Readonly<Record<string, unknown>>): void {
  const [info, kernel] = ['language_info', 'kernelspec'].map(key => {
    const value = own(metadata, key);
    return isObject(value) ? value : {};
  });
  const language = [own(info, 'name'), own(kernel, 'language')].find(
    (name): name is string => typeof name === 'string' && name !== ''
  );
  const name = own(kernel, 'name');
  const byName =
    language === undefined && typeof name === 'string'
      ? KERNELS.find(([pattern]) => pattern.test(name))?.[1]
      : undefined;
  if (byName !== undefined) {
    throw new NotebookError(
      `This is a notebook of ${byName}; only Python can be checked.`
    );
  }
  if (language !== undefined && !/^i?python\d*$/i.test(language)) {
    throw new NotebookError(
      `This is a notebook of ${language}; only Python can be checked.`
    );
  }
}

function readCell(cell: unknown, index: number): ICell {
  const wrong = (what: string): NotebookError =>
    new NotebookError(`This is no notebook: cell ${index + 1} has no ${what}.`);
  if (!isObject(cell)) {
    throw wrong('content');
  }
  const { cell_type: type, id, outputs } = cell;
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') {
    throw wrong('type (code, markdown or raw)');
  }
  const source = textOf(cell.source);
  if (source === null) {
    throw wrong('source');
  }
  const metadata = isObject(cell.metadata) ? cell.metadata : {};
  const tags = own(metadata, 'tags');
  return {
    id: typeof id === 'string' ? id : null,
    type,
    source,
    tags: Array.isArray(tags)
      ? tags.filter((tag): tag is string => typeof tag === 'string')
      : [],
    hasOutputs: Array.isArray(outputs) && outputs.length > 0
  };
}

/** A source is a text, or a list of lines that have their ends; null for anything else. */
function textOf(source: unknown): string | null {
  if (typeof source === 'string') {
    return source;
  }
  return isTexts(source) ? source.join('') : null;
}
